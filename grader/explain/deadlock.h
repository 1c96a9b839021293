/*
 * The tasks of a run that ended in a deadlock, and how they wait.
 */
#ifndef GRADER_EXPLAIN_DEADLOCK_H
#define GRADER_EXPLAIN_DEADLOCK_H

#include "grader/explain/recognise.h"

struct deadlock {
	const struct observed_run *run;
	const struct trace *trace;
	size_t *blocked; /* their deadlock events, owned */
	size_t count;
};

/* False when the run had none; to be released either way. */
bool deadlock_collect(
	struct deadlock *deadlock, const struct observed_run *run);
void deadlock_release(struct deadlock *deadlock);

/* The deadlock event of the Ith blocked task. */
const struct event *deadlock_event(const struct deadlock *deadlock, size_t i);
/* It waits for the end of a child, or of the one that it names. */
bool deadlock_awaits_child(const struct event *event);
/* True when the object's name begins so: "pipe:". */
bool deadlock_on(const struct event *event, const char *prefix);
bool deadlock_has_ended(const struct deadlock *deadlock, int task);
/* Fills WHO, room for all blocked tasks, with those that wait for OBJECT. */
size_t deadlock_waiters(
	const struct deadlock *deadlock, const char *object, int *who);

/* Tells for whose end main and others wait, behind what blocks the rest. */
void deadlock_tell_parents(
	const struct deadlock *deadlock, struct story *story);

#endif
