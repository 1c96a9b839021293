/*
 * duration: the virtual time from the program's start to main's end.  That a
 * main did not wait for what it made is no matter of this rule.
 */
#include <math.h>

#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"min", RULE_NUMBER, true, NULL, "at least so many seconds"},
	{"max", RULE_NUMBER, false, NULL, "at most so many seconds"},
	{0},
};

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	double low = rule_number(rule, "min", run, 0);
	double high = rule_number(rule, "max", run, INFINITY);
	double got = rule_seconds(rule_program_us(run));
	bool fits = got >= low - RULE_TOLERANCE && got <= high + RULE_TOLERANCE;

	(void)memory;
	if (!rule_needs_end(run, result) || fits || !rule_fail(result))
		return;
	for (size_t i = 0; i < run->trace->event_count; i++)
		if (observed_process(run, run->trace->events[i].task) == 0 &&
			(run->trace->events[i].kind == EVENT_SLEEP ||
				run->trace->events[i].kind == EVENT_WAIT ||
				run->trace->events[i].kind == EVENT_REAP))
			rule_show(result, i);
	rule_show(result, observed_main_exit(run));
	if (isinf(high)) {
		rule_say_zh(result,
			"整个程序至少应当运行 %.1f 秒（虚拟时间），"
			"实际只有 %.1f 秒。",
			low, got);
		rule_say_en(result,
			"the program should take at least %.1f s "
			"of virtual time; it took %.1f s.",
			low, got);
	} else if (high - low < 1e-9) {
		rule_say_zh(result,
			"整个程序应当正好运行 %.1f 秒（虚拟时间），"
			"实际 %.1f 秒。",
			low, got);
		rule_say_en(result,
			"the program should take %.1f s of virtual "
			"time; it took %.1f s.",
			low, got);
	} else {
		rule_say_zh(result,
			"整个程序应当运行 %.1f 到 %.1f 秒"
			"（虚拟时间），实际 %.1f 秒。",
			low, high, got);
		rule_say_en(result,
			"the program should take %.1f to %.1f s of "
			"virtual time; it took %.1f s.",
			low, high, got);
	}
}

const struct rule_kind RULE_DURATION = {
	.name = "duration",
	.meaning = "the program's virtual time is in the range (to 0.1 s)",
	.fields = FIELDS,
	.judge = judge,
};
