/*
 * Which policy and which seed a schedule has, from its number.
 *
 * A seed is hashed from the master seed, the scenario and the number.
 *
 * What a seed says in its fraction (scheduler/schedule.h) is spread: from one
 * schedule to the next of the same policy it goes on by the golden section of
 * the circle, which leaves no gap much larger than the others however many
 * there are.  From one scenario to the next it goes on by 13 of these steps,
 * which is nearly a full turn and so lies in the gaps of the one before.
 */
#include "grader/explore.h"

#include "scheduler/schedule.h"

#define GOLDEN UINT64_C(0x9e3779b97f4a7c15) /* 2^64 by the golden ratio */
#define SOME_FROM 8 /* schedules that look at all accesses */

/*
 * In turn.  No policy finds everything: random misses what needs one task to
 * be late for long, the others what needs several switches at once.  The second
 * column is for where the clock may not advance early: there a stop at a place
 * finds less, and sooner ends.
 */
static const struct {
	enum schedule_policy policy, instead;
} PORTFOLIO[] = {
	{SCHEDULE_RANDOM, SCHEDULE_RANDOM},
	{SCHEDULE_SITE_FREEZE, SCHEDULE_SITE_FREEZE},
	{SCHEDULE_SURW, SCHEDULE_SURW},
	{SCHEDULE_SITE_FREEZE, SCHEDULE_RANDOM},
	{SCHEDULE_STARVE, SCHEDULE_STARVE},
	{SCHEDULE_SITE_FREEZE, SCHEDULE_SITE_FREEZE},
	{SCHEDULE_POS, SCHEDULE_POS},
	{SCHEDULE_SITE_FREEZE, SCHEDULE_SITE_FREEZE},
	{SCHEDULE_EARLY_CLOCK, SCHEDULE_SURW},
	{SCHEDULE_SITE_FREEZE, SCHEDULE_STARVE},
};
#define PORTFOLIO_COUNT (sizeof(PORTFOLIO) / sizeof(PORTFOLIO[0]))

enum schedule_policy explore_policy(
	const struct scenario *scenario, size_t index)
{
	if (index == 0)
		return SCHEDULE_RUN_TO_BLOCK;
	index = (index - 1) % PORTFOLIO_COUNT;
	return scenario->early_clock ? PORTFOLIO[index].policy
				     : PORTFOLIO[index].instead;
}

/* The finalizer of splitmix64. */
static uint64_t mix(uint64_t value)
{
	value += GOLDEN;
	value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
	return value ^ (value >> 31);
}

uint64_t explore_seed(uint64_t master_seed, size_t scenario, size_t index)
{
	return mix(mix(mix(master_seed) ^ scenario) ^ index) &
	       ~(EXPLORE_STORES | EXPLORE_SOME);
}

/* Of the schedules before INDEX: how many had its policy. */
static size_t rank_of(const struct scenario *what, size_t index)
{
	enum schedule_policy policy = explore_policy(what, index);
	size_t rank = 0;

	for (size_t i = 0; i < index; i++)
		rank += explore_policy(what, i) == policy;
	return rank;
}

uint64_t explore_spread_seed(uint64_t master_seed, const struct scenario *what,
	size_t scenario, size_t index)
{
	uint64_t seed = explore_seed(master_seed, scenario, index);
	uint64_t steps = 13 * scenario + rank_of(what, index);

	/* it starts at the time of day of the orders by number */
	if (index == 0)
		return seed - ((uint64_t)schedule_kept_bits(seed)
				      << SCHEDULE_FRACTION_SHIFT);
	return schedule_seed_at(
		seed, (uint32_t)((mix(master_seed) + steps * GOLDEN) >> 48));
}

uint64_t explore_marked_seed(uint64_t master_seed, const struct scenario *what,
	size_t scenario, size_t index, bool racy)
{
	uint64_t seed = explore_spread_seed(master_seed, what, scenario, index);

	if (index > 0 && racy)
		return seed | EXPLORE_STORES;
	return index >= SOME_FROM ? seed | EXPLORE_SOME : seed;
}

/* Of the schedule INDEX: which time round, and which chance. */
static size_t sweep_round(size_t index, size_t chances, size_t schedules)
{
	return chances > 0 && chances < schedules ? index / chances : 0;
}

static size_t sweep_place(size_t index, size_t chances, size_t schedules)
{
	if (chances <= 1)
		return 0;
	if (chances <= schedules)
		return index % chances;
	return index * chances / schedules;
}

enum schedule_policy explore_swept_policy(const struct scenario *scenario,
	size_t index, size_t chances, size_t schedules)
{
	return sweep_round(index, chances, schedules) == 0
		       ? SCHEDULE_RUN_TO_BLOCK
		       : explore_policy(scenario, index);
}

static uint64_t without_place(uint64_t seed)
{
	return seed >> EXPLORE_PLACE_BITS << EXPLORE_PLACE_BITS;
}

uint64_t explore_swept_seed(uint64_t master_seed, size_t scenario, size_t index,
	size_t chances, size_t schedules)
{
	size_t round = sweep_round(index, chances, schedules);
	uint64_t seed =
		explore_seed(master_seed, scenario, round == 0 ? 0 : index);

	return without_place(seed) | sweep_place(index, chances, schedules);
}
