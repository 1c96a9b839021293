/*
 * A log of choices is followed as long as it lasts and its tasks are among
 * the candidates; from there on the policy chooses.
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

void schedule_release(struct schedule *schedule)
{
	free(schedule->choices);
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

static size_t by_policy(struct schedule *schedule, const uint32_t *candidates,
	size_t count, uint32_t current)
{
	size_t i;

	switch (schedule->policy) {
	case SCHEDULE_RUN_TO_BLOCK:
		i = index_of(candidates, count, current);
		return i < count ? i : 0;
	case SCHEDULE_RANDOM:
	case SCHEDULE_POLICY_COUNT:
		break;
	}
	return (size_t)(schedule_random(&schedule->random) % count);
}

size_t schedule_pick(struct schedule *schedule, const uint32_t *candidates,
	size_t count, uint32_t current)
{
	size_t chosen;

	assert(count > 0);
	if (count == 1)
		return 0;
	chosen = count;
	if (schedule->count < schedule->replay_count && !schedule->diverged) {
		chosen = index_of(
			candidates, count, schedule->replay[schedule->count]);
		schedule->diverged = chosen == count;
	}
	if (chosen == count)
		chosen = by_policy(schedule, candidates, count, current);
	grow_array(&schedule->choices, schedule->count, &schedule->capacity,
		sizeof(*schedule->choices));
	schedule->choices[schedule->count++] = candidates[chosen];
	return chosen;
}
