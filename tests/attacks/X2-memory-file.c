/*
 * Executes a program that has no name: its own, with another argument.  The
 * filter and the tracer go with it.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fill(void)
{
	int fd = memfd_create("program", 0), from = open("attack", O_RDONLY);
	char bytes[65536];
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		if (write(fd, bytes, (size_t)n) != n)
			return -1;
	return fd;
}

int main(int argc, char **argv)
{
	char *again[] = {"attack", "now", "again", NULL}, *none[] = {NULL};
	int fd;

	if (argc > 2) {
		if (open("/etc/passwd", O_RDONLY) >= 0 || argv[2][0] != 'a')
			leak("/etc/passwd");
		fflush(stdout);
		mount("none", "/work", "tmpfs", 0, "");
		leak("mount");
		return finish();
	}
	fd = fill();
	fexecve(fd, again, none);
	syscall(SYS_execveat, fd, "", again, none, AT_EMPTY_PATH);
	return finish();
}
