/*
 * The policy site-freeze.  Inside of the scheduler; see policy.h for the
 * contract and policies.h for what the three functions are.
 */
#ifndef SCHEDULER_FREEZE_H
#define SCHEDULER_FREEZE_H

#include "scheduler/schedule.h"

void freeze_draw(struct schedule *schedule);
size_t freeze_pick(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current);
void freeze_ran(
	struct schedule *schedule, const struct schedule_candidate *chosen);

#endif
