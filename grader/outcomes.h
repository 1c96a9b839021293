/*
 * The different results that one program has under different schedules.
 *
 * Two runs have the same result when they end the same way, leave the same
 * files with the same bytes, show the same kinds of trouble, and print the
 * same lines, in whatever order: the order is counted apart, since processes
 * that print side by side are free to do so.  Pure.
 */
#ifndef GRADER_OUTCOMES_H
#define GRADER_OUTCOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grader/account.h"
#include "grader/observe.h"

#define OUTCOMES_TOLD 8 /* results that are told apart by their lines */

/* One result, as first seen. */
struct outcome_result {
	uint64_t key;
	size_t runs;                 /* schedules that gave it */
	enum schedule_policy policy; /* of the first of them */
	uint64_t seed;
	bool well;
	struct bilingual ending;
	struct bilingual trouble; /* "a zombie, an orphan"; "" none */
	struct bilingual problem; /* what went wrong in it; NULL or "" none */
	uint64_t *orders;         /* of its lines: a hash each */
	size_t order_count, order_capacity;
	bool lines_kept; /* of the first OUTCOMES_TOLD results, if not many */
	char **lines;    /* sorted */
	size_t line_count;
	/* made by outcomes_settle(); borrowed from lines or NULL */
	const char *telling; /* a line that the other result lacks */
	const char *missing; /* without one: a line that only the other has */
};

/* All zeroes is empty. */
struct outcomes {
	struct outcome_result *results; /* in the order first seen */
	size_t count, capacity;
	size_t runs, failed; /* schedules; those that did not go well */
	uint64_t *orders;    /* of all lines of all runs: a hash each */
	size_t order_count, order_capacity;
};

/* Adds the run, of which ACCOUNT was made. */
void outcomes_add(struct outcomes *outcomes, const struct observed_run *run,
	const struct account *account);

/*
 * When all runs were added: finds by which line each told result is known,
 * the first one against the second, all others against the first.
 */
void outcomes_settle(struct outcomes *outcomes);

void outcomes_release(struct outcomes *outcomes);

#endif
