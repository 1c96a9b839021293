/* Makes threads without end. */
#include <pthread.h>
#include <sys/prctl.h>
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

	prctl(PR_SET_NAME, "gx-thread-bomb");
	for (;;)
		pthread_create(&thread, NULL, sleeper, NULL);
}
