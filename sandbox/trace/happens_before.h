/*
 * Happens-before: which events of a trace are ordered by synchronisation, in
 * every schedule that has the same synchronisation, and which merely came
 * out in this order.  Pure.
 *
 * The order is the least one that holds
 *	within a task, in its own order;
 *	from a fork to all that the new task does, and from the exec or exit of
 *	a vfork child to what its parent does next;
 *	from a task's exit to its being reaped, to the SIGCHLD of its parent and
 *	to its children's being orphaned;
 *	from an unlock to later locks of the same object (a shared lock is not
 *	ordered with another shared one);
 *	from a put to the get that takes its bytes or its message out, from all
 *	puts and closes to an end of file, and from a get to the put that
 *	waited for the room;
 *	from a post to later wakes on, and gets from, the same object;
 *	from sending a signal to its delivery;
 *	from a release of a lock or semaphore in memory to later acquires;
 *	from an atomic access to memory to later atomic ones to the same
 *mapping. Plain accesses to memory and time order nothing.  Nor do files, but
 *for races.h, which has to take a lock made of a file's existence for a lock.
 */
#ifndef TRACE_HAPPENS_BEFORE_H
#define TRACE_HAPPENS_BEFORE_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/trace.h"

struct happens_before;

/* Whether what is done to a file comes after what was done to it before. */
enum happens_files { HAPPENS_FILES_IGNORED, HAPPENS_FILES_ORDER };

/*
 * The order of TRACE, which is not kept: later events of it are unknown here.
 * The caller frees it.
 */
struct happens_before *happens_before_new(
	const struct trace *trace, enum happens_files files);

/*
 * An order that holds at least as much, files ignored: where a task may have
 * waited for another in a way that a trace does not show (unseen.h), it is
 * taken to have waited for all.  What is concurrent here too, is.
 */
struct happens_before *happens_before_assumed(const struct trace *trace);

void happens_before_free(struct happens_before *order); /* accepts NULL */

/*
 * True when event EARLIER (index into trace.events) comes before LATER in the
 * order; false for an event and itself.  Constant time.
 */
bool happens_before(
	const struct happens_before *order, size_t earlier, size_t later);

/* Numbers in a clock: one a task, and the last for the engine's own events. */
size_t happens_width(const struct happens_before *order);

/*
 * Sets CLOCK, of happens_width() numbers, to the vector clock of EVENT: of each
 * task, how many of its events come before this one, which itself counts for
 * its own.  Returns whose event it is, as an index into the clock.
 */
size_t happens_clock(
	const struct happens_before *order, size_t event, uint32_t *clock);

/* True when the two are different events and neither is before the other. */
bool happens_concurrently(
	const struct happens_before *order, size_t one, size_t other);

#endif
