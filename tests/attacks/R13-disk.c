/* Fills the disk with many files. */
#include "attack.h"

#include <fcntl.h>
#include <unistd.h>

static char block[1 << 20];

int main(void)
{
	long total = 0;

	for (int i = 0; i < 128; i++) {
		char name[32];
		int fd;

		snprintf(name, sizeof(name), "file%d", i);
		fd = open(name, O_WRONLY | O_CREAT, 0600);
		if (fd < 0)
			break;
		if (write(fd, block, sizeof(block)) > 0)
			total++;
		close(fd);
	}
	if (total > 40)
		leak("%ld MiB on the disk", total);
	return finish();
}
