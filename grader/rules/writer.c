/*
 * writer: which process writes a line.  `main` is the process that the
 * grader started; `child` any other.  With `alone` no process speaks for two
 * subjects; with `one_each`, all lines of one subject come from one process,
 * too.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "the lines"},
	{"by", RULE_CHOICE, true, "main|child|any", "who has to write them"},
	{"alone", RULE_FLAG, false, NULL, "no process writes for two subjects"},
	{"one_each", RULE_FLAG, false, NULL, "that, and one process a subject"},
	{0},
};

static void judge_side(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, struct rule_result *result)
{
	const char *text = run->trace->events[seen->event].text;

	if (!strcmp(rule_text(rule, "by"), "any") || line_is_by(rule, seen) ||
		!rule_fail(result))
		return;
	rule_show(result, seen->event);
	if (seen->process != 0) {
		rule_say_zh(
			result, "“%s”应由主进程输出，却是子进程输出的。", text);
		rule_say_en(result,
			"'%s' should be written by main, but a "
			"child wrote it.",
			text);
	} else {
		rule_say_zh(
			result, "“%s”应由子进程输出，却是主进程输出的。", text);
		rule_say_en(result,
			"'%s' should be written by a child "
			"process, but main wrote it.",
			text);
	}
}

static void judge_pair(const struct rule *rule, const struct observed_run *run,
	const struct observation *a, const struct observation *b,
	struct rule_result *result)
{
	bool same_subject = !strcmp(a->subject, b->subject);
	bool same_process = a->process == b->process;
	bool one_each = rule_get(rule, "one_each")->flag;
	const char *first = run->trace->events[a->event].text;
	const char *second = run->trace->events[b->event].text;

	if (same_subject == same_process || (same_subject && !one_each) ||
		!rule_fail(result))
		return;
	rule_show(result, a->event);
	rule_show(result, b->event);
	if (same_subject) {
		rule_say_zh(result,
			"“%s”和“%s”说的是同一个人，却由两个进程输出。", first,
			second);
		rule_say_en(result,
			"'%s' and '%s' are about the same person, "
			"but two processes wrote them.",
			first, second);
	} else {
		rule_say_zh(result,
			"“%s”和“%s”由同一个进程输出："
			"每个人应当各是一个进程。",
			first, second);
		rule_say_en(result,
			"'%s' and '%s' were written by one "
			"process: each should be a process of its "
			"own.",
			first, second);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	bool pairs = rule_get(rule, "one_each")->flag ||
		     rule_get(rule, "alone")->flag;

	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];

		if (!line_is(rule, "observations", seen))
			continue;
		judge_side(rule, run, seen, result);
		for (size_t j = 0; pairs && j < i; j++)
			if (line_is(rule, "observations",
				    &run->observations[j]))
				judge_pair(rule, run, &run->observations[j],
					seen, result);
	}
}

const struct rule_kind RULE_WRITER = {
	.name = "writer",
	.meaning = "the lines are written by the right process",
	.fields = FIELDS,
	.judge = judge,
};
