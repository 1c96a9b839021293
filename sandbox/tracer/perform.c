/*
 * How a call is carried out.
 *
 * A task that stands at the entry of a call (a seccomp stop) can be let into
 * the kernel (CALL_RUN), be given a result without ever entering (CALL_DONE:
 * number -1, seccomp(2)), or be held there (CALL_BLOCK).  A call that is run
 * with its non-blocking flag and answers "would block" is stepped back: the
 * registers of the entry, the instruction pointer moved back over `syscall`,
 * so that the task stands at the entry again, as if it had never gone in.
 *
 * A held call is interrupted by a signal as the kernel would do it: the call
 * is skipped, and at its exit the number and -ERESTARTSYS (or -ERESTARTNOHAND)
 * are put into the registers; the kernel's own signal code then makes EINTR
 * or a restart of it and runs the handler.
 */
#define _GNU_SOURCE
#include "tracer/perform.h"
#include "tracer/narrow.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/syscall.h>

#include "tracer/calls.h"
#include "tracer/engine.h"
#include "tracer/faults.h"
#include "tracer/files.h"
#include "tracer/hooks.h"
#include "tracer/memory.h"
#include "tracer/spin.h"
#include "tracer/stops.h"
#include "tracer/stores.h"
#include "tracer/unwind.h"
#include "tracer/wait.h"

#define KERNEL_ERESTARTSYS 512
#define KERNEL_ERESTARTNOINTR 513
#define KERNEL_ERESTARTNOHAND 514

#define SYSCALL_INSTRUCTION_BYTES 2
#define EARLY_STEPS_MAX 100

/* The C library keeps them to itself: SIGCANCEL, SIGSETXID. */
#define LIBRARY_SIGNALS (SIGNAL_BIT(32) | SIGNAL_BIT(33))

static bool set_registers(struct engine *engine, struct task *task,
	const struct user_regs_struct *regs)
{
	(void)engine;
	return ptrace(PTRACE_SETREGS, task->tid, 0, regs) == 0;
}

/* The task is held from here on: says so in the trace, once. */
void perform_hold(struct engine *engine, struct task *task)
{
	struct wait *wait = &task->wait;
	enum event_kind kind = EVENT_WAIT;
	struct event event;

	if (wait->started)
		return;
	engine->changes++;
	task->nap_period_ns = 0;
	if (wait->deadline_ns != CLOCK_NEVER &&
		(wait->kind == WAIT_TIME || wait->kind == WAIT_POLL))
		spin_note_nap(engine, task);
	else
		engine->effects++; /* what it did in memory before */
	if (wait->kind == WAIT_TIME)
		kind = EVENT_SLEEP;
	else if (wait->kind == WAIT_RETRY && (wait->retry & RETRY_LOCK))
		kind = EVENT_LOCK_WAIT;
	event = task_event(engine, kind, task);
	event.call = task->call->name;
	event.object = wait->object;
	event.other = wait->holder;
	if (kind == EVENT_SLEEP)
		event.value = (wait->deadline_ns - engine->clock.now_ns) / 1000;
	engine_event(engine, &event);
	wait->started = true;
}

static bool is_plain_access(const struct task *task)
{
	unsigned op = task->args[1] & 0xff;

	return task->call && task->call->number == HOOKS_POINT &&
	       (op == HOOKS_READ || op == HOOKS_WRITE);
}

void perform_read_call(struct engine *engine, struct task *task)
{
	struct user_regs_struct *regs = &task->regs;

	hooks_settle(engine, task);
	if (ptrace(PTRACE_GETREGS, task->tid, 0, regs) < 0) {
		task->call = NULL;
		return;
	}
	task->args[0] = regs->rdi;
	task->args[1] = regs->rsi;
	task->args[2] = regs->rdx;
	task->args[3] = regs->r10;
	task->args[4] = regs->r8;
	task->args[5] = regs->r9;
	narrow_arguments((int)regs->orig_rax, task->args);
	task->call = call_find((int)regs->orig_rax);
	task->operation_known = false;
	task->run_changed = false;
	task->io_done = 0;
	task->pc = 0;
	task->parks = 0;
	task->resumes = task->resume_rip == regs->rip;
	task->resume_rip = 0;
	if ((int)regs->orig_rax != SYS_futex ||
		(task->args[1] & FUTEX_CMD_MASK) != FUTEX_WAIT_BITSET)
		task->lost_object = NULL;
	stores_stay_late(engine, task, is_plain_access(task));
	if (!is_plain_access(task))
		stores_drop(task);
	if (task->call && task->call->number == HOOKS_POINT)
		task->pc = task->args[2];
	else if (task->call && (task->call->flags & CALL_VISIBLE))
		task->pc = unwind_find_pc(engine, task, regs);
}

static bool resume(struct engine *engine, struct task *task, int request)
{
	stops_resume(engine, task, request, 0);
	return true;
}

/* To its exit with the number -1; there perform_exit() makes the rest. */
static bool interrupt(struct engine *engine, struct task *task)
{
	struct user_regs_struct regs = task->regs;

	if ((task->call->flags & CALL_SWAPS_MASK) && task->wait.masked) {
		/* the kernel swaps the mask, finds the signal, returns */
		wait_clear(engine, task);
		return resume(engine, task, PTRACE_CONT);
	}
	regs.orig_rax = (unsigned long long)-1;
	set_registers(engine, task, &regs);
	task->interrupting = true;
	return resume(engine, task, PTRACE_SYSCALL);
}

static bool finish_skipped(
	struct engine *engine, struct task *task, bool goes_on)
{
	struct user_regs_struct regs = task->regs;

	regs.orig_rax = (unsigned long long)-1;
	regs.rax = (unsigned long long)task->result;
	spin_count_call(engine, task);
	wait_clear(engine, task);
	set_registers(engine, task, &regs);
	return !goes_on || resume(engine, task, PTRACE_CONT);
}

/* Does a jump, a call or a return begin with these bytes? */
static bool leaves_line(const unsigned char code[2])
{
	return (code[0] & 0xf0) == 0x70 || (code[0] & 0xfc) == 0xe0 ||
	       (code[0] >= 0xe8 && code[0] <= 0xeb) || code[0] == 0xc3 ||
	       code[0] == 0xc9 || code[0] == 0xff ||
	       (code[0] == 0x0f && (code[1] == 0x05 || code[1] == 0x31 ||
					   (code[1] & 0xf0) == 0x80));
}

/*
 * Out of the runtime, and on to the end of the straight line of code behind
 * it: the compiler reads at once, before it branches or calls anything.
 */
static bool read_early(struct engine *engine, struct task *task)
{
	struct user_regs_struct regs;
	unsigned char code[2];
	bool is_back = false;
	int step;

	engine->interrupted = true; /* no tick comes between */
	for (step = 0; step < EARLY_STEPS_MAX; step++) {
		if (!stops_step(engine, task))
			break;
		if (ptrace(PTRACE_GETREGS, task->tid, 0, &regs) < 0 ||
			!memory_read(task, regs.rip, code, sizeof(code)))
			break;
		is_back |= regs.rip == task->args[2];
		if (is_back && leaves_line(code)) {
			stores_delay(engine, task);
			break;
		}
	}
	engine->interrupted = false;
	/* it stands between two instructions, and has only to be resumed */
	return false;
}

/*
 * What the kernel has for an interrupted call, see signal(7): EINTR, a
 * restart, or either, by the flags of the handler, if one runs at all.  A
 * futex or a queue with a time-out is not restarted by SA_RESTART; a socket
 * with one answers EINTR in any case.
 */
static long interruption(const struct task *task)
{
	const struct wait *wait = &task->wait;
	const unsigned flags = task->call->flags;
	bool timed = wait->deadline_ns != CLOCK_NEVER;
	bool channel = wait->kind == WAIT_POLL ||
		       (wait->kind == WAIT_RETRY && wait->retry == RETRY_FIFO);

	if (wait->inherits)
		return KERNEL_ERESTARTNOINTR;
	if (flags & CALL_ALWAYS_EINTR)
		return EINTR;
	if (flags & CALL_NO_RESTART)
		return KERNEL_ERESTARTNOHAND;
	if (timed && channel)
		return EINTR;
	if (timed && wait->kind == WAIT_FUTEX)
		return KERNEL_ERESTARTNOHAND;
	return KERNEL_ERESTARTSYS;
}

static bool restarts(const struct task *task)
{
	return interruption(task) == KERNEL_ERESTARTSYS;
}

/* Is there a handler that can run now, and make the call fail with EINTR? */
static bool may_be_interrupted(const struct task *task)
{
	const struct process *process = task->process;
	uint64_t handled =
		restarts(task) ? process->interrupting : process->caught;
	uint64_t blocked;

	if (task->wait.started || task->io_done > 0 ||
		(task->call->flags & CALL_FOR_SIGNALS))
		return false;
	handled &= ~LIBRARY_SIGNALS;
	return handled && signals_blocked(task, &blocked) &&
	       (handled & ~blocked);
}

/*
 * The call would wait, and a fault makes it fail.  The task stands at its
 * entry, or at the exit of the try; the mask of a call that swaps it is as it
 * was, since it was not entered.
 */
static bool interrupted_by_fault(struct engine *engine, struct task *task)
{
	if (engine->spec->fault_count == 0 || !may_be_interrupted(task) ||
		!faults_interrupt(engine, task))
		return false;
	if (task->call->interrupted)
		task->call->interrupted(engine, task);
	task->state = TASK_READY;
	task->result = -EINTR;
	task->progressed = true;
	return true;
}

/* It stands behind an open of a FIFO that has waited for a writer. */
static bool perform_behind(struct engine *engine, struct task *task)
{
	if (!fifo_reader_released(task)) {
		wait_for(engine, task, WAIT_RETRY, task->wait.object,
			CLOCK_NEVER);
		return false;
	}
	task->behind = false;
	task->state = TASK_READY;
	wait_clear(engine, task);
	return resume(engine, task, PTRACE_CONT);
}

/* Random bytes that may make a difference to what the program does. */
static bool takes_random(const struct task *task)
{
	/* the C library's allocator asks with GRND_NONBLOCK, to no effect */
	if (task->call->number == SYS_getrandom)
		return task->args[2] != GRND_NONBLOCK;
	return task->call->number == SYS_read && task->file_kind == FILE_RANDOM;
}

/*
 * A signal that is there when a call is about to begin may have come before
 * the call's instruction or after it: in the first case the handler runs and
 * the call then waits all the same.  Who looks at a flag and then goes to
 * sleep is caught by that.  The second is what happens in the order in which
 * the call begins to wait and then the signal is sent, so nothing is lost by
 * taking the first.  A call that swaps the mask is made for it.
 */
static bool comes_first(const struct task *task)
{
	return !task->wait.started && !task->resumes &&
	       task->process->caught != 0 &&
	       !(task->call->flags & CALL_SWAPS_MASK);
}

bool perform_call(struct engine *engine, struct task *task)
{
	enum call_action action;

	if (task->behind)
		return perform_behind(engine, task);
	if (task->ended_first)
		return interrupt(engine, task);
	if (engine->delayed_stores > 0 && !stores_outlast(task))
		stores_arrive_all(engine);
	task->progressed = !(task->call->flags & CALL_LOOKS);
	task->run_changed = false;
	wait_drop_polls(&task->wait);
	task->run = task->regs;
	action = space_refuses(engine, task) ? CALL_DONE
					     : task->call->enter(engine, task);
	engine->out->took_random |= takes_random(task);
	if (engine->stop)
		return false;
	if (action == CALL_BLOCK) {
		if (signals_deliverable(engine, task)) {
			task->signal_first = comes_first(task);
			return interrupt(engine, task);
		}
		if (!interrupted_by_fault(engine, task)) {
			perform_hold(engine, task);
			return false;
		}
		action = CALL_DONE;
	}
	task->state = TASK_READY;
	if (action == CALL_DONE)
		return finish_skipped(engine, task, true);
	if (action == CALL_EARLY) {
		finish_skipped(engine, task, false);
		return read_early(engine, task);
	}
	if (task->run_changed)
		set_registers(engine, task, &task->run);
	if (action == CALL_RUN_FREE) {
		spin_count_call(engine, task);
		wait_clear(engine, task);
		return resume(engine, task, PTRACE_CONT);
	}
	return resume(engine, task, PTRACE_SYSCALL);
}

/* The handler runs, and then the call begins. */
static bool handle_first(struct engine *engine, struct task *task)
{
	struct user_regs_struct regs = task->regs;

	task->signal_first = task->interrupting = false;
	wait_clear(engine, task);
	regs.rax = (unsigned long long)-KERNEL_ERESTARTNOINTR;
	set_registers(engine, task, &regs);
	return resume(engine, task, PTRACE_CONT);
}

/* The exit becomes -ERESTART…: the kernel makes EINTR or a restart of it. */
static bool exit_interrupted(struct engine *engine, struct task *task)
{
	struct user_regs_struct regs = task->regs;
	long code = interruption(task);

	if (task->signal_first)
		return handle_first(engine, task);
	if (task->call->interrupted)
		task->call->interrupted(engine, task);
	if ((task->call->flags & CALL_RESUMES) &&
		task->wait.deadline_ns != CLOCK_NEVER)
		task->resume_rip = regs.rip;
	task->resume_ns = task->wait.deadline_ns;
	task->interrupting = false;
	if (task->wait.started) {
		struct event event = task_event(engine, EVENT_WAKE, task);

		task->wait.woken = WAKE_SIGNAL;
		task->wait.started = false;
		event.value = 2;
		event.object = task->wait.object;
		event.call = task->call->name;
		engine_event(engine, &event);
	}
	wait_clear(engine, task);
	regs.rax = (unsigned long long)-code;
	set_registers(engine, task, &regs);
	return resume(engine, task, PTRACE_CONT);
}

static bool step_back(struct engine *engine, struct task *task, bool again)
{
	struct user_regs_struct regs = task->regs;

	regs.rip -= SYSCALL_INSTRUCTION_BYTES;
	regs.rax = regs.orig_rax;
	set_registers(engine, task, &regs);
	task->again = again;
	task->stepping_back = !again;
	return resume(engine, task, PTRACE_CONT);
}

/* The call's own arguments again, where others were run, and its result. */
static void restore_registers(struct engine *engine, struct task *task,
	const struct user_regs_struct *now, long result)
{
	struct user_regs_struct back = task->regs;

	if (!task->run_changed && task->result == result)
		return;
	back.rax = (unsigned long long)task->result;
	back.rip = now->rip;
	back.rcx = now->rcx;
	back.r11 = now->r11;
	set_registers(engine, task, &back);
}

bool perform_forked(struct engine *engine, struct task *task, pid_t inner)
{
	task->result = inner;
	spin_count_call(engine, task);
	wait_clear(engine, task);
	return resume(engine, task, PTRACE_CONT);
}

bool perform_exit(struct engine *engine, struct task *task)
{
	struct user_regs_struct regs;
	enum exit_action action = EXIT_ON;
	long result;

	if (task->interrupting)
		return exit_interrupted(engine, task);
	if (ptrace(PTRACE_GETREGS, task->tid, 0, &regs) < 0)
		return resume(engine, task, PTRACE_CONT);
	result = (long)regs.rax;
	task->result = result;
	if (result == -EMFILE)
		engine_tell_limit(
			engine, task, "open-files", engine->limits.open_files);
	if (task->call)
		space_note(engine, task, result);
	if (task->call && task->call->exit)
		action = task->call->exit(engine, task, result);
	if (engine->stop || task->state == TASK_DEAD)
		return false; /* dead: killed by a fault, here and now */
	if (action == EXIT_AGAIN)
		return step_back(engine, task, true);
	if (action == EXIT_HOLD) {
		restore_registers(engine, task, &regs, result);
		task->behind = true;
		task->state = TASK_AT_CALL;
		perform_hold(engine, task);
		return false;
	}
	if (action == EXIT_BLOCK) {
		if (signals_deliverable(engine, task))
			return exit_interrupted(engine, task);
		if (!interrupted_by_fault(engine, task))
			return step_back(engine, task, false);
	}
	restore_registers(engine, task, &regs, result);
	if (task->call)
		spin_count_call(engine, task);
	wait_clear(engine, task);
	return resume(engine, task, PTRACE_CONT);
}
