/*
 * Futexes, as the rest of the engine meets them.
 */
#ifndef TRACER_CALL_FUTEX_H
#define TRACER_CALL_FUTEX_H

#include "tracer/engine.h"

const char *futex_name(struct engine *engine, const struct futex_key *key);
int futex_wake_key(struct engine *engine, const struct futex_key *key,
	int count, uint32_t bits, const struct task *by);
/* TASK has ended: what it owned goes to those who wait for it. */
void pi_owner_ended(struct engine *engine, const struct task *task);

/* Of a thread about to end: what the kernel will mark and wake then. */
void futex_note_robust_list(struct engine *engine, struct task *task);

#endif
