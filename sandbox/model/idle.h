/*
 * Recognises busy waiting made of system calls: a task that asks again and
 * again (the time, a lock that it does not get, a child that has not ended)
 * and does nothing else.  Pure.
 *
 * Such a task would keep virtual time from ever going on.  But a loop that
 * asks a thousand times and then does something is no busy waiting, so
 * counting is not enough: after IDLE_CALLS calls without progress the task's
 * whole state (registers and writable memory) is remembered, and when it
 * comes back to the same state, it can only go round and round until another
 * task does something or time goes on: proved.  States are remembered anew at
 * each doubling of the count (Brent's algorithm), for loops of any length.
 *
 * Proved, it is held; one that looks at a clock has to see time go on, and is
 * held for IDLE_QUANTUM_NS at each look.  One that is not proved (it counts
 * its questions, or has more memory than is looked at) goes on free of charge
 * until IDLE_FREE_CALLS, and then pays a quantum for each further one.
 */
#ifndef MODEL_IDLE_H
#define MODEL_IDLE_H

#include <stdbool.h>
#include <stdint.h>

#define IDLE_CALLS 64
#define IDLE_FREE_CALLS 20000
#define IDLE_FREE_ACCESSES 5000000
#define IDLE_QUANTUM_NS 10000000

struct idle {
	int calls;         /* without progress, in a row */
	uint64_t accesses; /* looks at memory among them, and those untold */
	int next_save;     /* the count at which to remember the state */
	bool compares;     /* a state is remembered */
	bool spinning;     /* it was held once in this episode */
	bool proved;       /* ... because its state came back */
	bool reads_time;   /* the episode looks at a clock */
};

/* What to do at a call without progress. */
enum idle_advice {
	IDLE_GO_ON,
	IDLE_SAVE,    /* go on, and remember the state */
	IDLE_COMPARE, /* the state as remembered? then idle_proved() and hold */
	IDLE_SLEEP,   /* hold it for a quantum */
};
enum idle_advice idle_call(struct idle *idle, bool reads_time);

/*
 * The same for looks at shared memory, of which COUNT were made since the last
 * one that was told: a computation looks as often as a busy waiter, so what
 * cannot be proved goes on free of charge until IDLE_FREE_ACCESSES of them.
 */
enum idle_advice idle_access(struct idle *idle, uint64_t count);

/* Its state came back. */
void idle_proved(struct idle *idle);

/* Its memory was another, its registers the same: not before a doubling. */
void idle_differs(struct idle *idle);

/* It goes on since others did something: not proved to go round any more. */
void idle_again(struct idle *idle);

/* The task did something else. */
void idle_progress(struct idle *idle);

#endif
