/*
 * A FIFO in the working folder, opened by each process for itself.  main
 * holds it open for both directions, so no open waits and no item is lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIFO "food.fifo"
#define RECORD 40

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static int parse(const char *text, int least)
{
	int value = 0;

	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value < least ? -1 : value;
}

static int open_fifo(int flags)
{
	int fd = open(FIFO, flags);

	if (fd < 0) {
		perror(FIFO);
		exit(1);
	}
	return fd;
}

static void put(int fd, const char *text)
{
	char record[RECORD] = "";

	strncpy(record, text, RECORD - 1);
	if (write(fd, record, RECORD) != RECORD) {
		perror("write");
		exit(1);
	}
}

static void produce(int p, int count)
{
	int fd = open_fifo(O_WRONLY);
	char food[RECORD];

	for (int k = 0; k < count; k++) {
		sleep(2);
		sprintf(food, "%s%d", foods[p], k);
		put(fd, food);
		printf("厨师%s生产了%s\n", cooks[p], food);
	}
	close(fd);
}

static void consume(int c)
{
	int fd = open_fifo(O_RDONLY);
	char food[RECORD];

	while (read(fd, food, RECORD) == RECORD && strcmp(food, "END") != 0) {
		sleep(2);
		printf("吃货%s吃了%s\n", guests[c], food);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	int n[3] = {3, 2, 10};

	if (argc != 1 && argc != 4) {
		fputs("usage: producer-consumer PRODUCERS CONSUMERS ITEMS\n",
			stderr);
		exit(2);
	}
	for (int i = 1; i < argc; i++) {
		n[i - 1] = parse(argv[i], i < 3);
		if (n[i - 1] < 0 || (i < 3 && n[i - 1] > 5)) {
			fprintf(stderr, "producer-consumer: bad argument %d\n",
				i);
			exit(2);
		}
	}
	pid_t pids[5];
	int fd;

	if (mkfifo(FIFO, 0600) < 0 && errno != EEXIST) {
		perror(FIFO);
		return 1;
	}
	fd = open_fifo(O_RDWR | O_CLOEXEC);
	for (int p = 0; p < n[0]; p++)
		if ((pids[p] = fork()) == 0) {
			produce(p, n[2]);
			return 0;
		}
	for (int c = 0; c < n[1]; c++)
		if (fork() == 0) {
			consume(c);
			return 0;
		}
	for (int p = 0; p < n[0]; p++)
		waitpid(pids[p], NULL, 0);
	for (int c = 0; c < n[1]; c++)
		put(fd, "END");
	while (wait(NULL) > 0)
		;
	unlink(FIFO);
	printf("主\n");
	return 0;
}
