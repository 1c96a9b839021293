/*
 * The formats of a report: one table, one small writer each.  Pure.
 *
 * Every writer appends a whole document to OUT.  What a submission chose is
 * cleaned (shown.h) and escaped by the rules of the format.  A format never
 * says more than the verdict that it is given: see audience.h.
 */
#ifndef GRADER_REPORT_FORMAT_H
#define GRADER_REPORT_FORMAT_H

#include "grader/audience.h"
#include "grader/report/report.h"

typedef void format_writer(struct buf *out, const struct verdict *verdict,
	const struct report_style *style);

struct report_format {
	const char *name;       /* "junit" */
	const char *meaning;    /* one line, for the help */
	enum audience audience; /* who reads it, unless said otherwise */
	format_writer *write;
	bool one_run; /* tells one run, which --criterion chooses */
};

/* Ends with name == NULL. */
extern const struct report_format REPORT_FORMATS[];

/* NULL when there is none of that name. */
const struct report_format *report_format_by_name(const char *name);

format_writer format_autolab, format_classroom, format_csv, format_ctrf,
	format_github, format_gradescope, format_html, format_json,
	format_junit, format_junit_places, format_markdown, format_perfetto,
	format_sarif, format_shiviz, format_submitty, format_tap, format_text;

#endif
