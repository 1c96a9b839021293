/* Makes threads without end. */
#include <pthread.h>
#include <unistd.h>

static void *sleeper(void *unused)
{
	for (;;)
		sleep(1000);
	return unused;
}

int main(void)
{
	pthread_t thread;

	for (;;)
		pthread_create(&thread, NULL, sleeper, NULL);
}
