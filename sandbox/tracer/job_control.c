/*
 * Processes of several threads that are stopped and continued as a whole.
 */
#define _GNU_SOURCE
#include <sys/wait.h>

#include "tracer/engine.h"
#include "tracer/stops.h"
#include "tracer/wait.h"

/*
 * One thread has taken the signal that stops its whole process.  The others
 * stop when they return from the kernel: what they wait for is interrupted.
 */
void stops_others(struct engine *engine, const struct task *first)
{
	size_t i;

	for (i = 0; i < engine->count; i++) {
		struct task *task = engine->tasks[i];

		if (task == first || task->process != first->process ||
			task->state == TASK_DEAD ||
			task->state == TASK_STOPPED ||
			task->state == TASK_ZOMBIE_LEADER || task->stops)
			continue;
		task->stops = true;
		if (task->state == TASK_PARKED)
			task->state = TASK_READY;
	}
	engine->changes++;
}

void stops_continue(struct engine *engine, struct process *process)
{
	size_t i;
	int status;

	for (i = 0; i < engine->count; i++) {
		struct task *task = engine->tasks[i];

		if (task->process != process)
			continue;
		task->stops = false; /* SIGCONT takes it back */
		if (task->state != TASK_STOPPED)
			continue;
		if (stops_wait(engine, task, &status) == 0 &&
			WIFSTOPPED(status))
			task->state = TASK_READY;
	}
	engine_wake_retries(engine, RETRY_CHILD);
}
