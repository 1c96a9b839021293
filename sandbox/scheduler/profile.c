/*
 * A program has few places and objects; one that has very many is learnt in
 * part, and that part is the same each time.
 */
#include "scheduler/profile.h"

#include <stdlib.h>

#include "base/alloc.h"

#define ACCESSES_MAX 2048

/* The row of that task, place and object, made when there is none and room. */
static struct schedule_access *row_of(
	struct schedule_profile *profile, const struct schedule_access *like)
{
	struct schedule_access *access;
	size_t i = profile->count;

	/* backwards: a loop comes to the same few rows again */
	while (i-- > 0) {
		access = &profile->accesses[i];
		if (access->task == like->task && access->site == like->site &&
			access->object == like->object)
			return access;
	}
	if (profile->count == ACCESSES_MAX)
		return NULL;
	grow_array(&profile->accesses, profile->count, &profile->capacity,
		sizeof(*profile->accesses));
	access = &profile->accesses[profile->count++];
	*access = *like;
	access->count = 0;
	return access;
}

void schedule_profile_note(struct schedule_profile *profile,
	const struct schedule_candidate *operation)
{
	struct schedule_access *access;

	if (operation->task >= profile->tasks)
		profile->tasks = operation->task + 1;
	if (!operation->touches_shared || operation->again)
		return;
	access = row_of(profile, &(struct schedule_access){
					 .object = operation->object,
					 .site = operation->site,
					 .task = operation->task,
					 .role = operation->role,
				 });
	if (!access)
		return;
	access->count++;
	access->writes |= operation->writes;
	access->asks |= operation->asks;
}

void schedule_profile_add(
	struct schedule_profile *profile, const struct schedule_profile *other)
{
	const bool first = profile->tasks == 0;

	if (profile->tasks < other->tasks)
		profile->tasks = other->tasks;
	for (size_t i = 0; i < other->count; i++) {
		const struct schedule_access *more = &other->accesses[i];
		struct schedule_access *access = row_of(profile, more);

		if (!access)
			break;
		if (first)
			access->count = more->count;
		access->writes |= more->writes;
		access->asks |= more->asks;
	}
}

void schedule_profile_note_race(struct schedule_profile *profile, uint64_t site)
{
	for (size_t i = 0; i < profile->count; i++)
		profile->accesses[i].races |= profile->accesses[i].site == site;
}

void schedule_profile_release(struct schedule_profile *profile)
{
	free(profile->accesses);
	*profile = (struct schedule_profile){0};
}
