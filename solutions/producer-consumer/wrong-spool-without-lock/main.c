/*
 * The queue is a file (spool.c); a consumer that finds nothing looks again a
 * fifth of a second later.  main marks the file when all has been produced.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spool.h"

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

static void produce(int p, int count)
{
	for (int k = 0; k < count; k++) {
		sleep(1 + rand() % 3);
		spool_put(p, k);
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
}

static void consume(int c)
{
	for (;;) {
		int p, k;

		switch (spool_take(&p, &k)) {
		case TAKEN_ITEM:
			sleep(1 + rand() % 3);
			printf("吃货%s吃了%s%d\n", guests[c], foods[p], k);
			break;
		case TAKEN_NOTHING:
			usleep(200 * 1000);
			break;
		case TAKEN_END:
			return;
		}
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
	pid_t pids[10];

	spool_create();
	for (int i = 0; i < producers + consumers; i++) {
		pids[i] = fork();
		if (pids[i] > 0)
			continue;
		srand(i);
		spool_open();
		if (i < producers)
			produce(i, items);
		else
			consume(i - producers);
		return 0;
	}
	for (int i = 0; i < producers; i++)
		waitpid(pids[i], NULL, 0);
	spool_finish();
	for (int i = producers; i < producers + consumers; i++)
		waitpid(pids[i], NULL, 0);
	unlink("food.spool");
	printf("主\n");
	return 0;
}
