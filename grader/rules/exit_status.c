/*
 * exit-status: main exits with that status.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"status", RULE_NUMBER, true, NULL, "the status that main exits with"},
	{0},
};

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct run_outcome *outcome = run->outcome;
	int wanted = (int)rule_number(rule, "status", run, 0);
	size_t exit = observed_main_exit(run);

	(void)memory;
	if (!rule_needs_end(run, result) || outcome->main_status == wanted ||
		!rule_fail(result))
		return;
	if (outcome->main_signal != 0) {
		rule_say_zh(result, "主进程应以 %d 退出，却被信号 %d 终止。",
			wanted, outcome->main_signal);
		rule_say_en(result,
			"main should exit with %d, but signal %d "
			"ended it.",
			wanted, outcome->main_signal);
	} else {
		rule_say_zh(result, "主进程应以 %d 退出，实际是 %d。", wanted,
			outcome->main_status);
		rule_say_en(result, "main should exit with %d, not with %d.",
			wanted, outcome->main_status);
	}
	if (exit < run->trace->event_count)
		rule_show(result, exit);
}

const struct rule_kind RULE_EXIT_STATUS = {
	.name = "exit-status",
	.meaning = "main exits with the status",
	.fields = FIELDS,
	.judge = judge,
};
