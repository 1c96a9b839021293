/*
 * file-lines: the lines of a file at a look, or at the end of the run: how
 * often one text stands there, and that nothing else does.  Blanks at the ends
 * of a line do not count.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/rules/kinds.h"
#include "grader/rules/looks.h"

static const struct rule_field FIELDS[] = {
	{"file", RULE_NAME, true, NULL, "its name"},
	{"line", RULE_NAME, true, NULL, "the text of each line"},
	{"min", RULE_NUMBER, true, NULL, "at least so many of them"},
	{"max", RULE_NUMBER, false, NULL, "at most so many"},
	{"last", RULE_NAME, false, NULL,
		"one more line, the last, with this text and a newline"},
	{"after", RULE_NAME, false, NULL,
		"a first line that was there before, with this text"},
	{"others", RULE_FLAG, false, NULL, "other lines may be there too"},
	LOOK_FIELD,
	{"finally", RULE_FLAG, false, NULL, "at the end of the run instead"},
	{0},
};

/* The next line of *TEXT without its blanks, owned; NULL: no more. */
static char *take_line(const char **text)
{
	const char *at = *text;
	size_t length = strcspn(at, "\n");

	if (!*at)
		return NULL;
	*text = at + length + (at[length] == '\n');
	while (length > 0 && isspace((unsigned char)*at)) {
		at++;
		length--;
	}
	while (length > 0 && isspace((unsigned char)at[length - 1]))
		length--;
	return xstrndup(at, length);
}

struct lines {
	int count;     /* of the text that is asked for */
	char *strange; /* the first line that should not be there; owned */
	bool first;    /* the line "after" was there */
	bool last;     /* the last line is "last" */
	int lasts;     /* how often "last" stands there */
	bool open;     /* no newline behind the last line */
};

static bool is_text(const char *line, const char *text)
{
	return text && !strcmp(line, text);
}

static void read_lines(
	const struct rule *rule, const char *text, struct lines *lines)
{
	const char *wanted = rule_text(rule, "line");
	const char *after = rule_text(rule, "after");
	const char *last = rule_text(rule, "last");
	bool others = rule_get(rule, "others")->flag, is_first = true;
	char *line;

	lines->open = *text && text[strlen(text) - 1] != '\n';
	while ((line = take_line(&text)) != NULL) {
		bool fits = !lines->last;

		lines->last = is_text(line, last);
		lines->lasts += lines->last;
		if (is_first && is_text(line, after))
			lines->first = true;
		else if (is_text(line, wanted))
			lines->count++;
		else
			fits = fits && lines->last;
		if (!fits && !others && !lines->strange)
			lines->strange = xstrdup(line);
		is_first = false;
		free(line);
	}
}

static void say_strange(const struct rule *rule, const struct lines *lines,
	struct rule_result *result)
{
	const char *name = rule_text(rule, "file");
	struct buf got = {0};

	if (!rule_fail(result))
		return;
	buf_add_clean(&got, lines->strange, strnlen(lines->strange, 60));
	rule_say_zh(result, "%s 里有不该有的一行“%s”。", name, buf_text(&got));
	rule_say_en(result, "%s has a line that should not be there: '%s'.",
		name, buf_text(&got));
	buf_release(&got);
}

static void say_count(const struct rule *rule, int count, double low,
	double high, struct rule_result *result)
{
	const char *name = rule_text(rule, "file");
	const char *wanted = rule_text(rule, "line");

	low = ceil(low);
	high = floor(high);
	if (isinf(high)) {
		rule_say_zh(result,
			"这时 %s 里有 %d 行“%s”，应当至少有 %g 行。", name,
			count, wanted, low);
		rule_say_en(result,
			"%s has %d lines '%s' then; at least %g are expected.",
			name, count, wanted, low);
	} else {
		rule_say_zh(result,
			"这时 %s 里有 %d 行“%s”，应当是 %g 到 %g 行。", name,
			count, wanted, low, high);
		rule_say_en(result,
			"%s has %d lines '%s' then; %g to %g are expected.",
			name, count, wanted, low, high);
	}
}

static void judge_last(const struct rule *rule, const struct lines *lines,
	struct rule_result *result)
{
	const char *name = rule_text(rule, "file");
	const char *last = rule_text(rule, "last");

	if (last && !lines->last && rule_fail(result)) {
		rule_say_zh(result, "%s 的最后一行应当是“%s”。", name, last);
		rule_say_en(result, "the last line of %s should be '%s'.", name,
			last);
	}
	if (lines->last && lines->open && rule_fail(result)) {
		rule_say_zh(result,
			"%s 最后的“%s”后面没有换行，不是完整的一行：下次启动后"
			"写的内容会接在它后面。",
			name, last);
		rule_say_en(result,
			"no newline follows the last '%s' in %s, so it is no "
			"whole line: what is written after the next start will "
			"be joined to it.",
			last, name);
	}
	if (lines->lasts > 1 && rule_fail(result)) {
		rule_say_zh(result, "%s 里有 %d 行“%s”，应当只有一行。", name,
			lines->lasts, last);
		rule_say_en(result,
			"%s has %d lines '%s'; one alone is expected.", name,
			lines->lasts, last);
	}
}

static void judge_lines(const struct rule *rule, const struct observed_run *run,
	const struct lines *lines, struct rule_result *result)
{
	double low = rule_number(rule, "min", run, 0);
	double high = rule_number(rule, "max", run, INFINITY);
	const char *name = rule_text(rule, "file");
	const char *after = rule_text(rule, "after");

	if (after && !lines->first && rule_fail(result)) {
		rule_say_zh(result, "%s 里原有的一行“%s”不见了。", name, after);
		rule_say_en(result, "the line '%s' that %s had before is lost.",
			after, name);
	}
	if (lines->strange)
		say_strange(rule, lines, result);
	if ((lines->count < low || lines->count > high) && rule_fail(result))
		say_count(rule, lines->count, low, high, result);
	judge_last(rule, lines, result);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	bool finally = rule_get(rule, "finally")->flag;
	const char *name = rule_text(rule, "file"), *text;
	struct look look = {.process = -1};
	struct lines lines = {0};

	(void)memory;
	if (!finally && !look_find(rule, run, result, &look))
		return;
	text = finally ? final_text(run, name) : look_file(run, &look, name);
	if (!text && rule_fail(result)) {
		rule_say_zh(result, "没有文件 %s。", name);
		rule_say_en(result, "there is no file %s.", name);
	}
	if (text) {
		read_lines(rule, text, &lines);
		judge_lines(rule, run, &lines, result);
		free(lines.strange);
	}
	if (result->state == RULE_FAILS && !finally) {
		rule_show(result, look.event);
	}
}

const struct rule_kind RULE_FILE_LINES = {
	.name = "file-lines",
	.meaning = "a file consists of lines with one text",
	.fields = FIELDS,
	.judge = judge,
};
