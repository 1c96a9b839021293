/*
 * exit-status: main exits with that status; where the program was started
 * several times, the main of one of the starts.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"status", RULE_NUMBER, true, NULL, "the status that main exits with"},
	{"start", RULE_NUMBER, false, NULL,
		"of which start of the program, from 0 (default: the first)"},
	{0},
};

/* Main of the start NUMBER; count: there was none. */
static size_t main_of(const struct trace *trace, int number)
{
	size_t i;

	for (i = 0; i < trace->task_count; i++)
		if (trace->tasks[i].parent < 0 && number-- == 0)
			break;
	return i;
}

static void show_exit(const struct observed_run *run, size_t process,
	struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_EXIT &&
			trace->events[i].task == (int)process)
			rule_show(result, i);
}

static void judge_other(const struct observed_run *run, size_t process,
	int wanted, struct rule_result *result)
{
	const struct trace_task *task = &run->trace->tasks[process];
	const char *who = observed_name(run, (int)process);

	if (process == run->trace->task_count || task->exit_status == wanted ||
		!rule_fail(result))
		return;
	show_exit(run, process, result);
	if (task->died_us < 0) {
		rule_say_zh(result, "%s 一直没有结束。", who);
		rule_say_en(result, "%s never ended.", who);
	} else {
		rule_say_zh(result, "%s 应以 %d 退出，实际是 %d。", who, wanted,
			task->exit_status);
		rule_say_en(result, "%s should exit with %d, not with %d.", who,
			wanted, task->exit_status);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct run_outcome *outcome = run->outcome;
	int wanted = (int)rule_number(rule, "status", run, 0);
	int start = (int)rule_number(rule, "start", run, 0);
	size_t exit = observed_main_exit(run);

	(void)memory;
	if (start > 0) {
		judge_other(run, main_of(run->trace, start), wanted, result);
		return;
	}
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
