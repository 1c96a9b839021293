/* Characters of UTF-8 text; the one place that knows libutf8proc. */
#ifndef GRADER_UTF8_H
#define GRADER_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The character at TEXT, of LENGTH bytes: returns its size in bytes, sets
 * *CHARACTER and, when COLUMNS is not NULL, the columns that it takes on a
 * terminal (0, 1 or 2).  0 when the bytes are not UTF-8 or LENGTH is 0.
 */
size_t utf8_next(
	const char *text, size_t length, int32_t *character, size_t *columns);

#endif
