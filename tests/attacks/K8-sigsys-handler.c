/* Outlives its death by a handler, and lets a mere thread make the call. */
#include "attack.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static void ignore(int signal)
{
	(void)signal;
}

static void *call(void *unused)
{
	syscall(0x40000000 | 39);
	return unused;
}

int main(void)
{
	pthread_t thread;

	signal(SIGSYS, ignore);
	pthread_create(&thread, NULL, call, NULL);
	pthread_join(thread, NULL);
	leak("the process outlived its thread");
	return finish();
}
