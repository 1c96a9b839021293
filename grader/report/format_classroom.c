/*
 * The step output `result` of a GitHub Classroom autograder: base64 of JSON.
 * To be appended to the file that GITHUB_OUTPUT names.
 */
#include "base/alloc.h"
#include "grader/base64.h"
#include "grader/report/format.h"
#include "grader/report/json_build.h"
#include "grader/report/test_list.h"

static const char *const STATUS[] = {
	[TEST_PASSED] = "pass",
	[TEST_FAILED] = "fail",
	[TEST_MISSED] = "pass",
	[TEST_SKIPPED] = "fail",
	[TEST_WAITING] = "error",
};

/* The reader of the result wants every field, zero when unknown. */
static void add_test(cJSON *tests, const struct test *test)
{
	cJSON *object = json_add_element(tests);

	json_add_text(object, "name", test->title);
	json_add_text(object, "status", STATUS[test->outcome]);
	json_add_number(object, "score", test->points);
	json_add_text(object, "message", test->message);
	json_add_text(object, "test_code", test->id);
	json_add_text(object, "filename", test->file ? test->file : "");
	json_add_number(object, "line_no", (double)test->line);
	json_add_number(object, "duration", 0);
}

static const char *status_of(const struct verdict *verdict)
{
	switch (verdict->state) {
	case VERDICT_PASS:
		return "pass";
	case VERDICT_REFUSED:
	case VERDICT_NEEDS_GRADING:
		return "error";
	case VERDICT_FAIL:
	case VERDICT_SKIPPED:
		break;
	}
	return "fail";
}

void format_classroom(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);
	cJSON *root = cJSON_CreateObject(), *tests;
	struct buf json = {0};

	json_add_number(root, "version", 1);
	json_add_text(root, "status", status_of(verdict));
	json_add_number(root, "max_score", verdict->max_score);
	tests = cJSON_AddArrayToObject(root, "tests");
	/* an extra that is not there would be a red line that costs nothing */
	for (size_t i = 0; i < list.count; i++)
		if (list.tests[i].outcome != TEST_MISSED)
			add_test(tests, &list.tests[i]);
	json_finish_line(&json, root);
	buf_adds(out, "result=");
	base64_add(out, json.data, json.length);
	buf_addc(out, '\n');
	buf_release(&json);
	test_list_release(&list);
}
