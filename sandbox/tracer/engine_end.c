/* How a run ends before its time. */
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
