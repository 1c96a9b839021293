/*
 * fault-hit: the fault of the scenario met a process that prints the line.
 * When it met another or none, this run shows nothing about the criterion: a
 * person has to look.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "lines of the process"},
	{0},
};

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	(void)memory;
	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_FAULT &&
			line_is_printed(rule, "observations", run,
				observed_process(run, trace->events[i].task)))
			return;
	if (!rule_cannot_judge(result))
		return;
	rule_say_zh(result, "评分器没能按计划干预这个程序（它用的机制看不到"
			    "“持有锁”的时刻），这一项由人来评。");
	rule_say_en(result, "the grader could not interfere as planned (the "
			    "program's mechanism does not show when a lock is "
			    "held): a person has to judge this.");
}

const struct rule_kind RULE_FAULT_HIT = {
	.name = "fault-hit",
	.meaning = "the injected fault met a process that prints the line",
	.fields = FIELDS,
	.judge = judge,
};
