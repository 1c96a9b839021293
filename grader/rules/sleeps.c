/*
 * sleeps: nobody sleeps for longer at a time than its task tells it to.
 *
 * Judged are sleeps that were slept to their end, by what was asked for: one
 * that a signal ended was a wait for it, and how late a process gets to run
 * afterwards is not its doing.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL,
		"only processes that print such lines"},
	{"max", RULE_NUMBER, true, NULL, "at most so many seconds"},
	{0},
};

/* Did the task of event I, a sleep, go on only when its time was over? */
static bool was_slept(const struct observed_run *run, size_t i)
{
	const struct trace *trace = run->trace;
	const struct event *sleep = &trace->events[i];

	for (size_t j = i + 1; j < trace->event_count; j++)
		if (trace->events[j].task == sleep->task)
			return trace->events[j].time_us >=
			       sleep->time_us + sleep->value;
	return false;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	double most = rule_number(rule, "max", run, 1e9);

	(void)memory;
	for (size_t i = 0; i < run->trace->event_count; i++) {
		const struct event *event = &run->trace->events[i];
		double slept = rule_seconds(event->value);
		const char *who;

		if (event->kind != EVENT_SLEEP || event->task < 0 ||
			slept <= most + RULE_TOLERANCE || !was_slept(run, i) ||
			!line_is_printed(rule, "observations", run,
				observed_process(run, event->task)) ||
			!rule_fail(result))
			continue;
		who = observed_name(run, event->task);
		rule_show(result, i);
		rule_say_zh(result, "%s 一次睡了 %.1f 秒，最多应当睡 %.1f 秒。",
			who, slept, most);
		rule_say_en(result,
			"%s sleeps for %.1f s at a time, it should be %.1f s "
			"at most.",
			who, slept, most);
	}
}

const struct rule_kind RULE_SLEEPS = {
	.name = "sleeps",
	.meaning = "no sleep of a process is longer than its task says",
	.fields = FIELDS,
	.judge = judge,
};
