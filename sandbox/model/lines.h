/*
 * Puts a process' output together into lines: a line may arrive in several
 * writes, and one write may hold several lines.  Pure.
 */
#ifndef MODEL_LINES_H
#define MODEL_LINES_H

#include <stdbool.h>

#include "base/buf.h"

typedef void lines_emit_fn(
	void *context, const char *line, size_t length, bool ended);

/* A line longer than this is handed on in pieces, each not ended. */
#define LINES_MAX 4096

/* Adds bytes to the line in PARTIAL; calls EMIT for each one completed. */
void lines_add(struct buf *partial, const char *data, size_t length,
	lines_emit_fn *emit, void *context);

/* Hands on what is left in PARTIAL, not ended by a newline. */
void lines_flush(struct buf *partial, lines_emit_fn *emit, void *context);

#endif
