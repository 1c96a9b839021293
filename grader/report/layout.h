/* Text on a terminal: widths, padding, wrapping.  Pure. */
#ifndef GRADER_REPORT_LAYOUT_H
#define GRADER_REPORT_LAYOUT_H

#include <stddef.h>

#include "base/buf.h"

/* Columns that TEXT (valid UTF-8, one line) takes; CJK counts two. */
size_t layout_width(const char *text);

/* Appends TEXT and blanks up to WIDTH columns; a longer text stays whole. */
void layout_pad(struct buf *out, const char *text, size_t width);

/* As layout_pad(), the blanks in front. */
void layout_pad_left(struct buf *out, const char *text, size_t width);

/* Appends TEXT, cut with an ellipsis when wider than WIDTH, and blanks. */
void layout_fit(struct buf *out, const char *text, size_t width);

/*
 * Appends TEXT as lines of at most COLUMNS columns, each ended by a newline.
 * FIRST stands before the first line, blanks of the same width before the
 * others.  Lines are broken at blanks and beside wide characters, never
 * before a closing mark; a newline in TEXT begins a line.
 */
void layout_wrap(
	struct buf *out, const char *first, const char *text, size_t columns);

/*
 * As layout_wrap(), for a shell command: each line but the last ends with a
 * backslash, so that the whole can be copied as it stands.
 */
void layout_wrap_command(struct buf *out, const char *first,
	const char *command, size_t columns);

#endif
