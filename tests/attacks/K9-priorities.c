/* More of everything than it was given. */
#define _GNU_SOURCE
#include "attack.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

static void raise_limits(void)
{
	for (int which = 0; which < RLIM_NLIMITS; which++) {
		struct rlimit limit;

		if (getrlimit(which, &limit))
			continue;
		limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
		if (setrlimit(which, &limit) == 0 ||
			prlimit(0, which, &limit, NULL) == 0 ||
			prlimit(getppid(), which, &limit, NULL) == 0)
			leak("limit %d", which);
	}
}

int main(void)
{
	struct sched_param first = {.sched_priority = 1};
	cpu_set_t all;

	raise_limits();
	memset(&all, 0xff, sizeof(all));
	if (nice(-5) != -1)
		leak("nice");
	if (setpriority(PRIO_PROCESS, 0, -5) == 0)
		leak("setpriority");
	if (sched_setscheduler(0, SCHED_FIFO, &first) == 0)
		leak("SCHED_FIFO");
	if (sched_setaffinity(0, sizeof(all), &all) == 0)
		leak("affinity");
	return finish();
}
