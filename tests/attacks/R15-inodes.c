/* Uses up the inodes. */
#include "attack.h"

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	int count = 0;

	for (int i = 0; i < 50000; i++) {
		char name[32];
		int fd;

		snprintf(name, sizeof(name), "f%d", i);
		fd = open(name, O_WRONLY | O_CREAT, 0600);
		if (fd < 0)
			break;
		close(fd);
		count++;
	}
	if (count == 50000)
		leak("%d files", count);
	return finish();
}
