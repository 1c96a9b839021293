/*
 * What has to be seen of a task while its memory is still there, or still its
 * own alone.
 */
#ifndef TRACER_LAST_LOOK_H
#define TRACER_LAST_LOOK_H

#include "tracer/engine.h"

/* The task is about to end, by whatever way; later calls do nothing. */
void last_look(struct engine *engine, struct task *task);

/*
 * The memory of the task's process goes: does a buffer of the C library go with
 * it that was meant for standard output?  See run_outcome.buffer_lost.
 */
void last_look_at_buffers(struct engine *engine, const struct task *task);

/* The task has just made a process in a copy of its memory: the same question
   of what is there twice now.  See run_outcome.copied. */
void last_look_before_copy(struct engine *engine, const struct task *task);

#endif
