/* The signs of a diagram in text, each one column wide; private to report/. */
#ifndef GRADER_REPORT_DIAGRAM_GLYPHS_H
#define GRADER_REPORT_DIAGRAM_GLYPHS_H

#include "grader/report/diagram_lanes.h"
#include "grader/report/report.h"
#include "grader/report/terminal.h"

enum glyph {
	GLYPH_NONE,
	GLYPH_LIFE,
	GLYPH_WAITS,
	GLYPH_SLEEPS,
	GLYPH_EVER,
	GLYPH_ZOMBIE,
	GLYPH_HOLDS,  /* left of a lane */
	GLYPH_ORPHAN, /* right of it */
	GLYPH_BOX_TOP_LEFT,
	GLYPH_BOX_TOP_RIGHT,
	GLYPH_BOX_SIDE_LEFT,
	GLYPH_BOX_SIDE_RIGHT,
	GLYPH_BOX_END_LEFT,
	GLYPH_BOX_END_RIGHT,
	GLYPH_CROSSING,
	GLYPH_LINE,
	GLYPH_LINE_ITEM,
	GLYPH_LINE_BAD,
	GLYPH_HEAD_RIGHT,
	GLYPH_HEAD_LEFT,
	GLYPH_BORN_RIGHT,
	GLYPH_BORN_LEFT,
	GLYPH_POINT,
	GLYPH_HOLLOW,
	GLYPH_OUTPUT,
	GLYPH_EXIT,
	GLYPH_STUCK,
	GLYPH_SIGNAL,
	GLYPH_ITEM,
	GLYPH_FOLD,
	GLYPH_PASS,
	GLYPH_SWITCH,
	GLYPH_COUNT,
};

/* Its text: static. */
const char *glyph_text(enum glyph glyph, const struct report_style *style);

/* The sign for an event. */
enum glyph glyph_of_event(enum event_kind kind);

/*
 * Replaces in OUT, from START on, the signs that texts share with the terminal
 * (the ellipsis of a cut text and the like) when the style wants ASCII.
 */
void glyphs_simplify(
	struct buf *out, size_t start, const struct report_style *style);

/* Appends what the signs mean of which DIAGRAM has any. */
void glyphs_write_legend(struct buf *out, const struct diagram *diagram,
	const struct text_lanes *lanes, const struct report_style *style,
	size_t columns);

#endif
