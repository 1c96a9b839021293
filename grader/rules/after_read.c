/*
 * after-read: some time passes between a process' read of a file and its line,
 * or (`to_change`) its change of the file before that line.
 *
 * To a line belongs what its process did to the file since its line before.
 * Nobody promises to read once only, so a process is given the read that suits
 * it: the earliest for the least time, the latest for the most.  A missing read
 * is not told when somebody maps the file: who reads memory is not seen.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/files.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"file", RULE_NAME, true, NULL, "its name"},
	{"observation", RULE_OBSERVATION, true, NULL, "the line"},
	{"to_change", RULE_FLAG, false, NULL,
		"to the last change before the line, if there is one"},
	{"min", RULE_NUMBER, false, NULL, "at least so many seconds"},
	{"max", RULE_NUMBER, false, NULL, "at most so many seconds"},
	{"needed", RULE_FLAG, false, NULL, "a line without a read fails"},
	{0},
};

/* What belongs to one line; NULL where there is none. */
struct reading {
	const struct file_access *change;            /* the last */
	const struct file_access *earliest, *latest; /* before END */
	int64_t end_us;
	size_t end; /* event: the line, or the beginning of the change */
};

/* First event that belongs to the line: behind the line before. */
static size_t first_event(
	const struct observed_run *run, const struct observation *seen)
{
	size_t first = 0;

	for (const struct observation *i = run->observations; i < seen; i++)
		if (i->process == seen->process)
			first = i->event + 1;
	return first;
}

/* The accesses of one kind by the line's process that belong to it. */
static void find_accesses(const struct file_history *history,
	const struct observation *seen, size_t from, size_t end, bool change,
	const struct file_access **earliest, const struct file_access **latest)
{
	for (size_t i = 0; i < history->count; i++) {
		const struct file_access *access = &history->accesses[i];

		if (access->change != change ||
			access->actor != seen->process ||
			access->first < from || access->first >= end)
			continue;
		if (!*earliest)
			*earliest = access;
		*latest = access;
	}
}

static struct reading find_reading(const struct rule *rule,
	const struct observed_run *run, const struct file_history *history,
	const struct observation *seen)
{
	size_t from = first_event(run, seen);
	const struct file_access *first_change = NULL;
	struct reading out = {.end_us = seen->time_us, .end = seen->event};

	find_accesses(
		history, seen, from, out.end, true, &first_change, &out.change);
	if (rule_get(rule, "to_change")->flag && out.change) {
		out.end = out.change->first;
		out.end_us = out.change->time_us;
	}
	find_accesses(history, seen, from, out.end, false, &out.earliest,
		&out.latest);
	return out;
}

static bool is_mapped(const struct observed_run *run, const char *file)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_READ && event->object && event->call &&
			!strcmp(event->object, file) &&
			!strcmp(event->call, "mmap"))
			return true;
	}
	return false;
}

static void judge_missing(const struct rule *rule,
	const struct observed_run *run, const struct observation *seen,
	struct rule_result *result)
{
	const char *file = rule_text(rule, "file");
	const char *text = run->trace->events[seen->event].text;

	if (!rule_get(rule, "needed")->flag || is_mapped(run, file) ||
		!rule_fail(result))
		return;
	rule_show(result, seen->event);
	rule_say_zh(result, "%s 输出“%s”之前没有（重新）读 %s。",
		observed_name(run, seen->process), text, file);
	rule_say_en(result, "%s wrote '%s' without reading %s (again) first.",
		observed_name(run, seen->process), text, file);
}

static void judge_time(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, const struct reading *reading,
	struct rule_result *result)
{
	const struct event *first =
		&run->trace->events[reading->earliest->first];
	double most = rule_seconds(reading->end_us - first->time_us);
	double least = rule_seconds(reading->end_us - reading->latest->time_us);
	double min = rule_number(rule, "min", run, 0);
	double max = rule_number(rule, "max", run, 1e9);
	bool early = most < min - RULE_TOLERANCE;
	const char *who = observed_name(run, seen->process);
	bool changes = reading->end != seen->event;

	if ((!early && least <= max + RULE_TOLERANCE) || !rule_fail(result))
		return;
	rule_show(result,
		early ? reading->earliest->first : reading->latest->last);
	rule_show(result, reading->end);
	rule_show(result, seen->event);
	rule_say_zh(result, "%s 读 %s 以后过了 %.1f 秒%s，应当%s %.1f 秒。",
		who, rule_text(rule, "file"), early ? most : least,
		changes ? "写回" : "输出", early ? "至少隔" : "最多隔",
		early ? min : max);
	rule_say_en(result,
		"%s %s %.1f s after it read %s; it should be at %s %.1f s.",
		who, changes ? "wrote back" : "wrote its line",
		early ? most : least, rule_text(rule, "file"),
		early ? "least" : "most", early ? min : max);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	struct file_history history;

	(void)memory;
	file_history_make(&history, run, rule_text(rule, "file"));
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		struct reading reading;

		if (!line_is(rule, "observation", seen))
			continue;
		reading = find_reading(rule, run, &history, seen);
		if (reading.earliest)
			judge_time(rule, run, seen, &reading, result);
		else
			judge_missing(rule, run, seen, result);
	}
	file_history_release(&history);
}

const struct rule_kind RULE_AFTER_READ = {
	.name = "after-read",
	.meaning = "some time passes between a read of a file and a line, or "
		   "the change of the file before it",
	.fields = FIELDS,
	.judge = judge,
};
