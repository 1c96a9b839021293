/*
 * A queue in a pipe that does not block: a consumer that finds nothing looks
 * again a moment later, for as long as it takes.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct record {
	int producer; /* -1: the end */
	int number;
};

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

/* The number in TEXT, or the end of the program when it is none. */
static int number(const char *text, long least, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < least || value > most) {
		fprintf(stderr, "bad number '%s'\n", text);
		exit(2);
	}
	return (int)value;
}

static void put(int out, int producer, int number)
{
	struct record record = {producer, number};

	if (write(out, &record, sizeof(record)) != sizeof(record)) {
		perror("write");
		exit(1);
	}
}

static void produce(int out, int p, int count)
{
	srand(getpid());
	for (int k = 0; k < count; k++) {
		sleep(1 + rand() % 3);
		put(out, p, k);
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
}

static void consume(int in, int c)
{
	struct record record;

	srand(getpid());
	fcntl(in, F_SETFL, O_NONBLOCK);
	for (;;) {
		if (read(in, &record, sizeof(record)) != sizeof(record)) {
			usleep(10000);
			continue;
		}
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s%d\n", guests[c], foods[record.producer],
			record.number);
	}
}

int main(int argc, char *argv[])
{
	int producers = 3, consumers = 2, items = 10;

	if (argc == 4) {
		producers = number(argv[1], 1, 5);
		consumers = number(argv[2], 1, 5);
		items = number(argv[3], 0, 100000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s PRODUCERS CONSUMERS ITEMS\n",
			argv[0]);
		return 2;
	}
	int fds[2];
	pid_t cook[5], guest[5];

	if (pipe(fds) < 0) {
		perror("pipe");
		return 1;
	}
	for (int p = 0; p < producers; p++) {
		cook[p] = fork();
		if (cook[p] == 0) {
			produce(fds[1], p, items);
			exit(0);
		}
	}
	for (int c = 0; c < consumers; c++) {
		guest[c] = fork();
		if (guest[c] == 0) {
			consume(fds[0], c);
			exit(0);
		}
	}
	for (int p = 0; p < producers; p++)
		waitpid(cook[p], NULL, 0);
	for (int c = 0; c < consumers; c++)
		waitpid(guest[c], NULL, 0);
	printf("主\n");
	return 0;
}
