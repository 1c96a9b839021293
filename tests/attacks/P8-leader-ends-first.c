/* The first thread ends; the status is that of the last one's exit(). */
#include "attack.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void *other(void *unused)
{
	usleep(1000);
	puts("done");
	exit(7);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, other, NULL);
	pthread_exit(NULL);
}
