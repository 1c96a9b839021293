/*
 * When a scenario may be left before its last schedule: nothing that counts
 * can change any more.  Each rule that applies to it has failed in it, or
 * cannot be asked, as its premise is lost (premise.h).  States, points and
 * findings are then what they would be after all schedules; notes, and the
 * "k of n" of a finding, speak of the schedules that were run.
 *
 * A premise that failed in every run so far may yet hold in a later one.  But
 * where it was lost in each scenario before, no more is waited for than the
 * runs that a scenario has at least.
 *
 * Pure, and the same for the same counts.
 */
#ifndef GRADER_SETTLED_H
#define GRADER_SETTLED_H

#include "grader/premise.h"

/* SCENARIO is under way, those before it are over, no other has begun. */
bool settled(const struct exercise *exercise, size_t scenario,
	rule_count_fn *count, const void *context);

#endif
