/*
 * Tasks that wait without blocking: held when it is proved that they go round.
 */
#ifndef TRACER_SPIN_H
#define TRACER_SPIN_H

#include "tracer/engine.h"

/*
 * The running task was interrupted after much CPU time without a call; true
 * when it may run on, false when it was parked.
 */
bool spin_examine(struct engine *engine, struct task *task);
/* Has a parked task something new to see? */
bool spin_may_go_on(const struct engine *engine, const struct task *task);
/* A call that only looked, or did something: see model/idle.h. */
void spin_count_call(struct engine *engine, struct task *task);
/* A held busy waiter has come to its next call, where it stands. */
void spin_stands(struct task *task);
/* It is about to run again, held or not. */
void spin_release(struct engine *engine, struct task *task);
/* The task has begun to sleep, or to wait for nothing but time. */
void spin_note_nap(struct engine *engine, struct task *task);
/* Sets nap_futile of all: who will find all as it was, and sleep again. */
void spin_review_naps(struct engine *engine);
/* A held busy waiter: has the memory changed under it? */
bool spin_sees_change(const struct engine *engine, const struct task *task);

#endif
