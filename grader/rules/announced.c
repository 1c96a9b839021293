/*
 * announced: who has to wait says so before it waits.
 *
 * A process that prints its lines one after the other, without a sleep of its
 * own between them, has waited when a line comes later in virtual time than
 * the one before it.  Then there is a line of another kind by that process at
 * the instant of the earlier one, when the waiting began: later it is no
 * announcement.  Which of the two comes first at that instant does not matter:
 * a process may see at once that its next step will have to wait.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL,
		"the lines, each of which may have to wait"},
	{"by", RULE_OBSERVATION, true, NULL, "the line that says so"},
	{0},
};

/* The line of that process before observation number I; NULL = the first. */
static const struct observation *line_before(
	const struct rule *rule, const struct observed_run *run, size_t i)
{
	const struct observation *seen = &run->observations[i];

	while (i-- > 0)
		if (run->observations[i].process == seen->process &&
			line_is(rule, "observation", &run->observations[i]))
			return &run->observations[i];
	return NULL;
}

static bool is_at(const struct observation *seen, double time_s)
{
	double at_s = rule_seconds(seen->time_us);

	return at_s >= time_s - RULE_TOLERANCE &&
	       at_s <= time_s + RULE_TOLERANCE;
}

/* The announcement before TO at the instant FROM_S, else the last one. */
static const struct observation *find_notice(const struct rule *rule,
	const struct observed_run *run, const struct observation *to,
	double from_s)
{
	const struct observation *last = NULL;

	for (const struct observation *at = to; at-- > run->observations;) {
		if (at->process != to->process || !line_is(rule, "by", at))
			continue;
		if (!last)
			last = at;
		if (is_at(at, from_s))
			return at;
	}
	return last;
}

static void judge_line(const struct rule *rule, const struct observed_run *run,
	size_t i, struct rule_result *result)
{
	const struct observation *seen = &run->observations[i];
	const struct observation *before = line_before(rule, run, i);
	const struct observation *notice;
	const char *text = run->trace->events[seen->event].text;
	const char *label = line_label(run, rule_text(rule, "by"));
	double from, to;

	if (!before)
		return;
	from = rule_seconds(before->time_us);
	to = rule_seconds(seen->time_us);
	notice = find_notice(rule, run, seen, from);
	if (to <= from + RULE_TOLERANCE || (notice && is_at(notice, from)) ||
		!rule_fail(result))
		return;
	rule_show(result, before->event);
	if (notice && notice > before)
		rule_show(result, notice->event);
	rule_show(result, seen->event);
	rule_say_zh(result,
		"“%s”从第 %.1f 秒等到第 %.1f 秒，开始等待之前没有输出“%s”。",
		text, from, to, label);
	rule_say_en(result,
		"'%s' had to wait from %.1f s to %.1f s, but no '%s' was "
		"written before the waiting began.",
		text, from, to, label);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i]))
			judge_line(rule, run, i, result);
}

const struct rule_kind RULE_ANNOUNCED = {
	.name = "announced",
	.meaning = "a process that has to wait for its next line says so "
		   "before it waits",
	.fields = FIELDS,
	.judge = judge,
};
