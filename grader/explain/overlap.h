/*
 * Updates of shared data that overlap, and the file locks around them.
 *
 * Data is shared through watched files or through memory; either way an
 * update is a read and the write that follows from it, and two updates by
 * different processes that overlap can lose one.
 */
#ifndef GRADER_EXPLAIN_OVERLAP_H
#define GRADER_EXPLAIN_OVERLAP_H

#include "grader/explain/recognise.h"

struct shared_update {
	const char *object; /* file or memory; borrowed from the trace */
	int64_t offset;     /* in memory; 0 of a file, which is one thing */
	int actor;          /* process it counts for */
	int process;        /* that did it, -1: several did */
	size_t read, read_end, change, change_end; /* events, each inclusive */
	char *before, *after; /* content; NULL unknown; owned */
};

struct shared_updates {
	struct shared_update *items; /* by their changes, file by file */
	size_t count, capacity;
};

void shared_updates_make(
	struct shared_updates *updates, const struct observed_run *run);
void shared_updates_release(struct shared_updates *updates);

/* Two updates that overlapped; FIRST read first. */
struct overlap {
	const struct observed_run *run;
	const struct shared_updates *all;
	const struct shared_update *first, *second;
};

/* Recognises something in the pair and tells it, or returns false. */
typedef bool overlap_fn(const struct overlap *overlap, struct story *story);

/*
 * Shows the pairs that overlapped, in order, to LOOK until it recognises one:
 * only the pair that the failure is about when that is known.
 */
bool overlap_each(
	const struct symptom *symptom, struct story *story, overlap_fn *look);

/* What is updated, for a reader. */
const char *update_zh(const struct shared_update *update);
const char *update_en(const struct shared_update *update);

/* The event of that number. */
const struct event *overlap_event(const struct overlap *overlap, size_t index);

/* Tells how the second came between the first's read and its change. */
void overlap_tell_entry(const struct overlap *overlap, struct story *story);

/* True when the two are of different actors, of one object, and overlap. */
bool updates_overlap(
	const struct shared_update *one, const struct shared_update *other);

/*
 * The exclusive file lock that PROCESS holds at event AT: the event with which
 * it got it, the latest when it holds several; the number of events when it
 * holds none.
 */
size_t lock_held(const struct observed_run *run, int process, size_t at);

/* The event with which the holder gave up LOCK; the number of events: never. */
size_t lock_given_up(const struct observed_run *run, size_t lock);

/* The last event before END with which PROCESS opened NAME, or the number. */
size_t opened_before(const struct observed_run *run, int process,
	const char *name, size_t end);

#endif
