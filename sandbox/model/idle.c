#include "model/idle.h"

bool idle_call(struct idle *idle, bool reads_time)
{
	idle->calls++;
	idle->reads_time |= reads_time;
	if (!idle->spinning && idle->calls < IDLE_CALLS)
		return false;
	idle->spinning = true;
	idle->quanta++;
	return true;
}

void idle_progress(struct idle *idle)
{
	*idle = (struct idle){0};
}
