/*
 * What a run printed.
 */
#ifndef TESTS_PRINTED_H
#define TESTS_PRINTED_H

#include <string.h>

#include "base/buf.h"
#include "trace/trace.h"

/* The lines of standard output, in the order of the trace; owned. */
static inline char *output_of(const struct trace *trace)
{
	struct buf output = {0};

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_OUTPUT || event->text == NULL ||
			strcmp(event->object, "stdout") != 0)
			continue;
		buf_add(&output, event->text, strcspn(event->text, "\n"));
		if (event->value == 1)
			buf_addc(&output, '\n');
	}
	buf_adds(&output, "");
	return buf_detach(&output);
}

#endif
