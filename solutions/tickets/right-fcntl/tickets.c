/*
 * A record lock of fcntl belongs to the process, so that all may use the one
 * descriptor which main has opened; the lock file has no name any more.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool arguments(int argc, char **argv, int *buyers)
{
	char *end;

	*buyers = 10;
	if (argc == 1)
		return true;
	if (argc == 3) {
		bool lock = strcmp(argv[1], "lock") == 0;

		*buyers = strtol(argv[2], &end, 10);
		if (end != argv[2] && *end == '\0' && *buyers >= 1 &&
			(lock || strcmp(argv[1], "nolock") == 0))
			return lock;
	}
	fprintf(stderr, "usage: tickets lock|nolock BUYERS\n");
	exit(2);
}

static void pause_for(int seconds)
{
	nanosleep(&(struct timespec){.tv_sec = seconds}, NULL);
}

static int read_count(void)
{
	char text[64] = "";
	int fd = open("db.json", O_RDONLY), count = 0;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0) {
		perror("db.json");
		exit(1);
	}
	close(fd);
	sscanf(text, "{\"count\": %d", &count);
	return count;
}

/* One write over the old text, no truncation: nobody sees half a file. */
static void write_count(int count)
{
	int fd = open("db.json", O_WRONLY);

	if (fd < 0 || dprintf(fd, "{\"count\": %-10d}\n", count) < 0) {
		perror("db.json");
		exit(1);
	}
	close(fd);
}

static void set_lock(int fd, short type)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET};

	if (fcntl(fd, F_SETLKW, &lock) < 0)
		exit(1);
}

static void buyer_process(int buyer, int lock_fd)
{
	int count = read_count();

	pause_for(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);
	fflush(stdout);

	if (lock_fd >= 0)
		set_lock(lock_fd, F_WRLCK);
	count = read_count();
	if (count > 0) {
		pause_for(1 + buyer % 3);
		write_count(count - 1);
		printf("路人%d 购票成功\n", buyer);
	} else {
		printf("路人%d 查看到没有票了\n", buyer);
	}
	fflush(stdout);
	if (lock_fd >= 0)
		set_lock(lock_fd, F_UNLCK);
}

int main(int argc, char **argv)
{
	int buyers, fd = -1;

	if (arguments(argc, argv, &buyers)) {
		fd = open("db.lock", O_CREAT | O_RDWR, 0600);
		if (fd < 0) {
			perror("db.lock");
			return 1;
		}
		unlink("db.lock");
	}
	for (int i = 0; i < buyers; i++) {
		if (fork() == 0) {
			buyer_process(i, fd);
			_exit(0);
		}
	}
	for (int i = 0; i < buyers; i++)
		wait(NULL);
	return 0;
}
