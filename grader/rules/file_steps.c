/*
 * file-steps: a number in a file falls by one for each line, never by more,
 * never rises: no update is lost.
 *
 * Only contents that are whole count (JSON with that number): what a rewrite
 * leaves in between does not.  The number has fallen when the line comes.  A
 * file changed through a memory mapping leaves no trace: then a person has to
 * look.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/files.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"file", RULE_NAME, true, NULL, "its name"},
	{"value", RULE_NAME, true, NULL, "the field with the number"},
	{"start", RULE_NUMBER, true, NULL, "the number at the start"},
	{"observation", RULE_OBSERVATION, true, NULL, "the line of one step"},
	{0},
};

struct steps {
	int64_t value; /* now */
	int64_t falls;
	size_t last; /* event of the latest change, or none */
	size_t lines;
};

static bool file_differs(
	const struct rule *rule, const struct observed_run *run)
{
	const char *name = rule_text(rule, "file");
	const struct run_outcome *outcome = run->outcome;
	int64_t start = (int64_t)rule_number(rule, "start", run, 0);

	for (size_t i = 0; i < outcome->file_count; i++) {
		int64_t value = 0;

		if (strcmp(outcome->files[i].name, name) != 0)
			continue;
		return !file_value(outcome->files[i].data,
			       rule_text(rule, "value"), &value) ||
		       value != start;
	}
	return true;
}

static void step(const struct rule *rule, const struct observed_run *run,
	struct steps *steps, const struct file_access *change,
	struct rule_result *result)
{
	const char *who = observed_name(run, change->actor);
	const char *file = rule_text(rule, "file");
	long long before = steps->value, after;
	int64_t value;

	if (!file_value(change->content, rule_text(rule, "value"), &value))
		return;
	after = value;
	if (value > steps->value || value < steps->value - 1 || value < 0) {
		if (rule_fail(result)) {
			if (steps->last < run->trace->event_count)
				rule_show(result, steps->last);
			rule_show(result, change->last);
			rule_say_zh(result,
				"%s 把 %s 里的数从 %lld 改成了 "
				"%lld：卖一张票应当正好减一，"
				"有更新丢失了。",
				who, file, before, after);
			rule_say_en(result,
				"%s changed the number in %s from "
				"%lld to %lld: one sale should "
				"take exactly one, an update was "
				"lost.",
				who, file, before, after);
		}
	}
	if (value < steps->value)
		steps->falls += steps->value - value;
	steps->value = value;
	steps->last = change->last;
}

static void count_line(const struct observed_run *run,
	const struct observation *seen, struct steps *steps,
	struct rule_result *result)
{
	const char *text = run->trace->events[seen->event].text;

	steps->lines++;
	if ((int64_t)steps->lines <= steps->falls || !rule_fail(result))
		return;
	if (steps->last < run->trace->event_count)
		rule_show(result, steps->last);
	rule_show(result, seen->event);
	rule_say_zh(result,
		"“%s”已是第 %zu 次成功，可文件里只减了 %lld："
		"没有写回就说成功，或者别人的更新被覆盖了。",
		text, steps->lines, (long long)steps->falls);
	rule_say_en(result,
		"'%s' is success number %zu, but the file has "
		"fallen by %lld only: success without a write, or "
		"another's update was overwritten.",
		text, steps->lines, (long long)steps->falls);
}

/* Goes through changes and lines in the order of their events. */
static void follow(const struct rule *rule, const struct observed_run *run,
	const struct file_history *history, struct steps *steps,
	struct rule_result *result)
{
	size_t next = 0;

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];

		if (!line_is(rule, "observation", seen))
			continue;
		for (; next < history->count &&
			history->accesses[next].first < seen->event;
			next++)
			if (history->accesses[next].change)
				step(rule, run, steps, &history->accesses[next],
					result);
		count_line(run, seen, steps, result);
	}
	for (; next < history->count; next++)
		if (history->accesses[next].change)
			step(rule, run, steps, &history->accesses[next],
				result);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	struct file_history history;
	struct steps steps = {
		.value = (int64_t)rule_number(rule, "start", run, 0),
		.last = run->trace->event_count,
	};
	bool changed = false;

	(void)memory;
	file_history_make(&history, run, rule_text(rule, "file"));
	for (size_t i = 0; i < history.count; i++)
		changed = changed || history.accesses[i].change;
	if (!changed && file_differs(rule, run)) {
		if (rule_cannot_judge(result)) {
			rule_say_zh(result, "文件变了，却看不到写入（用了 "
					    "mmap？），这一项由人来评。");
			rule_say_en(result, "the file changed without a write "
					    "(a memory mapping?): a person "
					    "has to judge this.");
		}
	} else {
		follow(rule, run, &history, &steps, result);
	}
	file_history_release(&history);
}

const struct rule_kind RULE_FILE_STEPS = {
	.name = "file-steps",
	.meaning = "a number in a file falls by one for each line of a kind",
	.fields = FIELDS,
	.judge = judge,
};
