/*
 * The engine's side of the runtime that the program is linked with: which
 * memory is shared, and what accesses of it did.  See hooks/hooks.h.
 */
#ifndef TRACER_HOOKS_H
#define TRACER_HOOKS_H

#include "tracer/engine.h"

/* The task has a fresh image: tells its runtime what counts. */
void hooks_begin(struct engine *engine, struct task *task);
/* Others may share the mapping at [ADDRESS, ADDRESS + LENGTH), or, LENGTH
   being 0, all of the one that begins at ADDRESS. */
void hooks_share(struct engine *engine, struct task *task, uint64_t address,
	uint64_t length);
/* Is the address in a shared mapping that the engine has seen made? */
bool hooks_is_shared(
	const struct engine *engine, const struct task *task, uint64_t address);
/* It has mapped a watched file: its next access is looked at. */
void hooks_file(struct engine *engine, struct task *task);
/* The task's process has threads now. */
void hooks_thread(struct engine *engine, struct task *task);
/* The task has come to its next stop: has its last access changed a thing? */
void hooks_settle(struct engine *engine, struct task *task);

#endif
