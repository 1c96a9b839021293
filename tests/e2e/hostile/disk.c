/* Fills the disk, and uses up its inodes. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

static char data[1 << 20];

int main(void)
{
	prctl(PR_SET_NAME, "gx-disk");
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
