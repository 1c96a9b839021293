/*
 * What a stop of a task means: stops.c the loop over them, job_control.c
 * stopping and going on, refuse.c calls that the policy refuses, tame.c the
 * image and the time stamp counter.
 */
#ifndef TRACER_STOPS_H
#define TRACER_STOPS_H

#include "tracer/engine.h"

/*
 * Seizes MAIN, which JAIL has started, and lets it out of the jail's hands, up
 * to its exec.
 */
int stops_start(struct engine *engine, struct jail *jail, struct task *main);
void stops_run_slice(struct engine *engine, struct task *task);
/*
 * The task is let into the call that ends it, and where nothing can come
 * between, that is all: it stops no more on the way.
 */
void stops_exits(struct engine *engine, struct task *task);
/* Waits for the end of a process that has been sent SIGKILL. */
void stops_await_killed(struct engine *engine, struct process *process);
int stops_wait(struct engine *engine, struct task *task, int *status);
/*
 * One instruction of the task, which stands stopped; false when something
 * else came of it, which has then been seen to.
 */
bool stops_step(struct engine *engine, struct task *task);
bool stops_resume(
	struct engine *engine, struct task *task, int request, int signal);

/* job_control.c */
/* FIRST has stopped: so shall the other threads of its process. */
void stops_others(struct engine *engine, const struct task *first);
/* After SIGCONT: takes the stopped tasks of the process back. */
void stops_continue(struct engine *engine, struct process *process);

/* refuse.c */
/*
 * The task stands at the entry of a call.  True when the policy refuses it:
 * then it has been answered (the task runs on), or the run is over.
 */
bool refuse_call(struct engine *engine, struct task *task);

/* tame.c */
void tame_image(const struct task *task);
bool emulate_rdtsc(struct engine *engine, struct task *task);

#endif
