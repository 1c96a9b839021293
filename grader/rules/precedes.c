/*
 * precedes: every line of the kinds `before` is written before every line of
 * the kinds `after`; with `key`, only lines of the same key are compared,
 * with `by`, only later lines that main, or another process, writes.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"before", RULE_OBSERVATIONS, true, NULL, "the earlier lines"},
	{"after", RULE_OBSERVATIONS, true, NULL, "the later lines"},
	{"key", RULE_NAMES, false, NULL, "compare lines of the same key only"},
	{"by", RULE_CHOICE, false, "main|child",
		"only later lines that main, or another process, writes"},
	{0},
};

static bool same_key(const struct rule *rule, const struct observation *a,
	const struct observation *b)
{
	const struct rule_value *key = rule_get(rule, "key");
	auto_free char *left = line_key(a, key->texts, key->count);
	auto_free char *right = line_key(b, key->texts, key->count);

	return !strcmp(left, right);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct event *events = run->trace->events;

	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *early = &run->observations[i];

		if (!line_is(rule, "after", early) || !line_is_by(rule, early))
			continue;
		for (size_t j = i + 1; j < run->observation_count; j++) {
			const struct observation *late = &run->observations[j];

			if (!line_is(rule, "before", late) ||
				!same_key(rule, early, late) ||
				!rule_fail(result))
				continue;
			rule_show(result, early->event);
			rule_show(result, late->event);
			rule_say_zh(result, "“%s”应当在“%s”之前，却在它之后。",
				events[late->event].text,
				events[early->event].text);
			rule_say_en(result,
				"'%s' should come before '%s', not after it.",
				events[late->event].text,
				events[early->event].text);
		}
	}
}

const struct rule_kind RULE_PRECEDES = {
	.name = "precedes",
	.meaning = "every line of some kinds comes before every line of others",
	.fields = FIELDS,
	.judge = judge,
};
