/* A child whose end sends no signal, and that plain wait() does not see. */
#define _GNU_SOURCE
#include "attack.h"

#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	long pid = syscall(SYS_clone, 0, 0, 0, 0, 0);
	int status = 0;

	if (pid == 0)
		_exit(3);
	if (wait(NULL) >= 0)
		leak("wait() saw it");
	if (pid > 0 && (waitpid((pid_t)pid, &status, __WALL) != pid ||
			       WEXITSTATUS(status) != 3))
		return 1;
	return finish();
}
