/*
 * report.json, as `grader explain` reads it, and what it tells of each
 * criterion: text without a command for the terminal, and in which the diagram
 * is as wide as it may be and no wider.
 */
#include "fuzz.h"
#include "grader/report/diagram_text.h"
#include "grader/report/layout.h"
#include "grader/report/report_explain.h"
#include "grader/report/terminal.h"
#include "grader/report_verdict.h"

static void check_text(const char *text)
{
	for (; *text; text++)
		assert((unsigned char)*text >= ' ' || *text == '\n' ||
			*text == '\t');
}

static void check_diagram(const struct told_trace *trace,
	const struct finding *finding, const struct report_style *style)
{
	static const size_t widths[] = {DIAGRAM_TEXT_COLUMNS_MIN, 80, 200};
	struct diagram diagram;

	diagram_make(&diagram, trace, finding);
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		struct buf out = {0};
		const char *line;

		diagram_text_write(&out, &diagram, style, widths[i]);
		terminal_finish(&out, 0, style);
		for (line = buf_text(&out); *line;) {
			size_t length = strcspn(line, "\n");
			auto_free char *one = xstrndup(line, length);

			/* texts with tabs are as wide as a terminal likes */
			assert(strchr(one, '\t') ||
				layout_width(one) <= widths[i] ||
				!strncmp(one, "  ", 2));
			line += length + (line[length] == '\n');
		}
		buf_release(&out);
	}
	diagram_release(&diagram);
}

static void check_criterion(
	const struct verdict *verdict, const struct criterion *criterion)
{
	struct explanation about = {.verdict = verdict,
		.criterion = criterion,
		.finding = report_explain_finding(verdict, criterion),
		.columns = 80,
		.right = true};
	struct report_style style = {.language = LANGUAGE_EN,
		.columns = 80,
		.ascii = criterion->finding_count % 2,
		.report_path = "report.json"};
	struct buf out = {0};

	report_explain_write(&out, &about, &style);
	check_text(buf_text(&out));
	buf_release(&out);
	for (size_t i = 0; i < criterion->finding_count; i++) {
		const struct finding *finding = &criterion->findings[i];
		const struct told_trace *trace =
			verdict_trace(verdict, finding);

		if (trace)
			check_diagram(trace, finding, &style);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_copy(data, size);
	struct verdict verdict = {0};
	struct report_style style = {.columns = 80};
	struct buf out = {0};
	struct err err = {{0}};

	if (report_verdict_read(
		    &verdict, NULL, text, size, "report.json", &err))
		return 0;
	report_explain_whole(&out, &verdict, &style);
	check_text(buf_text(&out));
	for (size_t i = 0; i < verdict.criterion_count; i++)
		check_criterion(&verdict, &verdict.criteria[i]);
	buf_release(&out);
	verdict_release(&verdict);
	return 0;
}
