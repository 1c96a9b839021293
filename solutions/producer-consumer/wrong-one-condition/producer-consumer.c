/*
 * A monitor in shared memory.  One condition variable serves both sides and is
 * signalled, not broadcast: the wake-up can reach the wrong side and be lost.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAPACITY 2

struct item {
	int producer; /* -1: the end */
	int number;
};

struct queue {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	int first, count;
	struct item ring[CAPACITY];
};

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

static struct queue *queue;

static void make_queue(void)
{
	pthread_mutexattr_t mutex_attr;
	pthread_condattr_t cond_attr;

	queue = mmap(NULL, sizeof(*queue), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (queue == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	pthread_mutexattr_init(&mutex_attr);
	pthread_mutexattr_setpshared(&mutex_attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&queue->mutex, &mutex_attr);
	pthread_condattr_init(&cond_attr);
	pthread_condattr_setpshared(&cond_attr, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&queue->changed, &cond_attr);
}

static void put(struct item item)
{
	pthread_mutex_lock(&queue->mutex);
	while (queue->count == CAPACITY)
		pthread_cond_wait(&queue->changed, &queue->mutex);
	queue->ring[(queue->first + queue->count++) % CAPACITY] = item;
	pthread_cond_signal(&queue->changed);
	pthread_mutex_unlock(&queue->mutex);
}

static struct item get(void)
{
	struct item item;

	pthread_mutex_lock(&queue->mutex);
	while (queue->count == 0)
		pthread_cond_wait(&queue->changed, &queue->mutex);
	item = queue->ring[queue->first];
	queue->first = (queue->first + 1) % CAPACITY;
	queue->count--;
	pthread_cond_signal(&queue->changed);
	pthread_mutex_unlock(&queue->mutex);
	return item;
}

static void produce(int p, int count)
{
	for (int k = 0; k < count; k++) {
		sleep(1 + rand() % 3);
		put((struct item){p, k});
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
}

static void consume(int c)
{
	struct item item;

	while ((item = get()).producer >= 0) {
		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s%d\n", guests[c], foods[item.producer],
			item.number);
	}
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
	pid_t cook[5], guest[5];

	make_queue();
	for (int p = 0; p < producers; p++)
		if ((cook[p] = fork()) == 0) {
			srand(p);
			produce(p, items);
			exit(0);
		}
	for (int c = 0; c < consumers; c++)
		if ((guest[c] = fork()) == 0) {
			srand(c + 5);
			consume(c);
			exit(0);
		}
	for (int p = 0; p < producers; p++)
		waitpid(cook[p], NULL, 0);
	for (int c = 0; c < consumers; c++)
		put((struct item){-1, 0});
	for (int c = 0; c < consumers; c++)
		waitpid(guest[c], NULL, 0);
	printf("主\n");
	return 0;
}
