/*
 * What becomes of a criterion when the one that it depends on, its premise,
 * fails.  A scenario is lost to a criterion when a rule of it failed there in
 * every run, or when it is lost to its premise: nothing that depends on it is
 * judged there.  A criterion to which half of its scenarios or more are lost is
 * gone, and so is all that depends on it; and one cannot be judged when a third
 * of its scenarios or more are lost to its premise.  So a mistake that shows in
 * few scenarios only takes nothing else with it.
 *
 * Pure, and the same for the same counts.
 */
#ifndef GRADER_PREMISE_H
#define GRADER_PREMISE_H

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

/* All that has been counted. */
struct counted {
	const struct exercise *exercise;
	size_t over; /* scenarios that are over: those with lower numbers */
	rule_count_fn *count;
	const void *context;
};

/* CRITERION is -1 where there is no premise: then nothing is lost. */
bool premise_lost_in(
	const struct counted *counted, int criterion, size_t scenario);
bool premise_gone(const struct counted *counted, int criterion);

/* Whether CRITERION cannot be judged, as too much is lost to its premise. */
bool premise_takes(const struct counted *counted, size_t criterion);

/* Has a rule of the criterion failed in the scenario, in EACH run of it? */
bool criterion_fails_in(const struct counted *counted, size_t criterion,
	size_t scenario, bool each);

bool rule_applies(const struct rule *rule, size_t scenario);

/* Has the rule failed in the scenario, whatever further runs may bring? */
bool rule_has_failed(const struct rule *rule, const struct rule_count *count);

#endif
