/*
 * One schedule: the choices made so far, and how the next one is made.
 * Pure: the same policy, seed, profile and candidates give the same choices.
 */
#ifndef SCHEDULER_SCHEDULE_H
#define SCHEDULER_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scheduler/policy.h"
#include "scheduler/profile.h"
#include "scheduler/switches.h"

/*
 * The candidate, and the choice, that no task goes on and the clock advances
 * to the next deadline.  Whether it is a candidate depends on the scenario,
 * never on the policy, so that any policy can follow any log.
 */
#define SCHEDULE_CLOCK UINT32_MAX

#define SCHEDULE_KNOWN_BITS 1024

/* What a policy has drawn; see policies.c. */
struct policy_state {
	bool restless;   /* the rest switches at random */
	bool newest;     /* of the rest the newest comes first */
	bool whole_role; /* site-freeze: all of the role */
	bool curious;    /* at places that no profile has, too */
	uint64_t known[SCHEDULE_KNOWN_BITS / 64]; /* places that it has */
	uint64_t site, object;                    /* frozen at; fought for */
	uint32_t task, role; /* the victim; surw: who is to be next */
	uint32_t jumps;      /* of the clock: left */
	uint32_t uses;       /* before it is slow enough for one */
	uint32_t patience;   /* site-freeze: jumps that are left at this stop */
	uint64_t order;      /* numbered: what is left of the number */
	uint64_t *numbers;   /* owned, by task: priorities, remaining uses */
	size_t count, capacity;
};

struct schedule {
	enum schedule_policy policy;
	uint64_t seed;
	uint64_t random;        /* state of the policy's generator */
	const uint32_t *replay; /* borrowed: choices to follow first */
	size_t replay_count;
	uint32_t *choices; /* owned: task chosen at each choice */
	uint32_t *widths;  /* owned: of how many tasks each was one */
	size_t count, capacity, width_capacity;
	bool diverged; /* a choice of the log could not be followed */
	const struct schedule_profile *profile; /* borrowed, or NULL */
	struct policy_state state;
	bool learns;
	struct schedule_profile learnt; /* owned: when it learns */
	/* borrowed: choices that are fixed, whatever the policy says */
	const struct schedule_switch *plan;
	size_t plan_count;
	uint32_t position; /* set by the caller: copied to each switch made */
	struct schedule_switch *switches; /* owned: departures made, in order */
	size_t switch_count, switch_capacity;
	uint32_t *points; /* owned: choices at which a task stood so far */
	size_t point_count, point_capacity;
};

/*
 * REPLAY, borrowed, is a log of choices that is followed as long as it lasts
 * and its tasks are among the candidates; from there on the policy chooses.
 */
void schedule_start(struct schedule *schedule, enum schedule_policy policy,
	uint64_t seed, const uint32_t *replay, size_t replay_count);
/* Before the first choice.  PROFILE is borrowed and may be NULL. */
void schedule_inform(
	struct schedule *schedule, const struct schedule_profile *profile);
/* Before the first choice: a profile of this run is to be learnt. */
void schedule_learn(struct schedule *schedule);
/*
 * Fixes the choices in PLAN, in any order.  One whose task never stands at
 * its point, or whose task to go on cannot, is passed over: the policy
 * chooses there.
 */
void schedule_fix(struct schedule *schedule, const struct schedule_switch *plan,
	size_t plan_count);
void schedule_release(struct schedule *schedule);

/* Does it look at more of a candidate than its task? */
bool schedule_looks(const struct schedule *schedule);

/*
 * Chooses among COUNT >= 1 candidates, by rising task number; the clock, if
 * it is one, is the last and not the only one.  CURRENT is the task that ran
 * last (it need not be among them).  Returns an index.  A single candidate is
 * no choice and is not logged.
 *
 * Where the choice is not that of run-to-block it is a departure, kept in
 * schedule.switches: run-to-block with this list as its plan makes the same
 * choices again, whatever policy made them first.
 */
size_t schedule_pick(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current);

/*
 * A part of a circle that the seed tells, in 2^-16: what a policy does not draw
 * but goes by, such as the place where it stops a task.  As even as the rest of
 * the seed unless somebody chose it with schedule_seed_at(), which changes
 * nothing but the bits that are kept for it.
 */
#define SCHEDULE_FRACTION_BITS 16
#define SCHEDULE_FRACTION_SHIFT 46
uint32_t schedule_fraction(uint64_t seed);
uint32_t schedule_kept_bits(uint64_t seed); /* as they stand */
uint64_t schedule_seed_at(uint64_t seed, uint32_t fraction);

/* splitmix64 (Steele, Lea, Flood 2014): next number, state advanced. */
uint64_t schedule_random(uint64_t *state);

#endif
