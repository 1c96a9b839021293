/*
 * An answer stands behind a bar, line by line, so that nothing in it looks like
 * a part of the report.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/layout.h"
#include "grader/report/terminal.h"

#define LINES_SHOWN 4

/* The first lines, or all; blank lines at the end are no text. */
static void write_text(struct buf *out, const char *text,
	const struct report_style *style, bool whole)
{
	const char *const bar = "  │ ";
	struct buf wrapped = {0};
	size_t lines = 0, length;
	const char *line;

	layout_wrap(&wrapped, "", text, style->columns - layout_width(bar));
	while (wrapped.length &&
		strchr("\n ", wrapped.data[wrapped.length - 1]))
		wrapped.data[--wrapped.length] = '\0';
	for (line = buf_text(&wrapped); *line; line += length) {
		if (!whole && lines++ == LINES_SHOWN) {
			paint(out, style, PAINT_DIM, "  │ …\n");
			break;
		}
		length = strcspn(line, "\n");
		paint(out, style, PAINT_DIM, bar);
		buf_add(out, line, length);
		buf_addc(out, '\n');
		length += line[length] == '\n';
	}
	buf_release(&wrapped);
}

/* " (Li, 2026-03-01T08:00:00Z)", as far as it is known. */
static void add_source(struct buf *out, const struct mark *mark,
	const struct report_style *style)
{
	const char *by = mark->by ? mark->by : "";
	const char *given = mark->given ? mark->given : "";
	const char *comma = *by && *given ? say(style, "，", ", ") : "";

	if (*by || *given)
		buf_addf(out, say(style, "（%s%s%s）", " (%s%s%s)"), by, comma,
			given);
}

static void write_mark(struct buf *out, const struct criterion *criterion,
	const struct report_style *style)
{
	const struct mark *mark = criterion->mark;
	struct buf text = {0};

	if (mark->counts)
		buf_addf(&text, "%g / %g", mark->points, criterion->max_points);
	else if (criterion->written)
		buf_addf(&text,
			say(style, "旧的回答得过 %g 分，现在不算",
				"%g points for an earlier answer do not count "
				"now"),
			mark->points);
	else
		buf_addf(&text,
			say(style, "以前人工给过 %g 分，这次不算",
				"%g points that a person once gave do not "
				"count now"),
			mark->points);
	add_source(&text, mark, style);
	if (mark->comment && *mark->comment)
		buf_addf(&text, say(style, "：%s", ": %s"), mark->comment);
	layout_wrap(out,
		mark->counts ? say(style, "  评分  ", "  mark    ")
			     : say(style, "  先前  ", "  before  "),
		buf_text(&text), style->columns);
	buf_release(&text);
}

static void write_one(struct buf *out, const struct criterion *criterion,
	const struct report_style *style, bool whole)
{
	bool waits = criterion->state == VERDICT_NEEDS_GRADING;
	struct buf title = {0};

	buf_addf(&title, "%s", pick(style, &criterion->title));
	if (criterion->answer.text && waits)
		buf_addf(&title,
			say(style, "：%s 由老师评分", ": a person marks %s"),
			criterion->answer.file);
	buf_addc(out, '\n');
	layout_wrap(out, "", buf_text(&title), style->columns);
	if (criterion->answer.text)
		write_text(out, criterion->answer.text, style, whole);
	if (criterion->mark)
		write_mark(out, criterion, style);
	buf_release(&title);
}

void terminal_write_marks(struct buf *out, const struct verdict *verdict,
	const struct report_style *style, bool whole)
{
	for (size_t i = 0; i < verdict->criterion_count; i++)
		if (verdict->criteria[i].answer.text ||
			verdict->criteria[i].mark)
			write_one(out, &verdict->criteria[i], style, whole);
}
