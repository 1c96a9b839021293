#include "model/idle.h"

static enum idle_advice remember_or_compare(struct idle *idle)
{
	if (idle->calls >= idle->next_save) {
		idle->next_save = idle->calls * 2;
		idle->compares = true;
		return IDLE_SAVE;
	}
	return idle->compares ? IDLE_COMPARE : IDLE_GO_ON;
}

enum idle_advice idle_call(struct idle *idle, bool reads_time)
{
	idle->calls++;
	idle->reads_time |= reads_time;
	if (idle->calls < IDLE_CALLS)
		return IDLE_GO_ON;
	if (idle->proved && idle->reads_time)
		return IDLE_SLEEP;
	if (idle->calls >= IDLE_FREE_CALLS) {
		idle->spinning = true;
		return IDLE_SLEEP;
	}
	return remember_or_compare(idle);
}

enum idle_advice idle_access(struct idle *idle, uint64_t count)
{
	idle->calls++;
	idle->accesses += count;
	if (idle->calls < IDLE_CALLS)
		return IDLE_GO_ON;
	if (idle->accesses >= IDLE_FREE_ACCESSES) {
		idle->spinning = true;
		return IDLE_SLEEP;
	}
	return remember_or_compare(idle);
}

void idle_proved(struct idle *idle)
{
	idle->spinning = idle->proved = true;
}

void idle_again(struct idle *idle)
{
	/* one that cannot be proved has had its free calls */
	if (idle->calls < IDLE_FREE_CALLS)
		idle->calls = IDLE_CALLS;
	idle->proved = false;
	idle->next_save = 0;
}

void idle_differs(struct idle *idle)
{
	idle->compares = false;
}

void idle_progress(struct idle *idle)
{
	*idle = (struct idle){0};
}
