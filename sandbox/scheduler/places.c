#include "scheduler/places.h"

#include <stdlib.h>

#include "base/alloc.h"

#define WEIGHT_MAX 6

bool places_contended(const struct schedule_profile *profile, size_t index)
{
	const struct schedule_access *access = &profile->accesses[index];
	bool writes = access->asks, others = access->asks;
	size_t i;

	if (access->object == 0)
		return false;
	for (i = 0; i < profile->count && !(writes && others); i++) {
		const struct schedule_access *other = &profile->accesses[i];

		if (other->object != access->object)
			continue;
		writes |= other->writes;
		others |= other->task != access->task;
	}
	return writes && others;
}

bool places_same(
	const struct schedule_access *a, const struct schedule_access *b)
{
	return a->site == b->site && a->role == b->role;
}

static int compare_places(const void *a, const void *b)
{
	const struct schedule_access *const *left = a, *const *right = b;

	if ((*left)->site != (*right)->site)
		return (*left)->site < (*right)->site ? -1 : 1;
	return ((*left)->role > (*right)->role) -
	       ((*left)->role < (*right)->role);
}

/*
 * How much it may matter to be late there.  A data race, and the moment before
 * a wait, in which the wake-up may come, are what most mistakes are made of.
 * Others cannot tell when what they do not use is done, but what is written may
 * be used by them in another order than those of the profile.
 */
static size_t weight_of(const struct schedule_profile *profile, size_t index)
{
	const struct schedule_access *access = &profile->accesses[index];

	if (access->site == 0)
		return 0;
	if (access->races || access->asks)
		return WEIGHT_MAX;
	if (places_contended(profile, index))
		return 2;
	return access->writes ? 1 : 0;
}

size_t places_list(const struct schedule_profile *profile,
	const struct schedule_access ***places)
{
	const struct schedule_access **rows =
		xcalloc(profile->count + 1, sizeof(*rows));
	size_t count = 0, i;

	for (i = 0; i < profile->count; i++)
		rows[i] = &profile->accesses[i];
	qsort(rows, profile->count, sizeof(*rows), compare_places);
	*places = xcalloc(WEIGHT_MAX * profile->count + 1, sizeof(**places));
	for (i = 0; i < profile->count;) {
		const struct schedule_access *place = rows[i];
		size_t weight = 0, one;

		for (; i < profile->count && places_same(place, rows[i]); i++) {
			one = weight_of(
				profile, (size_t)(rows[i] - profile->accesses));
			weight = one > weight ? one : weight;
		}
		while (weight-- > 0)
			(*places)[count++] = place;
	}
	free(rows);
	return count;
}
