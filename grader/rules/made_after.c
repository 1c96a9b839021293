/*
 * made-after: the process that writes the line of one number is made only
 * when the process of the number before has ended.  Processes that are made
 * together and let go one by one look the same by their lines.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL,
		"the line that each process writes"},
	{"index", RULE_NAME, true, NULL, "group of its number"},
	{0},
};

/* Main was there from the start: its place is before all events. */
static bool find_birth(
	const struct observed_run *run, int process, size_t *birth)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		if (trace->events[i].kind != EVENT_FORK ||
			trace->events[i].other != process)
			continue;
		*birth = i;
		return true;
	}
	return false;
}

/* Its last task's end: a process lives as long as one of its threads. */
static size_t find_end(const struct observed_run *run, int process)
{
	const struct trace *trace = run->trace;
	size_t end = trace->event_count;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_EXIT &&
			observed_process(run, trace->events[i].task) == process)
			end = i;
	return end;
}

static void judge_two(const struct observed_run *run,
	const struct observation *before, const struct observation *after,
	struct rule_result *result)
{
	const struct trace *trace = run->trace;
	size_t end = find_end(run, before->process), birth = 0;
	const char *early = trace->events[before->event].text;
	const char *late = trace->events[after->event].text;

	if (before->process == after->process ||
		!find_birth(run, after->process, &birth) || birth > end ||
		!rule_fail(result))
		return;
	rule_show(result, birth);
	if (end < trace->event_count)
		rule_show(result, end);
	rule_show(result, before->event);
	rule_show(result, after->event);
	rule_say_zh(result,
		"输出“%s”的进程创建得太早：那时输出“%s”的进程还没有结束。",
		late, early);
	rule_say_en(result,
		"the process of '%s' was made too early: that of '%s' had not "
		"ended yet.",
		late, early);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const char *index = rule_text(rule, "index");

	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		for (size_t j = 0; j < run->observation_count; j++) {
			const struct observation *a = &run->observations[i];
			const struct observation *b = &run->observations[j];

			if (line_is(rule, "observation", a) &&
				line_is(rule, "observation", b) &&
				observation_number(b, index, -1) ==
					observation_number(a, index, -1) + 1)
				judge_two(run, a, b, result);
		}
}

const struct rule_kind RULE_MADE_AFTER = {
	.name = "made-after",
	.meaning = "a process is made only when that of the number before has "
		   "ended",
	.fields = FIELDS,
	.judge = judge,
};
