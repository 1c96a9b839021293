#include "grader/report/format.h"

#include <string.h>

const struct report_format REPORT_FORMATS[] = {
	{"text", "the report that a student reads", AUDIENCE_STAFF,
		format_text},
	{"json", "report.json, see grader-report(5)", AUDIENCE_STAFF,
		format_json},
	{"html", "the page of a student: one file, with diagrams",
		AUDIENCE_STUDENT, format_html},
	{"junit", "JUnit XML as Jenkins wants it", AUDIENCE_STUDENT,
		format_junit},
	{"junit-places", "the same with file and line, as GitLab reads them",
		AUDIENCE_STUDENT, format_junit_places},
	{"tap", "Test Anything Protocol 14", AUDIENCE_STUDENT, format_tap},
	{"ctrf", "Common Test Report Format", AUDIENCE_STUDENT, format_ctrf},
	{"sarif", "SARIF 2.1.0: findings and warnings with their places",
		AUDIENCE_STUDENT, format_sarif},
	{"gradescope", "results.json of a Gradescope autograder",
		AUDIENCE_STUDENT, format_gradescope},
	{"classroom", "result=... for GITHUB_OUTPUT, of GitHub Classroom",
		AUDIENCE_STUDENT, format_classroom},
	{"github", "annotations of GitHub Actions", AUDIENCE_STUDENT,
		format_github},
	{"autolab", "the last lines of an Autolab autograder", AUDIENCE_STUDENT,
		format_autolab},
	{"submitty", "results.json of Submitty", AUDIENCE_STUDENT,
		format_submitty},
	{"markdown", "a summary, as for a build server's page",
		AUDIENCE_STUDENT, format_markdown},
	{"csv", "a line a criterion, for a spreadsheet", AUDIENCE_STAFF,
		format_csv},
	{"perfetto", "the failing run as Trace Event JSON, for ui.perfetto.dev",
		AUDIENCE_STUDENT, format_perfetto},
	{"shiviz", "the failing run with vector clocks, for ShiViz",
		AUDIENCE_STUDENT, format_shiviz},
	{0},
};

const struct report_format *report_format_by_name(const char *name)
{
	for (const struct report_format *format = REPORT_FORMATS; format->name;
		format++)
		if (!strcmp(format->name, name))
			return format;
	return NULL;
}

void format_text(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	report_terminal_write(out, verdict, style);
}

void format_json(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	report_json_write(out, verdict, style->language);
}
