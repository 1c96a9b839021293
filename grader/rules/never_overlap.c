/*
 * never-overlap: sections of different processes exclude each other.
 *
 * A section is an update of a file (from a process' last read of it to its
 * change), or what lies between two lines of one process.  As the engine
 * runs one process at a time, the order of events is the order of things.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/files.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"file", RULE_NAME, false, NULL, "sections are updates of this file"},
	{"from", RULE_OBSERVATION, false, NULL, "line that begins a section"},
	{"to", RULE_OBSERVATION, false, NULL, "line that ends it"},
	{0},
};

struct section {
	size_t from, to; /* events */
	int process;
};

static size_t file_sections(const struct rule *rule,
	const struct observed_run *run, struct section **out)
{
	struct file_history history;
	struct file_update *updates;
	struct section *sections;
	size_t count;

	file_history_make(&history, run, rule_text(rule, "file"));
	count = file_updates(&history, &updates);
	sections = xcalloc(count + 1, sizeof(*sections));
	for (size_t i = 0; i < count; i++) {
		sections[i].from = updates[i].read->first;
		sections[i].to = updates[i].change->last;
		sections[i].process = updates[i].actor;
	}
	free(updates);
	file_history_release(&history);
	*out = sections;
	return count;
}

static size_t line_sections(const struct rule *rule,
	const struct observed_run *run, struct section **out)
{
	struct section *sections =
		xcalloc(run->observation_count + 1, sizeof(*sections));
	size_t count = 0;

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *from = &run->observations[i];

		if (!line_is(rule, "from", from))
			continue;
		sections[count].from = from->event;
		sections[count].to = run->trace->event_count;
		sections[count].process = from->process;
		for (size_t j = i + 1; j < run->observation_count; j++) {
			const struct observation *to = &run->observations[j];

			if (line_is(rule, "to", to) &&
				to->process == from->process) {
				sections[count].to = to->event;
				break;
			}
		}
		count++;
	}
	*out = sections;
	return count;
}

static void judge_pair(const struct observed_run *run, const struct section *a,
	const struct section *b, struct rule_result *result)
{
	const char *first = observed_name(run, a->process);
	const char *second = observed_name(run, b->process);

	if (a->process == b->process || a->from > b->to || b->from > a->to ||
		!rule_fail(result))
		return;
	rule_show(result, a->from);
	rule_show(result, b->from);
	if (a->to < run->trace->event_count)
		rule_show(result, a->to);
	if (b->to < run->trace->event_count)
		rule_show(result, b->to);
	rule_say_zh(result,
		"%s 和 %s 同时处在临界区里：一个从读到写还没有完成，"
		"另一个就插了进来。",
		first, second);
	rule_say_en(result,
		"%s and %s were in the critical section at the "
		"same time: one came in while the other was "
		"between its read and its write.",
		first, second);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	auto_free struct section *sections = NULL;
	size_t count = rule_text(rule, "file")
			       ? file_sections(rule, run, &sections)
			       : line_sections(rule, run, &sections);

	(void)memory;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			judge_pair(run, &sections[j], &sections[i], result);
}

const struct rule_kind RULE_NEVER_OVERLAP = {
	.name = "never-overlap",
	.meaning = "sections of different processes exclude each other",
	.fields = FIELDS,
	.judge = judge,
};
