/*
 * A table of comma- or semicolon-separated values that keeps where each field
 * stands, so that a few can be changed and all others stay as they are, to the
 * byte: byte order mark, quotes, line ends.  Pure.
 */
#ifndef GRADER_GRADEBOOK_SHEET_H
#define GRADER_GRADEBOOK_SHEET_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct sheet_field {
	size_t start, end; /* in the text, with quotes */
	char *value;       /* owned, without them; trimmed of blanks */
	char *changed;     /* owned; NULL: as it was */
};

struct sheet_row {
	struct sheet_field *fields;
	size_t count;
};

/* All zeroes is an empty one. */
struct sheet {
	char *text; /* owned */
	size_t length;
	char separator;
	struct sheet_row *rows; /* the first is the header */
	size_t count;
};

/*
 * Parses TEXT (RFC 4180, also with ';', "\n" and a byte order mark).  NAME is
 * for messages.  0 or -EINVAL with the line; the caller releases it.
 */
int sheet_read(struct sheet *sheet, const char *text, size_t length,
	const char *name, struct err *err);
void sheet_release(struct sheet *sheet);

/* The value at ROW and COLUMN; "" when the row is shorter. */
const char *sheet_value(const struct sheet *sheet, size_t row, size_t column);

/* Sets it, from now on; the row has that column. */
void sheet_set(struct sheet *sheet, size_t row, size_t column, char *value);

/* Appends the text with what was set. */
void sheet_write(struct buf *out, const struct sheet *sheet);

#endif
