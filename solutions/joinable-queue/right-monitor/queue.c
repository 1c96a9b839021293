#include "queue.h"

#include <stdlib.h>
#include <sys/mman.h>

struct queue *queue_create(void)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;
	struct queue *queue = mmap(NULL, sizeof(*queue), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (queue == MAP_FAILED)
		exit(1);
	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_condattr_init(&cond);
	pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&queue->lock, &mutex);
	pthread_cond_init(&queue->not_full, &cond);
	pthread_cond_init(&queue->not_empty, &cond);
	pthread_cond_init(&queue->all_done, &cond);
	return queue;
}

void queue_put(struct queue *queue, struct food food)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->put_count - queue->got_count == QUEUE_CAPACITY)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	queue->foods[queue->put_count++ % QUEUE_CAPACITY] = food;
	queue->unfinished++;
	pthread_cond_signal(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

struct food queue_get(struct queue *queue)
{
	struct food food;

	pthread_mutex_lock(&queue->lock);
	while (queue->put_count == queue->got_count)
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	food = queue->foods[queue->got_count++ % QUEUE_CAPACITY];
	pthread_cond_signal(&queue->not_full);
	pthread_mutex_unlock(&queue->lock);
	return food;
}

void queue_task_done(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	if (--queue->unfinished == 0)
		pthread_cond_broadcast(&queue->all_done);
	pthread_mutex_unlock(&queue->lock);
}

void queue_join(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->unfinished > 0)
		pthread_cond_wait(&queue->all_done, &queue->lock);
	pthread_mutex_unlock(&queue->lock);
}
