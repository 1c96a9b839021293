/*
 * What the program of a run printed, in the order in which it came out.
 * Pure: the caller writes.
 */
#ifndef GRADER_TRANSCRIPT_H
#define GRADER_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/observe.h"

enum transcript_stream { TRANSCRIPT_STDOUT, TRANSCRIPT_STDERR };

/* Gets the next LENGTH bytes for STREAM. */
typedef void transcript_fn(void *context, enum transcript_stream stream,
	const char *text, size_t length);

/*
 * Hands all output of the run to WRITE, a line a call: the program's own
 * bytes, but for what a trace replaces (see grader-trace(5)).  With WHO each
 * line begins with the virtual time and the process that wrote it.  Returns
 * true when the last text did not end its line.
 */
bool transcript_write(const struct observed_run *run, bool who,
	transcript_fn *write, void *context);

#endif
