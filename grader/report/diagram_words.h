/* The words beside the rows of a diagram in text; private to report/. */
#ifndef GRADER_REPORT_DIAGRAM_WORDS_H
#define GRADER_REPORT_DIAGRAM_WORDS_H

#include "grader/diagram/diagram.h"
#include "grader/report/report.h"

/* "1.25 s" */
void words_add_seconds(struct buf *out, int64_t time_us);

/*
 * Appends what the row says.  Where an event was is left out when it would
 * make a line longer than COLUMNS.
 */
void words_of_row(struct buf *out, const struct diagram *diagram, size_t row,
	const struct report_style *style, size_t columns);

#endif
