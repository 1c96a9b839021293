/*
 * Tasks and processes: how they come, what their end brings about.
 */
#define _GNU_SOURCE
#include "tracer/task.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/call_futex.h"
#include "tracer/call_lock.h"
#include "tracer/call_timer.h"
#include "tracer/engine.h"
#include "tracer/files.h"
#include "tracer/stops.h"
#include "tracer/wait.h"

static struct process *process_new(struct engine *engine,
	const struct task *creator, pid_t tgid, int number, bool shares_memory)
{
	struct process *process = xcalloc(1, sizeof(*process));

	process->number = number;
	process->tgid = tgid;
	process->pidfd = (int)syscall(SYS_pidfd_open, tgid, 0);
	if (process->pidfd < 0)
		engine_trouble(engine, -errno, "pidfd_open");
	process->memory = number;
	process->parent = process->guardian = -1;
	if (creator) {
		process->guardian = creator->number;
		process->parent = creator->process->number;
		process->caught = creator->process->caught;
		process->ignored = creator->process->ignored;
		process->interrupting = creator->process->interrupting;
		process->no_zombies = creator->process->no_zombies;
		memcpy(process->regions, creator->process->regions,
			sizeof(process->regions));
		process->region_count = creator->process->region_count;
		process->quiet = creator->process->quiet;
		file_inherit(process, creator->process);
		if (shares_memory)
			process->memory = creator->process->memory;
	}
	return process;
}

/* By whom and where it is created, as far as that can be told. */
static uint32_t role_of_child(const struct task *creator)
{
	uint64_t mixed = creator->pc + creator->role;

	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)(mixed >> 32) | 1;
}

struct task *task_add(struct engine *engine, struct task *creator, pid_t tid,
	bool is_thread, bool shares_memory)
{
	struct task *task = xcalloc(1, sizeof(*task));

	task->number = trace_add_task(&engine->out->trace,
		creator ? creator->number : -1, is_thread, 0,
		engine->clock.now_ns / 1000);
	task->tid = tid;
	task->creator = creator ? creator->number : -1;
	task->role = creator ? role_of_child(creator) : 0;
	task->vfork_child = -1;
	task->pending_fork = -1;
	task->io_fd = -1;
	task->near = xcalloc(1, sizeof(*task->near));
	engine->memory_shared |= shares_memory && !is_thread;
	task->wait.deadline_ns = CLOCK_NEVER;
	task->idle_ns = engine->clock.now_ns;
	task->wait.holder = -1;
	assert(creator || !is_thread);
	if (creator)
		creator->guards = true;
	if (is_thread)
		task->process = creator->process;
	else
		task->process = process_new(
			engine, creator, tid, task->number, shares_memory);
	task->process->threads++;
	task->process->had_threads |= is_thread;
	grow_array(&engine->tasks, engine->count, &engine->capacity,
		sizeof(*engine->tasks));
	engine->tasks[engine->count++] = task;
	grow_array(&engine->alive, engine->alive_count, &engine->alive_capacity,
		sizeof(*engine->alive));
	engine->alive[engine->alive_count++] = task;
	engine->live++;
	return task;
}

struct task *task_by_tid(const struct engine *engine, pid_t tid)
{
	size_t i;

	for (i = 0; i < engine->alive_count; i++)
		if (engine->alive[i]->tid == tid &&
			engine->alive[i]->state != TASK_DEAD)
			return engine->alive[i];
	return NULL;
}

struct task *task_by_inner(const struct engine *engine, pid_t inner)
{
	size_t i = engine->count;

	while (i-- > 0) /* the youngest, should a number come again */
		if (engine->tasks[i]->inner_tid == inner)
			return engine->tasks[i];
	return NULL;
}

struct task *process_leader(
	const struct engine *engine, const struct process *process)
{
	return engine->tasks[process->number];
}

bool process_gone(const struct process *process)
{
	return process->reaped || (process->dead && process->parent < 0);
}

static bool is_settled(const struct task *task)
{
	return task->state == TASK_DEAD &&
	       (task->number != task->process->number ||
		       process_gone(task->process));
}

void task_settle(struct engine *engine)
{
	if (engine->settled == 0)
		engine->settled = 1;
	while (engine->settled < engine->count &&
		is_settled(engine->tasks[engine->settled]))
		engine->settled++;
}

size_t task_children_from(
	const struct engine *engine, const struct process *process)
{
	size_t next = (size_t)process->number + 1;

	return next > engine->settled ? next : engine->settled;
}

/* A new program: handlers are gone, memory is its own, so are timers. */
void task_exec(struct engine *engine, struct task *task)
{
	struct process *process = task->process;

	process->caught = process->interrupting = 0;
	process->memory = process->number;
	process->region_count = process->mapping_count = 0;
	process->quiet = false;
	task->clear_tid = 0;
	timers_ended(engine, process);
	file_forget_all(process); /* close-on-exec */
}

/* The kernel has already forgotten a child that need not be reaped. */
static void note_auto_reap(struct engine *engine, struct task *leader)
{
	struct process *process = leader->process;
	struct event event;

	if (process->parent < 0 || kill(process->tgid, 0) == 0 ||
		errno != ESRCH)
		return;
	process->reaped = true;
	event = task_event(engine, EVENT_REAP, engine->tasks[process->parent]);
	event.other = leader->number;
	event.status =
		WIFEXITED(process->status) ? WEXITSTATUS(process->status) : -1;
	event.signal =
		WIFSIGNALED(process->status) ? WTERMSIG(process->status) : 0;
	event.call = "auto";
	engine_event(engine, &event);
}

static void note_zombie(struct engine *engine, const struct process *child)
{
	struct event event =
		task_event(engine, EVENT_ZOMBIE, engine->tasks[child->number]);

	event.status =
		WIFEXITED(child->status) ? WEXITSTATUS(child->status) : -1;
	event.signal = WIFSIGNALED(child->status) ? WTERMSIG(child->status) : 0;
	engine_event(engine, &event);
}

/* The nearest subreaper above, or the jail init. */
static int adopter(const struct engine *engine, const struct process *process)
{
	while (process->parent >= 0) {
		process = engine->tasks[process->parent]->process;
		if (process->subreaper && !process->dead)
			return process->number;
	}
	return -1;
}

/* Zombies that PROCESS leaves to who adopts them; the jail init reaps. */
static void leave_zombies(struct engine *engine, struct process *process)
{
	int heir = process == engine->main ? -1 : adopter(engine, process);
	size_t i;

	/* who is a child of a process, or passes to it, is younger */
	for (i = (size_t)process->number + 1; i < engine->count; i++) {
		struct task *task = engine->tasks[i];
		struct process *child = task->process;

		if (child->number != task->number || !child->dead ||
			child->reaped)
			continue;
		if (child->parent != process->number &&
			(process != engine->main ||
				engine->spec->outlives_main))
			continue;
		if (child->parent < 0)
			continue;
		engine->left_zombies = true;
		if (heir >= 0) {
			child->parent = heir;
			engine->signals_dirty = true; /* SIGCHLD for the heir */
			continue;
		}
		note_zombie(engine, child);
		child->reaped = true;
		child->parent = -1;
	}
}

/* The first thread of the process that lives, but for those who all end. */
static int first_living(
	const struct engine *engine, const struct process *process)
{
	if (process->dead || process->killed)
		return -1;
	for (size_t i = (size_t)process->number; i < engine->count; i++)
		if (engine->tasks[i]->process == process &&
			engine->tasks[i]->state != TASK_DEAD)
			return (int)i;
	return -1;
}

/* A thread's children pass to another of its process, else to who adopts. */
static int next_guardian(const struct engine *engine, const struct task *ended)
{
	int next = first_living(engine, ended->process), heir;

	if (next >= 0)
		return next;
	heir = adopter(engine, ended->process);
	return heir < 0 ? -1
			: first_living(engine, engine->tasks[heir]->process);
}

/*
 * PR_SET_PDEATHSIG goes by the thread that made the child, prctl(2), and then
 * by the one that it has passed to.
 */
static void send_death_signals(struct engine *engine, struct task *parent)
{
	int next;
	size_t i;

	if (!parent->guards)
		return;
	next = next_guardian(engine, parent);
	if (next >= 0)
		engine->tasks[next]->guards = true;
	for (i = 0; i < engine->count; i++) {
		struct task *task = engine->tasks[i];
		struct process *child = task->process;
		struct event event;
		int signal = task->parent_death_signal;

		if (child->guardian != parent->number ||
			task->state == TASK_DEAD || signal == 0 ||
			child == parent->process)
			continue;
		event = task_event(engine, EVENT_SIGNAL_SENT, parent);
		event.other = child->number;
		event.signal = signal;
		engine_event(engine, &event);
		engine->signals_dirty = true;
		if (signal == SIGKILL)
			stops_await_killed(engine, child);
	}
	for (i = 0; i < engine->count; i++)
		if (engine->tasks[i]->process->guardian == parent->number)
			engine->tasks[i]->process->guardian = next;
}

static void leave_orphans(struct engine *engine, struct process *process)
{
	size_t i;

	for (i = (size_t)process->number + 1; i < engine->count; i++) {
		struct task *task = engine->tasks[i];
		struct event event;

		if (task->process->number != task->number ||
			task->process->dead ||
			task->process->parent != process->number)
			continue;
		task->process->parent = adopter(engine, process);
		event = task_event(engine, EVENT_ORPHAN, task);
		event.other = process->number;
		engine_event(engine, &event);
	}
}

static void exit_event(struct engine *engine, struct task *task, int status)
{
	struct event event = task_event(engine, EVENT_EXIT, task);

	event.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	event.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (WIFEXITED(status) && task->process->left_directly)
		event.call = "_exit";
	engine_event(engine, &event);
}

static void main_ended(struct engine *engine, int status)
{
	struct run_outcome *out = engine->out;

	if (engine->quiet)
		return; /* our own clearing up */
	out->main_ended = true;
	out->main_end_us = engine->clock.now_ns / 1000;
	out->main_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	out->main_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void process_ended(
	struct engine *engine, struct process *process, int status)
{
	struct task *leader = process_leader(engine, process);

	process->dead = true;
	process->status = status;
	file_forget_all(process);
	/* closing what it had open may have sent SIGIO to anybody */
	engine->signals_dirty |= engine->sigio;
	output_flush(engine, leader);
	locks_ended(engine, leader);
	exit_event(engine, leader, status);
	if (process == engine->main)
		main_ended(engine, status);
	note_auto_reap(engine, leader);
	leave_zombies(engine, process);
	clock_timer_remove_owned(
		&engine->clock, CLOCK_TIMER_ALARM, process->number);
	timers_ended(engine, process);
	if (process->pidfd >= 0)
		close(process->pidfd);
	process->pidfd = -1;
}

static void release_vfork_parent(
	struct engine *engine, const struct task *child)
{
	size_t i;

	for (i = 0; i < engine->count; i++)
		if (engine->tasks[i]->state == TASK_VFORK &&
			engine->tasks[i]->vfork_child == child->number)
			engine->tasks[i]->state = TASK_READY;
}

/*
 * Whom a task's end may have sent a signal: of a process, its parent SIGCHLD;
 * of a thread, those that share its queue take over.  The kernel also wakes
 * process groups that are stopped and left alone.
 */
static void mark_signals(struct engine *engine, const struct process *ended)
{
	int number = ended->threads > 0 ? ended->number : ended->parent;
	size_t i;

	for (i = 0; i < engine->alive_count; i++)
		if (engine->alive[i]->state == TASK_STOPPED)
			engine->signals_dirty = true;
	if (number < 0)
		return;
	engine->tasks[number]->process->signals_dirty = true;
	engine->signals_marked = true;
}

void task_ended(struct engine *engine, struct task *task, int status)
{
	struct process *process = task->process;
	struct futex_key joined = {
		2, (uint64_t)process->memory, task->clear_tid, 0};
	int i;

	wait_clear(engine, task);
	if (task->io_fd >= 0)
		close(task->io_fd);
	task->io_fd = -1;
	task->state = TASK_DEAD;
	engine->live--;
	engine->deaths = true;
	engine->changes++;
	engine->effects++;
	process->threads--;
	if (task->number != process->number && process->threads > 0)
		exit_event(engine, task, status);
	if (task->clear_tid)
		futex_wake_key(engine, &joined, 1, UINT32_MAX, task);
	for (i = 0; i < task->robust_count; i++)
		futex_wake_key(engine, &task->robust[i], 1, UINT32_MAX, task);
	pi_owner_ended(engine, task);
	release_vfork_parent(engine, task);
	if (process->threads == 0)
		process_ended(engine, process, status);
	mark_signals(engine, process);
	engine_wake_retries(engine, RETRY_ALL);
	send_death_signals(engine, task);
	if (process->threads == 0)
		leave_orphans(engine, process);
}

void task_free_all(struct engine *engine)
{
	size_t i;

	for (i = engine->count; i-- > 0;) {
		struct task *task = engine->tasks[i];

		wait_clear(engine, task);
		if (task->io_fd >= 0)
			close(task->io_fd);
		if (task->process->number == task->number) {
			if (task->process->pidfd >= 0)
				close(task->process->pidfd);
			file_forget_all(task->process);
			buf_release(&task->process->partial[0]);
			buf_release(&task->process->partial[1]);
			free(task->process);
		}
		free(task->near);
		free(task);
	}
	free(engine->tasks);
	free(engine->alive);
}
