/*
 * A summary in Markdown (GitHub's dialect).  Nothing that a submission chose is
 * taken for markup: it is escaped, and evidence stands in fences longer than
 * any run of backticks in it.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/report/format.h"
#include "grader/report/test_list.h"

/* What Markdown, its tables, links, mathematics or emoji may take apart. */
static const char SPECIAL[] = "\\`*_{}[]()+-.!|~$:";

/* On one line, as it stands. */
static void add_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n') {
			buf_addc(out, ' ');
			continue;
		}
		if (*text == '<' || *text == '>' || *text == '&') {
			buf_addf(out, "&#%d;", *text);
			continue;
		}
		/* a name with "@" would call somebody, "#1" an issue */
		if (*text == '@' || *text == '#') {
			buf_addf(out, "&#%d;", *text);
			continue;
		}
		if (strchr(SPECIAL, *text))
			buf_addc(out, '\\');
		buf_addc(out, *text);
	}
}

static size_t longest_run(const char *text)
{
	size_t longest = 0;

	for (size_t run; *text; text += run ? run : 1) {
		run = strspn(text, "`");
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void add_fenced(struct buf *out, const char *text)
{
	const size_t fence = longest_run(text) + 3;

	for (size_t i = 0; i < fence; i++)
		buf_addc(out, '`');
	buf_addf(out, "text\n%s", text);
	if (*text && text[strlen(text) - 1] != '\n')
		buf_addc(out, '\n');
	for (size_t i = 0; i < fence; i++)
		buf_addc(out, '`');
	buf_adds(out, "\n\n");
}

static const char *const MARK[] = {
	[TEST_PASSED] = "✅",
	[TEST_FAILED] = "❌",
	[TEST_MISSED] = "➖",
	[TEST_SKIPPED] = "⏭️",
	[TEST_WAITING] = "🖊️",
};

static void add_table(
	struct buf *out, const struct test_list *list, enum language language)
{
	buf_adds(out, language == LANGUAGE_ZH ? "|   | 评分点 | 得分 |\n"
					      : "|   | criterion | points |\n");
	buf_adds(out, "|---|---|---|\n");
	for (size_t i = 0; i < list->count; i++) {
		const struct test *test = &list->tests[i];

		buf_addf(out, "| %s | ", MARK[test->outcome]);
		add_escaped(out, test->title);
		if (test->max_points > 0)
			buf_addf(out, " | %s%g / %g |\n",
				test->extra ? "+" : "", test->points,
				test->max_points);
		else
			buf_adds(out, " | |\n");
	}
	buf_addc(out, '\n');
}

static void add_failure(struct buf *out, const struct test *test)
{
	if (test->outcome != TEST_FAILED && test->outcome != TEST_MISSED)
		return;
	buf_addf(out, "### %s ", MARK[test->outcome]);
	add_escaped(out, test->title);
	buf_adds(out, "\n\n");
	add_escaped(out, test->message);
	if (test->file) {
		buf_adds(out, " (");
		add_escaped(out, test->file);
		buf_addf(out, ":%ld)", test->line);
	}
	buf_adds(out, "\n\n");
	if (*test->detail)
		add_fenced(out, test->detail);
}

static void add_notes(
	struct buf *out, const struct verdict *verdict, enum language language)
{
	if (!verdict->warning_count)
		return;
	buf_adds(out, language == LANGUAGE_ZH
			      ? "### 提醒（不影响分数）\n\n"
			      : "### Notes (they change no mark)\n\n");
	for (size_t i = 0; i < verdict->warning_count; i++) {
		auto_free char *text = shown_text(
			language_pick(&verdict->warnings[i].text, language));

		buf_adds(out, "- ");
		add_escaped(out, text);
		buf_addc(out, '\n');
	}
	buf_addc(out, '\n');
}

void format_markdown(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);
	auto_free char *next = next_step_text(verdict, style->language);
	auto_free char *title = shown_text(
		language_pick(&verdict->exercise_title, style->language));
	auto_free char *log = shown_text(verdict->compile.log);

	buf_adds(out, "## ");
	add_escaped(out, title);
	buf_addf(out, ": %g / %g", verdict->score, verdict->max_score);
	if (verdict->extra_score > 0)
		buf_addf(out, " +%g", verdict->extra_score);
	buf_adds(out, "\n\n");
	add_table(out, &list, style->language);
	buf_adds(out,
		style->language == LANGUAGE_ZH ? "**下一步** " : "**Next** ");
	add_escaped(out, next);
	buf_adds(out, "\n\n");
	for (size_t i = 0; i < list.count; i++)
		add_failure(out, &list.tests[i]);
	if (*log)
		add_fenced(out, log);
	add_notes(out, verdict, style->language);
	test_list_release(&list);
}
