/*
 * Main is the broker: a socketpair to each buyer.  While one has the right to
 * buy, main listens to that one only; its end of file gives the right back.
 */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
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

static int read_count(void)
{
	FILE *file = fopen("db.json", "r");
	int count = 0;

	if (file == NULL || fscanf(file, " { \"count\" : %d", &count) != 1) {
		fprintf(stderr, "tickets: cannot read db.json\n");
		exit(1);
	}
	fclose(file);
	return count;
}

/* One write in place; blanks cover what was there before. */
static void write_count(int count)
{
	FILE *file = fopen("db.json", "r+");

	if (file == NULL)
		exit(1);
	fprintf(file, "{\"count\": %d}%8s\n", count, "");
	fclose(file);
}

static void search(int buyer)
{
	int count = read_count();

	sleep(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);
}

static void buy(int buyer)
{
	int count = read_count();

	if (count > 0) {
		sleep(1 + random() % 3);
		write_count(count - 1);
		printf("路人%d 购票成功\n", buyer);
	} else {
		printf("路人%d 查看到没有票了\n", buyer);
	}
}

static void buyer_process(int buyer, int broker, bool lock)
{
	char right = '?';

	setvbuf(stdout, NULL, _IOLBF, 0);
	srandom(getpid());
	search(buyer);
	if (lock &&
		(write(broker, &right, 1) != 1 || read(broker, &right, 1) != 1))
		exit(1);
	buy(buyer);
	exit(0);
}

static int open_line(int buyer, bool lock)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		exit(1);
	if (fork() == 0) {
		close(pair[0]);
		buyer_process(buyer, pair[1], lock);
	}
	close(pair[1]);
	return pair[0];
}

/* Waits until the line has a request (true) or its buyer is gone. */
static bool answer(struct pollfd *line)
{
	char right;

	if (read(line->fd, &right, 1) == 1 && write(line->fd, &right, 1) == 1)
		return true;
	close(line->fd);
	line->fd = -1; /* poll ignores it from now on */
	return false;
}

int main(int argc, char **argv)
{
	int buyers;
	bool lock = arguments(argc, argv, &buyers);
	struct pollfd line[buyers];

	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < buyers; i++) {
		line[i].fd = open_line(i, lock);
		line[i].events = POLLIN;
	}
	for (int left = buyers; left > 0;) {
		poll(line, buyers, -1);
		for (int i = 0; i < buyers; i++) {
			if (line[i].fd < 0 || line[i].revents == 0)
				continue;
			while (answer(&line[i]))
				;
			left--;
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
