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
	{0},
};

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	int low = (int)rule_number(rule, "min", run, 0);
	int high = (int)rule_number(rule, "max", run, 0), count = 0;
	auto_free char *what = line_labels(rule, "observations", run);

	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];

		if (!line_is(rule, "observations", seen))
			continue;
		count++;
		rule_show(result, seen->event);
	}
	if ((count >= low && count <= high) || !rule_fail(result))
		return;
	if (high == 0) {
		rule_say_zh(
			result, "不该出现“%s”，却出现了 %d 行。", what, count);
		rule_say_en(result, "'%s' must not appear, but %d line(s) did.",
			what, count);
	} else if (count == 0) {
		rule_say_zh(result, "“%s”一行也没有出现。", what);
		rule_say_en(result, "no line '%s' appeared.", what);
	} else if (low == high) {
		rule_say_zh(result, "“%s”应有 %d 行，实际 %d 行。", what, low,
			count);
		rule_say_en(result, "%d line(s) '%s' expected, %d seen.", low,
			what, count);
	} else {
		rule_say_zh(result, "“%s”应有 %d 到 %d 行，实际 %d 行。", what,
			low, high, count);
		rule_say_en(result, "%d to %d line(s) '%s' expected, %d seen.",
			low, high, what, count);
	}
}

const struct rule_kind RULE_COUNT = {
	.name = "count",
	.meaning = "the number of lines of the kinds is in the range",
	.fields = FIELDS,
	.judge = judge,
};
