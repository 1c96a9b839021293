#include "scheduler/freeze.h"

#include <stdlib.h>

#include "scheduler/draw.h"
#include "scheduler/places.h"

#define JUMPS_SINGLE 64 /* the last ones: one at each stop */

static size_t known_bit(uint64_t site)
{
	uint64_t state = site;

	return (size_t)(schedule_random(&state) % SCHEDULE_KNOWN_BITS);
}

static void know_place(struct policy_state *state, uint64_t site)
{
	size_t bit = known_bit(site);

	state->known[bit / 64] |= UINT64_C(1) << bit % 64;
}

/* Two places may share a bit: then an unknown one passes for known. */
static void know_places(
	struct policy_state *state, const struct schedule_profile *profile)
{
	size_t i;

	for (i = 0; i < profile->count; i++) {
		know_place(state, profile->accesses[i].site);
		/* a lock's own system call counts as one byte before */
		if (profile->accesses[i].asks)
			know_place(state, profile->accesses[i].site - 1);
	}
}

static bool is_known(const struct policy_state *state, uint64_t site)
{
	size_t bit = known_bit(site);

	return site == 0 || (state->known[bit / 64] >> bit % 64 & 1);
}

/*
 * A first stop may take half of the jumps, the next half of what is left, and
 * so on, those far behind one each: long enough for much to happen, and yet
 * not all spent on those that look again and again for what the frozen one has
 * not done, when its last pass, which may be the one that matters, is to come.
 */
static void begin_stop(struct policy_state *state)
{
	state->patience = state->jumps > 0;
	if (state->jumps > JUMPS_SINGLE)
		state->patience = (state->jumps - JUMPS_SINGLE + 1) / 2;
}

/* Does the one that is to be frozen do that? */
static bool is_of_frozen(
	const struct policy_state *state, const struct schedule_access *access)
{
	if (access->site != state->site)
		return false;
	return state->whole_role ? access->role == state->role
				 : access->task == state->task;
}

/* From which pass on: mostly the first; the last, as much ends there; any. */
static void draw_from(struct schedule *schedule)
{
	const struct schedule_profile *profile = schedule->profile;
	struct policy_state *state = &schedule->state;
	size_t i, passes = 0, drawn = draw_below(schedule, 32);

	for (i = 0; i < profile->count; i++)
		if (is_of_frozen(state, &profile->accesses[i]))
			passes += profile->accesses[i].count;
	if (drawn == 0)
		state->uses = (uint32_t)draw_below(schedule, passes + 1);
	else if (drawn == 1 && passes > 0)
		state->uses = (uint32_t)passes - 1;
}

void freeze_draw(struct schedule *schedule)
{
	const struct schedule_profile *profile = schedule->profile;
	struct policy_state *state = &schedule->state;
	const struct schedule_access **places, *access;
	size_t count = places_list(profile, &places), i, found = 0;

	access = count > 0 ? places[draw_first(schedule, count)] : NULL;
	free(places);
	if (!access)
		return;
	state->site = access->site;
	state->role = access->role;
	state->whole_role = draw_below(schedule, 3) != 0;
	state->restless = draw_below(schedule, 2) == 0;
	state->curious = draw_below(schedule, 4) != 0;
	know_places(state, profile);
	for (i = 0; i < profile->count; i++)
		if (places_same(&profile->accesses[i], access) &&
			draw_below(schedule, ++found) == 0)
			state->task = profile->accesses[i].task;
	draw_from(schedule);
	draw_jumps(schedule, 32);
	if (state->jumps == JUMPS_MANY)
		state->jumps += JUMPS_SINGLE;
	begin_stop(state);
}

static bool is_not_frozen(const struct schedule *schedule,
	const struct schedule_candidate *candidate)
{
	const struct policy_state *state = &schedule->state;

	if (!candidate->touches_shared)
		return true;
	if (state->curious && !candidate->again &&
		!is_known(state, candidate->site))
		return false;
	if (candidate->site != state->site)
		return true;
	return state->whole_role ? candidate->role != state->role
				 : candidate->task != state->task;
}

size_t freeze_pick(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current)
{
	const struct policy_state *state = &schedule->state;
	bool clock = candidates[count - 1].task == SCHEDULE_CLOCK;
	size_t tasks = clock ? count - 1 : count;
	size_t chosen = draw_allowed(
		schedule, candidates, tasks, current, is_not_frozen);

	if (chosen < tasks)
		return chosen;
	if (clock && state->uses == 0 && state->patience > 0)
		return tasks;
	return draw_below(schedule, tasks);
}

void freeze_ran(
	struct schedule *schedule, const struct schedule_candidate *chosen)
{
	struct policy_state *state = &schedule->state;

	if (chosen->task == SCHEDULE_CLOCK) {
		state->jumps -= state->jumps > 0;
		state->patience -= state->patience > 0;
	} else if (!is_not_frozen(schedule, chosen)) {
		state->uses -= state->uses > 0;
		begin_stop(state);
	}
}
