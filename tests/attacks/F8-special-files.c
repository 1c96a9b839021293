/* Set-user-ID bits, capabilities of files, device nodes. */
#include "attack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static int copy_self(const char *to)
{
	static char block[65536];
	int from = open("/proc/self/exe", O_RDONLY), fd;
	ssize_t n;

	if (from < 0)
		from = open("./attack", O_RDONLY);
	fd = open(to, O_CREAT | O_WRONLY, 0755);
	while ((n = read(from, block, sizeof(block))) > 0)
		if (write(fd, block, (size_t)n) != n)
			return -1;
	close(from);
	return close(fd);
}

int main(int argc, char **argv)
{
	static const unsigned char all[20] = {0x01, 0, 0, 0x02, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	const char *copies[] = {"copy", "/tmp/copy", "/dev/shm/copy"};

	if (argc > 2) {
		leak("a copy of the program ran, %s", argv[0]);
		return 1;
	}
	mknod("node", S_IFCHR | 0666, makedev(1, 1));
	if (open("node", O_RDWR) >= 0)
		leak("a device");
	mknod("disk", S_IFBLK | 0666, makedev(8, 0));
	if (open("disk", O_RDONLY) >= 0)
		leak("a disk");
	for (int i = 0; i < 3; i++) {
		if (copy_self(copies[i]))
			continue;
		if (setxattr(copies[i], "security.capability", all, sizeof(all),
			    0) == 0)
			leak("capabilities of a file");
		chmod(copies[i], 06755);
		if (fork() == 0) {
			execl(copies[i], copies[i], "now", "again",
				(char *)NULL);
			_exit(0);
		}
		wait(NULL);
	}
	if (geteuid() == 0)
		leak("root");
	unlink("copy");
	return finish();
}
