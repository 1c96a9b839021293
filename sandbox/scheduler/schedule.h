/*
 * One schedule: the choices made so far, and how the next one is made.
 * Pure: the same policy, seed and candidates give the same choices.
 */
#ifndef SCHEDULER_SCHEDULE_H
#define SCHEDULER_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scheduler/policy.h"
#include "scheduler/switches.h"

struct schedule {
	enum schedule_policy policy;
	uint64_t random;        /* state of the policy's generator */
	const uint32_t *replay; /* borrowed: choices to follow first */
	size_t replay_count;
	uint32_t *choices; /* owned: task chosen at each choice */
	size_t count, capacity;
	bool diverged; /* a choice of the log could not be followed */
	/* borrowed: choices that are fixed, whatever the policy says */
	const struct schedule_switch *plan;
	size_t plan_count;
	uint32_t position; /* set by the caller: copied to each switch made */
	struct schedule_switch *switches; /* owned: departures made, in order */
	size_t switch_count, switch_capacity;
	uint32_t *points; /* owned: choices at which a task stood so far */
	size_t point_count, point_capacity;
};

void schedule_start(struct schedule *schedule, enum schedule_policy policy,
	uint64_t seed, const uint32_t *replay, size_t replay_count);
/*
 * Fixes the choices in PLAN, in any order.  One whose task never stands at
 * its point, or whose task to go on cannot, is passed over: the policy
 * chooses there.
 */
void schedule_fix(struct schedule *schedule, const struct schedule_switch *plan,
	size_t plan_count);
void schedule_release(struct schedule *schedule);

/*
 * Chooses among COUNT >= 1 tasks (numbers, ascending); CURRENT is the task
 * that ran last (it need not be among them).  Returns an index.  A single
 * candidate is no choice and is not logged.
 *
 * Where the choice is not that of run-to-block it is a departure, kept in
 * schedule.switches: run-to-block with this list as its plan makes the same
 * choices again, whatever policy made them first.
 */
size_t schedule_pick(struct schedule *schedule, const uint32_t *candidates,
	size_t count, uint32_t current);

/* splitmix64 (Steele, Lea, Flood 2014): next number, state advanced. */
uint64_t schedule_random(uint64_t *state);

#endif
