/*
 * A finding of a failing run becomes the finding of the simplest run that
 * fails in the same way: same rule, same scenario, same manner of failing.
 *
 * Costs runs; a check has a budget of them, so that the same options always
 * give the same report.
 */
#ifndef GRADER_SHRINK_FINDING_H
#define GRADER_SHRINK_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "grader/explore.h"
#include "grader/rules/rule.h"
#include "grader/shrink.h"
#include "grader/verdict.h"

/* What has to be the same; all zeroes is an empty one. */
struct failure {
	const char *manner; /* of the rule's result */
	bool follows;
	enum run_end end;
	int main_signal;
	bool refused;            /* the sandbox refused a call */
	struct shrink_plan plan; /* the run's departures from run-to-block */
};

void failure_note(struct failure *failure, const struct observed_run *run,
	const struct rule_result *result);
/* The run failed in the same way, with fewer switches. */
bool failure_is_simpler(const struct failure *than,
	const struct observed_run *run, const struct rule_result *result);
void failure_release(struct failure *failure);

struct shrinker {
	const struct explore_target *target; /* borrowed */
	size_t tries; /* runs left, for all findings together */
	/* makes the finding of a failing run */
	void (*make)(struct finding *finding, const struct rule *rule,
		const struct rule_memory *memory,
		const struct observed_run *run, struct rule_result *result);
	/* asked before each run; non-zero ends all with -ECANCELED */
	int (*interrupted)(void *context);
	void *context;
	/* what was found: tried first on the next finding; private */
	struct shrunk_schedule *known;
	size_t known_count, known_capacity;
};

void shrinker_release(struct shrinker *shrinker);

/*
 * Replaces *FINDING, which FAILURE is about, by that of the simplest run
 * found; *FINDING stays as it is when there is nothing to shrink, the tries
 * are used up, or a run hit a limit (each costs real time).  MEMORY is what
 * the rule kept from other scenarios' runs.  Returns 0 or a negative errno.
 */
int shrink_finding(struct shrinker *shrinker, const struct rule *rule,
	const struct rule_memory *memory, size_t scenario,
	const struct failure *failure, struct finding *finding,
	struct err *err);

#endif
