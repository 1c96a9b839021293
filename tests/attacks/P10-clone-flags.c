/* Children that the tracer would not see, or that are another's. */
#define _GNU_SOURCE
#include "attack.h"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void make(unsigned long flags, const char *name)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	if (pid < 0)
		return;
	leak("a child by %s", name);
	waitpid((pid_t)pid, NULL, 0);
}

int main(void)
{
	make(CLONE_UNTRACED, "CLONE_UNTRACED");
	make(CLONE_PTRACE, "CLONE_PTRACE");
	make(CLONE_PARENT, "CLONE_PARENT");
	return finish();
}
