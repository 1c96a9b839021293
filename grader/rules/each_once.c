/*
 * each-once: of all lines of the kinds together, each expected key has
 * exactly one, and no other key has any.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/json_reader.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "the lines"},
	{"keys", RULE_KEYS, true, NULL, "the expected keys"},
	{"missing", RULE_NUMBER, false, NULL,
		"so many keys may be missing (default 0)"},
	{"by", RULE_CHOICE, false, "main|child",
		"only those that main, or another process, writes"},
	{"all_ended", RULE_FLAG, false, NULL,
		"no line is missing where a process lives on after main"},
	{0},
};

struct tally {
	char **keys; /* expected */
	size_t *counts;
	size_t count;
	char *groups[LINE_GROUPS_MAX];
	size_t group_count;
	char *what; /* labels */
};

static bool is_meant(const struct rule *rule, const struct observation *seen)
{
	return line_is(rule, "observations", seen) && line_is_by(rule, seen);
}

static void fail_key(const struct tally *tally, struct rule_result *result,
	const char *key, const char *zh, const char *en)
{
	if (!rule_fail(result))
		return;
	rule_say_zh(result, "“%s”（%s）%s。", tally->what, key, zh);
	rule_say_en(result, "'%s' (%s) %s.", tally->what, key, en);
}

static void count_line(struct tally *tally, const struct observed_run *run,
	const struct rule *rule, size_t index, struct rule_result *result)
{
	const struct observation *seen = &run->observations[index];
	auto_free char *key = line_key(seen, tally->groups, tally->group_count);
	size_t i = 0;

	while (i < tally->count && strcmp(tally->keys[i], key) != 0)
		i++;
	if (i == tally->count) {
		if (result->state != RULE_FAILS)
			rule_show(result, seen->event);
		fail_key(tally, result, key, "不该出现", "must not appear");
		return;
	}
	if (++tally->counts[i] < 2 || result->state == RULE_FAILS)
		return;
	for (size_t j = 0; j <= index; j++) {
		const struct observation *other = &run->observations[j];
		auto_free char *theirs =
			line_key(other, tally->groups, tally->group_count);

		if (is_meant(rule, other) && !strcmp(theirs, key))
			rule_show(result, other->event);
	}
	fail_key(
		tally, result, key, "出现了不止一次", "appears more than once");
}

static void judge_missing(const struct tally *tally, size_t allowed,
	const struct observed_run *run, struct rule_result *result)
{
	struct buf list = {0};
	size_t missing = 0;

	for (size_t i = 0; i < tally->count; i++) {
		if (tally->counts[i] > 0)
			continue;
		if (++missing <= 5)
			buf_addf(&list, "%s%s", missing > 1 ? ", " : "",
				tally->keys[i]);
		else if (missing == 6)
			buf_adds(&list, " ...");
	}
	if (missing > allowed && rule_fail(result)) {
		rule_say_zh(result, "“%s”缺了 %zu 个（应有 %zu 个）：%s。",
			tally->what, missing, tally->count, buf_text(&list));
		rule_say_en(result, "%zu of %zu expected '%s' are missing: %s.",
			missing, tally->count, tally->what, buf_text(&list));
		if (observed_main_exit(run) < run->trace->event_count)
			rule_show(result, observed_main_exit(run));
	}
	buf_release(&list);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct rule_value *keys = rule_get(rule, "keys");
	double allowed = rule_number(rule, "missing", run, 0);
	struct tally tally = {0};

	(void)memory;
	tally.keys = line_expected_keys(keys, run, &tally.count);
	tally.counts = xcalloc(tally.count + 1, sizeof(*tally.counts));
	tally.group_count =
		line_key_groups(keys, tally.groups, LINE_GROUPS_MAX);
	tally.what = line_labels(rule, "observations", run);
	for (size_t i = 0; i < run->observation_count; i++)
		if (is_meant(rule, &run->observations[i]))
			count_line(&tally, run, rule, i, result);
	if (!rule_leaves_aside(rule, run))
		judge_missing(
			&tally, allowed > 0 ? (size_t)allowed : 0, run, result);
	text_list_free(tally.keys);
	free(tally.counts);
	free(tally.what);
}

const struct rule_kind RULE_EACH_ONCE = {
	.name = "each-once",
	.meaning = "each expected key appears exactly once, no other key does",
	.fields = FIELDS,
	.judge = judge,
};
