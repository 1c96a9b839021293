/* Takes a descriptor of its parent. */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getppid(), 0);

	/* process 1 may be looked at; it can be asked for nothing */
	if (syscall(SYS_pidfd_getfd, fd, 1, 0) >= 0)
		leak("a descriptor of the parent");
	return finish();
}
