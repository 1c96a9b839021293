#include "basket.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct basket *basket_new(int capacity)
{
	pthread_mutexattr_t shared_lock;
	pthread_condattr_t shared_condition;
	struct basket *basket = mmap(NULL, sizeof(struct basket),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (basket == MAP_FAILED)
		abort();
	pthread_mutexattr_init(&shared_lock);
	pthread_mutexattr_setpshared(&shared_lock, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&basket->lock, &shared_lock);
	pthread_condattr_init(&shared_condition);
	pthread_condattr_setpshared(&shared_condition, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&basket->changed, &shared_condition);
	basket->capacity = capacity;
	return basket;
}

void basket_put(struct basket *basket, const char *name, void (*full)(void))
{
	pthread_mutex_lock(&basket->lock);
	while (basket->count == basket->capacity) {
		full();
		pthread_cond_wait(&basket->changed, &basket->lock);
	}
	strcpy(basket->items[(basket->first + basket->count) %
			     basket->capacity],
		name);
	basket->count++;
	pthread_cond_signal(&basket->changed);
	pthread_mutex_unlock(&basket->lock);
}

void basket_get(struct basket *basket, char name[NAME_MOST + 1])
{
	pthread_mutex_lock(&basket->lock);
	while (basket->count == 0)
		pthread_cond_wait(&basket->changed, &basket->lock);
	strcpy(name, basket->items[basket->first]);
	basket->first = (basket->first + 1) % basket->capacity;
	basket->count--;
	pthread_cond_signal(&basket->changed);
	pthread_mutex_unlock(&basket->lock);
}
