/*
 * A line a criterion (RFC 4180), behind a byte order mark, without which
 * spreadsheets take the Chinese for another encoding.  A spreadsheet runs a
 * field as a formula when it begins with one of = + - @, a tab or a carriage
 * return; an apostrophe in front makes it a text (OWASP, "CSV Injection").
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/report/format.h"
#include "grader/report/test_list.h"

static void add_field(struct buf *out, const char *text)
{
	buf_addc(out, '"');
	if (*text && strchr("=+-@\t\r", *text))
		buf_addc(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_addc(out, '"');
		buf_addc(out, *text);
	}
	buf_addc(out, '"');
}

static const char *const RESULT[] = {
	[TEST_PASSED] = "pass",
	[TEST_FAILED] = "fail",
	[TEST_MISSED] = "fail",
	[TEST_SKIPPED] = "skipped",
	[TEST_WAITING] = "needs-grading",
};

static void add_row(struct buf *out, const struct test *test,
	const char *submission, const char *exercise)
{
	add_field(out, submission);
	buf_addc(out, ',');
	add_field(out, exercise);
	buf_addc(out, ',');
	add_field(out, test->id);
	buf_addc(out, ',');
	add_field(out, test->title);
	buf_addf(out, ",%s,%g,%g,%s,", RESULT[test->outcome], test->points,
		test->max_points, test->extra ? "yes" : "no");
	add_field(out, test->message);
	buf_addc(out, ',');
	add_field(out, test->file ? test->file : "");
	buf_addf(out, ",%ld\r\n", test->line);
}

void format_csv(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);
	auto_free char *submission = shown_text(verdict->submission);
	auto_free char *exercise = shown_text(verdict->exercise);

	buf_adds(out, "\xef\xbb\xbf"
		      "submission,exercise,criterion,title,verdict,points,"
		      "max_points,extra,message,file,line\r\n");
	for (size_t i = 0; i < list.count; i++)
		add_row(out, &list.tests[i], submission, exercise);
	test_list_release(&list);
}
