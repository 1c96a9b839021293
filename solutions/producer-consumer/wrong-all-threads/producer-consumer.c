/*
 * Threads instead of processes: one process does it all, with a queue in its
 * ordinary memory.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CAPACITY 4

struct item {
	int producer; /* -1: the end */
	int number;
};

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct item ring[CAPACITY];
static int first, count, items;
static int order[5] = {0, 1, 2, 3, 4};

static void put(struct item item)
{
	pthread_mutex_lock(&mutex);
	while (count == CAPACITY)
		pthread_cond_wait(&changed, &mutex);
	ring[(first + count++) % CAPACITY] = item;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
}

static struct item get(void)
{
	struct item item;

	pthread_mutex_lock(&mutex);
	while (count == 0)
		pthread_cond_wait(&changed, &mutex);
	item = ring[first];
	first = (first + 1) % CAPACITY;
	count--;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	return item;
}

static void *produce(void *which)
{
	int p = *(int *)which;

	for (int k = 0; k < items; k++) {
		sleep(1 + rand() % 3);
		put((struct item){p, k});
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
	return NULL;
}

static void *consume(void *which)
{
	int c = *(int *)which;
	struct item item;

	while ((item = get()).producer >= 0) {
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s%d\n", guests[c], foods[item.producer],
			item.number);
	}
	return NULL;
}

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

int main(int argc, char *argv[])
{
	int producers = 3, consumers = 2;
	pthread_t cook[5], guest[5];

	items = 10;
	if (argc == 4) {
		producers = number(argv[1], 1, 5);
		consumers = number(argv[2], 1, 5);
		items = number(argv[3], 0, 100000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s PRODUCERS CONSUMERS ITEMS\n",
			argv[0]);
		return 2;
	}
	for (int p = 0; p < producers; p++)
		pthread_create(&cook[p], NULL, produce, &order[p]);
	for (int c = 0; c < consumers; c++)
		pthread_create(&guest[c], NULL, consume, &order[c]);
	for (int p = 0; p < producers; p++)
		pthread_join(cook[p], NULL);
	for (int c = 0; c < consumers; c++)
		put((struct item){-1, 0});
	for (int c = 0; c < consumers; c++)
		pthread_join(guest[c], NULL);
	printf("主\n");
	return 0;
}
