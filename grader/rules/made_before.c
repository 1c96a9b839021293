/*
 * made-before: when a line is first written, the program has made so many
 * processes already.  A thread counts too, as it may be just about to make
 * one.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "the line"},
	{"min", RULE_NUMBER, true, NULL, "at least so many"},
	{0},
};

static const struct observation *first_line(
	const struct rule *rule, const struct observed_run *run)
{
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i]))
			return &run->observations[i];
	return NULL;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct event *events = run->trace->events;
	const struct observation *line = first_line(rule, run);
	int low = (int)rule_number(rule, "min", run, 0), count = 0;

	(void)memory;
	for (size_t i = 0; line && i < line->event; i++)
		count += events[i].kind == EVENT_FORK;
	if (!line || count >= low || !rule_fail(result))
		return;
	rule_show(result, line->event);
	rule_say_zh(result,
		"输出“%s”时应当已经创建了至少 %d 个子进程，实际 %d 个。",
		events[line->event].text, low, count);
	rule_say_en(result,
		"before '%s' is printed at least %d child process(es) should "
		"have been made, not %d.",
		events[line->event].text, low, count);
}

const struct rule_kind RULE_MADE_BEFORE = {
	.name = "made-before",
	.meaning = "so many processes are made before a line",
	.fields = FIELDS,
	.judge = judge,
};
