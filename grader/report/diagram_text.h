/*
 * The space-time diagram as text, for a terminal: a column a lane, a line or
 * more a row, with the time in the left margin and the words for an event at
 * the right.  Pure.
 */
#ifndef GRADER_REPORT_DIAGRAM_TEXT_H
#define GRADER_REPORT_DIAGRAM_TEXT_H

#include "base/buf.h"
#include "grader/diagram/diagram.h"
#include "grader/report/report.h"

#define DIAGRAM_TEXT_COLUMNS_MIN 48

/*
 * Appends the diagram and, below it, what its signs mean.  No line is wider
 * than COLUMNS, which counts as DIAGRAM_TEXT_COLUMNS_MIN at least; where not
 * all lanes find room, those that matter least share one, and that is said.
 * Lines are drawn in ASCII when the style wants that.  The caller calls
 * terminal_finish().
 */
void diagram_text_write(struct buf *out, const struct diagram *diagram,
	const struct report_style *style, size_t columns);

#endif
