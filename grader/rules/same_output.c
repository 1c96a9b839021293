/*
 * same-output: the same lines arrive in every scenario of the rule, in any
 * order: a line lost in a buffer that nobody flushed, or doubled by a fork
 * with a full buffer, shows as a difference.  The first run of the first
 * scenario is what the others are compared with.
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
	{"key", RULE_NAMES, false, NULL,
		"groups that must be the same; others may differ"},
	{"all_ended", RULE_FLAG, false, NULL,
		"no line is missing where a process lives on after main"},
	{0},
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Its label and its key, without the blanks of groups that it has not. */
static char *name_of(const struct observed_run *run,
	const struct observation *seen, const char *values)
{
	values += strspn(values, " ");
	return xasprintf("%s%s%s", line_label(run, seen->kind),
		*values ? " " : "", values);
}

static char **collect(const struct rule *rule, const struct observed_run *run)
{
	const struct rule_value *key = rule_get(rule, "key");
	char **lines = xcalloc(run->observation_count + 1, sizeof(*lines));
	size_t count = 0;

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];
		auto_free char *values = NULL;

		if (!line_is(rule, "observations", seen))
			continue;
		values = line_key(seen, key->texts, key->count);
		lines[count++] = name_of(run, seen, values);
	}
	qsort(lines, count, sizeof(*lines), by_text);
	return lines;
}

static void tell_lost(const struct rule_memory *memory,
	const struct observed_run *run, const char *line,
	struct rule_result *result)
{
	const struct scenario *first =
		&run->exercise->scenarios[memory->scenario];

	rule_say_zh(result,
		"标准输出是管道时少了一行“%s”（对照：%s）："
		"管道是全缓冲的，进程被杀死或用 _exit 结束时，"
		"没有 fflush 的内容就丢了。",
		line, first->title.zh);
	rule_say_en(result,
		"with standard output a pipe the line '%s' is lost "
		"(compare: %s): a pipe is fully buffered, and what "
		"was not flushed is lost when a process is killed "
		"or ends by _exit.",
		line, first->title.en);
}

/* The run was at its end before it came to the line. */
static bool has_ended(const struct observed_run *run)
{
	return run->outcome->end == RUN_END_EXITED;
}

static void tell_cut_off(const char *line, struct rule_result *result)
{
	rule_say_zh(result,
		"标准输出是管道时少了一行“%s”：这一次程序没有运行到结束。",
		line);
	rule_say_en(result,
		"with standard output a pipe the line '%s' is missing: the "
		"program did not come to its end.",
		line);
}

static void tell_doubled(const struct rule_memory *memory,
	const struct observed_run *run, const char *line,
	struct rule_result *result)
{
	const struct scenario *first =
		&run->exercise->scenarios[memory->scenario];

	rule_say_zh(result,
		"标准输出是管道时多了一行“%s”（对照：%s）："
		"fork 时缓冲区里还有内容，子进程又输出了一遍。",
		line, first->title.zh);
	rule_say_en(result,
		"with standard output a pipe there is one line "
		"'%s' too many (compare: %s): the buffer was not "
		"empty at fork, so the child wrote it again.",
		line, first->title.en);
}

/* The line came no more than once: where it is compared it never arrived. */
static void tell_missing(const struct rule_memory *memory,
	const struct observed_run *run, const char *line,
	struct rule_result *result)
{
	const struct scenario *first =
		&run->exercise->scenarios[memory->scenario];

	rule_say_zh(result,
		"标准输出是管道时有“%s”这一行，对照的运行（%s）里却没有："
		"先让对照的运行一行不少。",
		line, first->title.zh);
	rule_say_en(result,
		"with standard output a pipe there is a line '%s' that was "
		"missing in the run to compare with (%s): see to that one "
		"first.",
		line, first->title.en);
}

static bool is_repeated(char *const *lines, const char *line)
{
	size_t count = 0;

	for (size_t i = 0; lines[i]; i++)
		count += !strcmp(lines[i], line);
	return count > 1;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	size_t own = (size_t)(run->scenario - run->exercise->scenarios);
	char **lines;
	size_t i = 0;
	int order = 0;

	if ((memory->set && memory->scenario == own) ||
		rule_leaves_aside(rule, run))
		return;
	lines = collect(rule, run);
	if (!memory->set) {
		memory->set = true;
		memory->scenario = own;
		memory->lines = lines;
		return;
	}
	while (lines[i] && memory->lines[i] &&
		!strcmp(lines[i], memory->lines[i]))
		i++;
	if (lines[i] && memory->lines[i])
		order = strcmp(memory->lines[i], lines[i]);
	else if (memory->lines[i])
		order = -1;
	else if (lines[i])
		order = 1;
	if (order != 0 && rule_fail(result)) {
		if (order < 0 && !has_ended(run))
			tell_cut_off(memory->lines[i], result);
		else if (order < 0)
			tell_lost(memory, run, memory->lines[i], result);
		else if (is_repeated(lines, lines[i]))
			tell_doubled(memory, run, lines[i], result);
		else
			tell_missing(memory, run, lines[i], result);
		for (size_t j = 0; j < run->observation_count; j++)
			if (line_is(rule, "observations",
				    &run->observations[j]))
				rule_show(result, run->observations[j].event);
	}
	text_list_free(lines);
}

const struct rule_kind RULE_SAME_OUTPUT = {
	.name = "same-output",
	.meaning = "the same lines arrive in all scenarios, in any order",
	.fields = FIELDS,
	.judge = judge,
};
