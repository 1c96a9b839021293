/*
 * A table of comma- or semicolon-separated values that keeps where each field
 * stands, so that a few can be changed and all others stay as they are, to the
 * byte: byte order mark, quotes, line ends.  Pure.
 */
#ifndef GRADER_GRADEBOOK_TABLE_H
#define GRADER_GRADEBOOK_TABLE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct table_field {
	size_t start, end; /* in the text, with quotes */
	char *value;       /* owned, without them; trimmed of blanks */
	char *changed;     /* owned; NULL: as it was */
};

struct table_row {
	struct table_field *fields;
	size_t count;
};

/* All zeroes is an empty one. */
struct table {
	char *text; /* owned */
	size_t length;
	char separator;
	struct table_row *rows; /* the first is the header */
	size_t count;
};

/*
 * Parses TEXT (RFC 4180, also with ';', "\n" and a byte order mark).  NAME is
 * for messages.  0 or -EINVAL with the line; the caller releases it.
 */
int table_read(struct table *table, const char *text, size_t length,
	const char *name, struct err *err);
void table_release(struct table *table);

/* The value at ROW and COLUMN; "" when the row is shorter. */
const char *table_value(const struct table *table, size_t row, size_t column);

/* Sets it, from now on; the row has that column. */
void table_set(struct table *table, size_t row, size_t column, char *value);

/* Appends the text with what was set. */
void table_write(struct buf *out, const struct table *table);

#endif
