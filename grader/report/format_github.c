/*
 * Annotations of GitHub Actions ("Workflow commands"): an error a failed
 * criterion, a notice a note.  A step shows ten of a kind; more would push out
 * those of other steps, so that what is left is said in the last.
 */
#include "base/alloc.h"
#include "grader/report/format.h"
#include "grader/report/test_list.h"

#define ANNOTATIONS_MAX 10

static void add_escaped(struct buf *out, const char *text, bool property)
{
	for (; *text; text++) {
		if (*text == '%' || *text == '\r' || *text == '\n' ||
			(property && (*text == ':' || *text == ',')))
			buf_addf(out, "%%%02X", (unsigned char)*text);
		else
			buf_addc(out, *text);
	}
}

static void add_annotation(
	struct buf *out, const struct test *test, const char *exercise)
{
	buf_adds(out, "::error ");
	if (test->file) {
		buf_adds(out, "file=");
		add_escaped(out, test->file, true);
		buf_addf(out, ",line=%ld,", test->line);
	}
	buf_adds(out, "title=");
	add_escaped(out, exercise, true);
	buf_adds(out, " · ");
	add_escaped(out, test->title, true);
	buf_adds(out, "::");
	add_escaped(out, test->message, false);
	if (*test->detail) {
		buf_adds(out, "%0A");
		add_escaped(out, test->detail, false);
	}
	buf_addc(out, '\n');
}

static void add_errors(struct buf *out, const struct test_list *list,
	const char *exercise, enum language language)
{
	size_t failed = list->outcomes[TEST_FAILED], told = 0;
	size_t room = failed > ANNOTATIONS_MAX ? ANNOTATIONS_MAX - 1 : failed;

	for (size_t i = 0; i < list->count; i++)
		if (list->tests[i].outcome == TEST_FAILED && told < room) {
			add_annotation(out, &list->tests[i], exercise);
			told++;
		}
	if (failed > room)
		buf_addf(out,
			language == LANGUAGE_ZH
				? "::error::此外还有 %zu 条没有通过\n"
				: "::error::%zu more did not pass\n",
			failed - room);
}

void format_github(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);
	auto_free char *exercise = shown_text(verdict->exercise);
	size_t notes = verdict->warning_count;

	add_errors(out, &list, exercise, style->language);
	for (size_t i = 0; i < notes && i < ANNOTATIONS_MAX; i++) {
		auto_free char *text = shown_text(language_pick(
			&verdict->warnings[i].text, style->language));

		buf_adds(out, "::notice title=");
		add_escaped(out, exercise, true);
		buf_adds(out, "::");
		add_escaped(out, text, false);
		buf_addc(out, '\n');
	}
	test_list_release(&list);
}
