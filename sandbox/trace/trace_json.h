/*
 * Traces as JSON Lines: a header object, then one object an event.  The same
 * trace gives the same bytes.  See grader-trace(5).
 */
#ifndef TRACE_TRACE_JSON_H
#define TRACE_TRACE_JSON_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "trace/trace.h"

#define TRACE_SCHEMA "grader-trace-1"

/*
 * Goes up whenever the same program, input, policy and seed may give another
 * trace than before: a trace of another engine cannot be compared byte by
 * byte.
 */
#define TRACE_ENGINE "1"

/*
 * Finds the source place of an address; returns NULL or a borrowed
 * "file.c:12", valid until the next call.
 */
typedef const char *trace_place_fn(void *context, uint64_t pc);

/* Appends the lines to OUT.  PLACE may be NULL: then no place is written. */
void trace_json_write(struct buf *out, const struct trace *trace,
	trace_place_fn *place, void *context);

/*
 * Hands the same bytes to TAKE, some at a time: a trace of many events is
 * several times as long in this form.
 */
typedef void trace_take_fn(void *to, const char *text, size_t length);
void trace_json_feed(const struct trace *trace, trace_place_fn *place,
	void *context, trace_take_fn *take, void *to);

/* Appends one event as a JSON object without a newline. */
void trace_json_write_event(struct buf *out, const struct trace *trace,
	const struct event *event, trace_place_fn *place, void *context);

/* Appends TEXT (valid UTF-8) as a JSON string, in quotes. */
void trace_json_write_string(struct buf *out, const char *text);

/*
 * Reads what trace_json_write() wrote: all but the events' pc (an address
 * means nothing without its program; the place, which does, is checked and
 * left out).  NAME is for messages: "NAME:LINE: field 't': ...".  Returns 0
 * or -EINVAL; on error *TRACE is empty, on success the caller releases it.
 */
int trace_json_read(struct trace *trace, const char *text, size_t length,
	const char *name, struct err *err);

#endif
