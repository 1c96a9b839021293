/* PTRACE_O_SUSPEND_SECCOMP on its own child. */
#include "attack.h"

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	pid_t child = fork();

	if (child == 0) {
		pause();
		_exit(0);
	}
	if (ptrace(PTRACE_SEIZE, child, 0, 1 << 21) == 0)
		leak("seccomp is suspended");
	return finish();
}
