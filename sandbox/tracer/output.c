#include "model/lines.h"
#include "tracer/engine.h"

struct sink {
	struct engine *engine;
	struct event event;
};

static const char *const stream_names[] = {"stdout", "stderr"};

static void emit_line(
	void *context, const char *line, size_t length, bool ended)
{
	struct sink *sink = context;

	sink->event.value = ended;
	engine_event_data(sink->engine, &sink->event, line, length, NULL, 0);
}

void output_add(struct engine *engine, struct task *task, int stream,
	const char *data, size_t length)
{
	struct sink sink = {engine, task_event(engine, EVENT_OUTPUT, task)};
	int64_t room = engine->limits.output_bytes - engine->output_bytes;

	sink.event.object = stream_names[stream];
	if ((int64_t)length > room) {
		length = room > 0 ? (size_t)room : 0;
		engine_limit(engine, "output", engine->limits.output_bytes);
	}
	engine->output_bytes +=
		length < RUN_CALL_BYTES ? RUN_CALL_BYTES : (int64_t)length;
	lines_add(&task->process->partial[stream], data, length, emit_line,
		&sink);
}

void output_flush(struct engine *engine, struct task *leader)
{
	struct sink sink = {engine, task_event(engine, EVENT_OUTPUT, leader)};
	int stream;

	for (stream = 0; stream < 2; stream++) {
		sink.event.object = stream_names[stream];
		lines_flush(
			&leader->process->partial[stream], emit_line, &sink);
	}
}
