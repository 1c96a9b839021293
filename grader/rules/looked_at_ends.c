/*
 * looked-at-ends: a process that the grader looked at, or sent a signal, ends
 * by itself with a status, and when.
 */
#include <string.h>

#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"
#include "grader/rules/looks.h"

static const struct rule_field FIELDS[] = {
	LOOK_FIELD,
	{"status", RULE_NUMBER, true, NULL, "its exit status"},
	{"min", RULE_NUMBER, true, NULL, "no earlier, in seconds"},
	{"max", RULE_NUMBER, true, NULL, "no later, in seconds"},
	{0},
};

static void show_end(
	const struct observed_run *run, int process, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++)
		if ((trace->events[i].kind == EVENT_EXIT ||
			    trace->events[i].kind == EVENT_SIGNAL_DELIVERED) &&
			trace->events[i].task == process)
			rule_show(result, i);
}

static void judge_status(const struct observed_run *run, int process,
	int wanted, struct rule_result *result)
{
	const struct trace_task *task = &run->trace->tasks[process];
	const char *who = observed_name(run, process);

	if (task->exit_status == wanted || !rule_fail(result))
		return;
	if (task->exit_signal) {
		rule_say_zh(result,
			"%s 应当自己以状态 %d 退出，却被信号 SIG%s 终止。", who,
			wanted, sigabbrev_np(task->exit_signal));
		rule_say_en(result,
			"%s should exit by itself with %d, but SIG%s ended "
			"it.",
			who, wanted, sigabbrev_np(task->exit_signal));
	} else {
		rule_say_zh(result, "%s 应当以状态 %d 退出，实际是 %d。", who,
			wanted, task->exit_status);
		rule_say_en(result, "%s should exit with %d, not with %d.", who,
			wanted, task->exit_status);
	}
}

static void say_time(const char *who, double low, double high, double got,
	struct rule_result *result)
{
	if (high - low < 1e-9) {
		rule_say_zh(result,
			"%s 应当在第 %.1f 秒结束，实际是第 %.1f 秒。", who, low,
			got);
		rule_say_en(result, "%s should end at %.1f s, not at %.1f s.",
			who, low, got);
	} else {
		rule_say_zh(result,
			"%s 应当在第 %.1f 到 %.1f 秒之间结束，实际是第 %.1f "
			"秒。",
			who, low, high, got);
		rule_say_en(result,
			"%s should end between %.1f s and %.1f s, not at "
			"%.1f s.",
			who, low, high, got);
	}
}

static void judge_time(const struct rule *rule, const struct observed_run *run,
	int process, struct rule_result *result)
{
	const struct trace_task *task = &run->trace->tasks[process];
	double low = rule_number(rule, "min", run, 0);
	double high = rule_number(rule, "max", run, 0);
	double got = rule_seconds(task->died_us);
	const char *who = observed_name(run, process);

	if (task->died_us < 0) {
		if (!rule_fail(result))
			return;
		rule_say_zh(result, "%s 一直没有结束。", who);
		rule_say_en(result, "%s never ended.", who);
	} else if (got < low - RULE_TOLERANCE || got > high + RULE_TOLERANCE) {
		if (!rule_fail(result))
			return;
		say_time(who, low, high, got, result);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	struct look look;

	(void)memory;
	if (!look_find(rule, run, result, &look))
		return;
	if (look.process < 0) {
		if (!rule_fail(result))
			return;
		rule_say_zh(result, "第 %.1f 秒没有活着的进程。",
			rule_seconds(look.time_us));
		rule_say_en(result, "no process was alive at %.1f s.",
			rule_seconds(look.time_us));
	} else {
		judge_time(rule, run, look.process, result);
		judge_status(run, look.process,
			(int)rule_number(rule, "status", run, 0), result);
	}
	if (result->state != RULE_FAILS)
		return;
	rule_show(result, look.event);
	show_end(run, look.process, result);
}

const struct rule_kind RULE_LOOKED_AT_ENDS = {
	.name = "looked-at-ends",
	.meaning = "a process that the grader looked at, or sent a signal, "
		   "ends by itself",
	.fields = FIELDS,
	.judge = judge,
};
