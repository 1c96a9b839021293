/* Main kills the consumers, waits for them, and speaks then. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "queue.h"

enum { MOST = 5 };

static const struct {
	const char *cook, *food, *guest;
} NAMES[MOST] = {
	{"大海", "包子", "夏洛"},
	{"中海", "辣椒炒肉", "西施"},
	{"小海", "土豆丝", "貂蝉"},
	{"东海", "馒头", "昭君"},
	{"西海", "面条", "玉环"},
};

static void nap(void)
{
	usleep(1000000 + (unsigned)(rand() % 2000) * 1000);
}

static void cook(struct queue *queue, int me, int items)
{
	srand((unsigned)(me + 1));
	for (int k = 0; k < items; k++) {
		nap();
		queue_put(queue, (struct food){me, k});
		printf("厨师%s 生产了 %s%d\n", NAMES[me].cook, NAMES[me].food,
			k);
	}
	exit(EXIT_SUCCESS);
}

static void guest(struct queue *queue, int me)
{
	srand((unsigned)(me + 100));
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	while (1) {
		struct food food = queue_get(queue);

		nap();
		printf("吃货%s 吃了 %s%d\n", NAMES[me].guest,
			NAMES[food.cook].food, food.number);
		queue_task_done(queue);
	}
}

static int count(const char *text, int least)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < least || (least && n > MOST)) {
		fprintf(stderr, "joinable-queue: bad count '%s'\n", text);
		exit(2);
	}
	return (int)n;
}

int main(int argc, char **argv)
{
	int cooks = 3, guests = 2, items = 10;
	pid_t cook_pid[MOST], guest_pid[MOST];
	struct timeval begin, end, took;
	struct queue *queue;

	gettimeofday(&begin, NULL);
	if (argc == 4) {
		cooks = count(argv[1], 1);
		guests = count(argv[2], 1);
		items = count(argv[3], 0);
	} else if (argc != 1) {
		fputs("usage: joinable-queue PRODUCERS CONSUMERS ITEMS\n",
			stderr);
		return 2;
	}
	queue = queue_create();
	for (int i = 0; i < guests; i++)
		if ((guest_pid[i] = fork()) == 0)
			guest(queue, i);
	for (int i = 0; i < cooks; i++)
		if ((cook_pid[i] = fork()) == 0)
			cook(queue, i, items);
	for (int i = 0; i < cooks; i++)
		waitpid(cook_pid[i], NULL, 0);
	queue_join(queue);
	for (int i = 0; i < guests; i++)
		kill(guest_pid[i], SIGTERM);
	for (int i = 0; i < guests; i++)
		waitpid(guest_pid[i], NULL, 0);
	gettimeofday(&end, NULL);
	timersub(&end, &begin, &took);
	printf("主 %ld.%06ld\n", (long)took.tv_sec, (long)took.tv_usec);
	return 0;
}
