/*
 * no-later: line number k of a key comes at most `seconds` of virtual time
 * after line number k - lag of another kind with the same key; where there is
 * no such line it may come at any time.
 *
 * It tells that who waits for something is woken by it, and at once; so it is
 * for lines between which their process does nothing that takes time.
 */
#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "the later line"},
	{"than", RULE_OBSERVATION, true, NULL, "the earlier line"},
	{"key", RULE_NAMES, false, NULL, "groups that both have in common"},
	{"index", RULE_NAME, false, NULL,
		"group of the number (default: as they come, from 0)"},
	{"lag", RULE_NUMBER, true, NULL, "difference of the numbers"},
	{"seconds", RULE_NUMBER, true, NULL, "most virtual time between"},
	{0},
};

static void judge_line(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, struct rule_result *result)
{
	int64_t lag = (int64_t)rule_number(rule, "lag", run, 0);
	double seconds = rule_number(rule, "seconds", run, 0);
	const struct observation *behind = line_behind(rule, run, seen, lag);
	const struct event *events = run->trace->events;
	double own, other;

	if (!behind)
		return;
	own = rule_seconds(seen->time_us);
	other = rule_seconds(behind->time_us);
	if (own <= other + seconds + RULE_TOLERANCE || !rule_fail(result))
		return;
	rule_show(result, behind->event);
	rule_show(result, seen->event);
	rule_say_zh(result,
		"“%s”出现在第 %.1f 秒，太晚了：“%s”在第 %.1f "
		"秒就已经有了。",
		events[seen->event].text, own, events[behind->event].text,
		other);
	rule_say_en(result,
		"'%s' came at %.1f s, too late: '%s' was there at %.1f s.",
		events[seen->event].text, own, events[behind->event].text,
		other);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i]))
			judge_line(rule, run, &run->observations[i], result);
}

const struct rule_kind RULE_NO_LATER = {
	.name = "no-later",
	.meaning = "a line comes no later than some time after another",
	.fields = FIELDS,
	.judge = judge,
};
