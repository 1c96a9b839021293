/*
 * Exploration: which schedules of a scenario are run, and in which order.
 *
 * Every run can be made again alone, on any machine, from its policy and
 * seed.  Schedule i of a scenario has a policy and a seed that depend on the
 * master seed, the scenario's index, i, and whether a data race has been seen
 * by then; unless the program turns out to have few orders, which are then run
 * by their numbers.
 *
 * A scenario may sweep a fault over all its chances, such as SIGKILL of main
 * at every scheduling point.  How many there are is learnt from a run in
 * which it never comes.  The schedules then meet them one by one, run to
 * block; when there are more chances than schedules, evenly spread; when
 * fewer, once more from the first, by the other policies.  The last
 * EXPLORE_PLACE_BITS bits of the seed are the chance's number, and the rest
 * is what the program and the policy see, the same in all of the first round.
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
	const bool *racy;  /* a data race has been seen; NULL = none */
	const bool *brief; /* runs need not be long; NULL = they may be */
	size_t schedules;  /* of a scenario; 0 = the scenario's own
			      number.  A scenario in which the order of
			      steps does not matter gets at most its
			      own number. */
	bool thorough;     /* ten times as many, with the same exception */
};

struct explore_stats {
	size_t schedules;   /* run */
	size_t distinct;    /* different traces among them */
	bool exhausted;     /* they were all orders that there are */
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

/*
 * Runs that schedule; the caller releases *OUTCOME.  A policy that needs a
 * profile costs two runs more; explore_run_informed() takes one that is there.
 */
int explore_replay(const struct explore_target *target, size_t scenario,
	const struct explore_schedule *schedule, struct run_outcome *outcome,
	struct err *err);

/* The same without fixed choices. */
int explore_run(const struct explore_target *target, size_t scenario,
	enum schedule_policy policy, uint64_t seed, struct run_outcome *outcome,
	struct err *err);

/*
 * Runs PROGRAM once, without an exercise: as *SPEC says, whose fields about
 * the program itself (descriptor, code range, unwinding) are set here.  The
 * caller releases *OUTCOME.
 */
int explore_program(const struct jail_context *jail,
	const struct program *program, struct run_spec *spec,
	struct run_outcome *outcome, struct err *err);

/*
 * What the policies have to know of the program, from runs of its own: as
 * *LIKE says, but for policy and seed.  The caller releases *PROFILE.
 */
int explore_profile(const struct jail_context *jail,
	const struct program *program, const struct run_spec *like,
	struct schedule_profile *profile, struct err *err);
int explore_run_informed(const struct explore_target *target, size_t scenario,
	enum schedule_policy policy, uint64_t seed,
	const struct schedule_profile *profile, struct run_outcome *outcome,
	struct err *err);

/*
 * The profile of the scenario for all policies that need one; the same on any
 * machine, whatever the master seed.  The caller releases *PROFILE.
 */
int explore_learn(const struct explore_target *target, size_t scenario,
	struct schedule_profile *profile, struct err *err);
/* SHA-256 of the trace's bytes as `grader trace` prints them; owned by the
 * caller. */
char *explore_trace_hash(const struct observed_run *run);

/* Number of schedules of the scenario for this target. */
size_t explore_schedules(const struct explore_target *target, size_t scenario);

/* Policy and seed of schedule INDEX, of a scenario with many orders and
   without a sweep. */
enum schedule_policy explore_policy(
	const struct scenario *scenario, size_t index);
uint64_t explore_seed(uint64_t master_seed, size_t scenario, size_t index);
/* The same; its fraction is in turn with those of the other schedules. */
uint64_t explore_spread_seed(uint64_t master_seed, const struct scenario *what,
	size_t scenario, size_t index);

/*
 * The two highest bits of a seed say how the run treats shared memory, so that
 * it is a part of what makes the run again.  Stores of a program that races
 * may be late; one in which no race has been seen after some schedules is
 * looked at at some of its accesses only, and at all of its locks.
 */
#define EXPLORE_STORES (UINT64_C(1) << 63)
#define EXPLORE_SOME (UINT64_C(1) << 62)
/*
 * Both at once: a run like one with neither, but its limits of what costs real
 * time (CPU, steps, trace) are an eighth.  For a program that came to a limit
 * before: what does not stop need not be watched for long again and again.
 */
#define EXPLORE_SHORT (EXPLORE_STORES | EXPLORE_SOME)
#define EXPLORE_SHORTER 8
uint64_t explore_marked_seed(uint64_t master_seed, const struct scenario *what,
	size_t scenario, size_t index, bool racy);

#define EXPLORE_PLACE_BITS 16

/* The same in one with a sweep over so many CHANCES, in SCHEDULES. */
enum schedule_policy explore_swept_policy(const struct scenario *scenario,
	size_t index, size_t chances, size_t schedules);
uint64_t explore_swept_seed(uint64_t master_seed, size_t scenario, size_t index,
	size_t chances, size_t schedules);

#endif
