/*
 * children: how many processes the program made beside main, helpers
 * included; threads do not count.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"min", RULE_NUMBER, true, NULL, "at least so many"},
	{"max", RULE_NUMBER, false, NULL, "at most so many"},
	{"by_themselves", RULE_FLAG, false, NULL,
		"count only those that no signal ended"},
	{"max_depth", RULE_NUMBER, false, NULL,
		"no process is further from main than this (1 = its child)"},
	{0},
};

static int depth_of(const struct observed_run *run, int process)
{
	int depth = 0;

	while (process > 0) {
		process = observed_process(
			run, run->trace->tasks[process].parent);
		depth++;
	}
	return depth;
}

static void judge_depth(const struct rule *rule, const struct observed_run *run,
	struct rule_result *result)
{
	int most = (int)rule_number(rule, "max_depth", run, 1e6);

	for (size_t i = 1; i < run->trace->task_count; i++) {
		const struct trace_task *task = &run->trace->tasks[i];

		if (task->is_thread || depth_of(run, (int)i) <= most ||
			!rule_fail(result))
			continue;
		rule_say_zh(result, "%s 不是由应当创建它的进程创建的。",
			observed_name(run, (int)i));
		rule_say_en(result,
			"%s was not made by the process that "
			"should make it.",
			observed_name(run, (int)i));
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;
	bool by_themselves = rule_get(rule, "by_themselves")->flag;
	int low = (int)rule_number(rule, "min", run, 0);
	int high = (int)rule_number(rule, "max", run, 1e6);
	int count = 0;

	(void)memory;
	for (size_t i = 1; i < trace->task_count; i++) {
		const struct trace_task *task = &trace->tasks[i];

		if (task->is_thread)
			continue;
		if (by_themselves && task->exit_status < 0)
			continue;
		count++;
	}
	if ((count < low || count > high) && rule_fail(result)) {
		bool few = count < low;
		int bound = few ? low : high;

		rule_say_zh(result, "应创建%s %d 个%s的子进程，实际 %d 个。",
			few ? "至少" : "至多", bound,
			by_themselves ? "自己正常结束" : "", count);
		rule_say_en(result,
			"at %s %d child process%s%s expected, not %d.",
			few ? "least" : "most", bound, bound == 1 ? "" : "es",
			by_themselves ? " that end by themselves" : "", count);
		for (size_t i = 0; i < trace->event_count; i++)
			if (trace->events[i].kind == EVENT_FORK ||
				(by_themselves &&
					trace->events[i].kind == EVENT_EXIT &&
					trace->events[i].signal != 0))
				rule_show(result, i);
	}
	judge_depth(rule, run, result);
}

const struct rule_kind RULE_CHILDREN = {
	.name = "children",
	.meaning = "the number of processes beside main is in the range",
	.fields = FIELDS,
	.judge = judge,
};
