/* Hides memory in files that have no name. */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static char block[1 << 20];

int main(void)
{
	int total = 0;

	for (int i = 0; i < 8; i++) {
		int fd = memfd_create("hidden", 0);

		for (int j = 0; fd >= 0 && j < 8; j++)
			if (write(fd, block, sizeof(block)) ==
				(ssize_t)sizeof(block))
				total++;
	}
	if (total > 40)
		leak("%d MiB in files without a name", total);
	if (syscall(SYS_memfd_secret, 0) >= 0)
		leak("memfd_secret");
	return finish();
}
