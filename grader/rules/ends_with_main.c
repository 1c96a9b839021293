/*
 * ends-with-main: a process that prints a line ends no earlier than main (to
 * 0.1 s); that it ends no later is asked by nothing-left.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "lines of the process"},
	{0},
};

static void show_end(
	const struct observed_run *run, int process, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_EXIT &&
			trace->events[i].task == process)
			rule_show(result, i);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	double end = rule_seconds(run->outcome->main_end_us);

	(void)memory;
	if (!run->outcome->main_ended)
		return;
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		int64_t died_us = run->trace->tasks[seen->process].died_us;
		const char *who = observed_name(run, seen->process);

		if (!line_is(rule, "observations", seen) || died_us < 0 ||
			rule_seconds(died_us) >= end - RULE_TOLERANCE ||
			!rule_fail(result))
			continue;
		rule_show(result, seen->event);
		show_end(run, seen->process, result);
		rule_show(result, observed_main_exit(run));
		rule_say_zh(result,
			"%s 在第 %.1f 秒就结束了，太早：主进程到第 %.1f "
			"秒才结束。",
			who, rule_seconds(died_us), end);
		rule_say_en(result,
			"%s ended at %.1f s, too early: main ended only at "
			"%.1f s.",
			who, rule_seconds(died_us), end);
	}
}

const struct rule_kind RULE_ENDS_WITH_MAIN = {
	.name = "ends-with-main",
	.meaning = "the processes that print a line end no earlier than main "
		   "(to 0.1 s)",
	.fields = FIELDS,
	.judge = judge,
};
