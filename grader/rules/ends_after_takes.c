/*
 * ends-after-takes: a process that takes from a queue which others take from
 * too ends no earlier than the last taking.
 *
 * A line tells when something had been taken, not when it was, and a process
 * may well take ahead, or have a queue of its own that is full while that of
 * another is done with.  So takings have to be seen: in each cycle, from one
 * line of a process to its next, and long before that line, both processes
 * change the same place in shared memory exactly once, or get as often from
 * the same channel, into which neither puts anything.  Then whatever belongs
 * to a line was taken in its cycle.  A cycle that began when the other had
 * ended shows what is wrong.
 */
#include <string.h>

#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL,
		"the line of using what was taken"},
	{"seconds", RULE_NUMBER, true, NULL,
		"least virtual time from taking to line, above 0"},
	{0},
};

/* The line before by the same process and of the same kind; NULL if none. */
static const struct observation *line_before(const struct rule *rule,
	const struct observed_run *run, const struct observation *seen)
{
	for (const struct observation *i = seen; i-- > run->observations;)
		if (i->process == seen->process &&
			line_is(rule, "observation", i))
			return i;
	return NULL;
}

static bool is_last(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen)
{
	const struct observation *end =
		run->observations + run->observation_count;

	for (const struct observation *i = seen + 1; i < end; i++)
		if (i->process == seen->process &&
			line_is(rule, "observation", i))
			return false;
	return true;
}

static bool is_taking(const struct event *event)
{
	if (!event->object || event->task < 0)
		return false;
	if (event->kind == EVENT_GET)
		return event->value > 0;
	return event->kind == EVENT_ACCESS && event->call &&
	       (!strcmp(event->call, "write") ||
		       !strcmp(event->call, "atomic-write"));
}

static bool same_place(const struct event *a, const struct event *b)
{
	return a->kind == b->kind && !strcmp(a->object, b->object) &&
	       (a->kind == EVENT_GET || a->offset == b->offset);
}

static bool puts_into(
	const struct observed_run *run, int process, const char *object)
{
	for (size_t i = 0; i < run->trace->event_count; i++) {
		const struct event *event = &run->trace->events[i];

		if (event->kind == EVENT_PUT && event->object &&
			event->task >= 0 && !strcmp(event->object, object) &&
			observed_process(run, event->task) == process)
			return true;
	}
	return false;
}

/* Takings from the place in the cycle of the line; -1 when one is too late. */
static int count_takings(const struct rule *rule,
	const struct observed_run *run, const struct observation *seen,
	const struct event *place)
{
	const struct observation *before = line_before(rule, run, seen);
	double latest = rule_seconds(seen->time_us) -
			rule_number(rule, "seconds", run, 0) + RULE_TOLERANCE;
	int count = 0;

	for (size_t i = before ? before->event + 1 : 0; i < seen->event; i++) {
		const struct event *event = &run->trace->events[i];

		if (!is_taking(event) || !same_place(event, place) ||
			observed_process(run, event->task) != seen->process)
			continue;
		if (rule_seconds(event->time_us) > latest)
			return -1;
		count++;
	}
	return count;
}

/* Does each line of the process come from just so many takings there? */
static bool takes_there(const struct rule *rule, const struct observed_run *run,
	int process, const struct event *place)
{
	int each = 0;

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		int count;

		if (seen->process != process ||
			!line_is(rule, "observation", seen))
			continue;
		count = count_takings(rule, run, seen, place);
		if (count < 1 || (each && count != each))
			return false;
		each = count;
	}
	if (place->kind == EVENT_GET)
		return each > 0 && !puts_into(run, process, place->object);
	return each == 1;
}

/* The taking for the line from a place that both use; count if none is. */
static size_t find_common_taking(const struct rule *rule,
	const struct observed_run *run, const struct observation *seen,
	size_t from, int other)
{
	for (size_t i = from; i < seen->event; i++) {
		const struct event *event = &run->trace->events[i];

		if (is_taking(event) &&
			observed_process(run, event->task) == seen->process &&
			takes_there(rule, run, seen->process, event) &&
			takes_there(rule, run, other, event))
			return i;
	}
	return run->trace->event_count;
}

/* The process ended with event END: did others take more behind that? */
static void judge_end(const struct rule *rule, const struct observed_run *run,
	size_t end, struct rule_result *result)
{
	const struct event *events = run->trace->events;
	int gone = events[end].task;

	for (size_t i = run->observation_count; i-- > 0;) {
		const struct observation *seen = &run->observations[i];
		const struct observation *before;
		size_t taking;

		if (seen->event < end)
			break;
		if (!line_is(rule, "observation", seen) ||
			!is_last(rule, run, seen))
			continue;
		before = line_before(rule, run, seen);
		if (!before || before->event < end)
			continue;
		taking = find_common_taking(
			rule, run, seen, before->event, gone);
		if (taking == run->trace->event_count || !rule_fail(result))
			continue;
		rule_show(result, end);
		rule_show(result, taking);
		rule_show(result, seen->event);
		rule_say_zh(result,
			"%s 在第 %.1f 秒就结束了，而 %s 在第 %.1f "
			"秒还从同一个队列里取出了东西（“%s”）。",
			observed_name(run, gone),
			rule_seconds(events[end].time_us),
			observed_name(run, seen->process),
			rule_seconds(events[taking].time_us),
			events[seen->event].text);
		rule_say_en(result,
			"%s ended at %.1f s, though %s took more from the same "
			"queue at %.1f s ('%s').",
			observed_name(run, gone),
			rule_seconds(events[end].time_us),
			observed_name(run, seen->process),
			rule_seconds(events[taking].time_us),
			events[seen->event].text);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	(void)memory;
	for (size_t i = 0; i < trace->event_count; i++) {
		int task = trace->events[i].task;

		if (trace->events[i].kind == EVENT_EXIT && task >= 0 &&
			!trace->tasks[task].is_thread &&
			line_is_printed(rule, "observation", run, task))
			judge_end(rule, run, i, result);
	}
}

const struct rule_kind RULE_ENDS_AFTER_TAKES = {
	.name = "ends-after-takes",
	.meaning = "a process does not end before others take more from the "
		   "queue that they share",
	.fields = FIELDS,
	.judge = judge,
};
