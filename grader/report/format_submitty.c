/* results.json of Submitty; points are whole there, and never rounded up. */
#include <math.h>

#include "base/alloc.h"
#include "grader/report/format.h"
#include "grader/report/json_build.h"
#include "grader/report/test_list.h"

static const char *type_of(const struct test *test)
{
	switch (test->outcome) {
	case TEST_FAILED:
		return "failure";
	case TEST_PASSED:
		return "success";
	case TEST_MISSED:
	case TEST_SKIPPED:
	case TEST_WAITING:
	case TEST_OUTCOME_COUNT:
		break;
	}
	return "information";
}

static void add_message(
	cJSON *messages, const struct test *test, const char *text)
{
	cJSON *message = json_add_element(messages);

	json_add_text(message, "message", text);
	json_add_text(message, "type", type_of(test));
}

static void add_test(cJSON *tests, const struct test *test)
{
	cJSON *object = json_add_element(tests), *check, *messages;

	json_add_text(object, "test_name", test->title);
	json_add_text(object, "testcase_label", test->id);
	json_add_number(object, "points_awarded", floor(test->points));
	if (!*test->message)
		return;
	json_add_text(object, "testcase_message", test->message);
	check = json_add_element(cJSON_AddArrayToObject(object, "autochecks"));
	json_add_text(check, "description", test->title);
	messages = cJSON_AddArrayToObject(check, "messages");
	add_message(messages, test, test->message);
	if (*test->detail)
		add_message(messages, test, test->detail);
}

void format_submitty(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);
	cJSON *root = cJSON_CreateObject();
	cJSON *tests = cJSON_AddArrayToObject(root, "testcases");
	double total = 0;

	for (size_t i = 0; i < list.count; i++) {
		add_test(tests, &list.tests[i]);
		total += floor(list.tests[i].points);
	}
	json_add_number(root, "automatic_grading_total", total);
	json_add_number(root, "nonhidden_automatic_grading_total", total);
	json_finish(out, root);
	test_list_release(&list);
}
