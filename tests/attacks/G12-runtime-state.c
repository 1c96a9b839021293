/* Overwrites what the hooks' runtime believes, while threads run. */
#include "attack.h"

#include <pthread.h>
#include <unistd.h>

extern unsigned char grader_hooks_state[] __attribute__((weak));
void __tsan_read8(void *address) __attribute__((weak));
void __tsan_write8(void *address) __attribute__((weak));

static long shared;

static void *work(void *unused)
{
	for (int i = 0; i < 50; i++) {
		if (grader_hooks_state)
			memset(grader_hooks_state, 0x41 + i, 256);
		shared++;
		if (__tsan_read8)
			__tsan_read8((void *)8);
		if (__tsan_write8)
			__tsan_write8((void *)~0ul);
	}
	return unused;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, work, NULL);
	pthread_create(&threads[1], NULL, work, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return finish();
}
