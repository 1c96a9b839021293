/*
 * Reports: one writer a format, all read the same verdict; and the summary
 * of `grader run`.  Pure: values in, text out.
 */
#ifndef GRADER_REPORT_REPORT_H
#define GRADER_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "grader/account.h"
#include "grader/language.h"
#include "grader/outcomes.h"
#include "grader/verdict.h"

#define REPORT_SCHEMA "grader-report-1"

/*
 * Appends report.json, see grader-report(5): everything that may differ
 * between two gradings of the same bytes stands under the key `run`.
 */
void report_json_write(
	struct buf *out, const struct verdict *verdict, enum language language);

/*
 * Appends the list of the verdict's traces, a line an event; all together take
 * at most REPORT_TRACES_MAX bytes, nearly: the last events are left out.
 */
#define REPORT_TRACES_MAX (5u << 20)
void report_json_write_traces(struct buf *out, const struct verdict *verdict);

/*
 * Appends TEXT, a report that marks_read() accepted, with the states, points
 * and marks of VERDICT, which has the same criteria, and its sums; all else
 * stays as it is, to the byte.
 */
void report_json_update(struct buf *out, const char *text, size_t length,
	const struct verdict *verdict);

struct report_style {
	enum language language;
	bool colour;
	size_t columns;          /* width of the terminal, 80 when unknown */
	const char *report_path; /* where report.json is written; NULL: nowhere
				  */
	bool hints; /* advice on all failures, not on the first alone */
	bool ascii; /* lines and signs in ASCII */
	/* whose run is told by formats that tell one: see chosen.h */
	const char *criterion; /* its id; NULL: what the next step names */
	size_t finding;        /* from 1; 0: the one that tells most */
};

/* Appends the report that a student reads. */
void report_terminal_write(struct buf *out, const struct verdict *verdict,
	const struct report_style *style);

/*
 * Appends the page of the submission: HTML, complete in itself.  It is for the
 * student: of hidden scenarios it tells nothing but that they failed.  REPORT
 * is the name of the report's file, for the commands that it shows.
 */
void report_html_write(struct buf *out, const struct verdict *verdict,
	enum language language, const char *report_path);

/*
 * Appends what is for a person to mark, with the answers, and what has been
 * marked.  VERDICT may be as marks_read() makes it.  WHOLE: with all of the
 * answers' text.
 */
void report_marks_write(struct buf *out, const struct verdict *verdict,
	const struct report_style *style, bool whole);

/* Appends the command that marks CRITERION, POINTS as a word to be replaced. */
void report_mark_command(
	struct buf *out, const char *report_path, const char *criterion);

/* Appends the command that shows the first finding of CRITERION. */
void report_show_command(
	struct buf *out, const char *report_path, const char *criterion);

/* Appends the command that explains CRITERION from the report. */
void report_explain_command(
	struct buf *out, const char *report_path, const char *criterion);

/* Appends the command that prints the trace of the finding's schedule. */
void report_replay_command(struct buf *out, const struct verdict *verdict,
	const struct finding *finding);

/* How `grader run` was called, for the commands that a summary shows. */
struct run_call {
	const char *path;           /* as given */
	const char *const *options; /* such as "--pipe"; borrowed */
	size_t option_count;
	const char *const *arguments; /* of the program, NULL-terminated */
	bool has_input;               /* its standard input was not empty */
};

/* What `grader run` tells behind the program's output; all borrowed. */
struct run_summary {
	const struct run_call *call;
	const struct account *account; /* of the first schedule */
	const struct run_outcome *outcome;
	const struct outcomes *outcomes; /* settled; NULL: one schedule */
	size_t schedules; /* asked for; fewer ran when limits were hit */
};

void report_run_write(struct buf *out, const struct run_summary *summary,
	const struct report_style *style);

/* Appends the command with OPTIONS, such as " --seed 7". */
void report_run_command(
	struct buf *out, const struct run_call *call, const char *options);

#endif
