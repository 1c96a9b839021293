/*
 * same-read: the drawback shows.  Two processes read the same number > 0
 * from a file, both wrote the file back, both report success; and each
 * process that reports success has written the file.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/rules/files.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"file", RULE_NAME, true, NULL, "its name"},
	{"value", RULE_NAME, true, NULL, "the field with the number"},
	{"observation", RULE_OBSERVATION, true, NULL, "the line of success"},
	{"more_than", RULE_NUMBER, true, NULL,
		"there are more lines of success than this"},
	{0},
};

/* The update of ACTOR that ended before the event; NULL when none did. */
static const struct file_update *find_update(const struct file_update *updates,
	size_t count, int actor, size_t event)
{
	const struct file_update *found = NULL;

	for (size_t i = 0; i < count; i++)
		if (updates[i].actor == actor &&
			updates[i].change->first < event)
			found = &updates[i];
	return found;
}

struct shared {
	struct buf who; /* names, joined */
	int64_t value;
	size_t readers;
};

/*
 * Looks for the number that most processes read before they wrote back and
 * reported success.  A process that reported without a write fails RESULT.
 */
static void find_shared(const struct rule *rule, const struct observed_run *run,
	const struct file_update *updates, size_t count, struct shared *shared,
	struct rule_result *result)
{
	const char *key = rule_text(rule, "value");
	size_t best = 0;

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		const struct file_update *own;
		const char *text = run->trace->events[seen->event].text;
		struct buf who = {0};
		int64_t value = 0, other = 0;
		size_t readers = 0;

		if (!line_is(rule, "observation", seen))
			continue;
		own = find_update(updates, count, seen->process, seen->event);
		if (!own && rule_fail(result)) {
			rule_show(result, seen->event);
			rule_say_zh(result,
				"“%s”之前没有读出余票再写回文件："
				"成功是假的。",
				text);
			rule_say_en(result,
				"'%s' without reading the file and "
				"writing it back: the success is "
				"faked.",
				text);
		}
		if (!own || !file_value(own->read->content, key, &value) ||
			value <= 0)
			continue;
		for (size_t j = 0; j < run->observation_count; j++) {
			const struct observation *o = &run->observations[j];
			const struct file_update *theirs = NULL;

			if (line_is(rule, "observation", o))
				theirs = find_update(
					updates, count, o->process, o->event);
			if (!theirs ||
				!file_value(
					theirs->read->content, key, &other) ||
				other != value)
				continue;
			readers++;
			buf_addf(&who, "%s%s", who.length ? ", " : "",
				observed_name(run, o->process));
		}
		if (readers > best) {
			best = readers;
			buf_release(&shared->who);
			shared->who = who;
			shared->value = value;
			shared->readers = readers;
		} else {
			buf_release(&who);
		}
	}
}

static void judge_count(const struct rule *rule, const struct observed_run *run,
	struct rule_result *result)
{
	int least = (int)rule_number(rule, "more_than", run, 0), count = 0;

	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i]))
			count++;
	if (count > least || !rule_fail(result))
		return;
	rule_say_zh(result,
		"没有锁时应当卖出超过 %d 张票，实际只有 %d 张："
		"文件共享数据的缺点没有显现出来。",
		least, count);
	rule_say_en(result,
		"without a lock more than %d tickets should be "
		"sold, not %d: the drawback does not show.",
		least, count);
}

static void tell_shared(const struct shared *shared, struct rule_result *result)
{
	if (shared->readers >= 2) {
		result->note.zh = xasprintf("没有锁：%s 买票时都读到了余票 "
					    "%lld，各自写回，于是多卖了。",
			buf_text(&shared->who), (long long)shared->value);
		result->note.en = xasprintf(
			"without a lock %s all read count %lld while buying "
			"and wrote it back: too many were sold.",
			buf_text(&shared->who), (long long)shared->value);
		return;
	}
	if (!rule_fail(result))
		return;
	rule_say_zh(result, "没有两个买票的进程读到同一个余票数："
			    "没有锁时的错乱没有发生。");
	rule_say_en(result, "no two buyers read the same count: what goes "
			    "wrong without a lock did not happen.");
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	struct file_history history;
	auto_free struct file_update *updates = NULL;
	struct shared shared = {0};
	size_t count;

	(void)memory;
	file_history_make(&history, run, rule_text(rule, "file"));
	count = file_updates(&history, &updates);
	find_shared(rule, run, updates, count, &shared, result);
	judge_count(rule, run, result);
	tell_shared(&shared, result);
	if (result->state == RULE_FAILS)
		for (size_t i = 0; i < count; i++) {
			rule_show(result, updates[i].read->first);
			rule_show(result, updates[i].change->last);
		}
	buf_release(&shared.who);
	file_history_release(&history);
}

const struct rule_kind RULE_SAME_READ = {
	.name = "same-read",
	.meaning = "two processes read the same number and both wrote back: "
		   "the lost update shows",
	.fields = FIELDS,
	.judge = judge,
};
