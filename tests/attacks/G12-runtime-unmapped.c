/* Takes away the memory of the runtime's state before it is written to. */
#include "attack.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

extern unsigned char grader_hooks_state[] __attribute__((weak));

static void *work(void *unused)
{
	return unused;
}

int main(void)
{
	uintptr_t page = (uintptr_t)grader_hooks_state & ~(uintptr_t)4095;
	pthread_t thread;

	puts("before");
	fflush(stdout);
	munmap((void *)page, 8192);
	pthread_create(&thread, NULL, work, NULL);
	pthread_join(thread, NULL);
	return 0;
}
