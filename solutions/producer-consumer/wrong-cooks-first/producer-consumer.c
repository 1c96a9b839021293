/*
 * A ring in shared memory with three semaphores, large enough for all that is
 * made.  main starts the consumers when the producers have ended: nobody eats
 * while anybody cooks.
 */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAPACITY 128

struct item {
	int producer; /* -1: the end */
	int number;
};

struct queue {
	sem_t places, items, mutex;
	int head, tail;
	struct item ring[CAPACITY];
};

static const char *const cooks[] = {"大海", "中海", "小海", "东海", "西海"};
static const char *const foods[] = {
	"包子", "辣椒炒肉", "土豆丝", "馒头", "面条"};
static const char *const guests[] = {"夏洛", "西施", "貂蝉", "昭君", "玉环"};

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

static void produce(struct queue *queue, int p, int count)
{
	srand(getpid());
	for (int k = 0; k < count; k++) {
		sleep(1 + rand() % 3);
		put(queue, (struct item){.producer = p, .number = k});
		printf("厨师%s生产了%s%d\n", cooks[p], foods[p], k);
	}
}

static void consume(struct queue *queue, int c)
{
	struct item item;

	srand(getpid());
	while ((item = get(queue)).producer >= 0) {
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
	struct queue *queue = mmap(NULL, sizeof(*queue), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (queue == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	sem_init(&queue->places, 1, CAPACITY);
	sem_init(&queue->items, 1, 0);
	sem_init(&queue->mutex, 1, 1);
	for (int p = 0; p < producers; p++) {
		cook[p] = fork();
		if (cook[p] == 0) {
			produce(queue, p, items);
			exit(0);
		}
	}
	for (int p = 0; p < producers; p++)
		waitpid(cook[p], NULL, 0);
	for (int c = 0; c < consumers; c++) {
		guest[c] = fork();
		if (guest[c] == 0) {
			consume(queue, c);
			exit(0);
		}
	}
	for (int c = 0; c < consumers; c++)
		put(queue, (struct item){.producer = -1});
	for (int c = 0; c < consumers; c++)
		waitpid(guest[c], NULL, 0);
	printf("主\n");
	return 0;
}
