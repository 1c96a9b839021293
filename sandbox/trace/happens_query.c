/*
 * What is asked of the clocks of happens_before.c.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "trace/happens_clocks.h"

void happens_before_free(struct happens_before *order)
{
	if (!order)
		return;
	free(order->events);
	free(order->clocks);
	free(order);
}

bool happens_before(
	const struct happens_before *order, size_t earlier, size_t later)
{
	const struct position *a, *b;

	assert(earlier < order->event_count && later < order->event_count);
	a = &order->events[earlier];
	b = &order->events[later];
	if (a->task == b->task)
		return a->number < b->number;
	return clock_of(order, b->segment)[a->task] >= a->number;
}

size_t happens_width(const struct happens_before *order)
{
	return order->width;
}

size_t happens_clock(
	const struct happens_before *order, size_t event, uint32_t *clock)
{
	const struct position *at;

	assert(event < order->event_count);
	at = &order->events[event];
	memcpy(clock, clock_of(order, at->segment),
		order->width * sizeof(*clock));
	clock[at->task] = at->number;
	return (size_t)at->task;
}

bool happens_concurrently(
	const struct happens_before *order, size_t one, size_t other)
{
	return one != other && !happens_before(order, one, other) &&
	       !happens_before(order, other, one);
}
