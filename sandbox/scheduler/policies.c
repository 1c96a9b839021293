/*
 * The policies.  Each is a function that chooses and, where it keeps count of
 * something, one that hears what was chosen.
 *
 * Run-to-block shows where a program switches by itself.  All others are
 * meant to find what that order hides:
 *
 * - site-freeze and starve make one task late, at one place or everywhere:
 *   what another assumes it has done by then;
 * - surw samples the orders in which one object is used: Zhao, Wolff, Mathur,
 *   Roychoudhury, "Selectively Uniform Concurrency Testing" (2025).  A task
 *   that has much left to do comes first with that much more probability,
 *   which makes all orders about equally likely, where a choice at each step
 *   nearly always lets the short task come early;
 * - pos samples partial orders: Yuan, Yang, Gu, "Partial Order Aware
 *   Concurrency Sampling" (2018).  Priorities keep a task ahead for a long
 *   while, as a choice at each step does not; drawing them anew where two
 *   operations race makes each order of those two likely;
 * - early-clock finds a sleep that stands for a synchronisation.
 */
#include "scheduler/policies.h"

#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "scheduler/draw.h"
#include "scheduler/freeze.h"
#include "scheduler/places.h"

/* The number kept for a task; 0 before it was set. */
static uint64_t *number_of(struct policy_state *state, uint32_t task)
{
	while (state->count <= task) {
		grow_array(&state->numbers, state->count, &state->capacity,
			sizeof(*state->numbers));
		state->numbers[state->count++] = 0;
	}
	return &state->numbers[task];
}

size_t policy_run_to_block(const struct schedule_candidate *candidates,
	size_t count, uint32_t current)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (candidates[i].task == current)
			return i;
	return 0;
}

/* surw */

/* An object for which tasks contend, each as likely, by a row of it. */
static const struct schedule_access *draw_contended(struct schedule *schedule)
{
	const struct schedule_profile *profile = schedule->profile;
	const struct schedule_access *drawn = NULL;
	size_t i, j, found = 0;

	for (i = 0; i < profile->count; i++) {
		for (j = 0; profile->accesses[j].object !=
			    profile->accesses[i].object;
			j++)
			;
		if (j == i && places_contended(profile, i) &&
			draw_below(schedule, ++found) == 0)
			drawn = &profile->accesses[i];
	}
	return drawn;
}

/* Who is to use the object next: by what is left for each to do. */
static void draw_next_user(struct schedule *schedule)
{
	struct policy_state *state = &schedule->state;
	uint64_t sum = 0, nth;
	size_t i;

	for (i = 0; i < state->count; i++)
		sum += state->numbers[i];
	state->task = SCHEDULE_CLOCK; /* nobody */
	if (sum == 0)
		return;
	nth = schedule_random(&schedule->random) % sum;
	for (i = 0; nth >= state->numbers[i]; i++)
		nth -= state->numbers[i];
	state->task = (uint32_t)i;
}

static void draw_object(struct schedule *schedule)
{
	const struct schedule_profile *profile = schedule->profile;
	const struct schedule_access *access = draw_contended(schedule);
	struct policy_state *state = &schedule->state;
	size_t i;

	if (!access)
		return;
	state->object = access->object;
	state->restless = draw_below(schedule, 2) == 0;
	for (i = 0; i < profile->count; i++)
		if (profile->accesses[i].object == state->object)
			*number_of(state, profile->accesses[i].task) +=
				profile->accesses[i].count;
	draw_next_user(schedule);
}

static bool uses_object(const struct schedule *schedule,
	const struct schedule_candidate *candidate)
{
	return candidate->object != 0 &&
	       candidate->object == schedule->state.object;
}

static bool may_use(const struct schedule *schedule,
	const struct schedule_candidate *candidate)
{
	return !uses_object(schedule, candidate) ||
	       candidate->task == schedule->state.task;
}

/* One that wants the object more often than was counted has a use left. */
static void correct_counts(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count)
{
	bool found = false;
	size_t i;

	for (i = 0; i < count; i++) {
		uint64_t *left;

		if (!uses_object(schedule, &candidates[i]) ||
			candidates[i].again)
			continue;
		left = number_of(&schedule->state, candidates[i].task);
		found |= *left == 0;
		*left += *left == 0;
	}
	if (found)
		draw_next_user(schedule);
}

static size_t pick_surw(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current)
{
	struct policy_state *state = &schedule->state;
	uint64_t sum = 0, nth;
	size_t chosen;

	correct_counts(schedule, candidates, count);
	chosen = draw_allowed(schedule, candidates, count, current, may_use);
	if (chosen < count)
		return chosen;
	/* the one that was drawn is elsewhere: drawn among these */
	for (chosen = 0; chosen < count; chosen++)
		sum += *number_of(state, candidates[chosen].task) + 1;
	nth = schedule_random(&schedule->random) % sum;
	for (chosen = 0; nth > *number_of(state, candidates[chosen].task);
		chosen++)
		nth -= *number_of(state, candidates[chosen].task) + 1;
	return chosen;
}

static void ran_surw(
	struct schedule *schedule, const struct schedule_candidate *chosen)
{
	uint64_t *left;

	if (!uses_object(schedule, chosen) || chosen->again)
		return;
	left = number_of(&schedule->state, chosen->task);
	if (*left > 0)
		--*left;
	draw_next_user(schedule);
}

/* starve */

static bool is_not_starved(const struct schedule *schedule,
	const struct schedule_candidate *candidate)
{
	return candidate->task != schedule->state.task;
}

static void draw_victim(struct schedule *schedule)
{
	schedule->state.task =
		(uint32_t)draw_first(schedule, schedule->profile->tasks);
}

/* With each victim the others go on in any order, or the newest first. */
static void draw_starved(struct schedule *schedule)
{
	size_t drawn = draw_first(schedule, 2 * schedule->profile->tasks);

	schedule->state.task = (uint32_t)(drawn / 2);
	schedule->state.newest = drawn % 2;
}

static size_t pick_starve(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current)
{
	/* two at least, so one is not it */
	return draw_allowed(
		schedule, candidates, count, current, is_not_starved);
}

/* pos */

static bool race(
	const struct schedule_candidate *a, const struct schedule_candidate *b)
{
	return a->object != 0 && a->object == b->object &&
	       (a->writes || b->writes);
}

static size_t pick_pos(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count)
{
	uint64_t highest = 0;
	size_t i, chosen = 0;

	for (i = 0; i < count; i++) {
		uint64_t *priority =
			number_of(&schedule->state, candidates[i].task);

		if (*priority == 0)
			*priority = schedule_random(&schedule->random) | 1;
		if (*priority > highest) {
			highest = *priority;
			chosen = i;
		}
	}
	return chosen;
}

static void ran_pos(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	size_t chosen)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (i == chosen || race(&candidates[i], &candidates[chosen]))
			*number_of(&schedule->state, candidates[i].task) = 0;
}

/* early-clock */

static void draw_slow(struct schedule *schedule)
{
	const struct schedule_profile *profile = schedule->profile;
	struct policy_state *state = &schedule->state;
	size_t i, uses = 0;

	draw_victim(schedule);
	for (i = 0; i < profile->count; i++)
		if (profile->accesses[i].task == state->task)
			uses += profile->accesses[i].count;
	/* from its very beginning, or from anywhere */
	if (draw_below(schedule, 2) == 0)
		state->uses = (uint32_t)draw_below(schedule, uses + 1);
	draw_jumps(schedule, 2);
}

static bool is_not_slow(const struct schedule *schedule,
	const struct schedule_candidate *candidate)
{
	const struct policy_state *state = &schedule->state;

	return candidate->task != state->task || state->uses > 0 ||
	       state->jumps == 0;
}

static size_t pick_early_clock(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current)
{
	bool clock = candidates[count - 1].task == SCHEDULE_CLOCK;
	size_t tasks = clock ? count - 1 : count;
	size_t chosen =
		draw_allowed(schedule, candidates, tasks, current, is_not_slow);

	if (chosen < tasks)
		return chosen;
	return clock ? count - 1 : draw_below(schedule, tasks);
}

static void ran_early_clock(
	struct schedule *schedule, const struct schedule_candidate *chosen)
{
	struct policy_state *state = &schedule->state;

	if (chosen->task == SCHEDULE_CLOCK && state->jumps > 0)
		state->jumps--;
	else if (chosen->task == state->task && chosen->touches_shared &&
		 !chosen->again && state->uses > 0)
		state->uses--;
}

/* numbered */

static size_t pick_numbered(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current)
{
	size_t usual = policy_run_to_block(candidates, count, current);
	size_t digit = (size_t)(schedule->state.order % count);

	schedule->state.order /= count;
	if (digit == 0)
		return usual;
	return digit <= usual ? digit - 1 : digit;
}

void policy_draw(struct schedule *schedule)
{
	if (!schedule->profile || schedule->profile->tasks == 0)
		return;
	switch (schedule->policy) {
	case SCHEDULE_SITE_FREEZE:
		freeze_draw(schedule);
		break;
	case SCHEDULE_SURW:
		draw_object(schedule);
		break;
	case SCHEDULE_STARVE:
		draw_starved(schedule);
		break;
	case SCHEDULE_EARLY_CLOCK:
		draw_slow(schedule);
		break;
	default:
		break;
	}
}

size_t policy_pick(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	uint32_t current)
{
	size_t tasks = count;
	bool knows =
		!(schedule_policy_needs(schedule->policy) & POLICY_PROFILE) ||
		(schedule->profile && schedule->profile->tasks > 0);

	if (candidates[count - 1].task == SCHEDULE_CLOCK)
		tasks--;
	assert(tasks > 0);
	if (tasks == 1 &&
		!(schedule_policy_needs(schedule->policy) & POLICY_CLOCK))
		return 0;
	if (!knows)
		return draw_below(schedule, tasks);
	switch (schedule->policy) {
	case SCHEDULE_RUN_TO_BLOCK:
		return policy_run_to_block(candidates, tasks, current);
	case SCHEDULE_SITE_FREEZE:
		return freeze_pick(schedule, candidates, count, current);
	case SCHEDULE_SURW:
		return pick_surw(schedule, candidates, tasks, current);
	case SCHEDULE_STARVE:
		return pick_starve(schedule, candidates, tasks, current);
	case SCHEDULE_POS:
		return pick_pos(schedule, candidates, tasks);
	case SCHEDULE_EARLY_CLOCK:
		return pick_early_clock(schedule, candidates, count, current);
	case SCHEDULE_NUMBERED:
		return pick_numbered(schedule, candidates, tasks, current);
	case SCHEDULE_RANDOM:
	case SCHEDULE_POLICY_COUNT:
		break;
	}
	return draw_below(schedule, tasks);
}

void policy_ran(struct schedule *schedule,
	const struct schedule_candidate *candidates, size_t count,
	size_t chosen)
{
	if (schedule->policy == SCHEDULE_SURW)
		ran_surw(schedule, &candidates[chosen]);
	else if (schedule->policy == SCHEDULE_POS &&
		 candidates[chosen].task != SCHEDULE_CLOCK)
		ran_pos(schedule, candidates,
			candidates[count - 1].task == SCHEDULE_CLOCK ? count - 1
								     : count,
			chosen);
	else if (schedule->policy == SCHEDULE_SITE_FREEZE)
		freeze_ran(schedule, &candidates[chosen]);
	else if (schedule->policy == SCHEDULE_EARLY_CLOCK)
		ran_early_clock(schedule, &candidates[chosen]);
}
