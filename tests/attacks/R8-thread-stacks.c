/* Threads with stacks of a gibibyte. */
#include "attack.h"

#include <pthread.h>
#include <unistd.h>

static void *sleeper(void *unused)
{
	sleep(10);
	return unused;
}

int main(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int count = 0;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 1UL << 30);
	while (count < 32 &&
		pthread_create(&thread, &attributes, sleeper, NULL) == 0)
		count++;
	if (count == 32)
		leak("32 GiB of stacks");
	return finish();
}
