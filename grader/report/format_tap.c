/*
 * TAP 14 (testanything.org/tap-version-14-specification.html): a plan, one
 * point a criterion, a block of YAML behind those that did not pass.  An extra
 * that is not there is TODO, which harnesses count as no failure.
 *
 * A text in the block is a JSON string, which is one of YAML too.
 */
#include "base/alloc.h"
#include "grader/report/format.h"
#include "grader/report/json_build.h"
#include "grader/report/test_list.h"

/* Descriptions: "#" begins a directive unless escaped. */
static void add_description(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			buf_addc(out, '\\');
		buf_addc(out, *text);
	}
}

static void add_scalar(struct buf *out, const char *key, const char *text)
{
	cJSON *string = cJSON_CreateString(text);
	char *quoted = cJSON_PrintUnformatted(string);

	buf_addf(out, "  %s: %s\n", key, quoted);
	cJSON_free(quoted);
	cJSON_Delete(string);
}

static const char *directive(const struct test *test)
{
	switch (test->outcome) {
	case TEST_MISSED:
		return " # TODO ";
	case TEST_SKIPPED:
	case TEST_WAITING:
		return " # SKIP ";
	case TEST_PASSED:
	case TEST_FAILED:
	case TEST_OUTCOME_COUNT:
		break;
	}
	return NULL;
}

static void add_point(struct buf *out, size_t number, const struct test *test)
{
	const bool failed =
		test->outcome == TEST_FAILED || test->outcome == TEST_MISSED;

	buf_addf(out, "%s %zu - ", failed ? "not ok" : "ok", number);
	add_description(out, test->id);
	buf_adds(out, ": ");
	add_description(out, test->title);
	if (directive(test)) {
		buf_adds(out, directive(test));
		buf_adds(out,
			test->outcome == TEST_MISSED ? "extra" : test->message);
	}
	buf_addc(out, '\n');
	if (!failed)
		return;
	buf_adds(out, "  ---\n");
	add_scalar(out, "message", test->message);
	add_scalar(out, "severity", test->extra ? "todo" : "fail");
	buf_addf(out, "  points: %g\n  max_points: %g\n", test->points,
		test->max_points);
	if (test->file) {
		buf_adds(out, "  at:\n");
		buf_adds(out, "  ");
		add_scalar(out, "file", test->file);
		buf_addf(out, "    line: %ld\n", test->line);
	}
	add_scalar(out, "detail", test->detail);
	buf_adds(out, "  ...\n");
}

void format_tap(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);
	auto_free char *name = shown_text(verdict->exercise);

	buf_addf(out, "TAP version 14\n1..%zu\n# %s: %g / %g", list.count, name,
		verdict->score, verdict->max_score);
	if (verdict->extra_score > 0)
		buf_addf(out, " +%g", verdict->extra_score);
	buf_addc(out, '\n');
	for (size_t i = 0; i < list.count; i++)
		add_point(out, i + 1, &list.tests[i]);
	test_list_release(&list);
}
