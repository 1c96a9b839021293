/*
 * Locks on files, as the rest of the engine meets them.
 */
#ifndef TRACER_CALL_LOCK_H
#define TRACER_CALL_LOCK_H

#include "tracer/engine.h"

/* A close of FD by the process drops its locks on the file: fcntl(2). */
void locks_closed(struct engine *engine, struct task *task, uint64_t dev,
	uint64_t ino, int fd, const char *name);
void locks_ended(struct engine *engine, struct task *leader);

#endif
