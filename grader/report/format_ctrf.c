/*
 * CTRF 1.0.0 (ctrf.io): status and duration a test; nothing but what the
 * schema names, other facts under "extra".  Times are of the whole grading: a
 * criterion is judged in all runs, and none has a time of its own.
 */
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "grader/report/format.h"
#include "grader/report/json_build.h"
#include "grader/report/test_list.h"

static const char *const STATUS[] = {
	[TEST_PASSED] = "passed",
	[TEST_FAILED] = "failed",
	[TEST_MISSED] = "other",
	[TEST_SKIPPED] = "skipped",
	[TEST_WAITING] = "pending",
};

/* Milliseconds since 1970 of an ISO 8601 time in UTC; 0 when it is none. */
static double milliseconds(const char *started)
{
	struct tm utc;
	const char *end;

	memset(&utc, 0, sizeof(utc));
	end = started ? strptime(started, "%Y-%m-%dT%H:%M:%SZ", &utc) : NULL;
	return end && !*end ? (double)timegm(&utc) * 1000 : 0;
}

static void add_summary(cJSON *results, const struct test_list *list,
	const struct verdict_run *run)
{
	cJSON *summary = cJSON_AddObjectToObject(results, "summary");
	const double start = milliseconds(run->started);

	json_add_number(summary, "tests", (double)list->count);
	for (int i = 0; i < TEST_OUTCOME_COUNT; i++)
		json_add_number(summary, STATUS[i], (double)list->outcomes[i]);
	json_add_number(summary, "start", start);
	json_add_number(summary, "stop", start + round(run->seconds * 1000));
}

static void add_test(cJSON *tests, const struct test *test, const char *suite)
{
	cJSON *object = json_add_element(tests), *extra, *suites;

	json_add_text(object, "name", test->title);
	json_add_text(object, "status", STATUS[test->outcome]);
	json_add_number(object, "duration", 0);
	suites = cJSON_AddArrayToObject(object, "suite");
	cJSON_AddItemToArray(suites, cJSON_CreateString(suite));
	if (*test->message)
		json_add_text(object, "message", test->message);
	if (*test->detail)
		json_add_text(object, "trace", test->detail);
	if (test->file) {
		json_add_text(object, "filePath", test->file);
		json_add_number(object, "line", (double)test->line);
	}
	extra = cJSON_AddObjectToObject(object, "extra");
	json_add_text(extra, "criterion", test->id);
	json_add_number(extra, "points", test->points);
	json_add_number(extra, "max_points", test->max_points);
	cJSON_AddBoolToObject(extra, "bonus", test->extra);
}

void format_ctrf(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);
	cJSON *root = cJSON_CreateObject(), *results, *tool, *tests;
	auto_free char *suite = shown_text(verdict->exercise);

	json_add_text(root, "reportFormat", "CTRF");
	json_add_text(root, "specVersion", "1.0.0");
	results = cJSON_AddObjectToObject(root, "results");
	tool = cJSON_AddObjectToObject(results, "tool");
	json_add_text(tool, "name", "grader");
	json_add_text(tool, "version", verdict->run.grader_version);
	add_summary(results, &list, &verdict->run);
	tests = cJSON_AddArrayToObject(results, "tests");
	for (size_t i = 0; i < list.count; i++)
		add_test(tests, &list.tests[i], suite);
	json_finish(out, root);
	test_list_release(&list);
}
