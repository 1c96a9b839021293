/*
 * ends-after: a process that prints a line ends no earlier than `seconds`
 * after each line of another kind that is not among the last `lag` of its
 * key.  (The last line of a key may be delayed behind what it tells; the one
 * before it is in program order before that.)
 */
#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL,
		"line of the processes that must not end early"},
	{"than", RULE_OBSERVATION, true, NULL, "the other line"},
	{"key", RULE_NAMES, true, NULL, "groups that tell its series apart"},
	{"index", RULE_NAME, true, NULL, "group of the number"},
	{"lag", RULE_NUMBER, true, NULL, "so many last lines do not count"},
	{"seconds", RULE_NUMBER, true, NULL, "least virtual time between"},
	{0},
};

/* The latest line that counts; NULL when there is none. */
static const struct observation *find_bound(
	const struct rule *rule, const struct observed_run *run)
{
	int64_t lag = (int64_t)rule_number(rule, "lag", run, 0);
	const struct observation *bound = NULL;

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		const struct observation *behind;

		if (!line_is(rule, "than", seen))
			continue;
		behind = line_behind(rule, run, seen, lag);
		if (behind && (!bound || behind->time_us > bound->time_us))
			bound = behind;
	}
	return bound;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;
	const struct observation *bound = find_bound(rule, run);
	double seconds = rule_number(rule, "seconds", run, 0);

	(void)memory;
	for (size_t i = 0; bound && i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		double end = rule_seconds(event->time_us);
		double least = rule_seconds(bound->time_us) + seconds;
		const char *who = observed_name(run, event->task);

		if (event->kind != EVENT_EXIT ||
			trace->tasks[event->task].is_thread ||
			end >= least - RULE_TOLERANCE ||
			!line_is_printed(
				rule, "observation", run, event->task) ||
			!rule_fail(result))
			continue;
		rule_show(result, i);
		rule_show(result, bound->event);
		rule_say_zh(result,
			"%s 在第 %.1f 秒就结束了，而最后的东西在第 "
			"%.1f 秒之前还没有放进队列。",
			who, end, least);
		rule_say_en(result,
			"%s ended at %.1f s, though the last items "
			"were not in the queue before %.1f s.",
			who, end, least);
	}
}

const struct rule_kind RULE_ENDS_AFTER = {
	.name = "ends-after",
	.meaning = "a process does not end before the last items were there",
	.fields = FIELDS,
	.judge = judge,
};
