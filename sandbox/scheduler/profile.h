/*
 * What some runs of a program showed: which task used which shared object, at
 * which place of the program, how often.  Pure, and a function of those runs
 * alone, so that it can be learnt again wherever it is needed.
 */
#ifndef SCHEDULER_PROFILE_H
#define SCHEDULER_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a task that can run is about to do. */
struct schedule_candidate {
	uint32_t task;      /* number, or SCHEDULE_CLOCK */
	uint32_t role;      /* equal for tasks that were created alike */
	uint64_t object;    /* identity of what it uses, 0 = unknown */
	uint64_t site;      /* place of the call, 0 = unknown */
	uint32_t operation; /* number of the call, for whoever reads it */
	bool touches_shared;
	bool writes; /* another's use of the object may come out different */
	bool asks;   /* for what others give back with no such operation */
	bool again;  /* it asks again, having waited: no new operation */
};

/* Shared operations of one task on one object at one place. */
struct schedule_access {
	uint64_t object, site;
	uint32_t task, role;
	uint32_t count;
	bool writes, asks;
	bool races; /* nothing orders it with some other access */
};

struct schedule_profile {
	struct schedule_access *accesses; /* owned, in the order of the run */
	size_t count, capacity;
	uint32_t tasks; /* numbers 0 .. tasks - 1 have run */
};

/* One more operation; a row of the table is added when it is a new one. */
void schedule_profile_note(struct schedule_profile *profile,
	const struct schedule_candidate *operation);
/*
 * Adds the rows of another run.  How often is that of the first run: of a row
 * that it had not, 0 times.
 */
void schedule_profile_add(
	struct schedule_profile *profile, const struct schedule_profile *other);
/* What is done at that place was seen in a data race. */
void schedule_profile_note_race(
	struct schedule_profile *profile, uint64_t site);
void schedule_profile_release(struct schedule_profile *profile);

#endif
