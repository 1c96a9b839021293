/* Looks for descriptors that were left open, and for ways out from them. */
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	DIR *folder;
	const struct dirent *entry;

	for (int fd = 3; fd < 65536; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			continue;
		leak("descriptor %d", fd);
		if (openat(fd, "../etc/passwd", O_RDONLY) >= 0 ||
			openat(fd, "../../../etc/passwd", O_RDONLY) >= 0)
			leak("a way out by descriptor %d", fd);
	}
	for (int fd = 0; fd < 3; fd++)
		if (openat(fd, "..", O_RDONLY) >= 0)
			leak("a folder is descriptor %d", fd);
	folder = opendir("/proc/self/fd");
	while (folder && (entry = readdir(folder)))
		if (atoi(entry->d_name) > 2 &&
			atoi(entry->d_name) != dirfd(folder))
			leak("descriptor %s", entry->d_name);
	return finish();
}
