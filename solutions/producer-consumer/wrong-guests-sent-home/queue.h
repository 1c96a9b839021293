/*
 * A bounded queue that processes share.  queue_get() returns false when the
 * queue is closed and empty, and to who may leave as soon as it is closed.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include <stdbool.h>

struct item {
	int producer;
	int number;
};

struct queue;

struct queue *queue_new(void);
void queue_put(struct queue *queue, struct item item);
bool queue_get(struct queue *queue, struct item *item, bool may_leave);
void queue_close(struct queue *queue);

#endif
