/*
 * results.json of Gradescope (its autograder documentation, "Output format").
 * The total is the sum of the tests, so that it is what the page adds up to;
 * an extra has a max_score of 0 and adds what it earned.  "md" is not used:
 * the texts of a submission would have to be escaped for one of its dialects.
 */
#include "base/alloc.h"
#include "grader/report/format.h"
#include "grader/report/json_build.h"
#include "grader/report/test_list.h"

static void add_test(cJSON *tests, const struct test *test, size_t number)
{
	cJSON *object = json_add_element(tests);
	auto_free char *place = xasprintf("%zu", number);
	struct buf output = {0};

	json_add_number(object, "score", test->points);
	json_add_number(
		object, "max_score", test->extra ? 0 : test->max_points);
	if (test->outcome == TEST_PASSED || test->outcome == TEST_FAILED)
		json_add_text(object, "status",
			test->outcome == TEST_PASSED ? "passed" : "failed");
	json_add_text(object, "name", test->title);
	json_add_text(object, "number", place);
	if (*test->message)
		buf_addf(&output, "%s\n\n%s", test->message, test->detail);
	json_add_text(object, "output", buf_text(&output));
	json_add_text(object, "output_format", "text");
	json_add_text(object, "visibility", "visible");
	buf_release(&output);
}

static void add_output(cJSON *root, const struct verdict *verdict,
	const struct report_style *style)
{
	struct buf output = {0};
	auto_free char *next = next_step_text(verdict, style->language);
	auto_free char *log = shown_text(verdict->compile.log);

	buf_addf(&output, "%s\n", next);
	for (size_t i = 0; i < verdict->warning_count; i++) {
		auto_free char *note = shown_text(language_pick(
			&verdict->warnings[i].text, style->language));

		buf_addf(&output, "\n· %s\n", note);
	}
	if (*log)
		buf_addf(&output, "\n%s", log);
	json_add_text(root, "output", buf_text(&output));
	json_add_text(root, "output_format", "text");
	buf_release(&output);
}

void format_gradescope(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);
	cJSON *root = cJSON_CreateObject(), *tests, *extra;

	add_output(root, verdict, style);
	json_add_number(root, "execution_time", verdict->run.seconds);
	json_add_text(root, "visibility", "visible");
	json_add_text(root, "stdout_visibility", "hidden");
	tests = cJSON_AddArrayToObject(root, "tests");
	for (size_t i = 0; i < list.count; i++)
		add_test(tests, &list.tests[i], i + 1);
	extra = cJSON_AddObjectToObject(root, "extra_data");
	json_add_text(extra, "exercise", verdict->exercise);
	json_add_text(extra, "submission_hash", verdict->submission_hash);
	json_add_text(extra, "verdict", verdict_state_name(verdict->state));
	json_finish(out, root);
	test_list_release(&list);
}
