/*
 * sequence: the lines of one key have a rising index.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "the lines"},
	{"key", RULE_NAMES, true, NULL, "groups that tell sequences apart"},
	{"index", RULE_NAME, true, NULL, "group of the rising number"},
	{0},
};

static void compare(const struct rule *rule, const struct observed_run *run,
	size_t early, size_t late, struct rule_result *result)
{
	const struct rule_value *key = rule_get(rule, "key");
	const char *index = rule_text(rule, "index");
	const struct observation *a = &run->observations[early];
	const struct observation *b = &run->observations[late];
	const struct event *events = run->trace->events;
	auto_free char *left = NULL, *right = NULL;

	if (observation_number(a, index, 0) < observation_number(b, index, 0))
		return;
	left = line_key(a, key->texts, key->count);
	right = line_key(b, key->texts, key->count);
	if (strcmp(left, right) != 0 || !rule_fail(result))
		return;
	rule_show(result, a->event);
	rule_show(result, b->event);
	rule_say_zh(result, "顺序不对：“%s”之后才是“%s”。",
		events[a->event].text, events[b->event].text);
	rule_say_en(result, "out of order: '%s' comes before '%s'.",
		events[a->event].text, events[b->event].text);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++) {
		if (!line_is(rule, "observation", &run->observations[i]))
			continue;
		for (size_t j = i + 1; j < run->observation_count; j++)
			if (line_is(rule, "observation", &run->observations[j]))
				compare(rule, run, i, j, result);
	}
}

const struct rule_kind RULE_SEQUENCE = {
	.name = "sequence",
	.meaning = "the lines of one key have a rising index",
	.fields = FIELDS,
	.judge = judge,
};
