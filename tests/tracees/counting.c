/*
 * Busy waiting that changes memory with each question, so that no state ever
 * comes back: it can be proved of nobody, and time goes on all the same.
 */
#include <sched.h>

#include "tracee.h"

static volatile int *shared;

static void count_until_told(int unused)
{
	(void)unused;
	while (shared[0] == 0) {
		shared[1]++;
		sched_yield();
	}
	say("counted");
}

static void until_a_sleeper_wakes(void)
{
	shared = share(2 * sizeof(*shared));
	start(count_until_told, 0);
	nap(2);
	shared[0] = 1;
	reap_all();
}

static void until_somebody_runs(void)
{
	shared = share(2 * sizeof(*shared));
	start(count_until_told, 0);
	shared[0] = 1;
	reap_all();
}

static const struct tracee_case cases[] = {
	{"sleeper", until_a_sleeper_wakes},
	{"runner", until_somebody_runs},
};

TRACEE_MAIN(cases)
