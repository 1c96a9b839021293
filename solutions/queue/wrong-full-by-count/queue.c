/* Thinks that every put behind the first CAPACITY finds the basket full. */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAPACITY_MAX 10

struct shared {
	sem_t room, stock;
	char item[CAPACITY_MAX][61];
};

static void usage(void)
{
	fprintf(stderr, "usage: queue CAPACITY ITEMS\n");
	exit(2);
}

static int positive(const char *text, long most)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 1 || n > most)
		usage();
	return (int)n;
}

static void put_items(struct shared *q, int capacity, int n)
{
	int named = 1;

	for (int i = 0; i < n; i++) {
		char line[100];

		named = named && fgets(line, sizeof(line), stdin);
		if (named)
			line[strcspn(line, "\n")] = '\0';
		else
			snprintf(line, sizeof(line), "item%d", i);
		if (i >= capacity)
			puts("篮子满了");
		sem_wait(&q->room);
		snprintf(q->item[i % capacity], 61, "%.60s", line);
		sem_post(&q->stock);
		printf("放入 %s\n", line);
	}
	exit(0);
}

static void get_items(struct shared *q, int capacity, int n)
{
	for (int i = 0; i < n; i++) {
		char copy[61];

		sleep(1);
		sem_wait(&q->stock);
		memcpy(copy, q->item[i % capacity], sizeof(copy));
		sem_post(&q->room);
		printf("取出 %s\n", copy);
	}
	puts("队列为空");
	exit(0);
}

int main(int argc, char **argv)
{
	int capacity = 3, n = 4;
	struct shared *q = mmap(NULL, sizeof(*q), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (q == MAP_FAILED)
		return 1;
	if (argc == 3) {
		capacity = positive(argv[1], CAPACITY_MAX);
		n = positive(argv[2], 1000000);
	} else if (argc != 1) {
		usage();
	}
	sem_init(&q->room, 1, (unsigned)capacity);
	sem_init(&q->stock, 1, 0);
	if (fork() == 0)
		put_items(q, capacity, n);
	if (fork() == 0)
		get_items(q, capacity, n);
	while (wait(NULL) > 0)
		;
	return 0;
}
