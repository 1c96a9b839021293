/*
 * The runtime's inside.  It runs in the student's processes, in signal
 * handlers and between vfork() and exec too: no library calls but those that
 * are wrapped, no thread-local storage, no locks.  One task runs at a time, so
 * the state needs no atomics.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stddef.h>

#include "hooks/hooks.h"

#define GUEST __attribute__((visibility("default"), used))
#define CALLER ((uintptr_t)__builtin_return_address(0))

/* How far above the stack pointer the task's own stack is taken to reach. */
#define OWN_STACK_BYTES 262144

extern struct hooks_state grader_hooks_state;

/* Do other tasks see the byte at ADDRESS? */
static inline int is_shared(uintptr_t address)
{
	const struct hooks_state *state = &grader_hooks_state;
	uint32_t i;

	for (i = 0; i < state->region_count && i < HOOKS_REGIONS_MAX; i++)
		if (address - state->regions[i].low <
			state->regions[i].high - state->regions[i].low)
			return 1;
	return state->threads &&
	       address - (uintptr_t)__builtin_frame_address(0) >
		       OWN_STACK_BYTES;
}

/* The student's own code, not the library's use of a wrapped function. */
static inline int is_student(uintptr_t caller)
{
	const struct hooks_state *state = &grader_hooks_state;

	return caller - state->code_low < state->code_high - state->code_low;
}

/* Is there anything that could be shared?  Then locks count too. */
static inline int is_watching(void)
{
	return grader_hooks_state.region_count || grader_hooks_state.threads;
}

static inline long pseudo_call(
	long number, uintptr_t address, uint64_t what, uintptr_t caller)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(address), "S"(what), "d"(caller)
			 : "rcx", "r11", "memory");
	return result;
}

static inline uint64_t hooks_what(enum hooks_op op, size_t size)
{
	return (uint64_t)op |
	       (uint64_t)(size < HOOKS_SIZE_MAX ? size : HOOKS_SIZE_MAX) << 8;
}

static inline void guest_point(
	const volatile void *address, uint64_t what, uintptr_t caller)
{
	struct hooks_state *state = &grader_hooks_state;
	uint32_t *skip = hooks_synchronises(what & 0xff) ? &state->attempts
							 : &state->countdown;
	long result;

	if (*skip > 0) {
		--*skip;
		return;
	}
	result = pseudo_call(HOOKS_POINT, (uintptr_t)address, what, caller);
	*skip = result > 0 ? (uint32_t)result : 0;
}

static inline void guest_note(
	enum hooks_op op, const volatile void *address, uintptr_t caller)
{
	if (!grader_hooks_state.quiet)
		pseudo_call(HOOKS_NOTE, (uintptr_t)address, hooks_what(op, 0),
			caller);
}

/* In front of an access by the student's code. */
static inline void guest_access(enum hooks_op op, const volatile void *address,
	size_t size, uintptr_t caller)
{
	if (is_shared((uintptr_t)address))
		guest_point(address, hooks_what(op, size), caller);
}

#endif
