/*
 * What the grader does to the program on purpose; see enum run_fault_kind.
 */
#define _GNU_SOURCE
#include "tracer/faults.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/alloc.h"
#include "hooks/hooks.h"
#include "tracer/engine.h"
#include "tracer/files.h"
#include "tracer/memory.h"
#include "tracer/stops.h"
#include "tracer/task.h"

static void fault_event(struct engine *engine, const struct task *task,
	const char *what, int signal)
{
	struct event event = task_event(engine, EVENT_FAULT, task);

	event.object = what;
	event.signal = signal;
	event.other = task ? task->number : -1;
	event.call = task && task->call ? task->call->name : NULL;
	engine_event(engine, &event);
}

/* The NTH child: main's descendants by creation, threads not counted. */
static struct task *nth_child(const struct engine *engine, int nth)
{
	size_t i;

	for (i = 1; i < engine->count; i++) {
		struct task *task = engine->tasks[i];

		if (task->number == task->process->number && nth-- == 0)
			return task;
	}
	return NULL;
}

static bool kill_main(struct engine *engine)
{
	struct task *main = engine->tasks[0];

	if (main->process->dead)
		return true;
	fault_event(engine, main, "kill", SIGKILL);
	kill(main->process->tgid, SIGKILL);
	stops_await_killed(engine, main->process);
	return true;
}

/*
 * Every scheduling point of anybody is a chance while main lives: what main
 * leaves to the others depends on how far they have come.
 */
static bool kill_main_at(struct engine *engine, size_t which)
{
	size_t *chances = &engine->out->fault_chances[which];

	if (engine->main->dead)
		return true;
	if (engine->out->steps < engine->faults_counted)
		return false; /* the same point again, as time went on */
	return (*chances)++ == (size_t)engine->spec->faults[which].nth &&
	       kill_main(engine);
}

static void hold(const struct engine *engine, struct task *task, int64_t for_us)
{
	task->idle_held = false;
	task->held_until_ns = clock_after(engine->clock.now_ns, for_us * 1000);
}

/* When it is about to go on: it goes on later. */
static bool stop_child(struct engine *engine, const struct run_fault *fault)
{
	struct task *task = nth_child(engine, fault->nth);

	if (!task)
		return false;
	if (task->process->dead)
		return true;
	if (task->state != TASK_AT_CALL ||
		(task->wait.kind != WAIT_NONE && task->wait.woken == WAKE_NOT))
		return false;
	fault_event(engine, task, "stop", 0);
	hold(engine, task, fault->for_us);
	return true;
}

/* Made just now: it has not run yet. */
static bool delay_birth(struct engine *engine, const struct run_fault *fault)
{
	struct task *task = nth_child(engine, fault->nth);

	if (!task)
		return false;
	fault_event(engine, task, "late", 0);
	hold(engine, task, fault->for_us);
	return true;
}

/* Is it the moment for a LOOK or SIGNAL?  Before the end, if at all. */
static bool is_moment(struct engine *engine, const struct run_fault *fault)
{
	if (fault->readable)
		return engine->out->main_ended &&
		       look_named(engine, fault->object) != NULL;
	return !fault->main_ended || engine->main_over;
}

static bool look(struct engine *engine, const struct run_fault *fault)
{
	struct task *task;

	if (!is_moment(engine, fault))
		return false;
	task = look_for(engine, fault);
	fault_event(engine, task, "look", 0);
	look_record(engine, task);
	return true;
}

/* As from kill(1): from outside, to the whole process. */
static bool send_signal(struct engine *engine, const struct run_fault *fault)
{
	struct task *task;

	if (!is_moment(engine, fault))
		return false;
	task = look_for(engine, fault);
	fault_event(engine, task, "signal", fault->signal);
	if (!task)
		return true;
	kill(task->process->tgid, fault->signal);
	engine->signals_dirty = true;
	if (fault->signal == SIGKILL)
		stops_await_killed(engine, task->process);
	else if (fault->signal == SIGCONT)
		stops_continue(engine, task->process);
	return true;
}

static bool opens(const struct task *task, const char *name)
{
	char path[256];
	bool at;

	if (task->state != TASK_AT_CALL || !task->call ||
		(task->call->number != SYS_open &&
			task->call->number != SYS_openat))
		return false;
	at = task->call->number == SYS_openat;
	return memory_string(
		       task, task->args[at ? 1 : 0], path, sizeof(path)) &&
	       (!name || strcmp(file_path_shown(path), name) == 0);
}

/* Held until somebody else changes the file, then the very next to run. */
static bool delay_read(struct engine *engine, const struct run_fault *fault)
{
	struct task *task = nth_child(engine, fault->nth);

	if (!task)
		return false;
	if (task->process->dead)
		return true;
	if (!opens(task, fault->object))
		return false;
	fault_event(engine, task, "delay", 0);
	task->idle_held = false;
	task->held_until_ns = CLOCK_NEVER;
	engine->delayed = task;
	engine->delayed_object = fault->object;
	return true;
}

void faults_apply(struct engine *engine)
{
	const struct run_spec *spec = engine->spec;
	size_t i;

	for (i = 0; i < spec->fault_count && !engine->stop; i++) {
		const struct run_fault *fault = &spec->faults[i];

		if (engine->faults_done[i] ||
			engine->clock.now_ns / 1000 < fault->at_us)
			continue;
		if (fault->kind == RUN_FAULT_KILL_MAIN)
			engine->faults_done[i] = kill_main(engine);
		else if (fault->kind == RUN_FAULT_STOP_CHILD)
			engine->faults_done[i] = stop_child(engine, fault);
		else if (fault->kind == RUN_FAULT_LATE_CHILD)
			engine->faults_done[i] = delay_birth(engine, fault);
		else if (fault->kind == RUN_FAULT_DELAY_READ)
			engine->faults_done[i] = delay_read(engine, fault);
		else if (fault->kind == RUN_FAULT_KILL_MAIN_AT)
			engine->faults_done[i] = kill_main_at(engine, i);
		else if (fault->kind == RUN_FAULT_LOOK)
			engine->faults_done[i] = look(engine, fault);
		else if (fault->kind == RUN_FAULT_SIGNAL)
			engine->faults_done[i] = send_signal(engine, fault);
	}
	engine->faults_counted = engine->out->steps + 1;
}

void faults_file_changed(
	struct engine *engine, const struct event *event, const char *name)
{
	struct task *task = engine->delayed;

	if (!task || event->task == task->number || !name ||
		(engine->delayed_object &&
			strcmp(name, engine->delayed_object) != 0))
		return;
	faults_release(engine);
	engine->forced = task;
}

void faults_release(struct engine *engine)
{
	if (engine->delayed)
		engine->delayed->held_until_ns = 0;
	engine->delayed = NULL;
}

/*
 * KILL_HOLDER: a task that begins to read the file a second time has entered
 * its critical section, whatever the lock is made of.
 */
void faults_file_read(
	struct engine *engine, struct task *task, const struct event *event)
{
	const struct run_spec *spec = engine->spec;
	bool counted = false;
	size_t i;

	if (event->offset != 0)
		return;
	for (i = 0; i < spec->fault_count; i++) {
		const struct run_fault *fault = &spec->faults[i];

		if (fault->kind != RUN_FAULT_KILL_HOLDER ||
			engine->faults_done[i] ||
			(fault->object &&
				strcmp(fault->object, event->object) != 0))
			continue;
		if (!counted)
			process_leader(engine, task->process)->file_reads++;
		counted = true;
		if (process_leader(engine, task->process)->file_reads != 2 ||
			engine->out->fault_chances[i]++ != (size_t)fault->nth)
			continue;
		fault_event(engine, task, "kill", SIGKILL);
		engine->faults_done[i] = true;
		kill(task->process->tgid, SIGKILL);
		stops_await_killed(engine, task->process);
		return;
	}
}

/* The number of the task's process among main's descendants, from 0. */
static int child_number(const struct engine *engine, const struct task *task)
{
	int number = 0;
	size_t i;

	for (i = 1; (int)i < task->process->number; i++)
		if (engine->tasks[i]->number ==
			engine->tasks[i]->process->number)
			number++;
	return number;
}

static bool is_for(const struct engine *engine, const struct run_fault *fault,
	const struct task *task)
{
	if (fault->call && strcmp(fault->call, task->call->name) != 0)
		return false;
	if (fault->who == RUN_FAULT_ANYBODY)
		return true;
	if (task->process == engine->main)
		return fault->who == RUN_FAULT_MAIN;
	return fault->who == RUN_FAULT_CHILD + child_number(engine, task);
}

/*
 * The fault of that KIND that meets the call, if any.  All of the kind count
 * it as a chance, on the file NAME where it is about one.
 */
static const struct run_fault *meet(struct engine *engine,
	const struct task *task, enum run_fault_kind kind, const char *name)
{
	const struct run_spec *spec = engine->spec;
	const struct run_fault *met = NULL;
	size_t i;

	for (i = 0; i < spec->fault_count; i++) {
		const struct run_fault *fault = &spec->faults[i];
		size_t chance;

		if (fault->kind != kind ||
			engine->clock.now_ns / 1000 < fault->at_us ||
			!is_for(engine, fault, task) ||
			(fault->object &&
				(!name || strcmp(fault->object, name) != 0)))
			continue;
		chance = engine->out->fault_chances[i]++;
		if (chance == (size_t)fault->nth ||
			(chance > (size_t)fault->nth &&
				(fault->repeat || kind == RUN_FAULT_ENOSPC)))
			met = fault;
	}
	return met;
}

static void call_event(struct engine *engine, const struct task *task,
	const char *what, uint64_t bytes)
{
	struct event event = task_event(engine, EVENT_FAULT, task);

	event.object = what;
	event.other = task->number;
	event.call = task->call->name;
	event.value = (int64_t)bytes;
	engine_event(engine, &event);
}

bool faults_interrupt(struct engine *engine, const struct task *task)
{
	if (!meet(engine, task, RUN_FAULT_EINTR, task->wait.object))
		return false;
	call_event(engine, task, "eintr", 0);
	return true;
}

bool faults_refuse_fork(struct engine *engine, const struct task *task)
{
	if (!meet(engine, task, RUN_FAULT_FORK_EAGAIN, NULL))
		return false;
	call_event(engine, task, "fork-eagain", 0);
	return true;
}

void faults_slow(struct engine *engine, struct task *task)
{
	const struct run_fault *fault =
		task->call->number == HOOKS_POINT
			? NULL
			: meet(engine, task, RUN_FAULT_SLOW_CALL, NULL);

	if (!fault)
		return;
	call_event(engine, task, "slow", 0);
	hold(engine, task, fault->for_us);
}

bool faults_fill_disk(
	struct engine *engine, const struct task *task, const struct file *file)
{
	struct file regular = *file;

	if (file->kind != FILE_REGULAR)
		return false;
	file_read_flags(&regular);
	if (!regular.writable ||
		!meet(engine, task, RUN_FAULT_ENOSPC, file_name(engine, file)))
		return false;
	call_event(engine, task, "enospc", 0);
	return true;
}

uint64_t faults_shorten(struct engine *engine, const struct task *task,
	const struct file *file, bool is_write, uint64_t total)
{
	enum run_fault_kind kind =
		is_write ? RUN_FAULT_SHORT_WRITE : RUN_FAULT_SHORT_READ;
	const struct run_fault *fault;
	uint64_t bytes;

	if (total < 2)
		return 0;
	fault = meet(engine, task, kind, file_name(engine, file));
	if (!fault)
		return 0;
	bytes = fault->bytes > 0 ? (uint64_t)fault->bytes : total / 2;
	if (bytes >= total)
		bytes = total - 1;
	call_event(
		engine, task, is_write ? "short-write" : "short-read", bytes);
	return bytes;
}
