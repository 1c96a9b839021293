/*
 * A log of choices is followed as long as it lasts and its tasks are among
 * the candidates; from there on the policy chooses.  A plan goes before both,
 * at its own points only.
 */
#include "scheduler/schedule.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "scheduler/policies.h"

static const struct {
	const char *name, *contract;
	unsigned needs;
} policies[] = {
#define X(suffix, name, needs, contract) {name, contract, needs},
	SCHEDULE_POLICIES(X)
#undef X
};

const char *schedule_policy_name(enum schedule_policy policy)
{
	return policies[policy].name;
}

const char *schedule_policy_contract(enum schedule_policy policy)
{
	return policies[policy].contract;
}

unsigned schedule_policy_needs(enum schedule_policy policy)
{
	return policies[policy].needs;
}

int schedule_policy_by_name(const char *name)
{
	int i;

	for (i = 0; i < SCHEDULE_POLICY_COUNT; i++)
		if (strcmp(policies[i].name, name) == 0)
			return i;
	return -1;
}

uint64_t schedule_random(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

#define FRACTION_MASK ((UINT64_C(1) << SCHEDULE_FRACTION_BITS) - 1)

uint32_t schedule_kept_bits(uint64_t seed)
{
	return (uint32_t)(seed >> SCHEDULE_FRACTION_SHIFT & FRACTION_MASK);
}

/* What the bits below the kept ones hash to is added: small seeds differ too.
 */
uint32_t schedule_fraction(uint64_t seed)
{
	uint64_t low = seed & ((UINT64_C(1) << SCHEDULE_FRACTION_SHIFT) - 1);

	return (uint32_t)(schedule_kept_bits(seed) + schedule_random(&low)) &
	       FRACTION_MASK;
}

uint64_t schedule_seed_at(uint64_t seed, uint32_t fraction)
{
	uint64_t more = (fraction - schedule_fraction(seed)) & FRACTION_MASK;
	uint64_t bits = schedule_kept_bits(seed) + more;

	return (seed & ~(FRACTION_MASK << SCHEDULE_FRACTION_SHIFT)) |
	       (bits & FRACTION_MASK) << SCHEDULE_FRACTION_SHIFT;
}

void schedule_start(struct schedule *schedule, enum schedule_policy policy,
	uint64_t seed, const uint32_t *replay, size_t replay_count)
{
	memset(schedule, 0, sizeof(*schedule));
	schedule->policy = policy;
	schedule->seed = schedule->random = seed;
	schedule->state.order = seed;
	schedule->replay = replay;
	schedule->replay_count = replay_count;
}

void schedule_inform(
	struct schedule *schedule, const struct schedule_profile *profile)
{
	schedule->profile = profile;
	policy_draw(schedule);
}

void schedule_learn(struct schedule *schedule)
{
	schedule->learns = true;
}

void schedule_fix(struct schedule *schedule, const struct schedule_switch *plan,
	size_t plan_count)
{
	schedule->plan = plan;
	schedule->plan_count = plan_count;
}

void schedule_release(struct schedule *schedule)
{
	free(schedule->choices);
	free(schedule->widths);
	free(schedule->state.numbers);
	schedule_profile_release(&schedule->learnt);
	free(schedule->switches);
	free(schedule->points);
	memset(schedule, 0, sizeof(*schedule));
}

bool schedule_looks(const struct schedule *schedule)
{
	return schedule->learns ||
	       (schedule_policy_needs(schedule->policy) & POLICY_OPERATIONS);
}

static size_t index_of(const struct schedule_candidate *candidates,
	size_t count, uint32_t task)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (candidates[i].task == task)
			return i;
	return count;
}

static void log_choice(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	size_t chosen)
{
	bool clock = candidates[count - 1].task == SCHEDULE_CLOCK;

	grow_array(&schedule->choices, schedule->count, &schedule->capacity,
		sizeof(*schedule->choices));
	grow_array(&schedule->widths, schedule->count,
		&schedule->width_capacity, sizeof(*schedule->widths));
	schedule->widths[schedule->count] = (uint32_t)(count - clock);
	schedule->choices[schedule->count++] = candidates[chosen].task;
}

/* Number of this choice among those at which the task stood. */
static uint32_t next_point(struct schedule *schedule, uint32_t task)
{
	while (schedule->point_count <= task) {
		grow_array(&schedule->points, schedule->point_count,
			&schedule->point_capacity, sizeof(*schedule->points));
		schedule->points[schedule->point_count++] = 0;
	}
	return schedule->points[task]++;
}

/* Index of the candidate that the plan wants here; count if it says nothing. */
static size_t by_plan(const struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current, uint32_t point)
{
	size_t i;

	for (i = 0; i < schedule->plan_count; i++)
		if (schedule->plan[i].task == current &&
			schedule->plan[i].point == point)
			return index_of(
				candidates, count, schedule->plan[i].to);
	return count;
}

static void note_switch(
	struct schedule *schedule, const struct schedule_switch *made)
{
	grow_array(&schedule->switches, schedule->switch_count,
		&schedule->switch_capacity, sizeof(*schedule->switches));
	schedule->switches[schedule->switch_count++] = *made;
}

/* What was chosen, where run-to-block would have chosen otherwise. */
static void compare_with_usual(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current, uint32_t point, size_t chosen)
{
	size_t usual = policy_run_to_block(candidates, count, current);

	if (chosen == usual)
		return;
	note_switch(schedule,
		&(struct schedule_switch){
			.task = current,
			.point = point,
			.to = candidates[chosen].task,
			.involuntary = candidates[usual].task == current,
			.position = schedule->position,
		});
}

/* By the plan, by the log, else by the policy. */
static size_t choose(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current, uint32_t point)
{
	size_t chosen = by_plan(schedule, candidates, count, current, point);

	if (chosen == count && schedule->count < schedule->replay_count &&
		!schedule->diverged) {
		chosen = index_of(
			candidates, count, schedule->replay[schedule->count]);
		schedule->diverged = chosen == count;
	}
	if (chosen == count)
		chosen = policy_pick(schedule, candidates, count, current);
	log_choice(schedule, candidates, count, chosen);
	compare_with_usual(schedule, candidates, count, current, point, chosen);
	return chosen;
}

size_t schedule_pick(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current)
{
	uint32_t point = next_point(schedule, current);
	size_t chosen = 0;

	assert(count > 0 && candidates[0].task != SCHEDULE_CLOCK);
	if (count > 1)
		chosen = choose(schedule, candidates, count, current, point);
	policy_ran(schedule, candidates, count, chosen);
	if (schedule->learns && candidates[chosen].task != SCHEDULE_CLOCK)
		schedule_profile_note(&schedule->learnt, &candidates[chosen]);
	return chosen;
}
