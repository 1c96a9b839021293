/* Hammers the caches, the random number generator and the clock. */
#include "attack.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static char data[4 << 20];

int main(void)
{
	struct timespec now;
	char byte[4096];
	unsigned sum = 0;

	for (int i = 0; i < 20; i++) {
		for (size_t j = 0; j < sizeof(data); j += 64)
			data[j] += (char)i;
		if (getrandom(byte, sizeof(byte), 0) < 0)
			return 1;
		clock_gettime(CLOCK_MONOTONIC, &now);
		sum += (unsigned char)byte[0] + (unsigned)now.tv_nsec;
	}
	return sum == 1 ? 1 : finish();
}
