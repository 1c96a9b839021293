/*
 * Exploration: which schedules of a scenario are run, and in which order.
 *
 * Schedule i of a scenario has a policy and a seed that depend on nothing
 * but the master seed, the scenario's index and i, so that every run can be
 * made again alone, on any machine.
 */
#ifndef GRADER_EXPLORE_H
#define GRADER_EXPLORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "grader/exercise.h"
#include "grader/observe.h"
#include "run.h"

struct program; /* grader/compile.h */

struct explore_target {
	const struct jail_context *jail;
	const struct exercise *exercise;
	const struct program *program;
	uint64_t master_seed;
	size_t schedules; /* of a scenario; 0 = the scenario's own
			     number.  A scenario in which the order of
			     steps does not matter gets at most its
			     own number. */
};

struct explore_stats {
	size_t schedules;   /* run */
	size_t distinct;    /* different traces among them */
	int64_t virtual_us; /* all together */
};

/*
 * Called with each observed run, in the order of the schedules; *RUN lives
 * until it returns.  A negative return value ends the exploration.
 */
typedef int explore_visit_fn(
	void *context, const struct observed_run *run, struct err *err);

/* Runs all schedules of the scenario.  0, or a negative errno. */
int explore_scenario(const struct explore_target *target, size_t scenario,
	explore_visit_fn *visit, void *context, struct explore_stats *stats,
	struct err *err);

/* A schedule, complete: the same one gives the same run again. */
struct explore_schedule {
	enum schedule_policy policy;
	uint64_t seed;
	const struct schedule_switch *switches; /* borrowed: fixed choices */
	size_t switch_count;
};

/* Runs that schedule; the caller releases *OUTCOME. */
int explore_replay(const struct explore_target *target, size_t scenario,
	const struct explore_schedule *schedule, struct run_outcome *outcome,
	struct err *err);

/* The same without fixed choices. */
int explore_run(const struct explore_target *target, size_t scenario,
	enum schedule_policy policy, uint64_t seed, struct run_outcome *outcome,
	struct err *err);

/* SHA-256 of the trace's bytes as `grader trace` prints them; owned by the
 * caller. */
char *explore_trace_hash(const struct observed_run *run);

/* Number of schedules of the scenario for this target. */
size_t explore_schedules(const struct explore_target *target, size_t scenario);

/* Policy and seed of schedule INDEX. */
enum schedule_policy explore_policy(size_t index);
uint64_t explore_seed(uint64_t master_seed, size_t scenario, size_t index);

#endif
