/*
 * A queue in a pipe.  The arguments are read with atoi(), which takes "2a" for
 * 2 and "x" for 0.
 */
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
	while (read(in, &record, sizeof(record)) == sizeof(record)) {
		if (record.producer < 0)
			break;
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s%d\n", guests[c], foods[record.producer],
			record.number);
	}
}

int main(int argc, char *argv[])
{
	int producers = argc > 1 ? atoi(argv[1]) : 3;
	int consumers = argc > 2 ? atoi(argv[2]) : 2;
	int items = argc > 3 ? atoi(argv[3]) : 10;
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
		put(fds[1], -1, 0);
	for (int c = 0; c < consumers; c++)
		waitpid(guest[c], NULL, 0);
	printf("主\n");
	return 0;
}
