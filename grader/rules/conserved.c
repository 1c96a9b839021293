/*
 * conserved: what was put in comes out: as many lines of the one kind as of
 * the other for each key.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"put", RULE_OBSERVATION, true, NULL, "the line of putting in"},
	{"got", RULE_OBSERVATION, true, NULL, "the line of taking out"},
	{"key", RULE_NAMES, true, NULL, "groups that tell the items apart"},
	{0},
};

static int count_of(const struct rule *rule, const struct observed_run *run,
	const char *field, const char *key, struct rule_result *result)
{
	const struct rule_value *groups = rule_get(rule, "key");
	int count = 0;

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		auto_free char *own = NULL;

		if (!line_is(rule, field, seen))
			continue;
		own = line_key(seen, groups->texts, groups->count);
		if (strcmp(own, key) != 0)
			continue;
		count++;
		if (result)
			rule_show(result, seen->event);
	}
	return count;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct rule_value *groups = rule_get(rule, "key");
	const char *put = line_label(run, rule_text(rule, "put"));
	const char *got = line_label(run, rule_text(rule, "got"));

	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		auto_free char *key = NULL;
		int in, out;

		if (!line_is(rule, "put", seen) && !line_is(rule, "got", seen))
			continue;
		key = line_key(seen, groups->texts, groups->count);
		in = count_of(rule, run, "put", key, NULL);
		out = count_of(rule, run, "got", key, NULL);
		if (in == out || !rule_fail(result))
			continue;
		count_of(rule, run, "put", key, result);
		count_of(rule, run, "got", key, result);
		rule_say_zh(result, "%s：“%s”%d 次，“%s”%d 次，两边应当相等。",
			key, put, in, got, out);
		rule_say_en(result,
			"%s: '%s' %d time(s), '%s' %d time(s); "
			"they should be equal.",
			key, put, in, got, out);
	}
}

const struct rule_kind RULE_CONSERVED = {
	.name = "conserved",
	.meaning = "for each key, as many lines of one kind as of the other",
	.fields = FIELDS,
	.judge = judge,
};
