/*
 * What a held task waits for: who is woken, and by what.
 */
#ifndef TRACER_WAIT_H
#define TRACER_WAIT_H

#include "tracer/engine.h"

bool signals_deliverable(struct engine *engine, struct task *task);
/* Is one among them that ends the process, by default and with no handler? */
bool signals_fatal(const struct task *task);
uint64_t signals_pending(const struct task *task);
/* The signals that the task blocks while it waits; false when it is gone. */
bool signals_blocked(const struct task *task, uint64_t *blocked);
/* Single steps leave its signals as they are: SIGTRAP is not blocked. */
bool signals_can_step(const struct task *task);
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
void wait_drop_polls(struct wait *wait);
void wait_clear(struct engine *engine, struct task *task);
/* Marks the task as waiting; returns CALL_BLOCK. */
enum call_action wait_for(struct engine *engine, struct task *task,
	enum wait_kind kind, const char *object, int64_t deadline_ns);

#endif
