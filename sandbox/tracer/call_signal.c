/*
 * Signals: sending, waiting, dispositions.
 *
 * The kernel itself queues and delivers them.  What the engine has to know:
 * which held tasks one concerns (engine.signals_dirty), and whom a SIGKILL
 * takes, as those end on their own and are waited for at once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/call_timer.h"
#include "tracer/calls.h"
#include "tracer/memory.h"
#include "tracer/stops.h"
#include "tracer/task.h"
#include "tracer/wait.h"

#define TARGETS_MAX 64

/* Which processes a kill() to this PID, as the caller sees it, concerns. */
static size_t find_targets(const struct engine *engine, const struct task *task,
	long pid, struct process **targets)
{
	pid_t group = pid == 0 ? getpgid(task->process->tgid) : 0;
	size_t count = 0, i;

	if (pid < -1) {
		const struct task *leader = task_by_inner(engine, (pid_t)-pid);

		group = leader ? leader->process->tgid : -1;
	}
	for (i = 0; i < engine->count && count < TARGETS_MAX; i++) {
		struct task *other = engine->tasks[i];
		struct process *process = other->process;

		if (process->number != other->number || process_gone(process))
			continue;
		if (pid > 0 && other->inner_tid != (pid_t)pid)
			continue;
		if (pid == -1 && process == task->process)
			continue;
		if (pid != -1 && pid <= 0 &&
			(process->dead || getpgid(process->tgid) != group))
			continue;
		targets[count++] = process;
	}
	return count;
}

void signal_sent(struct engine *engine, struct task *task,
	struct process *target, int signal)
{
	struct event event = task_event(engine, EVENT_SIGNAL_SENT, task);

	event.other = target->number;
	event.signal = signal;
	engine_event(engine, &event);
	engine->signals_dirty = true;
	if (signal == SIGKILL && target != task->process && !target->dead)
		stops_await_killed(engine, target);
	else if (signal == SIGCONT)
		stops_continue(engine, target);
}

/*
 * Targets are found before the call, as some may be gone after it.  A
 * process outside the run has no number inside: without a PID namespace it
 * must not be hit, so what is not ours is not there.
 */
enum call_action enter_kill(struct engine *engine, struct task *task)
{
	struct process *targets[TARGETS_MAX];
	long pid = (long)(int)task->args[0];
	int signal = (int)task->args[1];
	size_t count = find_targets(engine, task, pid, targets), i;

	task->progressed = signal != 0;
	if (signal < 0 || signal > SIGRTMAX) {
		task->result = -EINVAL;
		return CALL_DONE;
	}
	if (count == 0) {
		/* the jail init may be asked for, never hit */
		task->result = pid == 1 ? -EPERM : -ESRCH;
		return CALL_DONE;
	}
	task->result = 0;
	if (signal == 0)
		return CALL_DONE;
	if (count == 1 && (pid > 0 || targets[0] == task->process))
		return CALL_RUN; /* so that si_pid and the order are right */
	for (i = 0; i < count; i++)
		if (targets[i] != task->process && !targets[i]->dead &&
			kill(targets[i]->tgid, signal) == 0)
			signal_sent(engine, task, targets[i], signal);
	for (i = 0; i < count; i++) {
		if (targets[i] != task->process)
			continue;
		/* its own part of the group comes last */
		task->run.rdi = (unsigned long long)process_leader(
			engine, task->process)
					->inner_tid;
		task->run_changed = true;
		return CALL_RUN;
	}
	return CALL_DONE;
}

enum exit_action exit_kill(
	struct engine *engine, struct task *task, long result)
{
	long pid = (long)(int)task->args[0];
	const struct task *target = NULL;

	if (pid > 0)
		target = task_by_inner(engine, (pid_t)pid);
	if (result == 0 && task->args[1] != 0)
		signal_sent(engine, task,
			target ? target->process : task->process,
			(int)task->args[1]);
	return EXIT_ON;
}

/* tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo: to one task. */
enum call_action enter_thread_kill(struct engine *engine, struct task *task)
{
	bool tg = task->call->number == SYS_tgkill ||
		  task->call->number == SYS_rt_tgsigqueueinfo;
	const struct task *target =
		task_by_inner(engine, (pid_t)task->args[tg ? 1 : 0]);

	if (target && target->state != TASK_DEAD)
		return CALL_RUN;
	task->progressed = false;
	/* a zombie may be sent signals; they do nothing */
	task->result = target && !target->process->reaped &&
				       target->process->number == target->number
			       ? 0
			       : -ESRCH;
	return CALL_DONE;
}

enum exit_action exit_thread_kill(
	struct engine *engine, struct task *task, long result)
{
	bool tg = task->call->number == SYS_tgkill ||
		  task->call->number == SYS_rt_tgsigqueueinfo;
	struct task *target =
		task_by_inner(engine, (pid_t)task->args[tg ? 1 : 0]);
	int signal = (int)task->args[tg ? 2 : 1];

	if (result == 0 && target && signal != 0)
		signal_sent(engine, task, target->process, signal);
	return EXIT_ON;
}

enum exit_action exit_rt_sigaction(
	struct engine *engine, struct task *task, long result)
{
	struct process *process = task->process;
	int signal = (int)task->args[0];
	uint64_t action[2], bit;

	(void)engine;
	if (result != 0 || !task->args[1] || signal < 1 || signal > 64 ||
		!memory_words(task, task->args[1], action, 2))
		return EXIT_ON;
	bit = SIGNAL_BIT(signal);
	process->caught &= ~bit;
	process->ignored &= ~bit;
	process->interrupting &= ~bit;
	if (action[0] == (uint64_t)(uintptr_t)SIG_IGN)
		process->ignored |= bit;
	else if (action[0] != (uint64_t)(uintptr_t)SIG_DFL)
		process->caught |= bit;
	if ((process->caught & bit) && !(action[1] & SA_RESTART))
		process->interrupting |= bit;
	return EXIT_ON;
}

/*
 * Whoever is made the owner gets signals from the kernel: none but the run's
 * own.  After it each slice may have sent some, as a write, a read, a close
 * and an end all do.  The struct is the program's memory, but nobody runs
 * between this look at it and the kernel's.
 */
enum call_action set_owner(struct engine *engine, struct task *task)
{
	struct process *targets[TARGETS_MAX];
	long who = (long)(int)task->args[2];
	const struct task *thread;
	int owner[2];

	if ((int)task->args[1] == F_SETOWN_EX) {
		if (!memory_read(task, task->args[2], owner, sizeof(owner)) ||
			owner[1] < 0)
			return CALL_RUN_FREE; /* EFAULT, EINVAL */
		who = owner[0] == F_OWNER_PGRP ? -(long)owner[1] : owner[1];
	}
	engine->sigio = true;
	thread = task_by_inner(engine, (pid_t)who);
	if (who == 0 || (who > 0 && thread && thread->state != TASK_DEAD))
		return CALL_RUN_FREE;
	task->result = who == 1 || who == -1 ? -EPERM : -ESRCH;
	task->progressed = false;
	if (task->result == -EPERM ||
		find_targets(engine, task, who, targets) == 0)
		return CALL_DONE;
	return CALL_RUN_FREE;
}

enum call_action enter_pause(struct engine *engine, struct task *task)
{
	return wait_for(engine, task, WAIT_SIGNAL, "signal", CLOCK_NEVER);
}

enum call_action enter_rt_sigsuspend(struct engine *engine, struct task *task)
{
	task->wait.masked =
		memory_words(task, task->args[0], &task->wait.mask, 1);
	if (!task->wait.masked)
		return CALL_RUN;
	return wait_for(engine, task, WAIT_SIGNAL, "signal", CLOCK_NEVER);
}

/* Reads a relative timeout; false when it is not a valid one. */
static bool read_timeout(const struct engine *engine, const struct task *task,
	uint64_t address, int64_t *deadline_ns)
{
	struct timespec value;
	int64_t duration;

	*deadline_ns = CLOCK_NEVER;
	if (!address)
		return true;
	if (!memory_read(task, address, &value, sizeof(value)) ||
		!clock_from_timespec(&value, &duration))
		return false;
	*deadline_ns = clock_after(engine->clock.now_ns, duration);
	return true;
}

enum call_action enter_rt_sigtimedwait(struct engine *engine, struct task *task)
{
	int64_t deadline;
	uint64_t set;

	if (!memory_words(task, task->args[0], &set, 1) ||
		!read_timeout(engine, task, task->args[2], &deadline))
		return CALL_RUN; /* the kernel finds the error */
	if (signals_pending(task) & set)
		return CALL_RUN;
	task->progressed = false;
	if (task->wait.woken == WAKE_TIMEOUT ||
		deadline == engine->clock.now_ns) {
		task->result = -EAGAIN;
		return CALL_DONE;
	}
	task->wait.accepts = set;
	return wait_for(engine, task, WAIT_SIGNAL, "signal", deadline);
}

enum exit_action exit_rt_sigtimedwait(
	struct engine *engine, struct task *task, long result)
{
	siginfo_t info;

	if (result > 0 && engine->timer_count > 0 && task->args[1] &&
		memory_read(task, task->args[1], &info, sizeof(info)) &&
		timers_signal_taken(engine, task, &info))
		memory_write(task, task->args[1], &info, sizeof(info));
	return EXIT_ON;
}
