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

static const char *const names[] = {
#define X(suffix, name, contract) name,
	SCHEDULE_POLICIES(X)
#undef X
};
static const char *const contracts[] = {
#define X(suffix, name, contract) contract,
	SCHEDULE_POLICIES(X)
#undef X
};

const char *schedule_policy_name(enum schedule_policy policy)
{
	return names[policy];
}

const char *schedule_policy_contract(enum schedule_policy policy)
{
	return contracts[policy];
}

int schedule_policy_by_name(const char *name)
{
	int i;

	for (i = 0; i < SCHEDULE_POLICY_COUNT; i++)
		if (strcmp(names[i], name) == 0)
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

void schedule_start(struct schedule *schedule, enum schedule_policy policy,
	uint64_t seed, const uint32_t *replay, size_t replay_count)
{
	memset(schedule, 0, sizeof(*schedule));
	schedule->policy = policy;
	schedule->random = seed;
	schedule->replay = replay;
	schedule->replay_count = replay_count;
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
	free(schedule->switches);
	free(schedule->points);
	memset(schedule, 0, sizeof(*schedule));
}

static size_t index_of(const uint32_t *candidates, size_t count, uint32_t task)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (candidates[i] == task)
			return i;
	return count;
}

static size_t run_to_block(
	const uint32_t *candidates, size_t count, uint32_t current)
{
	size_t i = index_of(candidates, count, current);

	return i < count ? i : 0;
}

static size_t by_policy(struct schedule *schedule, const uint32_t *candidates,
	size_t count, uint32_t current)
{
	switch (schedule->policy) {
	case SCHEDULE_RUN_TO_BLOCK:
		return run_to_block(candidates, count, current);
	case SCHEDULE_RANDOM:
	case SCHEDULE_POLICY_COUNT:
		break;
	}
	return (size_t)(schedule_random(&schedule->random) % count);
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
	const uint32_t *candidates, size_t count, uint32_t current,
	uint32_t point)
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

size_t schedule_pick(struct schedule *schedule, const uint32_t *candidates,
	size_t count, uint32_t current)
{
	uint32_t point = next_point(schedule, current);
	size_t chosen, usual;

	assert(count > 0);
	if (count == 1)
		return 0;
	chosen = by_plan(schedule, candidates, count, current, point);
	if (chosen == count && schedule->count < schedule->replay_count &&
		!schedule->diverged) {
		chosen = index_of(
			candidates, count, schedule->replay[schedule->count]);
		schedule->diverged = chosen == count;
	}
	if (chosen == count)
		chosen = by_policy(schedule, candidates, count, current);
	grow_array(&schedule->choices, schedule->count, &schedule->capacity,
		sizeof(*schedule->choices));
	schedule->choices[schedule->count++] = candidates[chosen];
	usual = run_to_block(candidates, count, current);
	if (chosen != usual)
		note_switch(schedule,
			&(struct schedule_switch){
				.task = current,
				.point = point,
				.to = candidates[chosen],
				.involuntary = candidates[usual] == current,
				.position = schedule->position,
			});
	return chosen;
}
