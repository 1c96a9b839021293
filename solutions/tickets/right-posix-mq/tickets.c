/*
 * A POSIX message queue of capacity one, empty when the counter is free:
 * sending takes the place, receiving gives it back.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void pause_for(int seconds)
{
	poll(NULL, 0, seconds * 1000);
}

static void buyer_process(int buyer, mqd_t counter, bool lock)
{
	int count = read_count();
	char place = 'P';

	pause_for(1);
	printf("路人%d 查看到余票为%d\n", buyer, count);
	if (lock)
		mq_send(counter, &place, 1, 0);
	count = read_count();
	if (count > 0) {
		pause_for(1 + buyer % 3);
		write_count(count - 1);
	}
	if (lock)
		mq_receive(counter, &place, 1, NULL);
	printf(count > 0 ? "路人%d 购票成功\n" : "路人%d 查看到没有票了\n",
		buyer);
}

int main(int argc, char **argv)
{
	struct mq_attr one = {.mq_maxmsg = 1, .mq_msgsize = 1};
	int buyers;
	bool lock = arguments(argc, argv, &buyers);
	mqd_t counter;

	mq_unlink("/tickets"); /* of a run that was interrupted */
	counter = mq_open("/tickets", O_CREAT | O_EXCL | O_RDWR, 0600, &one);
	if (counter < 0) {
		perror("mq_open");
		return 1;
	}
	mq_unlink("/tickets");
	for (int i = 0; i < buyers; i++) {
		if (fork() == 0) {
			buyer_process(i, counter, lock);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
