/*
 * tells-time: a number in a line is the virtual time at which the line is
 * written, since the program's start, in seconds.  A number that was worked
 * out instead of measured is wrong as soon as something takes longer.
 */
#include <stdlib.h>
#include <string.h>

#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "the line"},
	{"group", RULE_NAME, true, NULL, "group of the number, in seconds"},
	{"whole", RULE_FLAG, false, NULL,
		"a number without a point may be rounded, up or down"},
	{0},
};

/* Who tells whole seconds has looked at a clock of whole seconds. */
static double tolerance(const struct rule *rule, const char *value)
{
	if (rule_get(rule, "whole")->flag && value && !strpbrk(value, ".,eE"))
		return 1;
	return RULE_TOLERANCE + 1e-6; /* a told 0.1 is no exact one */
}

static void judge_line(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, struct rule_result *result)
{
	const char *text = run->trace->events[seen->event].text;
	const char *value = observation_value(seen, rule_text(rule, "group"));
	double time = rule_seconds(seen->time_us);
	char *end = NULL;
	double told = value ? strtod(value, &end) : 0;
	double most = tolerance(rule, value);

	if (!value || end == value || *end) {
		if (!rule_fail(result))
			return;
		rule_show(result, seen->event);
		rule_say_zh(result,
			"“%s”里应当有一个时间：十进制的秒数，不带单位。", text);
		rule_say_en(result,
			"'%s' should tell a time: seconds as a decimal number, "
			"without a unit.",
			text);
		return;
	}
	if ((told >= time - most && told <= time + most) || !rule_fail(result))
		return;
	rule_show(result, seen->event);
	rule_say_zh(result,
		"“%s”里的时间是 %.2f 秒，而从程序开始到这一行实际过了 %.2f "
		"秒（虚拟时间）。",
		text, told, time);
	rule_say_en(result,
		"'%s' tells of %.2f s, but %.2f s of virtual time have passed "
		"from the program's start to this line.",
		text, told, time);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i]))
			judge_line(rule, run, &run->observations[i], result);
}

const struct rule_kind RULE_TELLS_TIME = {
	.name = "tells-time",
	.meaning = "a number in a line is the virtual time of the line (to "
		   "0.1 s)",
	.fields = FIELDS,
	.judge = judge,
};
