/* Fills the disk with files that are already deleted. */
#include "attack.h"

#include <fcntl.h>
#include <unistd.h>

static char block[1 << 20];

int main(void)
{
	static const char *const folders[] = {".", "/tmp", "/dev/shm"};
	int total = 0;

	for (int i = 0; i < 48; i++) {
		char path[64];
		int fd;

		snprintf(path, sizeof(path), "%s/hidden", folders[i % 3]);
		fd = open(path, O_CREAT | O_RDWR, 0600);
		if (fd < 0)
			continue;
		unlink(path);
		for (int j = 0; j < 4; j++)
			if (write(fd, block, sizeof(block)) ==
				(ssize_t)sizeof(block))
				total++;
	}
	if (total > 64)
		leak("%d MiB in deleted files", total);
	return finish();
}
