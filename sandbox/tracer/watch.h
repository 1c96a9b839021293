/*
 * The files that the trace shows with their content: watch.c sees them change.
 */
#ifndef TRACER_WATCH_H
#define TRACER_WATCH_H

#include "tracer/engine.h"

void file_watch_start(struct engine *engine);
void file_watch_end(struct engine *engine);
bool file_is_watched(const struct engine *engine, uint64_t dev, uint64_t ino);
/*
 * A watched file is mapped for writing, and TASK is about to load from there or
 * to store: a load is a read of the file, a store a write of it, also when the
 * file does not change by it.  Those in a row, byte by byte, are one.
 */
void file_watch_touch(struct engine *engine, struct task *task, uint64_t dev,
	uint64_t ino, bool store);
/* The same: has TASK changed it in its slice? */
void file_watch_mapped(struct engine *engine, struct task *task);
/*
 * Records EVENT (write, truncate, rename, unlink by TASK on the file
 * DEV:INO) with the content of a watched file behind it when that is the
 * file, or when it has changed.  DATA may be NULL.
 */
void file_changed(struct engine *engine, struct event *event, const void *data,
	size_t length, uint64_t dev, uint64_t ino);

#endif
