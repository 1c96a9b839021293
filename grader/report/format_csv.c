/* A line a criterion. */
#include "base/alloc.h"
#include "grader/report/csv.h"
#include "grader/report/format.h"
#include "grader/report/test_list.h"

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
	csv_add_text(out, submission);
	buf_addc(out, ',');
	csv_add_text(out, exercise);
	buf_addc(out, ',');
	csv_add_text(out, test->id);
	buf_addc(out, ',');
	csv_add_text(out, test->title);
	buf_addf(out, ",%s,%g,%g,%s,", RESULT[test->outcome], test->points,
		test->max_points, test->extra ? "yes" : "no");
	csv_add_text(out, test->message);
	buf_addc(out, ',');
	csv_add_text(out, test->file ? test->file : "");
	buf_addf(out, ",%ld" CSV_END, test->line);
}

void format_csv(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);
	auto_free char *submission = shown_text(verdict->submission);
	auto_free char *exercise = shown_text(verdict->exercise);

	buf_adds(out, CSV_BYTE_ORDER_MARK
		"submission,exercise,criterion,title,verdict,points,"
		"max_points,extra,message,file,line" CSV_END);
	for (size_t i = 0; i < list.count; i++)
		add_row(out, &list.tests[i], submission, exercise);
	test_list_release(&list);
}
