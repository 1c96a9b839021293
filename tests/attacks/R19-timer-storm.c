/* Timers that expire all the time. */
#include "attack.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int count;

static void on_alarm(int signal)
{
	(void)signal;
	count++;
}

int main(void)
{
	const struct itimerval often = {{0, 1}, {0, 1}};
	const struct itimerspec more = {{0, 1}, {0, 1}};
	timer_t timer;

	signal(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 100; i++)
		if (timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0)
			timer_settime(timer, 0, &more, NULL);
	while (count < 1000000)
		pause();
	leak("a million signals");
	return finish();
}
