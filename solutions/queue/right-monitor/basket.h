#ifndef BASKET_H
#define BASKET_H

#include <pthread.h>

#define BASKET_MOST 10
#define NAME_MOST 60

/* A monitor: all of it is under the lock. */
struct basket {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int capacity, count, first;
	char items[BASKET_MOST][NAME_MOST + 1];
};

struct basket *basket_new(int capacity);
void basket_put(struct basket *basket, const char *name, void (*full)(void));
void basket_get(struct basket *basket, char name[NAME_MOST + 1]);

#endif
