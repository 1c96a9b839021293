/* Rubbish in the halves of arguments that the kernel does not look at. */
#define _GNU_SOURCE
#include "attack.h"

#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HIGH (0x5a5a5a5aL << 32)

static void refused(const char *what, long result, int wanted)
{
	if (result != -1 || errno != wanted)
		leak("%s: %ld, errno %d", what, result, errno);
}

int main(void)
{
	long pid;

	refused("TIOCSTI", syscall(SYS_ioctl, 0, HIGH | TIOCSTI, "x"), ENOTTY);
	pid = syscall(SYS_clone, HIGH | CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		_exit(0);
	refused("clone", pid, EPERM);
	refused("prctl", syscall(SYS_prctl, HIGH | PR_SET_SECCOMP, 2, 0, 0, 0),
		EPERM);
	refused("prctl", syscall(SYS_prctl, HIGH | PR_SET_DUMPABLE, 1, 0, 0, 0),
		EPERM);
	refused("socket", syscall(SYS_socket, HIGH | AF_INET, SOCK_STREAM, 0),
		EACCES);
	refused("unshare", syscall(HIGH | SYS_unshare, CLONE_NEWUSER), EPERM);
	return finish();
}
