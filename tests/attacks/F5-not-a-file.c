/* Puts something else in the place of the file that is asked for. */
#include "attack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int fd;

	unlink("answer.txt");
	if (!strcmp(what, "link-to-host"))
		symlink("/mnt/hidden/exercise.json", "answer.txt");
	if (!strcmp(what, "hard-link"))
		link("/mnt/hidden/exercise.json", "answer.txt");
	if (!strcmp(what, "fifo"))
		mkfifo("answer.txt", 0666);
	if (!strcmp(what, "folder"))
		mkdir("answer.txt", 0777);
	if (!strcmp(what, "device"))
		mknod("answer.txt", S_IFCHR | 0666, 1 << 8 | 5);
	if (!strcmp(what, "link-to-device"))
		symlink("/dev/zero", "answer.txt");
	if (!strcmp(what, "link-to-own")) {
		fd = open("other.txt", O_CREAT | O_WRONLY, 0666);
		if (write(fd, "{\"n\": 1}", 8) != 8)
			return 1;
		symlink("other.txt", "answer.txt");
	}
	if (!strcmp(what, "unreadable")) {
		/* a file that is right, but that its owner may not read */
		fd = open("answer.txt", O_CREAT | O_WRONLY, 0000);
		if (write(fd, "{\"n\": 1}", 8) != 8)
			return 1;
	}
	return finish();
}
