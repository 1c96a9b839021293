/*
 * The same token in a FIFO, which each buyer opens for itself by name; main
 * keeps it open so that the token is not lost between two buyers.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIFO "tickets.fifo"

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
	struct timeval time = {.tv_sec = seconds};

	select(0, NULL, NULL, NULL, &time);
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

static void buy(int buyer)
{
	int count = read_count();

	if (count > 0) {
		pause_for(1);
		write_count(count - 1);
		dprintf(STDOUT_FILENO, "路人%d 购票成功\n", buyer);
	} else {
		dprintf(STDOUT_FILENO, "路人%d 查看到没有票了\n", buyer);
	}
}

static int buyer_process(int buyer, bool lock)
{
	int count = read_count(), fifo;
	char token;

	pause_for(1);
	dprintf(STDOUT_FILENO, "路人%d 查看到余票为%d\n", buyer, count);
	if (!lock) {
		buy(buyer);
		return 0;
	}
	fifo = open(FIFO, O_RDWR);
	if (fifo < 0 || read(fifo, &token, 1) != 1)
		return 1;
	buy(buyer);
	return write(fifo, &token, 1) != 1;
}

int main(int argc, char **argv)
{
	int buyers, fifo;
	bool lock = arguments(argc, argv, &buyers);

	if (mkfifo(FIFO, 0600) < 0 || (fifo = open(FIFO, O_RDWR)) < 0) {
		perror(FIFO);
		return 1;
	}
	write(fifo, "T", 1);
	for (int i = 0; i < buyers; i++) {
		if (fork() == 0)
			return buyer_process(i, lock);
	}
	while (wait(NULL) > 0)
		;
	unlink(FIFO);
	return 0;
}
