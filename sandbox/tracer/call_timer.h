/*
 * Timers of the program, as the rest of the engine meets them.
 */
#ifndef TRACER_CALL_TIMER_H
#define TRACER_CALL_TIMER_H

#include "tracer/engine.h"

struct file;

void timers_expire(struct engine *engine);
/*
 * TASK is about to get the signal of INFO: if a timer has sent it, completes
 * it with what only shows now and returns true.
 */
bool timers_signal_taken(
	struct engine *engine, const struct task *task, siginfo_t *info);
/* The process has ended, or executes another program. */
void timers_ended(struct engine *engine, const struct process *process);
/* A descriptor that timerfd_create(2) has made, and not eventfd(2)? */
bool timers_own(const struct engine *engine, const struct file *file);
void timers_free(struct engine *engine);

#endif
