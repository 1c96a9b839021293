/*
 * nothing-left: when main ends, every other process of the program is dead
 * at the same virtual instant.
 *
 * Where main is killed at any moment, a child that is only being set up may
 * not yet know whom it belongs to: "after" says from which line on it must.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"after", RULE_OBSERVATIONS, false, NULL,
		"judge only runs with such a line before main's end"},
	{0},
};

static bool is_judged(
	const struct rule *rule, const struct observed_run *run, size_t exit)
{
	if (rule_get(rule, "after")->count == 0)
		return true;
	for (size_t i = 0; i < run->observation_count; i++)
		if (run->observations[i].event < exit &&
			line_is(rule, "after", &run->observations[i]))
			return true;
	return false;
}

/* Was it the grader that ended main? */
static void show_fault(
	struct rule_result *result, const struct trace *trace, size_t exit)
{
	for (size_t i = 0; i < exit; i++)
		if (trace->events[i].kind == EVENT_FAULT &&
			trace->events[i].task == 0 &&
			trace->events[i].signal != 0)
			rule_show(result, i);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;
	int64_t end_us = run->outcome->main_end_us;
	size_t exit = observed_main_exit(run);
	bool noted = false;

	(void)memory;
	if (!run->outcome->main_ended) {
		rule_needs_end(run, result);
		return;
	}
	if (!is_judged(rule, run, exit))
		return;
	/* all of them at once, before whatever they do later */
	for (size_t i = exit; i < trace->event_count; i++)
		noted |= trace->events[i].kind == EVENT_LEFT;
	for (size_t i = exit; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		const char *who = observed_name(run, event->task);

		if (event->kind != EVENT_LEFT &&
			(event->time_us <= end_us || event->task < 0 ||
				event->kind == EVENT_ZOMBIE || noted))
			continue;
		if (observed_process(run, event->task) == 0)
			continue;
		show_fault(result, trace, exit);
		rule_show(result, exit);
		rule_show(result, i);
		if (!rule_fail(result))
			continue;
		rule_say_zh(result,
			"主进程在第 %.1f 秒已经结束，%s "
			"还留着（孤儿进程）。",
			rule_seconds(end_us), who);
		rule_say_en(result,
			"main ended at %.1f s, but %s lives on (an "
			"orphan).",
			rule_seconds(end_us), who);
	}
}

const struct rule_kind RULE_NOTHING_LEFT = {
	.name = "nothing-left",
	.meaning = "no process of the program lives on when main has ended",
	.fields = FIELDS,
	.judge = judge,
};
