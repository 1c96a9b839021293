/*
 * What policies draw, and how the tasks go on of which a policy says nothing.
 * Inside of the scheduler.
 */
#ifndef SCHEDULER_DRAW_H
#define SCHEDULER_DRAW_H

#include "scheduler/schedule.h"

#define JUMPS_MANY 64

/* One of 0 .. COUNT - 1, each as likely. */
size_t draw_below(struct schedule *schedule, size_t count);

/*
 * The one thing that makes most of a schedule: not drawn but told by the seed,
 * so that who makes many seeds can go through all COUNT.
 */
size_t draw_first(const struct schedule *schedule, size_t count);

/*
 * How often the clock may advance though a task could run: JUMPS_MANY, 1 of
 * FEW times a few.
 */
void draw_jumps(struct schedule *schedule, size_t few);

typedef bool draw_allowed_fn(const struct schedule *schedule,
	const struct schedule_candidate *candidate);

/*
 * The running task, or when it has blocked (or all are restless) any, or the
 * newest, of those that are allowed; COUNT when none is.
 */
size_t draw_allowed(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current, draw_allowed_fn *allowed);

#endif
