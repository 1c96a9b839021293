/* Holds the kernel in the middle of a copy. */
#include "attack.h"

#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char memory[256] = {0};

	if (syscall(SYS_userfaultfd, 1 /* user mode only */) >= 0)
		leak("userfaultfd");
	return finish();
}
