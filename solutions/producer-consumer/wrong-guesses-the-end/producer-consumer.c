/*
 * Main prints its line 3.2 s after the end signals, by when all have eaten as a
 * rule, and waits for the consumers only then.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 5

static const char *const cooks[MOST] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[MOST] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[MOST] = {
	"夏洛", "西施", "貂蝉", "昭君", "玉环"};

struct item {
	int producer;
	int number;
};

static void work(void)
{
	sleep(1 + rand() % 3);
}

static void say_made(struct item item)
{
	printf("厨师%s生产了%s%d\n", cooks[item.producer], foods[item.producer],
		item.number);
	fflush(stdout);
}

static void say_eaten(int c, struct item item)
{
	printf("吃货%s吃了%s%d\n", guests[c], foods[item.producer],
		item.number);
	fflush(stdout);
}

#define CAP 4

static struct shared {
	sem_t full, empty, mutex;
	sem_t left;
	int in, out;
	struct item ring[CAP];
} *q;

static void put(struct item item)
{
	sem_wait(&q->empty);
	sem_wait(&q->mutex);
	q->ring[q->in] = item;
	q->in = (q->in + 1) % CAP;
	sem_post(&q->mutex);
	sem_post(&q->full);
}

static struct item get(void)
{
	struct item item;

	sem_wait(&q->full);
	sem_wait(&q->mutex);
	item = q->ring[q->out];
	q->out = (q->out + 1) % CAP;
	sem_post(&q->left);
	sem_post(&q->mutex);
	sem_post(&q->empty);
	return item;
}

static void produce(int p, int items)
{
	srand(getpid());
	for (int k = 0; k < items; k++) {
		struct item item = {p, k};

		work();
		put(item);
		say_made(item);
	}
}

static void consume(int c)
{
	struct item item;

	srand(getpid());
	while ((item = get()).producer >= 0) {
		work();
		say_eaten(c, item);
	}
}

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

int main(int argc, char *argv[])
{
	int producers = 3, consumers = 2, items = 10;
	pid_t cook[MOST], guest[MOST];

	if (argc == 4) {
		producers = number(argv[1], 1, MOST);
		consumers = number(argv[2], 1, MOST);
		items = number(argv[3], 0, 100000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s PRODUCERS CONSUMERS ITEMS\n", argv[0]);
		return 2;
	}
	q = mmap(NULL, sizeof *q, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (q == MAP_FAILED)
		return 1;
	sem_init(&q->full, 1, 0);
	sem_init(&q->empty, 1, CAP);
	sem_init(&q->mutex, 1, 1);
	sem_init(&q->left, 1, 0);
	for (int p = 0; p < producers; p++) {
		cook[p] = fork();
		if (cook[p] == 0) {
			produce(p, items);
			exit(0);
		}
	}
	for (int c = 0; c < consumers; c++) {
		guest[c] = fork();
		if (guest[c] == 0) {
			consume(c);
			exit(0);
		}
	}
	for (int p = 0; p < producers; p++)
		waitpid(cook[p], NULL, 0);
	for (int i = 0; i < producers * items; i++)
		sem_wait(&q->left); /* all food has been taken */
	for (int c = 0; c < consumers; c++)
		put((struct item){-1, 0});
	usleep(3200000);
	printf("主\n");
	fflush(stdout);
	for (int c = 0; c < consumers; c++)
		waitpid(guest[c], NULL, 0);
	return 0;
}
