/*
 * no-earlier: line number k of a key comes at least `seconds` of virtual
 * time after line number k - lag of another kind with the same key; before
 * there is such a line, after the program's start.  Without an index the lines
 * of each kind and key are numbered as they come.
 *
 * What a program does between an event and its line may take time, so a rule
 * is built from what comes in program order in one process: the line before,
 * the sleep after it, and so on.
 */
#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "the later line"},
	{"than", RULE_OBSERVATION, true, NULL, "the earlier line"},
	{"key", RULE_NAMES, false, NULL, "groups that both have in common"},
	{"index", RULE_NAME, false, NULL,
		"group of the number (default: as they come, from 0)"},
	{"lag", RULE_NUMBER, true, NULL, "difference of the numbers"},
	{"seconds", RULE_NUMBER, true, NULL, "least virtual time between"},
	{0},
};

static void judge_line(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, struct rule_result *result)
{
	int64_t lag = (int64_t)rule_number(rule, "lag", run, 0);
	double seconds = rule_number(rule, "seconds", run, 0);
	double own = rule_seconds(seen->time_us), other = 0;
	const struct observation *behind = line_behind(rule, run, seen, lag);
	const char *text = run->trace->events[seen->event].text;

	if (behind)
		other = rule_seconds(behind->time_us);
	if (own >= other + seconds - RULE_TOLERANCE || !rule_fail(result))
		return;
	if (behind)
		rule_show(result, behind->event);
	rule_show(result, seen->event);
	rule_say_zh(result,
		"“%s”出现在第 %.1f 秒，太早了：最早只能在第 %.1f "
		"秒。",
		text, own, other + seconds);
	rule_say_en(result,
		"'%s' came at %.1f s, too early: it cannot be "
		"before %.1f s.",
		text, own, other + seconds);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i]))
			judge_line(rule, run, &run->observations[i], result);
}

const struct rule_kind RULE_NO_EARLIER = {
	.name = "no-earlier",
	.meaning = "a line comes no earlier than some time after another",
	.fields = FIELDS,
	.judge = judge,
};
