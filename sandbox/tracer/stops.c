/*
 * One slice of one task: from the point where it was chosen to the next
 * point where somebody has to decide.  Everything that ptrace(2) can report
 * of it in between is handled here.
 *
 * waitpid() is for the one task that runs, never for "any": a stop of
 * another task is not lost, it waits until that task's turn.  Only tasks
 * that were sent SIGKILL move on their own; whoever sent it waits for their
 * end at once, so that what follows does not depend on real time.
 */
#define _GNU_SOURCE
#include "tracer/stops.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/call_futex.h"
#include "tracer/call_timer.h"
#include "tracer/engine.h"
#include "tracer/faults.h"
#include "tracer/files.h"
#include "tracer/hooks.h"
#include "tracer/inner_pid.h"
#include "tracer/last_look.h"
#include "tracer/memory.h"
#include "tracer/perform.h"
#include "tracer/spin.h"
#include "tracer/stores.h"
#include "tracer/task.h"
#include "tracer/unwind.h"
#include "tracer/wait.h"

#define EVENT_OF(status) ((status) >> 16)
#define CHECK_STOPS 1024 /* some 10 ms */

/* What is told of a task, and of those that it makes. */
#define OPTIONS                                                                \
	(PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |      \
		PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |                      \
		PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD |                \
		PTRACE_O_EXITKILL)

/*
 * The tick of run.c interrupts waitpid(); one that comes before waitpid() has
 * blocked is lost, and the next is not far.  What else it could cut short,
 * poll() and PTRACE_PEEKSIGINFO, is asked until it has said all.
 */
static pid_t wait_ticking(pid_t pid, int *status)
{
	return waitpid(pid, status, __WALL);
}

int stops_wait(struct engine *engine, struct task *task, int *status)
{
	for (;;) {
		pid_t got = wait_ticking(task->tid, status);

		if (got < 0 && errno != EINTR)
			return -errno;
		/* the tick; where none gets in, as we never block, a count */
		if (got < 0 || ++engine->stops % CHECK_STOPS == 0)
			engine_check_usage(engine, got < 0);
		if (got == task->tid)
			return 0;
	}
}

bool stops_resume(
	struct engine *engine, struct task *task, int request, int signal)
{
	(void)engine;
	memory_forget_stack(task);
	/* ESRCH: it was killed meanwhile; waitpid() tells the rest */
	return ptrace(request, task->tid, 0, (void *)(uintptr_t)signal) == 0;
}

void stops_exits(struct engine *engine, struct task *task)
{
	if (task->process->had_threads)
		return;
	last_look(engine, task);
	ptrace(PTRACE_SETOPTIONS, task->tid, 0, OPTIONS & ~PTRACE_O_TRACEEXIT);
}

/* Waits until a thread that is on its way out has gone. */
static void await_end(struct engine *engine, struct task *task)
{
	int status;

	while (task->state != TASK_DEAD) {
		if (stops_wait(engine, task, &status) < 0) {
			/* taken by an exec of another thread */
			task_ended(engine, task, 0);
			return;
		}
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			task_ended(engine, task, status);
			return;
		}
		if (EVENT_OF(status) == PTRACE_EVENT_EXIT)
			last_look(engine, task);
		stops_resume(engine, task, PTRACE_CONT, 0);
	}
}

/* See keep_leader(); one that has gone already does not mind. */
static void let_leader_go(struct engine *engine, struct process *process)
{
	struct task *leader = process_leader(engine, process);

	if (leader->state == TASK_ZOMBIE_LEADER)
		stops_resume(engine, leader, PTRACE_CONT, 0);
}

void stops_await_killed(struct engine *engine, struct process *process)
{
	size_t i;

	if (process->dead)
		return;
	process->killed = true;
	/* the first thread's end is reported after all the others' */
	for (i = 0; i < engine->count; i++) {
		struct task *task = engine->tasks[i];

		if (task->process == process &&
			task->number != process->number &&
			task->state != TASK_DEAD)
			await_end(engine, task);
	}
	let_leader_go(engine, process);
	await_end(engine, process_leader(engine, process));
}

/* Its own `exit`, while other threads of the process live on. */
static bool ends_alone(const struct task *task)
{
	return task->process->threads > 1 && !task->process->killed &&
	       task->call && task->call->number == SYS_exit;
}

/*
 * The first thread ends while others live on.  It is kept in front of its end:
 * once it is a zombie, nobody can look at the descriptors of its process.  To
 * those who wait for it it has ended.
 */
static void keep_leader(struct engine *engine, struct task *leader)
{
	const struct futex_key key = {
		2, (uint64_t)leader->process->memory, leader->clear_tid, 0};
	const uint32_t ended = 0;

	leader->state = TASK_ZOMBIE_LEADER;
	if (!leader->clear_tid)
		return;
	memory_write(leader, leader->clear_tid, &ended, sizeof(ended));
	futex_wake_key(engine, &key, 1, UINT32_MAX, leader);
	leader->clear_tid = 0;
}

static void end_task(struct engine *engine, struct task *task)
{
	struct process *process = task->process;
	struct task *leader = process_leader(engine, process);

	last_look(engine, task);
	if (task == leader && ends_alone(task)) {
		keep_leader(engine, task);
		return;
	}
	stops_resume(engine, task, PTRACE_CONT, 0);
	if (!ends_alone(task)) {
		stops_await_killed(engine, process);
		return;
	}
	await_end(engine, task);
	if (process->threads == 1 && leader->state == TASK_ZOMBIE_LEADER) {
		let_leader_go(engine, process);
		await_end(engine, leader);
	}
}

static void after_exec(struct engine *engine, struct task *task)
{
	struct event event = task_event(engine, EVENT_EXEC, task);
	size_t i;

	tame_image(task);
	task_exec(engine, task);
	hooks_begin(engine, task);
	event.object = engine->spec->argv[0];
	engine_event(engine, &event);
	for (i = 0; i < engine->count; i++)
		if (engine->tasks[i]->state == TASK_VFORK &&
			engine->tasks[i]->vfork_child == task->number)
			engine->tasks[i]->state = TASK_READY;
	engine_wake_retries(engine, RETRY_ALL); /* close-on-exec */
}

static void name_child(struct engine *engine, struct task *child, pid_t inner)
{
	child->inner_tid = inner;
	engine->out->trace.tasks[child->number].pid = inner;
}

static void fork_event(
	struct engine *engine, struct task *task, const struct task *child)
{
	struct event event = task_event(engine, EVENT_FORK, task);

	event.other = child->number;
	if (child->process == task->process)
		event.value = 1;
	else if (child->process->memory == task->process->memory)
		event.value = 2;
	event.call = task->call->name;
	engine_event(engine, &event);
	if (event.value == 0 && !engine->quiet)
		last_look_before_copy(engine, task);
}

/* TASK, which makes CHILD, goes on; true when it does so in this slice. */
static bool child_made(struct engine *engine, struct task *task,
	struct task *child, bool vfork)
{
	pid_t inner = inner_pid(engine, child->tid, vfork);

	if (inner < 0) {
		/* it is what the call returns */
		task->pending_fork = child->number;
		stops_resume(engine, task, PTRACE_SYSCALL, 0);
		return true;
	}
	name_child(engine, child, inner);
	fork_event(engine, task, child);
	if (!vfork)
		return perform_forked(engine, task, inner);
	task->state = TASK_VFORK;
	task->vfork_child = child->number;
	task->want_exit = true;
	return false;
}

/* The process and its child have one table of descriptors from here on. */
static void share_files(struct engine *engine)
{
	engine->files_shared = true;
	for (size_t i = 0; i < engine->count; i++)
		file_forget_all(engine->tasks[i]->process);
}

static bool new_child(struct engine *engine, struct task *task, int status)
{
	unsigned long flags = task->args[0], tid = 0;
	bool is_clone = task->call && task->call->number == SYS_clone;
	bool is_vfork = EVENT_OF(status) == PTRACE_EVENT_VFORK;
	bool is_thread = is_clone && (flags & CLONE_THREAD);
	struct task *child;
	int first;

	/* one that was killed meanwhile may tell how it ends instead */
	if (task->process->doomed ||
		ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &tid) < 0)
		return false;
	child = task_add(engine, task, (pid_t)tid, is_thread,
		is_vfork || (is_clone && (flags & CLONE_VM)));
	child->process->is_plain_child |=
		!is_thread && (!is_clone || (flags & CSIGNAL) == SIGCHLD);
	if (is_clone && (flags & CLONE_PIDFD))
		engine->pidfds = true;
	if (is_clone && (flags & CLONE_FILES) && !is_thread)
		share_files(engine);
	if (is_clone && (flags & CLONE_CHILD_CLEARTID))
		child->clear_tid = task->args[3];
	if (stops_wait(engine, child, &first) < 0 || !WIFSTOPPED(first)) {
		engine_trouble(engine, -ECHILD, "a new task was lost");
		return false;
	}
	child->state = TASK_READY;
	if (is_thread)
		hooks_thread(engine, task);
	return child_made(engine, task, child, is_vfork) && !engine->stop;
}

static void fork_exit(struct engine *engine, struct task *task)
{
	struct task *child = engine->tasks[task->pending_fork];
	struct user_regs_struct regs;

	task->pending_fork = -1;
	if (ptrace(PTRACE_GETREGS, task->tid, 0, &regs) < 0)
		return;
	name_child(engine, child, (pid_t)regs.rax);
	fork_event(engine, task, child);
}

/* A fault happens where the task is, not at the last call that it made. */
static void locate_fault(struct engine *engine, struct task *task, int signal)
{
	static const uint64_t faults = SIGNAL_BIT(SIGSEGV) |
				       SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGFPE) |
				       SIGNAL_BIT(SIGILL) | SIGNAL_BIT(SIGTRAP);
	struct user_regs_struct regs;
	siginfo_t info;

	if (!(faults & SIGNAL_BIT(signal)) ||
		ptrace(PTRACE_GETSIGINFO, task->tid, 0, &info) < 0 ||
		info.si_code <= 0 || /* sent by somebody */
		ptrace(PTRACE_GETREGS, task->tid, 0, &regs) < 0)
		return;
	task->pc = unwind_find_pc(engine, task, &regs);
	/* a place is that of the byte in front */
	if (task->pc == regs.rip)
		task->pc++;
}

/* What the siginfo of a timer's signal tells is what shows now. */
static void complete_siginfo(struct engine *engine, const struct task *task)
{
	siginfo_t info;

	if (engine->timer_count > 0 &&
		ptrace(PTRACE_GETSIGINFO, task->tid, 0, &info) == 0 &&
		timers_signal_taken(engine, task, &info))
		ptrace(PTRACE_SETSIGINFO, task->tid, 0, &info);
}

static void signal_stop(struct engine *engine, struct task *task, int signal)
{
	static const uint64_t harmless =
		SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGURG) |
		SIGNAL_BIT(SIGWINCH) | SIGNAL_BIT(SIGCONT);
	const struct process *process = task->process;
	uint64_t bit = SIGNAL_BIT(signal);

	if (signal == SIGSEGV && emulate_rdtsc(engine, task)) {
		stops_resume(engine, task, PTRACE_CONT, 0);
		return;
	}
	locate_fault(engine, task, signal);
	complete_siginfo(engine, task);
	if (!(process->ignored & bit) &&
		((process->caught & bit) || !(harmless & bit))) {
		struct event event =
			task_event(engine, EVENT_SIGNAL_DELIVERED, task);

		event.signal = signal;
		engine_event(engine, &event);
		idle_progress(&task->idle);
		engine->changes++;
		engine->effects++;
		if (process->caught & bit)
			task->resume_rip = 0;
	}
	/* it may be the end of the process, and the stores are made */
	if (engine->delayed_stores > 0)
		stores_arrive_all(engine);
	stores_drop(task);
	stops_resume(engine, task, PTRACE_CONT, signal);
}

/* The entry of a call; true when the slice goes on. */
static bool seccomp_stop(struct engine *engine, struct task *task)
{
	bool held = task->stepping_back;

	if (!held && !task->again) {
		perform_read_call(engine, task);
		if (refuse_call(engine, task))
			return !engine->stop;
	}
	task->state = TASK_AT_CALL;
	task->stepping_back = false;
	if (held) {
		perform_hold(engine, task);
		return false;
	}
	if (task->again) {
		task->again = false;
		return perform_call(engine, task);
	}
	if (task->held_until_ns > engine->clock.now_ns) {
		spin_stands(task);
		return false;
	}
	if (task->call->flags & CALL_VISIBLE) {
		faults_slow(engine, task);
		return false;
	}
	return perform_call(engine, task);
}

/* PTRACE_EVENT_STOP: job control, or the answer to an interrupt. */
static bool event_stop(struct engine *engine, struct task *task, int signal)
{
	if (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN ||
		signal == SIGTTOU) {
		ptrace(PTRACE_LISTEN, task->tid, 0, 0);
		task->state = TASK_STOPPED;
		if (!task->stops)
			stops_others(engine, task);
		task->stops = false;
		engine_wake_retries(engine, RETRY_CHILD);
		engine->signals_dirty = true;
		return false;
	}
	if (engine->interrupted) {
		engine->interrupted = false;
		if (!spin_examine(engine, task))
			return false;
	}
	stops_resume(engine, task, PTRACE_CONT, 0);
	return true;
}

/* An exec of another thread of the process took this one's place. */
static void exec_stop(struct engine *engine, struct task *task)
{
	unsigned long former = 0;
	struct task *thread;

	ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &former);
	thread = task_by_tid(engine, (pid_t)former);
	if (thread && thread != task) {
		/* the first thread's number lives on with the other's call */
		wait_clear(engine, task);
		task->call = thread->call;
		task->interrupting = task->stepping_back = false;
		task->behind = task->again = task->run_changed = false;
		task->exiting = false;
		task->clear_tid = 0;
		task->state = TASK_READY;
		engine->running = task;
		engine->current = task->number;
		thread->clear_tid = 0;
		task_ended(engine, thread, 0);
	}
	after_exec(engine, task);
	stops_resume(engine, task, PTRACE_SYSCALL, 0);
}

/* Returns true when the slice goes on and the task runs. */
static bool dispatch(struct engine *engine, struct task *task, int status)
{
	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		task_ended(engine, task, status);
		return false;
	}
	switch (EVENT_OF(status)) {
	case PTRACE_EVENT_SECCOMP:
		return seccomp_stop(engine, task);
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_CLONE:
	case PTRACE_EVENT_VFORK:
		return new_child(engine, task, status);
	case PTRACE_EVENT_EXEC:
		exec_stop(engine, task);
		return true;
	case PTRACE_EVENT_EXIT:
		end_task(engine, task);
		return false;
	case PTRACE_EVENT_STOP:
		return event_stop(engine, task, WSTOPSIG(status));
	default:
		break;
	}
	if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
		if (task->pending_fork >= 0)
			fork_exit(engine, task);
		return perform_exit(engine, task);
	}
	signal_stop(engine, task, WSTOPSIG(status));
	return true;
}

bool stops_step(struct engine *engine, struct task *task)
{
	int status;

	if (!stops_resume(engine, task, PTRACE_SINGLESTEP, 0) ||
		stops_wait(engine, task, &status) < 0)
		return false;
	if (WIFSTOPPED(status) && status >> 8 == SIGTRAP)
		return true;
	while (dispatch(engine, task, status) && !engine->stop)
		if (stops_wait(engine, task, &status) < 0)
			break;
	return false;
}

/*
 * An exec while the process has other threads: the kernel ends those, and
 * waits until we have let them go; the first thread's number passes to the
 * one that executes, wherever it was.  Returns the task that *STATUS is of.
 */
static struct task *await_exec(
	struct engine *engine, struct task *task, int *status)
{
	for (;;) {
		pid_t pid = wait_ticking(-1, status);
		struct task *other = task_by_tid(engine, pid);

		if (pid < 0 && errno == EINTR) {
			engine_check_usage(engine, true);
			continue;
		}
		if (pid < 0)
			return NULL;
		if (!other || other == task ||
			EVENT_OF(*status) == PTRACE_EVENT_EXEC)
			return other ? other : task;
		if (WIFEXITED(*status) || WIFSIGNALED(*status)) {
			task_ended(engine, other, *status);
			continue;
		}
		if (EVENT_OF(*status) == PTRACE_EVENT_EXIT)
			last_look(engine, other);
		stops_resume(engine, other, PTRACE_CONT, 0);
	}
}

static bool executes_among_threads(const struct task *task)
{
	return task->process->threads > 1 && task->call &&
	       task->call->number == SYS_execve && !task->want_exit;
}

void stops_run_slice(struct engine *engine, struct task *task)
{
	int status, error;

	stores_go_on(engine, task);
	if (task->state == TASK_AT_CALL) {
		if (!perform_call(engine, task))
			return;
	} else {
		task->state = TASK_READY;
		stops_resume(engine, task,
			task->want_exit ? PTRACE_SYSCALL : PTRACE_CONT, 0);
		task->want_exit = false;
	}
	do {
		error = 0;
		if (executes_among_threads(task)) {
			let_leader_go(engine, task->process);
			task = await_exec(engine, task, &status);
		} else {
			error = stops_wait(engine, task, &status);
		}
		if (!task || error) {
			engine_trouble(engine, error ? error : -ECHILD,
				"a task was lost");
			return;
		}
	} while (dispatch(engine, task, status) && !engine->stop);
}

int stops_start(struct engine *engine, struct jail *jail, struct task *main)
{
	int status;

	if (ptrace(PTRACE_SEIZE, main->tid, 0, OPTIONS) < 0)
		return err_errno(engine->err, -errno,
			"cannot trace the program (ptrace)");
	if (jail_release(jail, engine->err) < 0)
		return -EIO;
	for (;;) {
		if (stops_wait(engine, main, &status) < 0 || engine->stop)
			return err_set(engine->err, -ESRCH,
				"the program's process was lost");
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			main->state = TASK_DEAD;
			engine->live = 0;
			return jail_failure(jail, engine->err);
		}
		if (EVENT_OF(status) == PTRACE_EVENT_EXEC)
			break;
		/* the jail's own last calls, under its filter already */
		stops_resume(engine, main, PTRACE_CONT, 0);
	}
	tame_image(main);
	hooks_begin(engine, main);
	inner_pid_begin(engine, main->tid);
	name_child(engine, main, inner_pid(engine, main->tid, true));
	return 0;
}
