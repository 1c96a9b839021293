/* Burns CPU time in 8 threads. */
#include "attack.h"

#include <pthread.h>

static void *burn(void *unused)
{
	volatile long n = 0;

	while (n < 300000000)
		n++;
	return unused;
}

int main(void)
{
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, burn, NULL);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	return finish();
}
