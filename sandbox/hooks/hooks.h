/*
 * What the engine and the runtime in the student's program agree on.
 *
 * A submission is compiled with -fsanitize=thread and linked with our own
 * runtime (guest/), which the compiler's callbacks and some wrapped library
 * functions lead to.  An access to memory that other tasks see too becomes
 * a pseudo system call, HOOKS_POINT: the engine stops the task in front of
 * the access, so that another may come first.  HOOKS_NOTE tells what a
 * library function has done without a system call (a free mutex was taken).
 *
 * The runtime knows nothing by itself.  Which memory counts stands in its
 * hooks_state, which the engine writes from outside; a program that is not
 * traced has a state of zeroes and never makes a pseudo call.  The program can
 * call, forge and overwrite all of this: it then gets scheduling points where
 * it asked for them and misses them where it did not, as with any other call.
 * Nothing that comes from here wins a mark; the rule private-number loses one
 * for a number that the engine itself found in memory mapped as shared.
 *
 * This header is compiled into the student's program too: no includes but
 * stdint.h.
 */
#ifndef HOOKS_HOOKS_H
#define HOOKS_HOOKS_H

#include <stdint.h>

/* No kernel has these numbers. */
#define HOOKS_POINT 26481 /* a scheduling point; see enum hooks_op */
#define HOOKS_NOTE 26482  /* a mere note */

/*
 * Both calls: argument 0 the address, 1 the operation + 256 * size in bytes
 * (at most HOOKS_SIZE_MAX), HOOKS_COPY added where the library makes the
 * access; 2 the address that the hooked call returns to. HOOKS_POINT gives back
 * how many of its sort to skip before the next: there are plain accesses, and
 * what synchronises, see below.
 */
#define HOOKS_SIZE_MAX 0xffffffu
#define HOOKS_COPY (UINT64_C(1) << 32)
enum hooks_op {
	HOOKS_READ,
	HOOKS_WRITE,
	HOOKS_ATOMIC_READ,
	HOOKS_ATOMIC_WRITE, /* reads too, when it is an exchange */
	HOOKS_ATTEMPT,      /* asks for a lock or semaphore */
	/* of HOOKS_NOTE */
	HOOKS_ACQUIRED, /* has got it */
	HOOKS_RELEASED, /* is about to give it back */
	HOOKS_FENCE,    /* of memory; no address */
	HOOKS_OP_COUNT
};

/* Do tasks make their order by it?  Then it counts with the attempts. */
static inline int hooks_synchronises(unsigned op)
{
	return op == HOOKS_ATTEMPT || op == HOOKS_ATOMIC_READ ||
	       op == HOOKS_ATOMIC_WRITE;
}

#define HOOKS_REGIONS_MAX 32

/* In the program, at the symbol HOOKS_STATE_SYMBOL. */
#define HOOKS_STATE_SYMBOL "grader_hooks_state"
struct hooks_state {
	uint32_t countdown; /* plain accesses to skip */
	uint32_t attempts;  /* the same of attempts and atomic accesses */
	uint32_t threads;   /* others see all memory but the own stack */
	uint32_t region_count;
	uint32_t quiet; /* no notes */
	uint32_t unused;
	struct hooks_region {
		uint64_t low, high;
	} regions[HOOKS_REGIONS_MAX]; /* mappings that are shared */
	uint64_t code_low, code_high; /* the student's code; wrapped
					 functions count when called there */
};

#endif
