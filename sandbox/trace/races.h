/*
 * Data races: two tasks touch the same memory, one of them writes, not both
 * atomically, and nothing orders the one access before the other.  Pure.
 */
#ifndef TRACE_RACES_H
#define TRACE_RACES_H

#include <stddef.h>

#include "trace/trace.h"

struct race {
	size_t earlier, later; /* access events: indices into trace.events */
};

/*
 * Stores up to MAX races of the trace and returns their number, one for each
 * pair of code addresses, in the order of their later accesses.  Where the
 * trace begins to leave accesses out it is not looked at any further: the
 * order that those made is unknown.
 */
size_t races_find(const struct trace *trace, struct race *races, size_t max);

#endif
