/*
 * report.json, as `grader report` reads it again, and the page and all other
 * formats that are made of it.  What is accepted is written as it was read, and
 * its page has one script, one style sheet and as many tags opened as closed.
 */
#include "fuzz.h"
#include "grader/report/format.h"
#include "grader/report_verdict.h"

static size_t count_of(const char *text, const char *what)
{
	size_t count = 0;

	for (; (text = strstr(text, what)); text++)
		count++;
	return count;
}

static void check_page(const struct verdict *verdict)
{
	struct buf page = {0};

	report_html_write(&page, verdict, LANGUAGE_ZH, "report.json");
	assert(strlen(page.data) == page.length);
	assert(count_of(page.data, "<script") == 1);
	assert(count_of(page.data, "<style") == 1);
	assert(count_of(page.data, "<section") ==
		count_of(page.data, "</section>"));
	assert(count_of(page.data, "<svg") == count_of(page.data, "</svg>"));
	assert(count_of(page.data, "<span") == count_of(page.data, "</span>"));
	buf_release(&page);
}

/* Whatever the report says, each format of it is written. */
static void check_formats(const struct verdict *verdict)
{
	struct report_style style = {.language = LANGUAGE_EN, .columns = 80};

	for (const struct report_format *format = REPORT_FORMATS; format->name;
		format++) {
		struct buf out = {0};

		format->write(&out, verdict, &style);
		assert(strlen(buf_text(&out)) == out.length);
		buf_release(&out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_copy(data, size);
	struct verdict verdict = {0}, again = {0};
	enum language language = LANGUAGE_EN;
	struct buf one = {0}, other = {0};
	struct err err = {{0}};

	if (report_verdict_read(
		    &verdict, &language, text, size, "report.json", &err)) {
		assert(err.text[0] && !verdict.exercise && !verdict.criteria);
		return 0;
	}
	check_page(&verdict);
	check_formats(&verdict);
	report_json_write(&one, &verdict, language);
	assert(report_verdict_read(&again, &language, buf_text(&one),
		       one.length, "again", &err) == 0);
	report_json_write(&other, &again, language);
	assert(!strcmp(buf_text(&one), buf_text(&other)));
	buf_release(&one);
	buf_release(&other);
	verdict_release(&verdict);
	verdict_release(&again);
	return 0;
}
