/*
 * The comparison of a truly parallel run with the schedules that were
 * explored: what all of them showed alike, and the parallel run does not.
 * Pure.
 *
 * A run is taken apart into facts: how it ended, what was left, the final
 * content of the scenario's files, and for each kind of line (the numbers in
 * it aside) how many there were and with which numbers.  A fact in which the
 * schedules differ among each other is free in the parallel run as well; so
 * is every fact when there were few schedules.  What depends on order and
 * luck in a right program is thereby left alone, and a difference is a note,
 * never a mark.
 */
#ifndef GRADER_PARALLEL_H
#define GRADER_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/exercise.h"
#include "grader/verdict.h"
#include "run.h"

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
};

/* Takes one explored run of SCENARIO in. */
void parallel_hear(struct parallel_seen *seen, const struct scenario *scenario,
	const struct run_outcome *outcome);
void parallel_seen_release(struct parallel_seen *seen);

/* Can a parallel run of the scenario be compared with them at all? */
bool parallel_is_comparable(const struct parallel_seen *seen);

/*
 * Compares OUTCOME, of run_parallel().  True when it differs: then *TEXT
 * (owned by the caller) tells what differs most.
 */
bool parallel_differs(const struct parallel_seen *seen,
	const struct scenario *scenario, const struct run_outcome *outcome,
	struct bilingual *text);

#endif
