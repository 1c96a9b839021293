/* The traces of a report.  A number that names a task must be one. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report_fields.h"
#include "grader/report_verdict.h"

#define BIG (INT64_C(1) << 53)

static int read_task(
	const struct json_node *node, size_t number, struct told_task *task)
{
	struct fields fields = fields_of(node);

	task->name = field_needed(&fields, "name");
	/* a parent is made before its children */
	task->parent = (int)field_whole(
		&fields, "parent", -1, (int64_t)number - 1, -1);
	task->process =
		(int)field_whole(&fields, "process", 0, (int64_t)number, 0);
	task->born_us = field_whole(&fields, "born_us", 0, BIG, 0);
	task->died_us = field_whole(&fields, "died_us", -1, BIG, -1);
	return fields.error;
}

static void read_kind(struct fields *fields, struct told_event *event)
{
	auto_free char *name = field_needed(fields, "kind");
	int kind = name ? event_kind_by_name(name) : 0;

	if (kind < 0)
		fields->error = json_fail(&fields->node, "kind",
			"there is no event '%.40s'", name);
	else
		event->kind = (enum event_kind)kind;
}

static int read_event(
	const struct json_node *node, int64_t tasks, struct told_event *event)
{
	struct fields fields = fields_of(node);

	event->seq = (uint32_t)field_whole(&fields, "seq", 0, UINT32_MAX, 0);
	event->time_us = field_whole(&fields, "time_us", 0, BIG, 0);
	event->task = (int)field_whole(&fields, "task", -1, tasks - 1, -1);
	event->other = (int)field_whole(&fields, "other", -1, tasks - 1, -1);
	event->value = field_whole(&fields, "value", -BIG, BIG, 0);
	event->offset = field_whole(&fields, "offset", -BIG, BIG, 0);
	event->status = (int)field_whole(&fields, "status", -1, 255, -1);
	event->signal = (int)field_whole(&fields, "signal", 0, 64, 0);
	read_kind(&fields, event);
	event->object = field_text(&fields, "object");
	event->text = field_text(&fields, "text");
	event->after = field_text(&fields, "after");
	event->call = field_text(&fields, "call");
	event->place = field_text(&fields, "place");
	event->what = field_both(&fields, "messages");
	return fields.error;
}

static int read_switches(
	struct fields *fields, int64_t tasks, struct told_trace *trace)
{
	struct json_node list;
	size_t count = field_list(fields, "switches", &list);

	trace->switches = xcalloc(count + 1, sizeof(*trace->switches));
	for (size_t i = 0; i < count && !fields->error; i++) {
		struct told_switch *made = &trace->switches[i];
		struct json_node node = json_element(&list, i);
		struct fields inner = fields_of(&node);

		made->position = (uint32_t)field_whole(
			&inner, "position", 0, UINT32_MAX, 0);
		made->from =
			(int)field_whole(&inner, "from", -1, tasks - 1, -1);
		made->to = (int)field_whole(&inner, "to", -1, tasks - 1, -1);
		fields->error = inner.error;
	}
	trace->switch_count = count;
	return fields->error;
}

static int read_trace(const struct json_node *node, struct told_trace *trace)
{
	struct fields fields = fields_of(node);
	struct json_node list;
	int64_t total;

	trace->scenario = field_needed(&fields, "scenario");
	trace->hash = field_needed(&fields, "hash");
	trace->right = field_bool(&fields, "right");
	trace->task_count = field_list(&fields, "tasks", &list);
	trace->tasks = xcalloc(trace->task_count + 1, sizeof(*trace->tasks));
	for (size_t i = 0; i < trace->task_count && !fields.error; i++) {
		struct json_node element = json_element(&list, i);

		fields.error = read_task(&element, i, &trace->tasks[i]);
	}
	read_switches(&fields, (int64_t)trace->task_count, trace);
	trace->event_count = field_list(&fields, "events", &list);
	trace->events = xcalloc(trace->event_count + 1, sizeof(*trace->events));
	for (size_t i = 0; i < trace->event_count && !fields.error; i++) {
		struct json_node element = json_element(&list, i);

		fields.error = read_event(&element, (int64_t)trace->task_count,
			&trace->events[i]);
	}
	total = field_whole(&fields, "event_total", (int64_t)trace->event_count,
		BIG, (int64_t)trace->event_count);
	trace->event_total = (size_t)total;
	return fields.error;
}

int report_traces_read(const struct json_node *root, struct verdict *verdict)
{
	struct fields fields = fields_of(root);
	struct json_node list;
	size_t count = field_list(&fields, "traces", &list);

	verdict->traces = xcalloc(count + 1, sizeof(*verdict->traces));
	verdict->trace_count = count;
	for (size_t i = 0; i < count && !fields.error; i++) {
		struct json_node element = json_element(&list, i);

		fields.error = read_trace(&element, &verdict->traces[i]);
	}
	return fields.error;
}
