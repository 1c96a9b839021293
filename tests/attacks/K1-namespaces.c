/* New namespaces, one by one, and those of others. */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	static const int flags[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID,
		CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP,
		CLONE_NEWUSER | CLONE_NEWNS};
	static const char *const others[] = {
		"/proc/1/ns/mnt", "/proc/1/ns/user", "/proc/self/ns/mnt"};

	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (unshare(flags[i]) == 0)
			leak("unshare %#x", flags[i]);
		switch (syscall(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0)) {
		case 0:
			_exit(0);
		case -1:
			break;
		default:
			leak("clone %#x", flags[i]);
		}
	}
	while (wait(NULL) > 0)
		;
	for (unsigned i = 0; i < 3; i++)
		if (setns(open(others[i], O_RDONLY), 0) == 0)
			leak("setns %s", others[i]);
	if (setns(0, 0) == 0 || errno != EPERM)
		leak("setns is not refused");
	if (chroot("/tmp") == 0)
		leak("chroot");
	return finish();
}
