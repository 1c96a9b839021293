/* One child, of which one thread puts and the other gets. */
#include <pthread.h>
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
	char ring[MOST][NAME_BYTES];
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

static void putter(struct queue *queue, int capacity, int count)
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
		strcpy(queue->ring[k % capacity], name);
		sem_post(&queue->items);
		printf("放入 %s\n", name);
	}
}

static void getter(struct queue *queue, int capacity, int count)
{
	char name[NAME_BYTES];

	for (int k = 0; k < count; k++) {
		sleep(1);
		sem_wait(&queue->items);
		strcpy(name, queue->ring[k % capacity]);
		sem_post(&queue->places);
		printf("取出 %s\n", name);
	}
	printf("队列为空\n");
}

struct job {
	struct queue *queue;
	int capacity, count;
};

static void *run_putter(void *data)
{
	struct job *job = data;

	putter(job->queue, job->capacity, job->count);
	return NULL;
}

static void *run_getter(void *data)
{
	struct job *job = data;

	getter(job->queue, job->capacity, job->count);
	return NULL;
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
	struct job job = {queue, capacity, count};
	pthread_t puts, gets;

	if (fork() == 0) {
		pthread_create(&puts, NULL, run_putter, &job);
		pthread_create(&gets, NULL, run_getter, &job);
		pthread_join(puts, NULL);
		pthread_join(gets, NULL);
		exit(0);
	}
	wait(NULL);
	return 0;
}
