#ifndef QUEUE_H
#define QUEUE_H

#include <pthread.h>

#define QUEUE_CAPACITY 8

struct food {
	int cook;
	int number;
};

/* As in Python: put, get, task_done, join. */
struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_full, not_empty, all_done;
	unsigned put_count, got_count;
	unsigned unfinished;
	struct food foods[QUEUE_CAPACITY];
};

struct queue *queue_create(void);
void queue_put(struct queue *queue, struct food food);
struct food queue_get(struct queue *queue);
void queue_task_done(struct queue *queue);
void queue_join(struct queue *queue);

#endif
