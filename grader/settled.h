/*
 * When a scenario may be left before its last schedule: nothing that counts
 * can change any more.  Each rule that applies to it has failed in it, or
 * cannot be asked, as its premise is lost.  States, points and findings are
 * then what they would be after all schedules; notes, and the "k of n" of a
 * finding, speak of the schedules that were run.
 *
 * Pure, and the same for the same counts.
 */
#ifndef GRADER_SETTLED_H
#define GRADER_SETTLED_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/exercise.h"

/* How a rule has fared in a scenario so far. */
struct rule_count {
	size_t runs, fails;
	size_t refused; /* fails that may be due to a refused call */
};

typedef struct rule_count rule_count_fn(
	const void *context, size_t criterion, size_t rule, size_t scenario);

/* SCENARIO is under way, those before it are over, no other has begun. */
bool settled(const struct exercise *exercise, size_t scenario,
	rule_count_fn *count, const void *context);

bool rule_applies(const struct rule *rule, size_t scenario);

#endif
