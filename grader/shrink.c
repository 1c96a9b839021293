/*
 * A failing random schedule has hundreds of departures from run-to-block, and
 * a few of them matter.  The last one that matters ends the shortest prefix
 * that fails, and a binary search finds that prefix: dropping the departures
 * behind a point leaves the run up to there as it was.  That one is kept, and
 * the same search among those before it finds the last but one, and so on:
 * about log2(n) runs for each that matters.
 *
 * A program need not be so kind as to fail monotonically, so afterwards each
 * departure, and each pair, is left out once, until none can be.
 *
 * What a try really did is a part of what it was asked to do: a departure
 * whose task never came to its point has no effect.  So each success is
 * replaced by what it did.
 */
#include "grader/shrink.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define PAIRS_MAX 8   /* more departures than this are not tried in pairs */
#define PARTS_TRIED 4 /* of one size */

struct search {
	struct shrink_plan best; /* fails; the last `kept` are known to count */
	size_t kept;
	size_t tries;   /* left */
	uint64_t *seen; /* hashes of plans that did not fail */
	size_t seen_count, seen_capacity;
	shrink_try_fn *try;
	void *context;
	struct err *err;
	int error;
};

struct shrink_plan shrink_plan_copy(
	const struct schedule_switch *switches, size_t count)
{
	struct shrink_plan copy = {
		.switches = xcalloc(count + 1, sizeof(*copy.switches)),
		.count = count,
	};

	if (count)
		memcpy(copy.switches, switches, count * sizeof(*copy.switches));
	return copy;
}

void shrink_plan_release(struct shrink_plan *plan)
{
	free(plan->switches);
	memset(plan, 0, sizeof(*plan));
}

static bool same_choice(
	const struct schedule_switch *a, const struct schedule_switch *b)
{
	return a->task == b->task && a->point == b->point && a->to == b->to;
}

/* The order of a plan does not matter: a sum over its departures. */
static uint64_t plan_hash(const struct shrink_plan *plan)
{
	uint64_t sum = plan->count;

	for (size_t i = 0; i < plan->count; i++) {
		const struct schedule_switch *one = &plan->switches[i];
		uint64_t z = ((uint64_t)one->task << 40) ^
			     ((uint64_t)one->point << 16) ^ one->to;

		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		sum += z ^ (z >> 31);
	}
	return sum;
}

static bool was_seen(const struct search *search, uint64_t hash)
{
	for (size_t i = 0; i < search->seen_count; i++)
		if (search->seen[i] == hash)
			return true;
	return false;
}

static bool is_smaller(
	const struct shrink_plan *plan, const struct shrink_plan *than)
{
	size_t own = switches_count(plan->switches, plan->count);
	size_t other = switches_count(than->switches, than->count);

	return own != other ? own < other : plan->count < than->count;
}

static bool is_kept(
	const struct search *search, const struct schedule_switch *one)
{
	size_t count = search->best.count;

	for (size_t i = count - search->kept; i < count; i++)
		if (same_choice(&search->best.switches[i], one))
			return true;
	return false;
}

/* What was made is the best plan now; those that are kept go to its end. */
static void adopt(struct search *search, const struct shrink_plan *made)
{
	struct shrink_plan next = shrink_plan_copy(made->switches, made->count);
	size_t front = 0, back = made->count, kept;

	for (size_t i = 0; i < made->count; i++)
		if (is_kept(search, &made->switches[i]))
			back--;
	kept = made->count - back;
	for (size_t i = 0; i < made->count; i++) {
		const struct schedule_switch *one = &made->switches[i];

		next.switches[is_kept(search, one) ? back++ : front++] = *one;
	}
	shrink_plan_release(&search->best);
	search->best = next;
	search->kept = kept;
}

/* Tries PLAN.  True when it fails and is smaller: then it is the best. */
static bool is_better(struct search *search, const struct shrink_plan *plan)
{
	uint64_t hash = plan_hash(plan);
	struct shrink_plan made = {0};
	bool smaller;
	int r;

	if (search->error || !search->tries || was_seen(search, hash))
		return false;
	search->tries--;
	r = search->try(search->context, plan, &made, search->err);
	if (r < 0)
		search->error = r;
	smaller = r > 0 && is_smaller(&made, &search->best);
	if (smaller) {
		adopt(search, &made);
	} else {
		grow_array(&search->seen, search->seen_count,
			&search->seen_capacity, sizeof(*search->seen));
		search->seen[search->seen_count++] = hash;
	}
	shrink_plan_release(&made);
	return smaller;
}

/* Departures of the best plan, chosen one by one. */
static struct shrink_plan nothing_of(const struct search *search)
{
	struct shrink_plan plan =
		shrink_plan_copy(search->best.switches, search->best.count);

	plan.count = 0;
	return plan;
}

static bool try_and_release(struct search *search, struct shrink_plan *plan)
{
	bool better = is_better(search, plan);

	shrink_plan_release(plan);
	return better;
}

/* The best plan without departures [FROM, TO) and without number ALSO. */
static bool fails_without(
	struct search *search, size_t from, size_t to, size_t also)
{
	struct shrink_plan plan = nothing_of(search);

	for (size_t i = 0; i < search->best.count; i++)
		if ((i < from || i >= to) && i != also)
			plan.switches[plan.count++] = search->best.switches[i];
	return try_and_release(search, &plan);
}

/* Every second departure alone, from number FIRST. */
static bool fails_with_second(struct search *search, size_t first)
{
	struct shrink_plan plan = nothing_of(search);

	for (size_t i = first; i < search->best.count; i += 2)
		plan.switches[plan.count++] = search->best.switches[i];
	return try_and_release(search, &plan);
}

/* Departures [FROM, TO) of the best plan alone. */
static bool fails_with(struct search *search, size_t from, size_t to)
{
	struct shrink_plan plan =
		shrink_plan_copy(search->best.switches + from, to - from);

	return try_and_release(search, &plan);
}

static bool may_go_on(const struct search *search)
{
	return !search->error && search->tries > 0;
}

/* One of some parts, each COUNT / PARTS departures in a row, is enough. */
static bool part_is_enough(struct search *search, size_t parts)
{
	size_t count = search->best.count;
	size_t tried = parts < PARTS_TRIED ? parts : PARTS_TRIED;

	for (size_t i = 0; i < tried; i++) {
		size_t part = i * parts / tried;

		if (fails_with(search, part * count / parts,
			    (part + 1) * count / parts))
			return true;
	}
	return false;
}

/*
 * A bug that shows in many schedules shows in a part of this one: a few in a
 * row, or else every second one.
 */
static void find_part(struct search *search)
{
	size_t parts = 2;

	while (may_go_on(search) && search->best.count > 1) {
		if (parts <= search->best.count)
			parts = part_is_enough(search, parts) ? 2 : parts * 2;
		else if (fails_with_second(search, 0) ||
			 fails_with_second(search, 1))
			parts = 2;
		else
			return;
	}
}

/* Finds the last departure that counts, before those that are kept. */
static void find_last(struct search *search)
{
	size_t low = 0; /* with so many of the front it does not fail */

	if (fails_without(
		    search, 0, search->best.count - search->kept, SIZE_MAX))
		return;
	while (may_go_on(search)) {
		size_t front = search->best.count - search->kept;
		size_t middle = low + (front - low) / 2;

		if (front <= low + 1)
			break;
		if (!fails_without(search, middle, front, SIZE_MAX))
			low = middle;
	}
	if (search->kept < search->best.count)
		search->kept++;
}

/* Leaves out one departure, or two; false when none can be. */
static bool leave_out(struct search *search, bool pairs)
{
	for (size_t i = search->best.count; i--;) {
		if (!pairs && fails_without(search, i, i + 1, SIZE_MAX))
			return true;
		for (size_t j = 0; pairs && j < i; j++)
			if (fails_without(search, i, i + 1, j))
				return true;
	}
	return false;
}

int shrink(struct shrink_plan *plan, size_t *tries, shrink_try_fn *try,
	void *context, struct err *err)
{
	struct search search = {
		.best = *plan,
		.tries = *tries,
		.try = try,
		.context = context,
		.err = err,
	};

	if (search.best.count)
		fails_with(&search, 0, 0);
	find_part(&search);
	while (search.kept < search.best.count && may_go_on(&search))
		find_last(&search);
	while (may_go_on(&search) && (leave_out(&search, false) ||
					     (search.best.count <= PAIRS_MAX &&
						     leave_out(&search, true))))
		;
	*plan = search.best;
	*tries = search.tries;
	free(search.seen);
	return search.error;
}
