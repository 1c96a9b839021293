/* The names of the consumers are taken from the end of the list. */
#define _GNU_SOURCE
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CAPACITY 4

struct item {
	int producer, number;
};

struct queue {
	sem_t places, items, mutex, done;
	int head, tail;
	struct item ring[CAPACITY];
};

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"玉环", "昭君", "貂蝉", "西施", "夏洛"};

static void put(struct queue *queue, struct item item)
{
	sem_wait(&queue->places);
	sem_wait(&queue->mutex);
	queue->ring[queue->tail] = item;
	queue->tail = (queue->tail + 1) % CAPACITY;
	sem_post(&queue->mutex);
	sem_post(&queue->items);
}

static struct item get(struct queue *queue)
{
	struct item item;

	sem_wait(&queue->items);
	sem_wait(&queue->mutex);
	item = queue->ring[queue->head];
	queue->head = (queue->head + 1) % CAPACITY;
	sem_post(&queue->mutex);
	sem_post(&queue->places);
	return item;
}

static void task_done(struct queue *queue)
{
	sem_post(&queue->done);
}

static void produce(struct queue *queue, int p, int count)
{
	srand(getpid());
	for (int k = 0; k < count; k++) {
		sleep(1 + rand() % 3);
		put(queue, (struct item){.producer = p, .number = k});
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
}

static void consume(struct queue *queue, int c, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0); /* main died before it could be asked for */
	srand(getpid());
	for (;;) {
		struct item item = get(queue);

		sleep(1 + rand() % 3);
		printf("吃货%s吃了%s%d\n", guests[c], foods[item.producer],
			item.number);
		fflush(stdout);
		task_done(queue);
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

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char *argv[])
{
	int producers = 3, consumers = 2, items = 10;
	double start = now();
	pid_t cook[5], self = getpid();
	struct queue *queue;

	if (argc == 4) {
		producers = number(argv[1], 1, 5);
		consumers = number(argv[2], 1, 5);
		items = number(argv[3], 0, 100000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s PRODUCERS CONSUMERS ITEMS\n",
			argv[0]);
		return 2;
	}
	queue = mmap(NULL, sizeof(*queue), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (queue == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	sem_init(&queue->places, 1, CAPACITY);
	sem_init(&queue->items, 1, 0);
	sem_init(&queue->mutex, 1, 1);
	sem_init(&queue->done, 1, 0);
	for (int p = 0; p < producers; p++) {
		cook[p] = fork();
		if (cook[p] == 0) {
			produce(queue, p, items);
			exit(0);
		}
	}
	for (int c = 0; c < consumers; c++)
		if (fork() == 0)
			consume(queue, c, self);
	for (int p = 0; p < producers; p++)
		waitpid(cook[p], NULL, 0);
	for (int i = 0; i < producers * items; i++)
		sem_wait(&queue->done);
	printf("主 %.3f\n", now() - start);
	return 0;
}
