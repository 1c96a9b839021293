/*
 * conserved: what was put in comes out: as many lines of the one kind as of
 * the other for each key.
 */
#include <stdbool.h>
#include <stdlib.h>
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

/* A line, its key if it is of one of the two kinds. */
struct line {
	char *key; /* owned; NULL: it is of neither */
	bool put, got;
};

static struct line *read_lines(
	const struct rule *rule, const struct observed_run *run)
{
	const struct rule_value *groups = rule_get(rule, "key");
	struct line *lines =
		xcalloc(run->observation_count + 1, sizeof(*lines));

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		struct line *line = &lines[i];

		line->put = line_is(rule, "put", seen);
		line->got = line_is(rule, "got", seen);
		if (line->put || line->got)
			line->key =
				line_key(seen, groups->texts, groups->count);
	}
	return lines;
}

static void free_lines(struct line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(lines[i].key);
	free(lines);
}

static bool counts(const struct line *line, const char *key, bool put)
{
	return line->key && (put ? line->put : line->got) &&
	       !strcmp(line->key, key);
}

static int count_of(
	const struct line *lines, size_t count, const char *key, bool put)
{
	int found = 0;

	for (size_t i = 0; i < count; i++)
		found += counts(&lines[i], key, put);
	return found;
}

static void show(const struct observed_run *run, const struct line *lines,
	const char *key, bool put, struct rule_result *result)
{
	for (size_t i = 0; i < run->observation_count; i++)
		if (counts(&lines[i], key, put))
			rule_show(result, run->observations[i].event);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const char *put = line_label(run, rule_text(rule, "put"));
	const char *got = line_label(run, rule_text(rule, "got"));
	const size_t count = run->observation_count;
	struct line *lines = read_lines(rule, run);

	(void)memory;
	for (size_t i = 0; i < count; i++) {
		const char *key = lines[i].key;
		int in, out;

		if (!key)
			continue;
		in = count_of(lines, count, key, true);
		out = count_of(lines, count, key, false);
		if (in == out || !rule_fail(result))
			continue;
		show(run, lines, key, true, result);
		show(run, lines, key, false, result);
		rule_say_zh(result, "%s：“%s”%d 次，“%s”%d 次，两边应当相等。",
			key, put, in, got, out);
		rule_say_en(result,
			"%s: '%s' %d time(s), '%s' %d time(s); "
			"they should be equal.",
			key, put, in, got, out);
	}
	free_lines(lines, count);
}

const struct rule_kind RULE_CONSERVED = {
	.name = "conserved",
	.meaning = "for each key, as many lines of one kind as of the other",
	.fields = FIELDS,
	.judge = judge,
};
