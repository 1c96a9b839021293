/*
 * same-output: the same lines arrive in every scenario of the rule, in any
 * order: a line lost in a buffer that nobody flushed, or doubled by a fork
 * with a full buffer, shows as a difference.  The first run of the first
 * scenario is what the others are compared with.
 *
 * Lines that the exercise knows nothing of may be others in each run and are
 * not compared.  That a fork doubled one of them is known when it was in the
 * buffer at that fork and two processes have written it.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/json_reader.h"
#include "grader/pattern.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "the lines"},
	{"key", RULE_NAMES, false, NULL,
		"groups that must be the same; others may differ"},
	{"all_ended", RULE_FLAG, false, NULL,
		"no line is missing where a process lives on after main"},
	{"others", RULE_FLAG, false, NULL,
		"nor does a fork double a line that no pattern matches"},
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

/* A buffer went with the process that had it, or may have, if unknown. */
static bool left_buffers(const struct observed_run *run)
{
	const struct trace *trace = run->trace;

	if (run->outcome->buffers_known)
		return run->outcome->buffer_lost;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_EXEC ||
			(event->kind == EVENT_EXIT &&
				(event->signal || event->call)))
			return true;
	}
	return false;
}

/* What is not there was never in a buffer. */
static void tell_unprinted(const struct rule_memory *memory,
	const struct observed_run *run, const char *line,
	struct rule_result *result)
{
	const struct scenario *first =
		&run->exercise->scenarios[memory->scenario];

	result->unhinted = true;
	rule_say_zh(result,
		"标准输出是管道时少了一行“%s”（对照：%s）。没有哪个进程结束时"
		"缓冲区里还有内容，所以不是没有 fflush：是程序没有输出它"
		"（它看输出是不是终端吗？还是取决于调度？）。",
		line, first->title.zh);
	rule_say_en(result,
		"with standard output a pipe the line '%s' is missing "
		"(compare: %s). No process ended with anything in its buffer, "
		"so it is no matter of fflush: the program did not print it "
		"(does it ask whether that is a terminal, or does it depend on "
		"the schedule?).",
		line, first->title.en);
}

/* As many lines, but others: none was lost, and none came twice. */
static void tell_other(const struct rule_memory *memory,
	const struct observed_run *run, const char *missing, const char *extra,
	struct rule_result *result)
{
	const struct scenario *first =
		&run->exercise->scenarios[memory->scenario];

	result->unhinted = true;
	rule_say_zh(result,
		"标准输出是管道时有一行是“%s”，而不是“%s”（对照：%s）："
		"行数一样，内容不同。哪一行会出现，取决于调度。",
		extra, missing, first->title.zh);
	rule_say_en(result,
		"with standard output a pipe there is a line '%s' in place of "
		"'%s' (compare: %s): as many lines, but not the same. Which of "
		"them comes depends on the schedule.",
		extra, missing, first->title.en);
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

/* Sorted lists: the first line of each that the other has not, or NULL. */
struct difference {
	const char *missing, *extra;
	bool as_many;
};

static struct difference find_difference(char *const *wanted, char *const *got)
{
	struct difference found = {NULL, NULL, false};
	size_t i = 0, j = 0;

	while (wanted[i] || got[j]) {
		int order = !wanted[i] ? 1
			    : !got[j]  ? -1
				       : strcmp(wanted[i], got[j]);

		if (order < 0 && !found.missing)
			found.missing = wanted[i];
		if (order > 0 && !found.extra)
			found.extra = got[j];
		i += order <= 0;
		j += order >= 0;
	}
	found.as_many = i == j;
	return found;
}

/* By the first line that differs. */
static void tell(const struct rule_memory *memory,
	const struct observed_run *run, char *const *lines,
	struct rule_result *result)
{
	const struct difference differs = find_difference(memory->lines, lines);
	bool is_missing =
		differs.missing &&
		(!differs.extra || strcmp(differs.missing, differs.extra) < 0);

	assert(differs.missing || differs.extra); /* or they are the same */
	if (is_missing && !has_ended(run))
		tell_cut_off(differs.missing, result);
	else if (differs.missing && differs.extra && differs.as_many)
		tell_other(memory, run, differs.missing, differs.extra, result);
	else if (is_missing && !left_buffers(run))
		tell_unprinted(memory, run, differs.missing, result);
	else if (is_missing)
		tell_lost(memory, run, differs.missing, result);
	else if (is_repeated(lines, differs.extra))
		tell_doubled(memory, run, differs.extra, result);
	else
		tell_missing(memory, run, differs.extra, result);
}

static bool is_same(char *const *one, char *const *other)
{
	const struct difference differs = find_difference(one, other);

	return !differs.missing && !differs.extra;
}

static bool is_observed(const struct observed_run *run, size_t event)
{
	for (size_t i = 0; i < run->observation_count; i++)
		if (run->observations[i].event == event)
			return true;
	return false;
}

/*
 * The first line from FROM on that is LINE but for blanks, matched by no
 * pattern and not PROCESS' own (-1: anybody's); the number of events: none.
 */
static size_t find_other(const struct observed_run *run, size_t from,
	const char *line, int process)
{
	const struct trace *trace = run->trace;

	for (size_t i = from; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		struct buf text = {0};
		bool is_it;

		if (event->kind != EVENT_OUTPUT || !event->text ||
			!event->object || strcmp(event->object, "stdout") ||
			observed_process(run, event->task) == process)
			continue;
		pattern_strip(&text, event->text);
		is_it = !strcmp(buf_text(&text), line);
		buf_release(&text);
		if (is_it && !is_observed(run, i))
			return i;
	}
	return trace->event_count;
}

/* One whole line of what was in the buffer at a fork, without blanks. */
static void judge_copied(const struct observed_run *run, const char *line,
	struct rule_result *result)
{
	const struct trace *trace = run->trace;
	size_t one = find_other(run, 0, line, -1), two;
	const char *first, *second;

	if (!*line || one == trace->event_count)
		return;
	two = find_other(run, one + 1, line,
		observed_process(run, trace->events[one].task));
	if (two == trace->event_count || !rule_fail(result))
		return;
	rule_show(result, one);
	rule_show(result, two);
	first = observed_name(run, trace->events[one].task);
	second = observed_name(run, trace->events[two].task);
	rule_say_zh(result,
		"“%s”这一行来了两次，一次来自 %s，一次来自 %s："
		"fork 时它还在缓冲区里，两个进程各输出了一遍。",
		trace->events[one].text, first, second);
	rule_say_en(result,
		"the line '%s' came twice, from %s and from %s: it was still "
		"in the buffer at fork, and both wrote it.",
		trace->events[one].text, first, second);
}

static void judge_others(
	const struct observed_run *run, struct rule_result *result)
{
	const char *text = run->outcome->copied, *end;

	for (; text && (end = strchr(text, '\n')) != NULL; text = end + 1) {
		auto_free char *line = xstrndup(text, (size_t)(end - text));
		struct buf stripped = {0};

		pattern_strip(&stripped, line);
		judge_copied(run, buf_text(&stripped), result);
		buf_release(&stripped);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	size_t own = (size_t)(run->scenario - run->exercise->scenarios);
	char **lines;

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
	if (!is_same(memory->lines, lines) && rule_fail(result)) {
		tell(memory, run, lines, result);
		for (size_t j = 0; j < run->observation_count; j++)
			if (line_is(rule, "observations",
				    &run->observations[j]))
				rule_show(result, run->observations[j].event);
	}
	text_list_free(lines);
	if (rule_get(rule, "others")->flag)
		judge_others(run, result);
}

const struct rule_kind RULE_SAME_OUTPUT = {
	.name = "same-output",
	.meaning = "the same lines arrive in all scenarios, in any order",
	.fields = FIELDS,
	.judge = judge,
};
