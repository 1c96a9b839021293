/*
 * A program has few places and objects; one that has very many is learnt in
 * part, and that part is the same each time.
 */
#include "scheduler/profile.h"

#include <stdlib.h>

#include "base/alloc.h"

#define ACCESSES_MAX 2048

static bool is_row(const struct schedule_access *access,
	const struct schedule_candidate *operation)
{
	return access->task == operation->task &&
	       access->site == operation->site &&
	       access->object == operation->object;
}

void schedule_profile_note(struct schedule_profile *profile,
	const struct schedule_candidate *operation)
{
	struct schedule_access *access;
	size_t i = profile->count;

	if (operation->task >= profile->tasks)
		profile->tasks = operation->task + 1;
	if (!operation->touches_shared || operation->again)
		return;
	/* backwards: a loop comes to the same few rows again */
	while (i > 0 && !is_row(&profile->accesses[i - 1], operation))
		i--;
	if (i == 0) {
		if (profile->count == ACCESSES_MAX)
			return;
		grow_array(&profile->accesses, profile->count,
			&profile->capacity, sizeof(*profile->accesses));
		i = ++profile->count;
		profile->accesses[i - 1] = (struct schedule_access){
			.object = operation->object,
			.site = operation->site,
			.task = operation->task,
			.role = operation->role,
		};
	}
	access = &profile->accesses[i - 1];
	access->count++;
	access->writes |= operation->writes;
}

void schedule_profile_release(struct schedule_profile *profile)
{
	free(profile->accesses);
	*profile = (struct schedule_profile){0};
}
