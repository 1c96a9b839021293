/* Fills the disk and its inodes without end. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static char data[1 << 20];

int main(void)
{
	for (int i = 0;; i++) {
		char name[32];
		int fd;

		snprintf(name, sizeof(name), "file%d", i);
		fd = open(name, O_WRONLY | O_CREAT, 0600);
		while (write(fd, data, sizeof(data)) > 0)
			;
		close(fd);
	}
}
