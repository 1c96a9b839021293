/*
 * count: how many lines of the kinds there are.
 */
#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "the lines"},
	{"min", RULE_NUMBER, true, NULL, "at least so many"},
	{"max", RULE_NUMBER, true, NULL, "at most so many"},
	{"by", RULE_CHOICE, false, "main|child",
		"only those that main, or another process, writes"},
	{"all_ended", RULE_FLAG, false, NULL,
		"no line is missing where a process lives on after main"},
	{0},
};

#define MANY 1000 /* a bound like this is none */

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	int low = (int)rule_number(rule, "min", run, 0);
	int high = (int)rule_number(rule, "max", run, 0), count = 0;
	auto_free char *what = line_labels(rule, "observations", run);
	const char *by = rule_text(rule, "by");
	const char *zh = !by          ? ""
			 : *by == 'm' ? "（主进程输出的）"
				      : "（子进程输出的）";
	const char *en = !by ? "" : *by == 'm' ? " of main" : " of a child";

	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];

		if (!line_is(rule, "observations", seen) ||
			!line_is_by(rule, seen))
			continue;
		count++;
		rule_show(result, seen->event);
	}
	if (count < low && rule_leaves_aside(rule, run))
		return;
	if ((count >= low && count <= high) || !rule_fail(result))
		return;
	if (high == 0) {
		rule_say_zh(result, "不该出现“%s”%s，却出现了 %d 行。", what,
			zh, count);
		rule_say_en(result,
			"'%s'%s must not appear, but %d line(s) did.", what, en,
			count);
	} else if (count == 0) {
		rule_say_zh(result, "“%s”%s一行也没有出现。", what, zh);
		rule_say_en(result, "no line '%s'%s appeared.", what, en);
	} else if (low == high) {
		rule_say_zh(result, "“%s”%s应有 %d 行，实际 %d 行。", what, zh,
			low, count);
		rule_say_en(result, "%d line(s) '%s'%s expected, %d seen.", low,
			what, en, count);
	} else if (count < low && high >= MANY) {
		rule_say_zh(result, "“%s”%s应至少有 %d 行，实际 %d 行。", what,
			zh, low, count);
		rule_say_en(result,
			"at least %d line(s) '%s'%s expected, %d seen.", low,
			what, en, count);
	} else {
		rule_say_zh(result, "“%s”%s应有 %d 到 %d 行，实际 %d 行。",
			what, zh, low, high, count);
		rule_say_en(result,
			"%d to %d line(s) '%s'%s expected, %d seen.", low, high,
			what, en, count);
	}
}

const struct rule_kind RULE_COUNT = {
	.name = "count",
	.meaning = "the number of lines of the kinds is in the range",
	.fields = FIELDS,
	.judge = judge,
};
