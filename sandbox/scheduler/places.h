/*
 * The places of a program at which site-freeze may stop a task: which count,
 * and how much.  Inside of the scheduler; pure.
 */
#ifndef SCHEDULER_PLACES_H
#define SCHEDULER_PLACES_H

#include "scheduler/profile.h"

/*
 * Do several tasks use the object of that row, and does one change it?  Who
 * gives a lock back, or signals a condition, is not seen to use it.
 */
bool places_contended(const struct schedule_profile *profile, size_t index);

/* Are the two rows of one place, and of tasks that were created alike? */
bool places_same(
	const struct schedule_access *a, const struct schedule_access *b);

/*
 * A row for each place, by address, as often as its weight.  Stores the list,
 * which the caller frees; its rows are borrowed from PROFILE.  Returns its
 * length.
 */
size_t places_list(const struct schedule_profile *profile,
	const struct schedule_access ***places);

#endif
