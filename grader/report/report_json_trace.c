/*
 * The traces in report.json.  They are most of it, so they are written
 * without the indentation of the rest and without fields that say nothing.
 */
#include <inttypes.h>
#include <string.h>

#include "grader/report/report.h"
#include "trace/trace_json.h"

static void add_string(struct buf *out, const char *name, const char *text)
{
	struct buf clean = {0};

	if (!text)
		return;
	buf_add_clean(&clean, text, strlen(text));
	buf_addf(out, ",\"%s\":", name);
	trace_json_write_string(out, buf_text(&clean));
	buf_release(&clean);
}

/* Unless it is the NEUTRAL one. */
static void add_whole(
	struct buf *out, const char *name, int64_t value, int64_t neutral)
{
	if (value != neutral)
		buf_addf(out, ",\"%s\":%" PRId64, name, value);
}

static void add_event(struct buf *out, const struct told_event *event)
{
	const char *zh = event->what.zh ? event->what.zh : "";
	const char *en = event->what.en ? event->what.en : "";

	buf_addf(out,
		"{\"seq\":%" PRIu32 ",\"time_us\":%" PRId64
		",\"task\":%d,\"kind\":\"%s\"",
		event->seq, event->time_us, event->task,
		event_kind_name(event->kind));
	add_whole(out, "other", event->other, -1);
	add_whole(out, "value", event->value, 0);
	add_whole(out, "offset", event->offset, 0);
	add_whole(out, "status", event->status, -1);
	add_whole(out, "signal", event->signal, 0);
	add_string(out, "object", event->object);
	add_string(out, "text", event->text);
	add_string(out, "after", event->after);
	add_string(out, "call", event->call);
	add_string(out, "place", event->place);
	buf_adds(out, ",\"messages\":{\"zh\":");
	trace_json_write_string(out, zh);
	buf_adds(out, ",\"en\":");
	trace_json_write_string(out, en);
	buf_adds(out, "}}");
}

static void add_tasks(struct buf *out, const struct told_trace *trace)
{
	buf_adds(out, ",\n\"tasks\":[");
	for (size_t i = 0; i < trace->task_count; i++) {
		const struct told_task *task = &trace->tasks[i];

		buf_addf(out, "%s\n{\"parent\":%d,\"process\":%d", i ? "," : "",
			task->parent, task->process);
		buf_addf(out, ",\"born_us\":%" PRId64 ",\"died_us\":%" PRId64,
			task->born_us, task->died_us);
		add_string(out, "name", task->name);
		buf_addc(out, '}');
	}
	buf_adds(out, "],\n\"switches\":[");
	for (size_t i = 0; i < trace->switch_count; i++)
		buf_addf(out,
			"%s{\"position\":%" PRIu32 ",\"from\":%d,\"to\":%d}",
			i ? "," : "", trace->switches[i].position,
			trace->switches[i].from, trace->switches[i].to);
	buf_addc(out, ']');
}

static void add_trace(
	struct buf *out, const struct told_trace *trace, size_t end)
{
	buf_addf(out, "{\"event_total\":%zu,\"right\":%s", trace->event_total,
		trace->right ? "true" : "false");
	add_string(out, "scenario", trace->scenario);
	add_string(out, "hash", trace->hash);
	add_tasks(out, trace);
	buf_adds(out, ",\n\"events\":[");
	for (size_t i = 0; i < trace->event_count && out->length < end; i++) {
		buf_adds(out, i ? ",\n" : "\n");
		add_event(out, &trace->events[i]);
	}
	buf_adds(out, "]}");
}

void report_json_write_traces(struct buf *out, const struct verdict *verdict)
{
	size_t end = out->length + REPORT_TRACES_MAX;

	buf_addc(out, '[');
	for (size_t i = 0; i < verdict->trace_count && out->length < end; i++) {
		buf_adds(out, i ? ",\n" : "\n");
		add_trace(out, &verdict->traces[i], end);
	}
	buf_addc(out, ']');
}
