/*
 * starts-alive: of how many starts of the program (there may be several, see
 * a scenario's "starts") some process is alive at a time.
 */
#include <math.h>

#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"at", RULE_NUMBER, true, NULL, "the time, in seconds"},
	{"min", RULE_NUMBER, true, NULL, "at least so many"},
	{"max", RULE_NUMBER, false, NULL, "at most so many"},
	{0},
};

/* The start's main, from which the task comes. */
static int root_of(const struct trace *trace, int task)
{
	while (trace->tasks[task].parent >= 0)
		task = trace->tasks[task].parent;
	return task;
}

/* Who is alive when the run ends is so for ever. */
static bool lives(const struct trace *trace, int task, int64_t at_us)
{
	const struct trace_task *what = &trace->tasks[task];

	return what->born_us <= at_us &&
	       (what->died_us < 0 || what->died_us > at_us);
}

/* The events that tell of it: starts of the program, and ends of its mains. */
static void show_starts(
	const struct observed_run *run, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_START ||
			(event->kind == EVENT_EXIT && event->task >= 0 &&
				trace->tasks[event->task].parent < 0))
			rule_show(result, i);
	}
}

/* *FIRST: a process that is, if any. */
static int count_alive(
	const struct observed_run *run, int64_t at_us, int *first)
{
	const struct trace *trace = run->trace;
	int count = 0;

	for (int root = 0; root < (int)trace->task_count; root++) {
		int i = root;

		if (trace->tasks[root].parent >= 0)
			continue;
		while (i < (int)trace->task_count &&
			(root_of(trace, i) != root || !lives(trace, i, at_us)))
			i++;
		if (i == (int)trace->task_count)
			continue;
		if (count++ == 0)
			*first = i;
	}
	return count;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	double at = rule_number(rule, "at", run, 0);
	double low = rule_number(rule, "min", run, 0);
	double high = rule_number(rule, "max", run, INFINITY);
	int first = 0;
	int count = count_alive(run, (int64_t)llround(at * 1e6), &first);

	(void)memory;
	if ((count >= low && count <= high) || !rule_fail(result))
		return;
	show_starts(run, result);
	if (count == 0) {
		rule_say_zh(result, "第 %.1f 秒程序已经没有活着的进程。", at);
		rule_say_en(result,
			"at %.1f s no process of the program is "
			"alive any more.",
			at);
	} else if (high < 1) {
		rule_say_zh(result, "第 %.1f 秒 %s 还活着。", at,
			observed_name(run, first));
		rule_say_en(result, "at %.1f s %s is still alive.", at,
			observed_name(run, first));
	} else if (high - low < 1) {
		rule_say_zh(result,
			"程序启动了几次，第 %.1f 秒有 %d "
			"次的进程还活着，应当正好"
			"是 %g 次。",
			at, count, low);
		rule_say_en(result,
			"at %.1f s processes of %d starts of the program are "
			"alive; just %g should be.",
			at, count, low);
	} else {
		rule_say_zh(result,
			"第 %.1f 秒有 %d 次启动的进程还活着，应当是 %g 到 %g "
			"次。",
			at, count, low, high);
		rule_say_en(result,
			"at %.1f s processes of %d starts of the program are "
			"alive; %g to %g are expected.",
			at, count, low, high);
	}
}

const struct rule_kind RULE_STARTS_ALIVE = {
	.name = "starts-alive",
	.meaning = "of how many starts of the program a process is alive",
	.fields = FIELDS,
	.judge = judge,
};
