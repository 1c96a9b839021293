/*
 * stderr-lines: the number of lines on standard error.
 */
#include <string.h>

#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"min", RULE_NUMBER, true, NULL, "at least so many"},
	{"max", RULE_NUMBER, true, NULL, "at most so many"},
	{0},
};

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;
	int low = (int)rule_number(rule, "min", run, 0);
	int high = (int)rule_number(rule, "max", run, 0), count = 0;

	(void)memory;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_OUTPUT && event->object &&
			!strcmp(event->object, "stderr")) {
			rule_show(result, i);
			count++;
		}
	}
	if ((count >= low && count <= high) || !rule_fail(result))
		return;
	rule_say_zh(
		result, "标准错误上应有 %d 行说明，实际 %d 行。", low, count);
	rule_say_en(result, "%d line(s) expected on standard error, not %d.",
		low, count);
}

const struct rule_kind RULE_STDERR_LINES = {
	.name = "stderr-lines",
	.meaning = "the number of lines on standard error is in the range",
	.fields = FIELDS,
	.judge = judge,
};
