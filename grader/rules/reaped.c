/*
 * reaped: no zombie of the program is left when main ends; with `before`, none
 * of a process that had ended before the first such line: main may leave to
 * the init process whom it takes along as it ends.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"before", RULE_OBSERVATIONS, false, NULL,
		"judge only processes that end before such a line"},
	{0},
};

/* The event from which on an end does not matter. */
static size_t bound(const struct rule *rule, const struct observed_run *run)
{
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "before", &run->observations[i]))
			return run->observations[i].event;
	return run->trace->event_count;
}

static bool ended_before(const struct trace *trace, int task, size_t event)
{
	for (size_t i = 0; i < event; i++)
		if (trace->events[i].kind == EVENT_EXIT &&
			trace->events[i].task == task)
			return true;
	return false;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;
	size_t count = 0;
	const char *who = NULL;

	(void)memory;
	if (!rule_needs_end(run, result))
		return;
	for (size_t i = 0; i < trace->event_count; i++) {
		if (trace->events[i].kind != EVENT_ZOMBIE ||
			!ended_before(
				trace, trace->events[i].task, bound(rule, run)))
			continue;
		if (count++ == 0)
			who = observed_name(run, trace->events[i].task);
		rule_show(result, i);
	}
	if (count == 0 || !rule_fail(result))
		return;
	rule_show(result, observed_main_exit(run));
	rule_say_zh(result,
		"主进程结束时，%s%s 已经结束却没有人回收"
		"（僵尸进程，共 %zu 个）。",
		who, count > 1 ? " 等" : "", count);
	rule_say_en(result,
		"when main ended, %zu process(es) had ended but "
		"were never waited for (zombies), %s first.",
		count, who);
}

const struct rule_kind RULE_REAPED = {
	.name = "reaped",
	.meaning = "no zombie of the program is left when main ends",
	.fields = FIELDS,
	.judge = judge,
};
