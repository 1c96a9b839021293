/*
 * among: the key of every line of the kinds is an expected one; keys may be
 * missing or come again.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/json_reader.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "the lines"},
	{"keys", RULE_KEYS, true, NULL, "the expected keys"},
	{"by", RULE_CHOICE, false, "main|child",
		"only lines that main, or another process, writes"},
	{0},
};

static bool is_among(char *const *keys, const char *key)
{
	for (size_t i = 0; keys[i]; i++)
		if (!strcmp(keys[i], key))
			return true;
	return false;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct rule_value *keys = rule_get(rule, "keys");
	char *groups[LINE_GROUPS_MAX];
	size_t count, group_count;
	char **expected = line_expected_keys(keys, run, &count);

	(void)memory;
	group_count = line_key_groups(keys, groups, LINE_GROUPS_MAX);
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		const char *text = run->trace->events[seen->event].text;
		auto_free char *key = line_key(seen, groups, group_count);

		if (!line_is(rule, "observations", seen) ||
			!line_is_by(rule, seen) || is_among(expected, key) ||
			!rule_fail(result))
			continue;
		rule_show(result, seen->event);
		rule_say_zh(
			result, "“%s”里的“%s”不在应有的范围内。", text, key);
		rule_say_en(result,
			"'%s' in '%s' is not among those that "
			"there should be.",
			key, text);
	}
	text_list_free(expected);
}

const struct rule_kind RULE_AMONG = {
	.name = "among",
	.meaning = "the key of every line is an expected one",
	.fields = FIELDS,
	.judge = judge,
};
