/* Another symbol of the name of the runtime's state, where nothing is. */
#include "attack.h"

#include <pthread.h>
#include <sys/mman.h>

__asm__(".local grader_hooks_state\n"
	".set grader_hooks_state, 0x7ffffffffff8\n"
	".size grader_hooks_state, 8");

static long shared;

static void *work(void *unused)
{
	for (int i = 0; i < 100; i++)
		shared++;
	return unused;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return finish();
}
