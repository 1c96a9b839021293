/* How a run ends: before its time, or with main and what it left behind. */
#include <stdarg.h>
#include <stdio.h>

#include "tracer/engine.h"

int engine_trouble(struct engine *engine, int code, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!engine->error)
		engine->error = err_errno(engine->err, code, "%s", text);
	engine->stop = true;
	return code;
}

void engine_unsupported(
	struct engine *engine, struct task *task, const char *what)
{
	struct event event = task_event(engine, EVENT_UNSUPPORTED, task);

	event.call = what;
	engine_event(engine, &event);
	engine_stop(engine, RUN_END_UNSUPPORTED, what);
}

void engine_stop(struct engine *engine, enum run_end end, const char *call)
{
	if (engine->stop)
		return;
	engine->stop = true;
	engine->out->end = end;
	engine->out->call = call;
}

/* Who lives when main's last instant is over is left behind, an orphan. */
static void note_left(struct engine *engine)
{
	size_t i;

	if (engine->left_noted)
		return;
	engine->left_noted = true;
	for (i = 0; i < engine->count; i++) {
		struct task *task = engine->tasks[i];
		struct event event;

		if (task->number != task->process->number ||
			task->process->dead)
			continue;
		event = task_event(engine, EVENT_LEFT, task);
		engine_event(engine, &event);
	}
}

void engine_end_after_main(struct engine *engine)
{
	note_left(engine);
	engine_stop(engine, RUN_END_EXITED, NULL);
}

bool engine_is_over(struct engine *engine, int64_t next_ns)
{
	const struct run_outcome *out = engine->out;
	int64_t follow_us = engine->spec->after_main_us;

	if (!out->main_ended || engine->spec->outlives_main)
		return false;
	if (follow_us > 0 && next_ns / 1000 - out->main_end_us <= follow_us) {
		note_left(engine);
		return false;
	}
	engine_end_after_main(engine);
	return true;
}
