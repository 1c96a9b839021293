/*
 * Each item has a slot of its own, and there are fifty; semaphores count the
 * free places and the items.
 */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 10
#define NAME_BYTES 64

struct queue {
	sem_t places, items;
	char slots[50][NAME_BYTES];
};

static int number(const char *text, long least, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < least || value > most) {
		fprintf(stderr, "queue: bad number '%s'\n", text);
		exit(2);
	}
	return (int)value;
}

static void putter(struct queue *queue, int count)
{
	char line[128], name[NAME_BYTES];

	for (int k = 0; k < count; k++) {
		if (fgets(line, sizeof(line), stdin)) {
			line[strcspn(line, "\n")] = '\0';
			snprintf(name, sizeof(name), "%.60s", line);
		} else {
			snprintf(name, sizeof(name), "item%d", k);
		}
		if (sem_trywait(&queue->places) != 0) {
			printf("篮子满了\n");
			sem_wait(&queue->places);
		}
		strcpy(queue->slots[k], name);
		sem_post(&queue->items);
		printf("放入 %s\n", name);
	}
}

static void getter(struct queue *queue, int count)
{
	char name[NAME_BYTES];

	for (int k = 0; k < count; k++) {
		sleep(1);
		sem_wait(&queue->items);
		strcpy(name, queue->slots[k]);
		sem_post(&queue->places);
		printf("取出 %s\n", name);
	}
	printf("队列为空\n");
}

int main(int argc, char *argv[])
{
	int capacity = 3, count = 4;
	struct queue *queue;

	if (argc == 3) {
		capacity = number(argv[1], 1, MOST);
		count = number(argv[2], 1, 1000000);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s CAPACITY ITEMS\n", argv[0]);
		return 2;
	}
	queue = mmap(NULL, sizeof(*queue), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (queue == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	sem_init(&queue->places, 1, capacity);
	sem_init(&queue->items, 1, 0);
	if (fork() == 0) {
		putter(queue, count);
		exit(0);
	}
	if (fork() == 0) {
		getter(queue, count);
		exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
