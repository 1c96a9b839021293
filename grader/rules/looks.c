#include "grader/rules/looks.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/lines.h"

#define SAME_MOMENT_US 1000

static bool is_look(const struct event *event)
{
	return event->kind == EVENT_FAULT && event->object &&
	       (!strcmp(event->object, "look") ||
		       !strcmp(event->object, "signal"));
}

/* The first that FITS; the fault's own time is that of the event. */
static bool find(
	const struct observed_run *run, int64_t time_us, struct look *look)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (!is_look(event) ||
			event->time_us > time_us + SAME_MOMENT_US ||
			event->time_us < time_us - SAME_MOMENT_US)
			continue;
		*look = (struct look){
			.event = i,
			.process = observed_process(run, event->task),
			.time_us = event->time_us,
		};
		return true;
	}
	return false;
}

bool look_find_at(
	const struct observed_run *run, double seconds, struct look *look)
{
	return find(run, (int64_t)llround(seconds * 1e6), look);
}

bool look_find(const struct rule *rule, const struct observed_run *run,
	struct rule_result *result, struct look *look)
{
	bool at_end = !rule_text(rule, "at");
	double seconds = rule_number(
		rule, "at", run, rule_seconds(run->outcome->main_end_us));

	if ((!at_end || run->outcome->main_ended) &&
		look_find_at(run, seconds, look))
		return true;
	if (!rule_fail(result))
		return false;
	result->follows = true;
	if (at_end && !run->outcome->main_ended) {
		rule_say_zh(result, "主进程没有结束，这一项无法成立。");
		rule_say_en(result, "main did not end, so this cannot hold.");
	} else {
		rule_say_zh(result, "到第 %.1f 秒程序已经全部结束。", seconds);
		rule_say_en(result, "by %.1f s all of the program had ended.",
			seconds);
	}
	return false;
}

size_t look_state(const struct observed_run *run, const struct look *look,
	const char *what)
{
	const struct trace *trace = run->trace;

	for (size_t i = look->event + 1;
		i < trace->event_count && trace->events[i].kind == EVENT_STATE;
		i++)
		if (!strcmp(trace->events[i].object, what))
			return i;
	return trace->event_count;
}

const char *look_file(const struct observed_run *run, const struct look *look,
	const char *name)
{
	auto_free char *what = xasprintf("file %s", name);
	size_t event = look_state(run, look, what);
	const char *text;

	if (event == run->trace->event_count)
		return NULL;
	text = run->trace->events[event].text;
	return text ? text : "";
}

bool look_changes(const struct event *event, const char *name)
{
	switch (event->kind) {
	case EVENT_WRITE:
	case EVENT_TRUNCATE:
	case EVENT_UNLINK:
		return event->object && !strcmp(event->object, name);
	case EVENT_RENAME:
		return (event->object && !strcmp(event->object, name)) ||
		       (event->text && !strcmp(event->text, name));
	default:
		return false;
	}
}

void look_show_changes(const struct observed_run *run, const char *name,
	size_t from, size_t to, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = from; i < to && i < trace->event_count; i++)
		if ((trace->events[i].kind == EVENT_START &&
			    trace->events[i].task > 0) ||
			look_changes(&trace->events[i], name))
			rule_show(result, i);
}

const char *final_text(const struct observed_run *run, const char *name)
{
	const struct run_outcome *outcome = run->outcome;

	for (size_t i = 0; i < outcome->file_count; i++)
		if (!strcmp(outcome->files[i].name, name))
			return outcome->files[i].data ? outcome->files[i].data
						      : "";
	return NULL;
}
