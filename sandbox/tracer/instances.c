/*
 * Further starts of the program in the jail of a run: a second instance finds
 * what the first has made of the files, and may meet it alive.  The engine
 * schedules the tasks of all alike; "main" is that of the first start.
 *
 * A start is made while every task stands stopped, so that its process number
 * is always the same.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "clock/clock.h"
#include "tracer/engine.h"
#include "tracer/stops.h"
#include "tracer/task.h"

void instances_note(
	struct engine *engine, struct task *main, const char *const *argv)
{
	struct event event = task_event(engine, EVENT_START, main);
	struct buf line = {0};
	size_t i;

	for (i = 0; argv[i]; i++) {
		if (i > 0)
			buf_addc(&line, ' ');
		buf_adds(&line, argv[i]);
	}
	event.object = buf_text(&line);
	engine_event(engine, &event);
	buf_release(&line);
}

void instances_arm(struct engine *engine)
{
	const struct run_spec *spec = engine->spec;
	size_t i;

	for (i = 0; i < spec->start_count; i++) {
		struct clock_timer *timer = clock_timer_find(&engine->clock,
			clock_timer_add(&engine->clock, CLOCK_TIMER_FAULT, 0));

		timer->deadline_ns = spec->starts[i].at_us * 1000;
	}
}

static void fork_event(struct engine *engine, const struct task *task)
{
	struct event event = task_event(engine, EVENT_FORK, NULL);

	event.other = task->number;
	event.call = "start";
	engine_event(engine, &event);
}

static int start(struct engine *engine, const struct run_start *what)
{
	struct jail_spec spec = *engine->jail_spec;
	struct jail more;
	struct task *task;
	int error;

	if (what->argv)
		spec.argv = what->argv;
	error = jail_more(engine->jail, &spec, &more, engine->err);
	if (error)
		return error;
	task = task_add(engine, NULL, more.main, false, false);
	error = stops_start(engine, &more, task);
	jail_more_end(&more);
	if (error)
		return error;
	fork_event(engine, task);
	instances_note(engine, task, spec.argv);
	return 0;
}

void instances_start(struct engine *engine)
{
	const struct run_spec *spec = engine->spec;

	while (instances_are_due(engine) && !engine->stop) {
		const struct run_start *next =
			&spec->starts[engine->starts_done];
		int error;

		if (engine->clock.now_ns / 1000 < next->at_us)
			return;
		engine->starts_done++;
		error = start(engine, next);
		if (!error)
			continue;
		engine->error = error;
		engine->stop = true;
	}
}

bool instances_are_due(const struct engine *engine)
{
	return engine->starts_done < engine->spec->start_count;
}
