#include "grader/report/format.h"

#include <string.h>

const struct report_format REPORT_FORMATS[] = {
	{"text", "the report that a student reads", AUDIENCE_STAFF, format_text,
		false},
	{"json", "report.json, see grader-report(5)", AUDIENCE_STAFF,
		format_json, false},
	{"html", "the page of a student: one file, with diagrams",
		AUDIENCE_STUDENT, format_html, false},
	{"junit", "JUnit XML as Jenkins wants it", AUDIENCE_STUDENT,
		format_junit, false},
	{"junit-places", "the same with file and line, as GitLab reads them",
		AUDIENCE_STUDENT, format_junit_places, false},
	{"tap", "Test Anything Protocol 14", AUDIENCE_STUDENT, format_tap,
		false},
	{"ctrf", "Common Test Report Format", AUDIENCE_STUDENT, format_ctrf,
		false},
	{"sarif", "SARIF 2.1.0: findings and warnings with their places",
		AUDIENCE_STUDENT, format_sarif, false},
	{"gradescope", "results.json of a Gradescope autograder",
		AUDIENCE_STUDENT, format_gradescope, false},
	{"classroom", "result=... for GITHUB_OUTPUT, of GitHub Classroom",
		AUDIENCE_STUDENT, format_classroom, false},
	{"github", "annotations of GitHub Actions", AUDIENCE_STUDENT,
		format_github, false},
	{"autolab", "the last lines of an Autolab autograder", AUDIENCE_STUDENT,
		format_autolab, false},
	{"submitty", "results.json of Submitty", AUDIENCE_STUDENT,
		format_submitty, false},
	{"markdown", "a summary, as for a build server's page",
		AUDIENCE_STUDENT, format_markdown, false},
	{"csv", "a line a criterion, for a spreadsheet", AUDIENCE_STAFF,
		format_csv, false},
	{"perfetto", "the failing run as Trace Event JSON, for ui.perfetto.dev",
		AUDIENCE_STUDENT, format_perfetto, true},
	{"shiviz", "the failing run with vector clocks, for ShiViz",
		AUDIENCE_STUDENT, format_shiviz, true},
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
