/*
 * Producers and consumers around the queue of queue.c.  When the last producer
 * has ended, main sends all guests home but the first, who is to eat what is
 * left alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "queue.h"

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

/* Sleeps one to three seconds, in steps of a tenth. */
static void work(void)
{
	int tenths = 10 + rand() % 21;
	struct timespec time = {tenths / 10, tenths % 10 * 100000000L};

	nanosleep(&time, NULL);
}

static void produce(struct queue *queue, int p, int count)
{
	for (int k = 0; k < count; k++) {
		work();
		queue_put(queue, (struct item){p, k});
		printf("厨师%s 生产了 %s%d\n", cooks[p], foods[p], k);
	}
}

static void consume(struct queue *queue, int c)
{
	struct item item;

	while (queue_get(queue, &item, c > 0)) {
		work();
		printf("吃货%s 吃了 %s%d\n", guests[c], foods[item.producer],
			item.number);
	}
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
	pid_t pids[10];
	struct queue *queue = queue_new();

	for (int i = 0; i < n[0] + n[1]; i++) {
		pids[i] = fork();
		if (pids[i] != 0)
			continue;
		srand(i + 1);
		if (i < n[0])
			produce(queue, i, n[2]);
		else
			consume(queue, i - n[0]);
		return 0;
	}
	for (int i = 0; i < n[0]; i++)
		waitpid(pids[i], NULL, 0);
	queue_close(queue);
	while (wait(NULL) > 0)
		;
	puts("主");
	return 0;
}
