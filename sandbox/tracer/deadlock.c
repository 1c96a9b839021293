/*
 * What the trace tells of a deadlock: who waits for what, and who has it.
 * That it is one has been proved by engine.c.
 */
#include "tracer/engine.h"
#include "tracer/files.h"

/* The thread at whose end the kernel would wake the task's futex, or -1. */
static int joined_thread(const struct engine *engine, const struct task *task)
{
	size_t i;

	for (i = 0; i < engine->count; i++) {
		const struct task *other = engine->tasks[i];

		if (other->clear_tid == task->wait.futex_address &&
			other->process == task->process && other != task &&
			other->state != TASK_DEAD)
			return other->number;
	}
	return -1;
}

/* The child that lives, if there is but one, or -1. */
static int only_child(const struct engine *engine, const struct task *task)
{
	int found = -1;
	size_t i;

	for (i = 0; i < engine->count; i++) {
		const struct process *process = engine->tasks[i]->process;

		if (process->number != engine->tasks[i]->number ||
			process->parent != task->process->number ||
			process->dead)
			continue;
		if (found >= 0)
			return -1;
		found = process->number;
	}
	return found;
}

/* Who could let the task go on, now that nobody will; -1 unknown. */
static int holder_at_last(const struct engine *engine, const struct task *task)
{
	const struct wait *wait = &task->wait;

	if (wait->holder >= 0 || task->state != TASK_AT_CALL)
		return wait->holder;
	if (wait->kind == WAIT_FUTEX)
		return joined_thread(engine, task);
	if (wait->kind == WAIT_RETRY && wait->retry == RETRY_CHILD)
		return only_child(engine, task);
	return -1;
}

void engine_deadlock(struct engine *engine)
{
	size_t i;

	for (i = 0; i < engine->count; i++) {
		struct task *task = engine->tasks[i];
		struct event event;

		if (task->state == TASK_DEAD ||
			task->state == TASK_ZOMBIE_LEADER)
			continue;
		event = task_event(engine, EVENT_DEADLOCK, task);
		event.object = task->wait.object;
		event.other = holder_at_last(engine, task);
		if (event.other < 0)
			event.other = pipe_writer(engine, task);
		event.call = task->call ? task->call->name : NULL;
		if (task->state == TASK_PARKED || task->idle.spinning ||
			task->nap_futile)
			event.call = "busy-wait";
		if (task->state == TASK_STOPPED)
			event.call = "stopped";
		engine_event(engine, &event);
	}
	engine_stop(engine, RUN_END_DEADLOCK, NULL);
}
