/*
 * Processes: fork, wait, exit, exec and what a process knows of its family.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tracer/calls.h"
#include "tracer/faults.h"
#include "tracer/files.h"
#include "tracer/last_look.h"
#include "tracer/memory.h"
#include "tracer/missing.h"
#include "tracer/stops.h"
#include "tracer/task.h"
#include "tracer/unwind.h"
#include "tracer/wait.h"

/*
 * A few refusals may meet a program that waits and asks again; who asks on
 * and on costs real time only.
 */
#define REFUSED_FORKS_MAX 500

/* One task more than may live at once: the program is told so. */
static enum call_action refuse_fork(struct engine *engine, struct task *task)
{
	engine_note_limit(engine, task, "processes", engine->limits.processes);
	task->progressed = false;
	task->result = -EAGAIN;
	if (++engine->refused_forks > REFUSED_FORKS_MAX)
		engine_limit(engine, "processes", engine->limits.processes);
	return CALL_DONE;
}

enum call_action enter_fork(struct engine *engine, struct task *task)
{
	if (faults_refuse_fork(engine, task)) {
		task->progressed = false;
		task->result = -EAGAIN;
		return CALL_DONE;
	}
	if ((int)engine->count >= engine->limits.processes_made) {
		engine_limit(engine, "processes-made",
			engine->limits.processes_made);
		task->result = -EAGAIN;
		return CALL_DONE;
	}
	if ((int)engine->live < engine->limits.processes)
		return CALL_RUN;
	return refuse_fork(engine, task);
}

static struct task *child_by_inner(const struct engine *engine, long pid)
{
	struct task *child = task_by_inner(engine, (pid_t)pid);

	return child && child->number == child->process->number ? child : NULL;
}

static void note_reap(
	struct engine *engine, struct task *task, struct task *child)
{
	struct process *process = child->process;
	struct event event;

	if (!process->dead || process->reaped)
		return;
	process->reaped = true;
	event = task_event(engine, EVENT_REAP, task);
	event.other = child->number;
	event.status =
		WIFEXITED(process->status) ? WEXITSTATUS(process->status) : -1;
	event.signal =
		WIFSIGNALED(process->status) ? WTERMSIG(process->status) : 0;
	event.call = task->call->name;
	engine_event(engine, &event);
}

static enum call_action wait_for_child(
	struct engine *engine, struct task *task, long pid)
{
	const struct task *child = pid > 0 ? child_by_inner(engine, pid) : NULL;

	task->wait.holder = child ? child->number : -1;
	task->wait.retry = RETRY_CHILD;
	return wait_for(engine, task, WAIT_RETRY, "child", CLOCK_NEVER);
}

static enum exit_action hold_for_child(
	struct engine *engine, struct task *task, long pid)
{
	wait_for_child(engine, task, pid);
	return EXIT_BLOCK;
}

/*
 * Would the call wait, beyond doubt?  It has a living child to wait for, and
 * none that has ended.  What is doubtful the kernel is asked.
 */
static bool has_to_wait(
	const struct engine *engine, const struct task *task, long pid)
{
	const struct process *process = task->process;
	bool lives = false;
	size_t i;

	if (process->no_zombies || pid == 0 || pid < -1)
		return false;
	for (i = task_children_from(engine, process); i < engine->count; i++) {
		const struct task *child = engine->tasks[i];

		if (child->process->number != child->number ||
			child->process->parent != process->number ||
			child->process->reaped)
			continue;
		if (child->process->dead)
			return false;
		lives |= child->process->is_plain_child &&
			 (pid == -1 || child->inner_tid == pid);
	}
	return lives;
}

/* The children of the task that can be waited for. */
struct waitable {
	size_t living, dead;
	struct task *ended; /* one of the dead */
};

static struct waitable find_waitable(
	const struct engine *engine, const struct task *task)
{
	struct waitable found = {0, 0, NULL};
	size_t i;

	for (i = task_children_from(engine, task->process); i < engine->count;
		i++) {
		struct task *child = engine->tasks[i];
		const struct process *process = child->process;

		if (process->number != child->number ||
			process->parent != task->process->number ||
			process->reaped)
			continue;
		found.living += !process->dead;
		found.dead += process->dead;
		if (process->dead)
			found.ended = child;
	}
	return found;
}

/* Can the kernel write the status there? */
static bool takes_status(const struct task *task, uint64_t address)
{
	uint32_t word;

	return !address ||
	       (memory_read(task, address, &word, sizeof(word)) &&
		       memory_give(task, address, &word, sizeof(word)));
}

/*
 * What the call will do is sure: it reaps the only child that has ended, or
 * there is none at all.  So nobody need look at its result.
 */
static bool wait_is_sure(struct engine *engine, struct task *task, long pid)
{
	struct waitable children;
	struct task *ended;

	if (task->process->no_zombies || (task->args[2] & ~(uint64_t)WNOHANG) ||
		task->args[3])
		return false;
	children = find_waitable(engine, task);
	ended = children.ended;
	if (children.living == 0 && children.dead == 0) {
		task->progressed = false;
		return true;
	}
	/* a zombie, and not one that a wait has reaped and not told of */
	if (!ended || children.dead > 1 || !ended->process->is_plain_child ||
		(pid != -1 && pid != ended->inner_tid) ||
		kill(ended->process->tgid, 0) != 0 ||
		!takes_status(task, task->args[1]))
		return false;
	task->progressed = true;
	note_reap(engine, task, ended);
	return true;
}

enum call_action enter_wait4(struct engine *engine, struct task *task)
{
	const long pid = (long)(int)task->args[0];

	if (task->args[2] == 0 && has_to_wait(engine, task, pid))
		return wait_for_child(engine, task, pid);
	if (wait_is_sure(engine, task, pid))
		return CALL_RUN_FREE;
	task->run.rdx = task->args[2] | WNOHANG;
	task->run_changed = true;
	return CALL_RUN;
}

enum exit_action exit_wait4(
	struct engine *engine, struct task *task, long result)
{
	static const char zeroes[144]; /* struct rusage */
	struct task *child;

	if (result == 0 && !(task->args[2] & WNOHANG))
		return hold_for_child(engine, task, (long)(int)task->args[0]);
	task->progressed = result > 0;
	if (result <= 0)
		return EXIT_ON;
	if (task->args[3])
		memory_write(task, task->args[3], zeroes, sizeof(zeroes));
	child = child_by_inner(engine, result);
	if (child && !child->process->dead)
		engine->out->looked = true;
	else if (child)
		note_reap(engine, task, child);
	return EXIT_ON;
}

enum call_action enter_waitid(struct engine *engine, struct task *task)
{
	(void)engine;
	task->run.r10 = task->args[3] | WNOHANG;
	if (!task->args[2])
		task->run.rdx = task->regs.rsp - SCRATCH_BELOW;
	task->run_changed = true;
	return CALL_RUN;
}

/* waitid(P_PIDFD) of a pidfd with PIDFD_NONBLOCK. */
static bool waits_not(const struct engine *engine, const struct task *task)
{
	struct file file;
	bool is_so;

	if (task->args[0] != P_PIDFD)
		return false;
	file = file_open(engine, task, (int)task->args[1]);
	is_so = file.fd >= 0 && (fcntl(file.fd, F_GETFL) & O_NONBLOCK);
	file_close(&file);
	return is_so;
}

static long awaited_pid(const struct engine *engine, const struct task *task)
{
	const struct task *child;
	int error;

	if (task->args[0] == P_PID)
		return (long)task->args[1];
	if (task->args[0] != P_PIDFD)
		return -1;
	child = pidfd_target(engine, task, (int)task->args[1], &error);
	return child ? child->inner_tid : -1;
}

enum exit_action exit_waitid(
	struct engine *engine, struct task *task, long result)
{
	uint64_t address =
		task->args[2] ? task->args[2] : task->regs.rsp - SCRATCH_BELOW;
	siginfo_t info;
	struct task *child;

	if (result < 0 || !memory_read(task, address, &info, sizeof(info)))
		return EXIT_ON;
	if (info.si_signo == 0 && !(task->args[3] & WNOHANG)) {
		if (waits_not(engine, task)) {
			task->progressed = false;
			task->result = -EAGAIN;
			return EXIT_ON;
		}
		return hold_for_child(engine, task, awaited_pid(engine, task));
	}
	task->progressed = info.si_signo != 0;
	if (info.si_signo == 0)
		return EXIT_ON;
	engine->out->looked |= (task->args[3] & WNOWAIT) ||
			       info.si_code == CLD_STOPPED ||
			       info.si_code == CLD_CONTINUED;
	if (task->args[3] & WNOWAIT)
		return EXIT_ON;
	child = child_by_inner(engine, info.si_pid);
	if (child)
		note_reap(engine, task, child);
	return EXIT_ON;
}

enum call_action enter_exec(struct engine *engine, struct task *task)
{
	last_look_at_buffers(engine, task);
	return CALL_RUN;
}

/* Only one that failed comes back. */
enum exit_action exit_exec(
	struct engine *engine, struct task *task, long result)
{
	bool at = task->call->number == SYS_execveat;

	if (result < 0)
		missing_note_program(
			engine, task, task->args[at ? 1 : 0], result);
	return EXIT_ON;
}

enum call_action enter_exit(struct engine *engine, struct task *task)
{
	if (task->call->number == SYS_exit_group)
		task->process->left_directly =
			unwind_called_directly(engine, task, &task->regs);
	stops_exits(engine, task);
	return CALL_RUN_FREE;
}

enum call_action enter_run(struct engine *engine, struct task *task)
{
	(void)engine;
	(void)task;
	return CALL_RUN;
}

enum call_action enter_run_free(struct engine *engine, struct task *task)
{
	(void)engine;
	(void)task;
	return CALL_RUN_FREE;
}

/* Asked for anew before it can matter to anybody. */
enum call_action enter_munmap(struct engine *engine, struct task *task)
{
	memory_remapped(engine, task);
	return CALL_RUN_FREE;
}

enum call_action enter_getppid(struct engine *engine, struct task *task)
{
	const struct process *process = task->process;

	task->result = process->parent < 0
			       ? 1
			       : engine->tasks[process->parent]->inner_tid;
	return CALL_DONE;
}

enum exit_action exit_prctl(
	struct engine *engine, struct task *task, long result)
{
	(void)engine;
	if (result == 0 && task->args[0] == PR_SET_PDEATHSIG)
		task->parent_death_signal = (int)task->args[1];
	if (result == 0 && task->args[0] == PR_SET_CHILD_SUBREAPER)
		task->process->subreaper = task->args[1] != 0;
	return EXIT_ON;
}

enum call_action enter_set_tid_address(struct engine *engine, struct task *task)
{
	(void)engine;
	task->clear_tid = task->args[0];
	return CALL_RUN_FREE;
}

enum call_action enter_sched_yield(struct engine *engine, struct task *task)
{
	(void)engine;
	task->result = 0;
	return CALL_DONE;
}
