/* Forges notes of locks that it never took. */
#include "attack.h"

#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *unused)
{
	for (int i = 0; i < 20; i++) {
		syscall(26482, &lock, 5 + i % 3, 0); /* acquired, released */
		syscall(26481, &lock, 4, 0);         /* attempt */
		pthread_mutex_lock(&lock);
		syscall(26482, &lock, 6, 0);
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, work, NULL);
	work(NULL);
	pthread_join(thread, NULL);
	return finish();
}
