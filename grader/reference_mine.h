/*
 * Mining a reference from the runs of right solutions.
 *
 * Life cycle: reference_miner_new() for a scenario, reference_miner_add() for
 * each run, reference_miner_finish().  What is kept holds in every run that
 * was added, so the more designs and schedules, the less is accidental.
 */
#ifndef GRADER_REFERENCE_MINE_H
#define GRADER_REFERENCE_MINE_H

#include "grader/reference.h"

struct reference_miner;

/* EXERCISE is borrowed until the end.  The caller finishes it. */
struct reference_miner *reference_miner_new(const struct exercise *exercise,
	const struct scenario *scenario, uint64_t master_seed);

/* SOLUTION is its name.  RUN is borrowed for the call. */
void reference_miner_add(struct reference_miner *miner, const char *solution,
	const struct observed_run *run);

size_t reference_miner_runs(const struct reference_miner *miner);

/*
 * Frees MINER and makes *REFERENCE, which the caller releases; REFERENCE may
 * be NULL: then the miner is only freed.
 */
void reference_miner_finish(
	struct reference_miner *miner, struct reference *reference);

#endif
