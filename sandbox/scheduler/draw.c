#include "scheduler/draw.h"

#define JUMPS_FEW 3

size_t draw_below(struct schedule *schedule, size_t count)
{
	return (size_t)(schedule_random(&schedule->random) % count);
}

size_t draw_first(const struct schedule *schedule, size_t count)
{
	return (size_t)((uint64_t)schedule_fraction(schedule->seed) * count >>
			SCHEDULE_FRACTION_BITS);
}

void draw_jumps(struct schedule *schedule, size_t few)
{
	schedule->state.jumps =
		draw_below(schedule, few) == 0
			? 1 + (uint32_t)draw_below(schedule, JUMPS_FEW)
			: JUMPS_MANY;
}

size_t draw_allowed(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current, draw_allowed_fn *allowed)
{
	size_t i, found = 0, nth;

	for (i = 0; i < count; i++) {
		if (!allowed(schedule, &candidates[i]))
			continue;
		if (candidates[i].task == current && !schedule->state.restless)
			return i;
		found++;
	}
	if (found == 0)
		return count;
	nth = schedule->state.newest ? found - 1 : draw_below(schedule, found);
	for (i = 0; i < count; i++)
		if (allowed(schedule, &candidates[i]) && nth-- == 0)
			break;
	return i;
}
