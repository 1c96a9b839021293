/* Pieces of the report on a terminal; private to report/. */
#ifndef GRADER_REPORT_TERMINAL_H
#define GRADER_REPORT_TERMINAL_H

#include "base/buf.h"
#include "grader/report/report.h"

enum paint { PAINT_GOOD, PAINT_BAD, PAINT_ATTENTION, PAINT_DIM, PAINT_BOLD };

/*
 * Appends TEXT in that colour, or bare when the style has none.  Whoever paints
 * calls terminal_finish() at the end.
 */
void paint(struct buf *out, const struct report_style *style, enum paint colour,
	const char *text);

/*
 * Makes of what OUT has from START on a text that may be shown (shown.h),
 * whatever the submission put into it, and of what was painted the colours.
 */
void terminal_finish(
	struct buf *out, size_t start, const struct report_style *style);

/* The text of the style's language; both may be printf formats. */
static inline __attribute__((format_arg(2), format_arg(3))) const char *say(
	const struct report_style *style, const char *zh, const char *en)
{
	return style->language == LANGUAGE_ZH ? zh : en;
}

static inline const char *pick(
	const struct report_style *style, const struct bilingual *text)
{
	return language_pick(text, style->language);
}

/* TEXT, such as a file's content, without line breaks; owned by the caller. */
char *one_line(const char *text);

/* The greater of WIDTH and the columns of TEXT (or NULL), MOST at most. */
size_t terminal_widest(size_t width, const char *text, size_t most);

/* One line: mark, title, points. */
void terminal_write_criterion(struct buf *out,
	const struct criterion *criterion, const struct report_style *style);

/* The first lines of gcc's log, indented; nothing when it is empty. */
void terminal_write_log(struct buf *out, const struct verdict_compile *compile,
	const struct report_style *style);

/* The evidence of a finding: when, who, what, where. */
void terminal_write_events(struct buf *out, const struct finding *finding,
	const struct report_style *style);

/* The failed criterion to begin with; NULL when none failed. */
const struct criterion *terminal_lead(const struct verdict *verdict);

/*
 * Each criterion with an answer or a mark: the answer's first lines, or WHOLE,
 * and what a person says of it.
 */
void terminal_write_marks(struct buf *out, const struct verdict *verdict,
	const struct report_style *style, bool whole);

/* The one thing to do next, as a sentence. */
void terminal_next_step(struct buf *out, const struct verdict *verdict,
	const struct report_style *style);

#endif
