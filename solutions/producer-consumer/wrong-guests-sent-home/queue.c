/*
 * A monitor in shared memory: a mutex and two condition variables, all of
 * them process-shared.  The end signal is a flag and a broadcast.
 */
#include "queue.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { CAPACITY = 5 };

struct queue {
	pthread_mutex_t mutex;
	pthread_cond_t not_empty, not_full;
	bool closed;
	int count, first;
	struct item ring[CAPACITY];
};

struct queue *queue_new(void)
{
	pthread_mutexattr_t mutex_attr;
	pthread_condattr_t cond_attr;
	struct queue *queue = mmap(NULL, sizeof(*queue), PROT_READ | PROT_WRITE,
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
	pthread_cond_init(&queue->not_empty, &cond_attr);
	pthread_cond_init(&queue->not_full, &cond_attr);
	return queue;
}

void queue_put(struct queue *queue, struct item item)
{
	pthread_mutex_lock(&queue->mutex);
	while (queue->count == CAPACITY)
		pthread_cond_wait(&queue->not_full, &queue->mutex);
	queue->ring[(queue->first + queue->count++) % CAPACITY] = item;
	pthread_cond_signal(&queue->not_empty);
	pthread_mutex_unlock(&queue->mutex);
}

bool queue_get(struct queue *queue, struct item *item, bool may_leave)
{
	bool got;

	pthread_mutex_lock(&queue->mutex);
	while (queue->count == 0 && !queue->closed)
		pthread_cond_wait(&queue->not_empty, &queue->mutex);
	got = queue->count > 0 && !(queue->closed && may_leave);
	if (got) {
		*item = queue->ring[queue->first];
		queue->first = (queue->first + 1) % CAPACITY;
		queue->count--;
		pthread_cond_signal(&queue->not_full);
	}
	pthread_mutex_unlock(&queue->mutex);
	return got;
}

void queue_close(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	queue->closed = true;
	pthread_cond_broadcast(&queue->not_empty);
	pthread_mutex_unlock(&queue->mutex);
}
