/*
 * lifetime-within: a process that prints a line is dead at the virtual
 * instant at which main ends.  The instant lasts until time advances, so a
 * process that a death signal or a closed pipe ends at the same time is in
 * time, whatever the order of events.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "lines of the process"},
	{0},
};

static void show_life(
	const struct observed_run *run, int process, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	rule_show(result, observed_main_exit(run));
	for (size_t i = observed_main_exit(run); i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (observed_process(run, event->task) == process &&
			(event->kind == EVENT_OUTPUT ||
				event->kind == EVENT_LEFT ||
				event->kind == EVENT_EXIT))
			rule_show(result, i);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct run_outcome *outcome = run->outcome;
	const struct trace *trace = run->trace;

	(void)memory;
	if (!outcome->main_ended)
		return;
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		const struct trace_task *task = &trace->tasks[seen->process];
		const char *who = observed_name(run, seen->process);

		if (!line_is(rule, "observations", seen) ||
			seen->process == 0 ||
			(task->died_us >= 0 &&
				task->died_us <= outcome->main_end_us) ||
			!rule_fail(result))
			continue;
		rule_show(result, seen->event);
		show_life(run, seen->process, result);
		rule_say_zh(result, "主进程在第 %.1f 秒结束后，%s 还活着。",
			rule_seconds(outcome->main_end_us), who);
		rule_say_en(result, "%s outlives main, which ended at %.1f s.",
			who, rule_seconds(outcome->main_end_us));
	}
}

const struct rule_kind RULE_LIFETIME_WITHIN = {
	.name = "lifetime-within",
	.meaning = "a process is dead when main ends, to the virtual instant",
	.fields = FIELDS,
	.judge = judge,
};
