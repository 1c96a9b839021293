/*
 * What the grader does to the program on purpose; see enum run_fault_kind.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/alloc.h"
#include "tracer/engine.h"

static void fault_event(struct engine *engine, const struct task *task,
	const char *what, int signal)
{
	struct event event = task_event(engine, EVENT_FAULT, task);

	event.object = what;
	event.signal = signal;
	event.other = task->number;
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
	task->idle_held = false;
	task->held_until_ns =
		clock_after(engine->clock.now_ns, fault->for_us * 1000);
	return true;
}

/* Made just now: it has not run yet. */
static bool delay_birth(struct engine *engine, const struct run_fault *fault)
{
	struct task *task = nth_child(engine, fault->nth);

	if (!task)
		return false;
	fault_event(engine, task, "late", 0);
	task->idle_held = false;
	task->held_until_ns =
		clock_after(engine->clock.now_ns, fault->for_us * 1000);
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
	}
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
		if (++process_leader(engine, task->process)->file_reads != 2 ||
			engine->holders_seen++ != fault->nth)
			return;
		fault_event(engine, task, "kill", SIGKILL);
		engine->faults_done[i] = true;
		kill(task->process->tgid, SIGKILL);
		stops_await_killed(engine, task->process);
		return;
	}
}
