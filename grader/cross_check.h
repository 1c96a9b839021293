/*
 * The cross-check: some scenarios run once more for real, all tasks at once,
 * and are compared with what their schedules showed (grader/parallel.h).
 *
 * What such a run shows cannot be repeated at will, so it says nothing but
 * notes, and those stand in verdict->run with all else that two gradings may
 * differ in.
 */
#ifndef GRADER_CROSS_CHECK_H
#define GRADER_CROSS_CHECK_H

#include "base/err.h"
#include "grader/observe.h"
#include "grader/verdict.h"
#include "jail/jail.h"

#define CROSS_CHECK_RUNS 3 /* at most, in one check */

struct program;     /* grader/compile.h */
struct cross_check; /* opaque */

/*
 * Picks the scenarios.  Borrows EXERCISE.  The caller frees the result.
 */
struct cross_check *cross_check_new(const struct exercise *exercise);
void cross_check_free(struct cross_check *check); /* accepts NULL */

/* Hears of each explored run, of whatever scenario. */
void cross_check_hear(
	struct cross_check *check, const struct observed_run *run);

/*
 * Runs the scenarios and adds to verdict->run.  Returns 0, also where the
 * sandbox is too weak for such runs (then there are none), or a negative
 * errno.
 */
int cross_check_run(struct cross_check *check, const struct jail_context *jail,
	const struct program *program, struct verdict *verdict,
	struct err *err);

#endif
