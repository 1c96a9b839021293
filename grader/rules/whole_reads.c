/*
 * whole-reads: nobody ever reads a half-written file, nor tells a number that
 * the file never held (a reader may look at its size alone).
 *
 * Judged when the grader delayed a reader into another's rewrite (a fault of
 * the scenario).  When that never happened because the file was never half
 * written at all, the rule holds as well; otherwise this run does not show it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/files.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"file", RULE_NAME, true, NULL, "its name"},
	{"value", RULE_NAME, true, NULL, "the field with the number"},
	{"observation", RULE_OBSERVATION, false, NULL, "line of the readers"},
	{"group", RULE_NAME, false, NULL, "group of the number they tell"},
	{"start", RULE_NUMBER, false, NULL, "number at the beginning"},
	{0},
};

static bool fault_came(const struct trace *trace)
{
	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_FAULT)
			return true;
	return false;
}

/* True when some single change left the file half written. */
static bool was_partial(const struct rule *rule, const struct observed_run *run)
{
	const char *file = rule_text(rule, "file");
	const char *key = rule_text(rule, "value");
	const struct trace *trace = run->trace;
	bool any = false;
	int64_t ignored;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		bool here = event->object && !strcmp(event->object, file);

		if (event->kind == EVENT_RENAME)
			here = event->text && !strcmp(event->text, file);
		else if (event->kind != EVENT_WRITE &&
			 event->kind != EVENT_TRUNCATE)
			here = false;
		if (!here)
			continue;
		any = true;
		if (!file_value(event->after, key, &ignored))
			return true;
	}
	return !any;
}

static void judge_reads(const struct rule *rule, const struct observed_run *run,
	const struct file_history *history, struct rule_result *result)
{
	int64_t ignored;

	for (size_t i = 0; i < history->count; i++) {
		const struct file_access *read = &history->accesses[i];
		const char *who = observed_name(run, read->actor);

		if (read->change ||
			file_value(read->content, rule_text(rule, "value"),
				&ignored) ||
			!rule_fail(result))
			continue;
		for (size_t j = i; j > 0; j--)
			if (history->accesses[j - 1].change) {
				rule_show(
					result, history->accesses[j - 1].first);
				break;
			}
		rule_show(result, read->first);
		rule_show(result, read->last);
		rule_say_zh(result, "%s 读到了写了一半的文件：“%s”。", who,
			read->content);
		rule_say_en(result, "%s read a half-written file: '%s'.", who,
			read->content);
	}
}

/* Did the file hold that number, whole, at some time before the event? */
static bool was_held(const struct rule *rule, const struct observed_run *run,
	const struct file_history *history, int64_t number, size_t event)
{
	int64_t held;

	if (number == (int64_t)rule_number(rule, "start", run, 0))
		return true;
	for (size_t i = 0; i < history->count; i++)
		if (history->accesses[i].change &&
			history->accesses[i].first < event &&
			file_value(history->accesses[i].content,
				rule_text(rule, "value"), &held) &&
			held == number)
			return true;
	return false;
}

static void judge_lines(const struct rule *rule, const struct observed_run *run,
	const struct file_history *history, struct rule_result *result)
{
	const char *group = rule_text(rule, "group");

	for (size_t i = 0; group && i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		const char *text = run->trace->events[seen->event].text;

		if (!line_is(rule, "observation", seen) ||
			was_held(rule, run, history,
				observation_number(seen, group, -1),
				seen->event) ||
			!rule_fail(result))
			continue;
		rule_show(result, seen->event);
		rule_say_zh(result,
			"“%"
			"s”：文件里从来没有过这个数，读到的是写了一半的文件。",
			text);
		rule_say_en(result,
			"'%s': the file never held that number; it was caught "
			"half-written.",
			text);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	struct file_history history;

	(void)memory;
	file_history_make(&history, run, rule_text(rule, "file"));
	judge_reads(rule, run, &history, result);
	judge_lines(rule, run, &history, result);
	if (result->state == RULE_HOLDS && !fault_came(run->trace) &&
		was_partial(rule, run) && rule_cannot_judge(result)) {
		rule_say_zh(result, "这次运行没有机会把读者推迟到别人改写的"
				    "中途，这一项由人来评。");
		rule_say_en(result, "no reader could be delayed into another's "
				    "rewrite: a person has to judge this.");
	}
	file_history_release(&history);
}

const struct rule_kind RULE_WHOLE_READS = {
	.name = "whole-reads",
	.meaning = "nobody reads a half-written file",
	.fields = FIELDS,
	.judge = judge,
};
