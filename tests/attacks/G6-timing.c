/* Measures how long a call takes: a tracer would show. */
#include "attack.h"

#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

int main(void)
{
	struct timespec from, to;
	unsigned long long start = __rdtsc(), ticks;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 1000; i++)
		getppid();
	ticks = __rdtsc() - start;
	clock_gettime(CLOCK_MONOTONIC, &to);
	if (to.tv_sec - from.tv_sec > 1)
		leak("1000 calls took %ld s", (long)(to.tv_sec - from.tv_sec));
	if (ticks > 100000000000ull)
		leak("1000 calls took %llu ticks", ticks);
	return finish();
}
