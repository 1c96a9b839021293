/* 2000 threads, one after the other. */
#include "attack.h"

#include <pthread.h>

static void *body(void *unused)
{
	return unused;
}

int main(void)
{
	pthread_t thread;

	for (int i = 0; i < 2000; i++)
		if (pthread_create(&thread, NULL, body, NULL) ||
			pthread_join(thread, NULL))
			return 1;
	return finish();
}
