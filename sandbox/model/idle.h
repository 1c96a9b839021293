/*
 * Recognises busy waiting made of system calls: a task that asks again and
 * again (the time, a lock that it does not get, a child that has not ended)
 * and does nothing else.  Pure.
 *
 * Such a task would keep virtual time from ever going on.  After IDLE_CALLS
 * calls without progress it is put to sleep for IDLE_QUANTUM_NS of virtual
 * time, and from then on after each such call, until it makes progress.
 */
#ifndef MODEL_IDLE_H
#define MODEL_IDLE_H

#include <stdbool.h>
#include <stdint.h>

#define IDLE_CALLS 64
#define IDLE_QUANTUM_NS 10000000
/* This many quanta in which nothing else in the program could run: stuck. */
#define IDLE_STUCK_QUANTA 500

struct idle {
	int calls;       /* without progress, in a row */
	bool spinning;   /* an episode is on */
	int64_t quanta;  /* slept in this episode */
	bool reads_time; /* the episode looks at a clock */
};

/* A call without progress.  True: the task has to sleep a quantum now. */
bool idle_call(struct idle *idle, bool reads_time);

/* The task did something else. */
void idle_progress(struct idle *idle);

#endif
