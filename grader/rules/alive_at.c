/*
 * alive-at: when a line is written, so many processes beside main live, or are
 * still to be born (a helper may be making them), and every process that prints
 * one of some other lines, before or later, is one of them.  What counts is the
 * order of events, not the virtual instant: who is killed first and spoken of
 * then is not alive.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "the line"},
	{"min", RULE_NUMBER, true, NULL, "at least so many processes"},
	{"printers", RULE_OBSERVATIONS, false, NULL,
		"all processes that print such lines"},
	{0},
};

/* Event with which the task ended; the count of events if it did not. */
static size_t end_of(const struct trace *trace, int task)
{
	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_EXIT &&
			trace->events[i].task == task)
			return i;
	return trace->event_count;
}

static void judge_line(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, struct rule_result *result)
{
	const struct trace *trace = run->trace;
	double least = rule_number(rule, "min", run, 0), alive = 0;
	const char *text = trace->events[seen->event].text;
	size_t first = trace->event_count;

	for (size_t i = 1; i < trace->task_count; i++) {
		size_t end = end_of(trace, (int)i);

		if (trace->tasks[i].is_thread)
			continue;
		if (end > seen->event) {
			alive++;
			continue;
		}
		if (first == trace->event_count || end > first)
			first = end;
		if (!line_is_printed(rule, "printers", run, (int)i) ||
			!rule_fail(result))
			continue;
		rule_show(result, end);
		rule_show(result, seen->event);
		rule_say_zh(result, "%s 在“%s”之前就结束了，它应当还活着。",
			observed_name(run, (int)i), text);
		rule_say_en(result,
			"%s ended before '%s', it should still be alive then.",
			observed_name(run, (int)i), text);
	}
	if (alive >= least || !rule_fail(result))
		return;
	if (first < trace->event_count)
		rule_show(result, first);
	rule_show(result, seen->event);
	rule_say_zh(result,
		"输出“%s”时除主进程外只有 %.0f 个进程活着，应当至少有 "
		"%.0f 个。",
		text, alive, least);
	rule_say_en(result,
		"when '%s' is written, %.0f process(es) beside main are alive, "
		"not at least %.0f.",
		text, alive, least);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i]))
			judge_line(rule, run, &run->observations[i], result);
}

const struct rule_kind RULE_ALIVE_AT = {
	.name = "alive-at",
	.meaning = "when a line is written, other processes are still alive",
	.fields = FIELDS,
	.judge = judge,
};
