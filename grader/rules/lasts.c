/*
 * lasts: between two lines of one key passes a given virtual time: what a
 * process does between them takes just so long.  Lines of a key are paired in
 * their order; one without its other is no matter here.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"from", RULE_OBSERVATION, true, NULL, "the earlier line"},
	{"to", RULE_OBSERVATION, true, NULL, "the later line"},
	{"key", RULE_NAMES, true, NULL, "groups that both have in common"},
	{"seconds", RULE_NUMBER, false, NULL, "time between (default 1)"},
	{"times", RULE_NAME, false, NULL,
		"group of a number by which that is multiplied"},
	{0},
};

/* The line NUMBER (from 0) of the field's kind with that key, or NULL. */
static const struct observation *find(const struct rule *rule,
	const struct observed_run *run, const char *field, const char *key,
	size_t number)
{
	const struct rule_value *groups = rule_get(rule, "key");

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		auto_free char *own = NULL;

		if (!line_is(rule, field, seen))
			continue;
		own = line_key(seen, groups->texts, groups->count);
		if (!strcmp(own, key) && number-- == 0)
			return seen;
	}
	return NULL;
}

/* How many lines of TO's kind and KEY there are before it. */
static size_t number_of(const struct rule *rule, const struct observed_run *run,
	const struct observation *to, const char *key)
{
	size_t number = 0;

	while (find(rule, run, "to", key, number) != to)
		number++;
	return number;
}

static double wanted(const struct rule *rule, const struct observed_run *run,
	const struct observation *to)
{
	const char *group = rule_text(rule, "times");
	double seconds = rule_number(rule, "seconds", run, 1);

	if (group)
		seconds *= (double)observation_number(to, group, 0);
	return seconds;
}

static void judge_pair(const struct rule *rule, const struct observed_run *run,
	const struct observation *to, struct rule_result *result)
{
	const struct rule_value *groups = rule_get(rule, "key");
	auto_free char *key = line_key(to, groups->texts, groups->count);
	const struct observation *from =
		find(rule, run, "from", key, number_of(rule, run, to, key));
	const struct event *events = run->trace->events;
	double want = wanted(rule, run, to), got;

	if (!from)
		return;
	got = rule_seconds(to->time_us - from->time_us);
	if ((got >= want - RULE_TOLERANCE && got <= want + RULE_TOLERANCE) ||
		!rule_fail(result))
		return;
	rule_show(result, from->event);
	rule_show(result, to->event);
	rule_say_zh(result, "从“%s”到“%s”应当是 %.1f 秒，实际 %.1f 秒。",
		events[from->event].text, events[to->event].text, want, got);
	rule_say_en(result,
		"from '%s' to '%s' it should take %.1f s, and it took %.1f s.",
		events[from->event].text, events[to->event].text, want, got);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "to", &run->observations[i]))
			judge_pair(rule, run, &run->observations[i], result);
}

const struct rule_kind RULE_LASTS = {
	.name = "lasts",
	.meaning = "between two lines of one key passes a given time (to 0.1 "
		   "s)",
	.fields = FIELDS,
	.judge = judge,
};
