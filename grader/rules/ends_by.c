/*
 * ends-by: how the children that print a line end: by their own exit, or by
 * a signal.  Main's end is judged by exit-status.
 */
#include <string.h>

#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "lines of the process"},
	{"by", RULE_CHOICE, true, "exit|signal", "its own exit, or a signal"},
	{"number", RULE_NUMBER, false, NULL, "which exit status or signal"},
	{"by_other", RULE_FLAG, false, NULL,
		"not by a signal that the process sent to itself"},
	{0},
};

static size_t exit_event(const struct observed_run *run, int process)
{
	const struct trace *trace = run->trace;

	for (size_t i = trace->event_count; i > 0; i--)
		if (trace->events[i - 1].kind == EVENT_EXIT &&
			trace->events[i - 1].task == process)
			return i - 1;
	return trace->event_count;
}

/*
 * The event with which the process sent itself the signal that ended it; the
 * number of events when another sent it too, or nobody is known.
 */
static size_t own_signal(const struct observed_run *run, int process)
{
	const struct trace *trace = run->trace;
	size_t found = trace->event_count;

	for (size_t i = 0; i < exit_event(run, process); i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_SIGNAL_SENT ||
			event->signal != trace->tasks[process].exit_signal ||
			observed_process(run, event->other) != process)
			continue;
		if (observed_process(run, event->task) != process)
			return trace->event_count;
		found = i;
	}
	return found;
}

static void judge_sender(
	const struct observed_run *run, int process, struct rule_result *result)
{
	size_t sent = own_signal(run, process);
	const char *who = observed_name(run, process);
	const char *name;

	if (sent == run->trace->event_count || !rule_fail(result))
		return;
	name = sigabbrev_np(run->trace->tasks[process].exit_signal);
	rule_show(result, sent);
	rule_say_zh(result, "%s 是自己给自己发的 SIG%s，没有别人来终止它。",
		who, name);
	rule_say_en(result,
		"%s sent SIG%s to itself; nobody else put an end to it.", who,
		name);
}

static void judge_process(const struct rule *rule,
	const struct observed_run *run, int process, struct rule_result *result)
{
	const struct trace_task *task = &run->trace->tasks[process];
	bool by_exit = !strcmp(rule_text(rule, "by"), "exit");
	int number = (int)rule_number(rule, "number", run, -1);
	const char *who = observed_name(run, process);
	int got = by_exit ? task->exit_status : task->exit_signal;
	bool right = by_exit ? got >= 0 : got > 0;

	if (right && (number < 0 || got == number)) {
		if (!by_exit && rule_get(rule, "by_other")->flag)
			judge_sender(run, process, result);
		return;
	}
	if (!rule_fail(result))
		return;
	if (exit_event(run, process) < run->trace->event_count)
		rule_show(result, exit_event(run, process));
	if (task->exit_signal > 0 && !by_exit) {
		rule_say_zh(result,
			"%s 应当被信号 SIG%s 终止，却是被 SIG%s "
			"终止的。",
			who, sigabbrev_np(number), sigabbrev_np(got));
		rule_say_en(result,
			"%s should be ended by SIG%s, but SIG%s did it.", who,
			sigabbrev_np(number), sigabbrev_np(got));
	} else if (task->exit_signal > 0) {
		rule_say_zh(result,
			"%s 应当自己正常结束，却被信号 SIG%s "
			"终止。",
			who, sigabbrev_np(task->exit_signal));
		rule_say_en(result,
			"%s should end by itself, but SIG%s ended "
			"it.",
			who, sigabbrev_np(task->exit_signal));
	} else if (task->exit_status >= 0) {
		rule_say_zh(result, "%s 以状态 %d 自己退出，与要求不符。", who,
			task->exit_status);
		rule_say_en(result, "%s exited with %d, which is not asked.",
			who, task->exit_status);
	} else {
		rule_say_zh(result, "%s 一直没有结束。", who);
		rule_say_en(result, "%s never ended.", who);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observations", &run->observations[i]) &&
			run->observations[i].process != 0)
			judge_process(rule, run, run->observations[i].process,
				result);
}

const struct rule_kind RULE_ENDS_BY = {
	.name = "ends-by",
	.meaning = "the children that print a line end in the way asked",
	.fields = FIELDS,
	.judge = judge,
};
