/* A file of a tebibyte, in three ways. */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

int main(void)
{
	int fd = open("sparse", O_RDWR | O_CREAT, 0600);

	signal(SIGXFSZ, SIG_IGN);
	if (fd < 0)
		return 1;
	if (ftruncate(fd, 1L << 40) == 0)
		leak("ftruncate");
	if (pwrite(fd, "x", 1, 1L << 40) == 1)
		leak("pwrite");
	if (fallocate(fd, 0, 0, 1L << 40) == 0)
		leak("fallocate");
	return finish();
}
