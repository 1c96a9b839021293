/*
 * The stack of a stopped task.
 */
#ifndef TRACER_UNWIND_H
#define TRACER_UNWIND_H

#include "tracer/engine.h"

/* The innermost pc in the student's code, from REGS of the stopped task on
   outwards (of a caller: the last byte of its call); 0 when there is none or
   the stack cannot be walked. */
uint64_t unwind_find_pc(struct engine *engine, const struct task *task,
	const struct user_regs_struct *regs);
/* Did the student's code itself call the function that makes the syscall? */
bool unwind_called_directly(struct engine *engine, const struct task *task,
	const struct user_regs_struct *regs);

#endif
