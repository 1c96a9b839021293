/*
 * when: the virtual time at which lines are written.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "the lines"},
	{"min", RULE_NUMBER, true, NULL, "no earlier, in seconds"},
	{"max", RULE_NUMBER, true, NULL, "no later, in seconds"},
	{"by", RULE_CHOICE, false, "main|child",
		"only those that main, or another process, writes"},
	{"first", RULE_NUMBER, false, NULL, "only so many of the lines"},
	{0},
};

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	double low = rule_number(rule, "min", run, 0);
	double high = rule_number(rule, "max", run, 0);
	double left = rule_number(rule, "first", run, 1e9);

	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		double got = rule_seconds(seen->time_us);
		const char *text = run->trace->events[seen->event].text;

		if (!line_is(rule, "observations", seen) ||
			!line_is_by(rule, seen) || left-- < 1 ||
			(got >= low - RULE_TOLERANCE &&
				got <= high + RULE_TOLERANCE) ||
			!rule_fail(result))
			continue;
		rule_show(result, seen->event);
		for (size_t j = 0; j < i; j++)
			if (line_is(rule, "observations",
				    &run->observations[j]))
				rule_show(result, run->observations[j].event);
		rule_say_zh(result,
			"“%s”出现在第 %.1f 秒，太%s了：应当在第 "
			"%.1f 秒%s。",
			text, got, got < low ? "早" : "晚",
			got < low ? low : high, got < low ? "之后" : "之前");
		rule_say_en(result,
			"'%s' came at %.1f s, too %s: it should "
			"come %s %.1f s.",
			text, got, got < low ? "early" : "late",
			got < low ? "after" : "by", got < low ? low : high);
	}
}

const struct rule_kind RULE_WHEN = {
	.name = "when",
	.meaning = "the lines come within a range of virtual time (to 0.1 s)",
	.fields = FIELDS,
	.judge = judge,
};
