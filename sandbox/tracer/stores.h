/*
 * Stores that a read of the same task has overtaken, as on x86.
 */
#ifndef TRACER_STORES_H
#define TRACER_STORES_H

#include "tracer/engine.h"

/* The task has made this store, and no other has run since. */
void stores_add(struct task *task, uint64_t address, uint32_t size,
	const unsigned char *old, const unsigned char *now);
/* It begins an access: what others may have seen is no longer under way. */
void stores_check(const struct engine *engine, struct task *task);
void stores_drop(struct task *task);
/* May the task, at a read of these bytes, read before its stores arrive? */
bool stores_may_wait(struct engine *engine, const struct task *task,
	uint64_t address, uint32_t size);
/* The read has been made: the stores are taken back until they arrive. */
void stores_delay(struct engine *engine, struct task *task);
/* Is it still the others' turn? */
bool stores_let_others(const struct engine *engine, const struct task *task);
/*
 * The task goes on.  Its late stores arrive, or are there for this slice only:
 * it sees its own ones always.
 */
void stores_go_on(struct engine *engine, struct task *task);
/*
 * It has come to a plain access (TOUCHES) or to something else, before which
 * they arrive: stores that were there for the slice only are taken back.
 */
void stores_stay_late(struct engine *engine, struct task *task, bool touches);
void stores_arrive(struct engine *engine, struct task *task);
void stores_arrive_all(struct engine *engine);
/* May late stores of others still be on their way when it has done its call? */
bool stores_outlast(const struct task *task);
/*
 * Before a choice: who has late stores need not stand back when all who can go
 * on stand at calls that make them arrive, as nobody will see that they were
 * late.
 */
void stores_settle(struct engine *engine);

#endif
