/*
 * inside-at: when a line comes, so many items can be inside a queue.
 *
 * Lines show an item a little later than it is put or taken, at the same
 * instant of virtual time.  So what counts is the most that can have been
 * inside at that instant: all that was put before the line, and one more when
 * its process says so next and at that instant, as it may speak between the
 * two; less what had been taken before that instant.  While the grader holds
 * another process up, lines show nothing of what is inside.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "the line"},
	{"put", RULE_OBSERVATION, true, NULL, "the line of putting in"},
	{"got", RULE_OBSERVATION, true, NULL, "the line of taking out"},
	{"min", RULE_NUMBER, true, NULL, "at least so many can be inside"},
	{0},
};

static bool puts_next(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen)
{
	const struct observation *end =
		run->observations + run->observation_count;

	for (const struct observation *at = seen + 1; at < end; at++)
		if (at->process == seen->process && line_is(rule, "put", at))
			return at->time_us == seen->time_us;
	return false;
}

static int most_inside(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen)
{
	int count = puts_next(rule, run, seen);

	for (const struct observation *at = run->observations; at < seen; at++)
		if (line_is(rule, "put", at))
			count++;
		else if (line_is(rule, "got", at) &&
			 at->time_us < seen->time_us)
			count--;
	return count;
}

/* Was the process of SEEN held up between its put before and SEEN? */
static bool was_held(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen)
{
	const struct event *events = run->trace->events;
	size_t from = 0;

	for (const struct observation *at = run->observations; at < seen; at++)
		if (at->process == seen->process && line_is(rule, "put", at))
			from = at->event;
	for (size_t i = from; i < seen->event; i++)
		if (event_holds_up(&events[i]) &&
			observed_process(run, events[i].task) == seen->process)
			return true;
	return false;
}

static void show_last(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, const char *field,
	struct rule_result *result)
{
	for (const struct observation *at = seen; at-- > run->observations;) {
		if (!line_is(rule, field, at))
			continue;
		rule_show(result, at->event);
		return;
	}
}

static void judge_line(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, struct rule_result *result)
{
	int least = (int)rule_number(rule, "min", run, 0);
	int most = most_inside(rule, run, seen);
	const char *text = run->trace->events[seen->event].text;
	double at = rule_seconds(seen->time_us);

	if (most >= least || was_held(rule, run, seen) ||
		rule_is_held(
			run, seen->process, seen->time_us, seen->time_us) ||
		!rule_fail(result))
		return;
	show_last(rule, run, seen, "put", result);
	show_last(rule, run, seen, "got", result);
	rule_show(result, seen->event);
	rule_say_zh(result,
		"第 %.1f 秒输出“%s”时，里面最多只有 %d 个，不是 %d 个。", at,
		text, most < 0 ? 0 : most, least);
	rule_say_en(result,
		"'%s' was written at %.1f s, when no more than %d can have "
		"been inside, not %d.",
		text, at, most < 0 ? 0 : most, least);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i]))
			judge_line(rule, run, &run->observations[i], result);
}

const struct rule_kind RULE_INSIDE_AT = {
	.name = "inside-at",
	.meaning = "when a line comes, so many items can be inside a queue",
	.fields = FIELDS,
	.judge = judge,
};
