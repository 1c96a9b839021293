/* Makes threads until it gets no more, and says how many it got. */
#include "attack.h"

#include <pthread.h>
#include <unistd.h>

static void *sleeper(void *unused)
{
	sleep(1000);
	return unused;
}

int main(void)
{
	pthread_t thread;
	int count = 0;

	while (count < 1000 &&
		pthread_create(&thread, NULL, sleeper, NULL) == 0)
		count++;
	if (count > 100)
		leak("%d threads", count);
	finish();
	fflush(stdout);
	_exit(0);
}
