/*
 * soon-after: a line comes at most so long after the last line of some other
 * kinds; where there is none, after the program's start.  Who waits for an
 * event and then speaks does so when it has come; who only sleeps for long
 * enough speaks late.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "the line"},
	{"after", RULE_OBSERVATIONS, true, NULL, "the lines before it"},
	{"seconds", RULE_NUMBER, true, NULL, "most virtual time between"},
	{0},
};

static const struct observation *last_before(const struct rule *rule,
	const struct observed_run *run, const struct observation *seen)
{
	while (seen-- > run->observations)
		if (line_is(rule, "after", seen))
			return seen;
	return NULL;
}

static void judge_line(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, struct rule_result *result)
{
	const struct observation *before = last_before(rule, run, seen);
	double most = rule_number(rule, "seconds", run, 0);
	double from = before ? rule_seconds(before->time_us) : 0;
	double to = rule_seconds(seen->time_us);
	const char *text = run->trace->events[seen->event].text;

	if (to <= from + most + RULE_TOLERANCE || !rule_fail(result))
		return;
	if (before)
		rule_show(result, before->event);
	rule_show(result, seen->event);
	rule_say_zh(result,
		"“%s”出现在第 %.1f 秒，而它等的事在第 %.1f 秒就已经发生了。",
		text, to, from);
	rule_say_en(result,
		"'%s' came at %.1f s, but what it waits for had happened at "
		"%.1f s.",
		text, to, from);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i]))
			judge_line(rule, run, &run->observations[i], result);
}

const struct rule_kind RULE_SOON_AFTER = {
	.name = "soon-after",
	.meaning = "a line comes soon after the last of some others",
	.fields = FIELDS,
	.judge = judge,
};
