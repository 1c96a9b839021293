/*
 * How each policy chooses, and what it makes of the operation that was
 * chosen.  Inside of the scheduler; see policy.h for the contracts.
 */
#ifndef SCHEDULER_POLICIES_H
#define SCHEDULER_POLICIES_H

#include "scheduler/schedule.h"

/* What the policy draws once, when the profile is known. */
void policy_draw(struct schedule *schedule);

/* Index among COUNT >= 1 candidates, of which only the last may be the clock */
size_t policy_pick(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current);

/* CHOSEN goes on, by the policy's choice, a log's or for want of another. */
void policy_ran(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	size_t chosen);

/* What run-to-block chooses. */
size_t policy_run_to_block(const struct schedule_candidate *candidates,
	size_t count, uint32_t current);

#endif
