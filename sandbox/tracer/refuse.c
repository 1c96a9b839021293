/*
 * Calls that the sandbox does not offer.  A forbidden or unknown one ends the
 * run; others fail with the errno of the policy's row, and the program goes
 * on: that it asked is in the trace, since what follows may be due to it.
 */
#define _GNU_SOURCE
#include <linux/sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "jail/policy.h"
#include "tracer/engine.h"
#include "tracer/memory.h"
#include "tracer/stops.h"
#include "tracer/unwind.h"

/*
 * clone3() of the C library makes threads and spawns programs in its caller's
 * memory, and does without it.  Who calls it by hand makes processes.  And
 * qsort() wants to know how much memory there is.
 */
static bool is_of_library(struct engine *engine, const struct task *task)
{
	uint64_t flags;

	switch (task->regs.orig_rax) {
	case SYS_clone3:
		return !memory_words(task, task->regs.rdi, &flags, 1) ||
		       (flags & CLONE_VM);
	case SYS_sysinfo:
		return !unwind_called_directly(engine, task, &task->regs);
	default:
		return false;
	}
}

static void refuse(struct engine *engine, struct task *task, int error)
{
	struct user_regs_struct regs = task->regs;
	struct event event;

	if (!is_of_library(engine, task) && engine->refusals < REFUSALS_MAX) {
		engine->refusals++;
		task->pc = unwind_find_pc(engine, task, &task->regs);
		event = task_event(engine, EVENT_DENIED, task);
		event.call = policy_refusal_name(
			(int)task->regs.orig_rax, task->args);
		event.value = error;
		engine_event(engine, &event);
	}
	regs.orig_rax = (unsigned long long)-1;
	regs.rax = (unsigned long long)-(long long)error;
	ptrace(PTRACE_SETREGS, task->tid, 0, &regs);
	stops_resume(engine, task, PTRACE_CONT, 0);
}

static void end_run(struct engine *engine, struct task *task, bool forbidden)
{
	const char *name = policy_call_name((int)task->regs.orig_rax);
	struct event event;

	task->pc = unwind_find_pc(engine, task, &task->regs);
	if (!forbidden) {
		engine_unsupported(engine, task, name);
		return;
	}
	event = task_event(engine, EVENT_DENIED, task);
	event.call = name;
	engine_event(engine, &event);
	engine_stop(engine, RUN_END_DENIED, name);
}

/* The kernel is asked only where the answer may be another. */
static bool is_modelled(const struct task *task)
{
	const struct user_regs_struct *regs = &task->regs;
	const uint64_t args[6] = {
		regs->rdi, regs->rsi, regs->rdx, regs->r10, regs->r8, regs->r9};

	return policy_models(task->call->number, args);
}

bool refuse_call(struct engine *engine, struct task *task)
{
	unsigned long data = POLICY_MODEL;
	unsigned policy;

	if (task->call &&
		(!(task->call->flags & CALL_PARTLY) || is_modelled(task)))
		return false;
	ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &data);
	policy = (unsigned)data & POLICY_CLASS_MASK;
	if (policy == POLICY_REFUSE || policy == POLICY_REMARK) {
		refuse(engine, task, (int)(data >> POLICY_ERROR_SHIFT));
		return true;
	}
	if (task->call)
		return false;
	end_run(engine, task, policy == POLICY_FORBID);
	return true;
}
