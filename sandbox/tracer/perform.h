/*
 * How a call is carried out, held, finished and interrupted.
 */
#ifndef TRACER_PERFORM_H
#define TRACER_PERFORM_H

#include "tracer/engine.h"

/* True when the task may run on in this slice. */
bool perform_call(struct engine *engine, struct task *task);
/* The task stands at the exit of its call; the same meaning. */
bool perform_exit(struct engine *engine, struct task *task);
/* The call, which had nothing to be seen at its exit, has made a task. */
bool perform_forked(struct engine *engine, struct task *task, pid_t inner);
/* The task stands at the entry and is held: says so in the trace. */
void perform_hold(struct engine *engine, struct task *task);
void perform_read_call(struct engine *engine, struct task *task);

#endif
