/*
 * process-state: what the processes that print some lines are when others
 * are printed: still alive, dead (a zombie is dead), or reaped.
 *
 * Reaped is who was taken by a wait of the program, or by the kernel since
 * SIGCHLD is ignored; an orphan never is.  A line is out when it is written,
 * which with a full buffer may be long after it was printed: several lines of
 * one write do not show that a process was alive.
 */
#include <string.h>

#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "the lines"},
	{"of", RULE_OBSERVATIONS, true, NULL,
		"lines of the processes that it is about"},
	{"state", RULE_CHOICE, true, "alive|dead|reaped",
		"what these are when the lines come"},
	{0},
};

/* The first such event of the process, or the number of events. */
static size_t find_event(
	const struct observed_run *run, enum event_kind kind, int process)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == kind &&
			(kind == EVENT_REAP ? event->other : event->task) ==
				process)
			return i;
	}
	return trace->event_count;
}

/* Written together with the next line of the task, out of a buffer. */
static bool may_be_late(const struct observed_run *run, size_t line)
{
	const struct trace *trace = run->trace;
	const struct event *event = &trace->events[line];

	for (size_t i = line + 1; i < trace->event_count; i++)
		if (trace->events[i].task == event->task)
			return trace->events[i].kind == EVENT_OUTPUT &&
			       trace->events[i].pc == event->pc;
	return false;
}

static void say(const struct observed_run *run, const char *state,
	const struct observation *seen, int process, struct rule_result *result)
{
	const char *text = run->trace->events[seen->event].text;
	const char *who = observed_name(run, process);

	if (!strcmp(state, "alive")) {
		rule_say_zh(result, "输出“%s”时，%s 已经死了。", text, who);
		rule_say_en(result,
			"'%s' was printed when %s was dead already.", text,
			who);
	} else if (!strcmp(state, "dead")) {
		rule_say_zh(result, "输出“%s”时，%s 还没有死。", text, who);
		rule_say_en(result, "'%s' was printed when %s still lived.",
			text, who);
	} else {
		rule_say_zh(result, "输出“%s”时，%s 还没有被回收。", text, who);
		rule_say_en(result,
			"'%s' was printed when %s had not been waited for.",
			text, who);
	}
}

static void judge_pair(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, int process, struct rule_result *result)
{
	const char *state = rule_text(rule, "state");
	size_t ended = find_event(run, EVENT_EXIT, process);
	size_t reaped = find_event(run, EVENT_REAP, process),
	       last = run->trace->event_count;
	bool right;

	if (!strcmp(state, "alive"))
		right = ended > seen->event || may_be_late(run, seen->event);
	else if (!strcmp(state, "dead"))
		right = ended < seen->event;
	else
		right = reaped < seen->event;
	if (right || !rule_fail(result))
		return;
	say(run, state, seen, process, result);
	rule_show(result, seen->event);
	if (ended < last)
		rule_show(result, ended);
	if (reaped < last && !strcmp(state, "reaped"))
		rule_show(result, reaped);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];

		if (!line_is(rule, "observations", seen))
			continue;
		for (size_t j = 0; j < run->observation_count; j++) {
			const struct observation *other = &run->observations[j];

			if (line_is(rule, "of", other) &&
				other->process != seen->process)
				judge_pair(rule, run, seen, other->process,
					result);
		}
	}
}

const struct rule_kind RULE_PROCESS_STATE = {
	.name = "process-state",
	.meaning = "when lines are printed, the processes that print others "
		   "are alive, dead or reaped",
	.fields = FIELDS,
	.judge = judge,
};
