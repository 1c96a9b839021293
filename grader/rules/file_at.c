/*
 * file-at: what a file of the working folder is at a look, or at the end of
 * the run: it holds the number of the process that is looked at, it is gone,
 * or it is the same as at an earlier look.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/rules/kinds.h"
#include "grader/rules/looks.h"

static const struct rule_field FIELDS[] = {
	{"file", RULE_NAME, true, NULL, "its name"},
	{"is", RULE_CHOICE, true, "pid|gone|same",
		"holds the process' number; does not exist; is unchanged"},
	LOOK_FIELD,
	{"finally", RULE_FLAG, false, NULL, "at the end of the run instead"},
	{"as", RULE_NUMBER, false, NULL,
		"same: as at the look at this time, in seconds"},
	{"but_by", RULE_NUMBER, false, NULL,
		"same: but for what this start of the program did, from 0"},
	{0},
};

/* Which start of the program the task belongs to, from 0. */
static int start_of(const struct trace *trace, int task)
{
	int start = 0;

	if (task < 0)
		return -1;
	while (trace->tasks[task].parent >= 0)
		task = trace->tasks[task].parent;
	for (int i = 0; i < task; i++)
		start += trace->tasks[i].parent < 0;
	return start;
}

/* The number and nothing else but blanks and newlines. */
static bool is_number(const char *text, long number)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text)
		return false;
	return value == number && end[strspn(end, " \t\n")] == '\0';
}

static char *short_text(const char *text)
{
	struct buf out = {0};

	buf_add_clean(&out, text, strnlen(text, 60));
	buf_adds(&out, "");
	return buf_detach(&out);
}

static void judge_gone(const struct rule *rule, const struct observed_run *run,
	const char *text, struct rule_result *result)
{
	const char *name = rule_text(rule, "file");
	auto_free char *got = short_text(text ? text : "");

	(void)run;
	if (!text || !rule_fail(result))
		return;
	rule_say_zh(result, "%s 应当已被删除，却还在（内容“%s”）。", name, got);
	rule_say_en(result, "%s should be gone but is still there ('%s').",
		name, got);
}

static void judge_pid(const struct rule *rule, const struct observed_run *run,
	const struct look *look, const char *text, struct rule_result *result)
{
	const char *name = rule_text(rule, "file");
	const char *who = observed_name(run, look->process);
	auto_free char *got = short_text(text ? text : "");
	int number =
		look->process < 0 ? -1 : run->trace->tasks[look->process].pid;

	if ((text && is_number(text, number)) || !rule_fail(result))
		return;
	if (!text) {
		rule_say_zh(result, "这时还没有文件 %s。", name);
		rule_say_en(result, "there is no file %s then.", name);
	} else if (look->process < 0) {
		rule_say_zh(
			result, "没有活着的进程，%s 却在（“%s”）。", name, got);
		rule_say_en(result, "no process is alive, but %s holds '%s'.",
			name, got);
	} else {
		rule_say_zh(result, "%s 里应当是 %s 的进程号 %d，实际是“%s”。",
			name, who, number, got);
		rule_say_en(result,
			"%s should hold the process id of %s, %d; it holds "
			"'%s'.",
			name, who, number, got);
	}
}

/*
 * Is it plain that the start which may change the file did so, and no other?
 */
static bool is_excused(const struct rule *rule, const struct observed_run *run,
	size_t from, size_t to)
{
	int allowed = (int)rule_number(rule, "but_by", run, -1);
	const char *name = rule_text(rule, "file");
	bool any = false;

	for (size_t i = from; i < to && allowed >= 0; i++) {
		if (!look_changes(&run->trace->events[i], name))
			continue;
		if (start_of(run->trace, run->trace->events[i].task) != allowed)
			return false;
		any = true;
	}
	return any;
}

static void judge_same(const struct rule *rule, const struct observed_run *run,
	const struct look *look, const char *text, struct rule_result *result)
{
	const char *name = rule_text(rule, "file"), *before;
	auto_free char *was = NULL;
	auto_free char *is = NULL;
	struct look earlier;

	if (!look_find_at(run, rule_number(rule, "as", run, 0), &earlier))
		return;
	before = look_file(run, &earlier, name);
	if ((!before && !text) || (before && text && !strcmp(before, text)) ||
		is_excused(rule, run, earlier.event, look->event) ||
		!rule_fail(result))
		return;
	rule_show(result, earlier.event);
	look_show_changes(run, name, earlier.event, look->event, result);
	was = short_text(before ? before : "");
	is = short_text(text ? text : "");
	if (!text) {
		rule_say_zh(result, "%s 应当原样不动，却不见了（原来是“%s”）。",
			name, was);
		rule_say_en(result,
			"%s should be left alone, but it is gone (it was "
			"'%s').",
			name, was);
	} else {
		rule_say_zh(result, "%s 应当原样不动：原来是“%s”，现在是“%s”。",
			name, was, is);
		rule_say_en(result,
			"%s should be left alone: it was '%s', now it is '%s'.",
			name, was, is);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const char *is = rule_text(rule, "is");
	const char *name = rule_text(rule, "file"), *text;
	bool finally = rule_get(rule, "finally")->flag;
	struct look look = {.process = -1};

	(void)memory;
	if (!finally && !look_find(rule, run, result, &look))
		return;
	text = finally ? final_text(run, name) : look_file(run, &look, name);
	if (!strcmp(is, "gone"))
		judge_gone(rule, run, text, result);
	else if (!strcmp(is, "pid"))
		judge_pid(rule, run, &look, text, result);
	else
		judge_same(rule, run, &look, text, result);
	if (result->state != RULE_FAILS)
		return;
	if (!finally)
		rule_show(result, look.event);
	if (strcmp(is, "same") != 0)
		look_show_changes(run, name, 0,
			finally ? run->trace->event_count : look.event, result);
}

const struct rule_kind RULE_FILE_AT = {
	.name = "file-at",
	.meaning = "what a file is as the grader looks, or at the end",
	.fields = FIELDS,
	.judge = judge,
};
