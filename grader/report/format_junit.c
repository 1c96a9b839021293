/*
 * JUnit XML.  Jenkins' schema has neither file nor line at a test case, GitLab
 * links to the source by them: two dialects.  GitLab also drops a test whose
 * class and name were there already, so the name begins with the criterion's
 * id.  An extra that is not there counts as skipped, as it fails nothing.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/report/format.h"
#include "grader/report/test_list.h"
#include "grader/report/xml_build.h"

static void write_result(struct xml *xml, const struct test *test)
{
	if (test->outcome == TEST_PASSED)
		return;
	if (test->outcome != TEST_FAILED) {
		xml_start(xml, "skipped");
		xml_attribute(xml, "message", test->message);
		xml_end(xml);
		return;
	}
	xml_start(xml, "failure");
	xml_attribute(xml, "message", test->message);
	xml_attribute(xml, "type", test->id);
	if (test->file) {
		auto_free char *place =
			xasprintf("%s:%ld\n", test->file, test->line);

		xml_text(xml, place);
	}
	xml_text(xml, test->detail);
	xml_end(xml);
}

static void write_test(struct xml *xml, const struct test *test,
	const char *class, bool places)
{
	auto_free char *name = xasprintf("%s: %s", test->id, test->title);

	xml_start(xml, "testcase");
	xml_attribute(xml, "classname", class);
	xml_attribute(xml, "name", name);
	xml_attribute(xml, "time", "0");
	if (places && test->file) {
		xml_attribute(xml, "file", test->file);
		xml_attribute_number(xml, "line", (double)test->line);
	}
	write_result(xml, test);
	xml_end(xml);
}

static void write_property(struct xml *xml, const char *name, double number)
{
	xml_start(xml, "property");
	xml_attribute(xml, "name", name);
	xml_attribute_number(xml, "value", number);
	xml_end(xml);
}

static void write_properties(struct xml *xml, const struct verdict *verdict)
{
	xml_start(xml, "properties");
	write_property(xml, "score", verdict->score);
	write_property(xml, "max_score", verdict->max_score);
	write_property(xml, "extra_score", verdict->extra_score);
	xml_end(xml);
}

static void write_suite(struct buf *out, const struct verdict *verdict,
	const struct report_style *style, bool places)
{
	struct test_list list = test_list_of(verdict, style->language);
	auto_free char *exercise = shown_text(verdict->exercise);
	auto_free char *class = xasprintf("grader.%s", exercise);
	auto_free char *host = shown_text(verdict->run.host);
	auto_free char *started = shown_text(verdict->run.started);
	struct xml *xml = xml_new();

	if (started[0] && started[strlen(started) - 1] == 'Z')
		started[strlen(started) - 1] =
			'\0'; /* xs:dateTime of Jenkins */
	xml_start(xml, "testsuites");
	xml_start(xml, "testsuite");
	xml_attribute(xml, "name", class);
	xml_attribute_number(xml, "tests", (double)list.count);
	xml_attribute_number(
		xml, "failures", (double)list.outcomes[TEST_FAILED]);
	xml_attribute_number(xml, "errors", 0);
	xml_attribute_number(xml, "skipped",
		(double)(list.outcomes[TEST_MISSED] +
			 list.outcomes[TEST_SKIPPED] +
			 list.outcomes[TEST_WAITING]));
	xml_attribute_number(xml, "time", verdict->run.seconds);
	xml_attribute(xml, "timestamp", started);
	xml_attribute(xml, "hostname", host);
	write_properties(xml, verdict);
	for (size_t i = 0; i < list.count; i++)
		write_test(xml, &list.tests[i], class, places);
	xml_end(xml);
	xml_end(xml);
	xml_finish(out, xml);
	test_list_release(&list);
}

void format_junit(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	write_suite(out, verdict, style, false);
}

void format_junit_places(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	write_suite(out, verdict, style, true);
}
