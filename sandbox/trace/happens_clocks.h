/*
 * Private to happens_before.c, which makes the clocks, and happens_query.c,
 * which compares them.
 */
#ifndef TRACE_HAPPENS_CLOCKS_H
#define TRACE_HAPPENS_CLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "trace/happens_before.h"

/* Where an event stands: enough to give its clock. */
struct position {
	uint32_t segment;
	uint32_t number; /* 1 for the task's first event */
	int task;        /* clock index: the engine's own events are the last */
};

struct happens_before {
	size_t event_count;
	size_t width; /* numbers in a clock: tasks, and the engine */
	struct position *events;
	uint32_t *clocks; /* segment_count rows of width numbers */
	size_t segment_count, segment_capacity;
};

static inline uint32_t *clock_of(
	const struct happens_before *order, size_t segment)
{
	return order->clocks + segment * order->width;
}

#endif
