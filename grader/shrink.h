/*
 * Shrinking: the fewest switches under which a program still fails in the
 * same way.  The search is pure: it asks a callback.
 */
#ifndef GRADER_SHRINK_H
#define GRADER_SHRINK_H

#include <stddef.h>

#include "base/err.h"
#include "scheduler/switches.h"

/* Owned by whoever holds it; all zeroes = run-to-block without a departure. */
struct shrink_plan {
	struct schedule_switch *switches;
	size_t count;
};

struct shrink_plan shrink_plan_copy(
	const struct schedule_switch *switches, size_t count);
void shrink_plan_release(struct shrink_plan *plan);

/*
 * Runs the program with PLAN.  Returns 1 when it fails in the same way: then
 * *MADE, owned by the search, is what the run really did (struct run_outcome,
 * `switches`), a part of PLAN.  0 when it does not; a negative errno ends the
 * search.
 */
typedef int shrink_try_fn(void *context, const struct shrink_plan *plan,
	struct shrink_plan *made, struct err *err);

/*
 * Makes *PLAN, the departures of a failing run in their order, as small as it
 * can in at most *TRIES runs, which is then how many are left.  First come
 * fewer switches proper, then fewer departures.  Unless the tries run out, no
 * departure of the result can be left out, nor can two of them together.
 * Returns 0 or a negative errno; *PLAN is a failing one in both cases.
 */
int shrink(struct shrink_plan *plan, size_t *tries, shrink_try_fn *try,
	void *context, struct err *err);

#endif
