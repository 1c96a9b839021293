/* Which lane of a diagram stands where in its text; private to report/. */
#ifndef GRADER_REPORT_DIAGRAM_LANES_H
#define GRADER_REPORT_DIAGRAM_LANES_H

#include "grader/diagram/diagram.h"

struct text_lanes {
	size_t *column; /* one a lane: its column */
	size_t *lane;   /* one a column: its lane; DIAGRAM_NONE: of many */
	size_t count;   /* of columns */
	size_t others;  /* tasks that share the last one; 0: it is no such */
	size_t crowded; /* lanes that share it for want of room only */
	size_t spacing, width;
	bool stairs; /* names stand below each other: they are too long */
};

/* Lays the lanes out in at most MOST columns, in GOOD if that can be. */
void text_lanes_make(struct text_lanes *lanes, const struct diagram *diagram,
	size_t good, size_t most);
void text_lanes_release(struct text_lanes *lanes);

/* Where the line of column COLUMN is, from 0. */
size_t text_lanes_x(const struct text_lanes *lanes, size_t column);

/* True when LANE has a column of its own. */
bool text_lanes_own(const struct text_lanes *lanes, size_t lane);

#endif
