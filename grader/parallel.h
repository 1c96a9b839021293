/*
 * The comparison of a truly parallel run with the schedules that were
 * explored: what all of them showed alike, and the parallel run does not.
 * Pure.
 *
 * A run is taken apart into facts: how it ended, what was left, the final
 * content of the scenario's files, and for each kind of line how many there
 * were and, numbers included, which.  A fact in which the schedules differ
 * among each other is free in the parallel run as well; so is every fact when
 * there were few schedules.  Of a line that the exercise asks for only the
 * number counts: who prints it, and with what in it, is a matter of order and
 * luck in right programs, even where the even steps of virtual time make it
 * the same in many schedules.  A difference is a note, never a mark.
 */
#ifndef GRADER_PARALLEL_H
#define GRADER_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/observe.h"
#include "grader/verdict.h"

/* With fewer schedules only the way in which the program ended counts. */
#define PARALLEL_SCHEDULES_MIN 8

struct parallel_fact;

/* What the schedules of one scenario showed.  All zeroes = none yet. */
struct parallel_seen {
	struct parallel_fact *facts; /* owned */
	size_t fact_count, fact_capacity;
	size_t runs;
	int64_t cpu_us; /* the most that a run took */
	bool vague;     /* a run was cut short: nothing is compared */
	bool followed;  /* a run went on when main had ended, which a parallel
			   one does not: what it did is not compared */
};

/* Takes one explored run in. */
void parallel_hear(struct parallel_seen *seen, const struct observed_run *run);
void parallel_seen_release(struct parallel_seen *seen);

/* Can a parallel run of the scenario be compared with them at all? */
bool parallel_is_comparable(const struct parallel_seen *seen);

/*
 * Compares RUN, whose outcome is of run_parallel().  True when it differs:
 * then *TEXT (owned by the caller) tells what differs most.
 */
bool parallel_differs(const struct parallel_seen *seen,
	const struct observed_run *run, struct bilingual *text);

#endif
