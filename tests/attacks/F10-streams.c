/* Rewinds, truncates and opens again the streams that the grader gave. */
#include "attack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	struct stat status;
	char path[32], byte;

	for (int fd = 0; fd < 3; fd++) {
		if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
			leak("stream %d is a file", fd);
		lseek(fd, 0, SEEK_SET);
		if (ftruncate(fd, 0) == 0)
			leak("stream %d was cut", fd);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		close(open(path, O_RDWR | O_TRUNC));
	}
	if (read(1, &byte, 1) > 0)
		leak("a byte from standard output");
	if (write(0, "forged\n", 7) == 7 && lseek(0, 0, SEEK_SET) == 0 &&
		read(0, &byte, 1) == 1)
		leak("standard input was written");
	return finish();
}
