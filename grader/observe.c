/*
 * Each output event on standard output is stripped of its blanks and given
 * to the patterns in their order; the first that matches makes it an
 * observation.  A process gets its display name from its first observation
 * whose pattern says `who`; main without one is "main", another process is
 * "child N" by creation.  Two processes that claim the same name are told
 * apart by their number, since that is just what a finding is about then.
 */
#include "grader/observe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"

int observed_process(const struct observed_run *run, int task)
{
	if (task < 0 || (size_t)task >= run->trace->task_count)
		return -1;
	return run->trace->tasks[task].process;
}

const char *observation_value(
	const struct observation *observation, const char *name)
{
	int index = pattern_value_index(observation->pattern, name);

	return index < 0 ? NULL : observation->values[index];
}

int64_t observation_number(const struct observation *observation,
	const char *name, int64_t fallback)
{
	const char *text = observation_value(observation, name);
	char *end;
	long long value;

	if (!text || !*text)
		return fallback;
	errno = 0;
	value = strtoll(text, &end, 10);
	return *end || errno ? fallback : value;
}

/* "路人{buyer}" with the observation's values put in. */
static char *fill_who(const struct observation *seen)
{
	const char *at = seen->pattern->who;
	struct buf out = {0};

	while (*at) {
		const char *close = *at == '{' ? strchr(at, '}') : NULL;

		if (close) {
			auto_free char *name =
				xstrndup(at + 1, (size_t)(close - at - 1));
			const char *value = observation_value(seen, name);

			buf_adds(&out, value ? value : "");
			at = close + 1;
		} else {
			buf_addc(&out, *at++);
		}
	}
	return buf_detach(&out);
}

static char *make_subject(const struct observation *seen)
{
	const char *group = seen->pattern->subject;
	const char *value = group ? observation_value(seen, group) : NULL;

	return value ? xasprintf("%s=%s", group, value) : xstrdup("");
}

/* Are the values those of the program's arguments that they have to be? */
static bool fits_arguments(
	const struct observed_run *run, const struct observation *seen)
{
	bool fits = true;

	for (size_t i = 0; fits && i < seen->pattern->name_count; i++) {
		auto_free char *argument = NULL;
		struct buf stripped = {0};

		if (seen->pattern->arguments[i] == 0)
			continue;
		argument = exercise_argument(run->exercise, run->scenario,
			seen->pattern->arguments[i]);
		pattern_strip(&stripped, argument ? argument : "");
		fits = argument &&
		       !strcmp(buf_text(&stripped), seen->values[i]);
		buf_release(&stripped);
	}
	return fits;
}

static void forget_values(struct observation *seen)
{
	for (size_t i = 0; i < PATTERN_VALUES_MAX; i++) {
		free(seen->values[i]);
		seen->values[i] = NULL;
	}
}

static void observe_line(struct observed_run *run, size_t index)
{
	const struct exercise *exercise = run->exercise;
	const struct event *event = &run->trace->events[index];
	struct observation seen = {
		.event = index,
		.task = event->task,
		.process = observed_process(run, event->task),
		.time_us = event->time_us,
	};
	struct buf line = {0};

	pattern_strip(&line, event->text ? event->text : "");
	for (size_t i = 0; i < exercise->pattern_count; i++) {
		const struct pattern *pattern = &exercise->patterns[i];

		if (!pattern_match(
			    pattern, buf_text(&line), line.length, seen.values))
			continue;
		seen.pattern = pattern;
		if (!fits_arguments(run, &seen)) {
			forget_values(&seen);
			continue;
		}
		seen.kind = pattern->kind;
		seen.subject = make_subject(&seen);
		run->observations[run->observation_count++] = seen;
		break;
	}
	buf_release(&line);
}

static bool is_line(const struct event *event)
{
	return event->kind == EVENT_OUTPUT && event->object &&
	       !strcmp(event->object, "stdout");
}

static void take_name(struct observed_run *run, int process, char *name)
{
	for (size_t i = 0; i < run->name_count; i++) {
		char *other = run->names[i];

		if (!other || strcmp(other, name) != 0)
			continue;
		run->names[process] = xasprintf("%s (child %d)", name, process);
		free(name);
		return;
	}
	run->names[process] = name;
}

/* "main 2" is that of the second start of the program. */
static char *name_of_number(const struct trace *trace, size_t number)
{
	size_t start = 1;

	if (number == 0)
		return xstrdup("main");
	if (trace->tasks[number].parent >= 0)
		return xasprintf("child %zu", number);
	for (size_t i = 0; i < number; i++)
		start += trace->tasks[i].parent < 0;
	return xasprintf("main %zu", start);
}

static void name_tasks(struct observed_run *run)
{
	const struct trace *trace = run->trace;

	run->name_count = trace->task_count;
	run->names = xcalloc(trace->task_count + 1, sizeof(*run->names));
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];

		if (seen->pattern->who && seen->process >= 0 &&
			!run->names[seen->process])
			take_name(run, seen->process, fill_who(seen));
	}
	for (size_t i = 0; i < trace->task_count; i++) {
		int process = trace->tasks[i].process;

		if (trace->tasks[i].is_thread && process < (int)i)
			run->names[i] = xasprintf(
				"%s (thread %zu)", run->names[process], i);
		else if (!run->names[i])
			run->names[i] = name_of_number(trace, i);
	}
}

void observe_run(struct observed_run *run)
{
	const struct trace *trace = run->trace;
	size_t lines = 0;

	for (size_t i = 0; i < trace->event_count; i++)
		lines += is_line(&trace->events[i]);
	run->observations = xcalloc(lines + 1, sizeof(*run->observations));
	run->observation_count = 0;
	for (size_t i = 0; i < trace->event_count; i++)
		if (is_line(&trace->events[i]) &&
			observed_process(run, trace->events[i].task) >= 0)
			observe_line(run, i);
	name_tasks(run);
}

void observed_run_release(struct observed_run *run)
{
	for (size_t i = 0; i < run->observation_count; i++) {
		free(run->observations[i].subject);
		forget_values(&run->observations[i]);
	}
	free(run->observations);
	for (size_t i = 0; i < run->name_count; i++)
		free(run->names[i]);
	free(run->names);
	run->observations = NULL;
	run->observation_count = 0;
	run->names = NULL;
	run->name_count = 0;
}

const char *observed_name(const struct observed_run *run, int task)
{
	if (task < 0 || (size_t)task >= run->name_count)
		return "?";
	return run->names[task];
}

size_t observed_main_exit(const struct observed_run *run)
{
	const struct trace *trace = run->trace;
	size_t last = trace->event_count;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_EXIT &&
			observed_process(run, event->task) == 0)
			last = i;
	}
	return last;
}
