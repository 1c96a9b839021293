/*
 * How a call is carried out, held, finished and interrupted; who waits, and who
 * is woken.
 */
#ifndef TRACER_PERFORM_H
#define TRACER_PERFORM_H

#include "tracer/engine.h"

/* True when the task may run on in this slice. */
bool perform_call(struct engine *engine, struct task *task);
/* The task stands at the exit of its call; the same meaning. */
bool perform_exit(struct engine *engine, struct task *task);
/* The task stands at the entry and is held: says so in the trace. */
void perform_hold(struct engine *engine, struct task *task);
void perform_read_call(struct engine *engine, struct task *task);
bool signals_deliverable(struct engine *engine, struct task *task);
uint64_t signals_pending(const struct task *task);
void engine_wake_retries(struct engine *engine, unsigned classes);
/* Only those that wait for this very thing. */
void engine_wake_key(
	struct engine *engine, unsigned retry, uint64_t a, uint64_t b);
/*
 * Another has taken the thing: those that were woken for it and have not
 * asked yet would ask in vain.  In case they would not (a lock may be shared
 * by inheritance), they ask before the clock moves.
 */
void engine_doubt_key(
	struct engine *engine, unsigned retry, uint64_t a, uint64_t b);
bool engine_wake_doubtful(struct engine *engine);
void wait_clear(struct engine *engine, struct task *task);
/* Marks the task as waiting; returns CALL_BLOCK. */
enum call_action wait_for(struct engine *engine, struct task *task,
	enum wait_kind kind, const char *object, int64_t deadline_ns);

#endif
