/*
 * Text as it may reach a terminal or the log of a build server: a submission
 * chose parts of it (lines, names of files, what gcc says of them).
 */
#ifndef GRADER_SHOWN_H
#define GRADER_SHOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define SHOWN_CODES 8

/*
 * Adds TEXT, of which nothing is a command to whoever reads it:
 * - it is valid UTF-8 without control characters but newline and tab;
 * - characters that cannot be seen or that turn the direction of a line, with
 *   which a text may look like another, become U+FFFD;
 * - GitHub Actions takes no line for a workflow command, "::error::..." at the
 *   start of one or "##[error]..." anywhere in it, nor does Azure Pipelines or
 *   TeamCity ("##name[..."): a blank is put between the two marks.
 * CODES (or NULL) are what the bytes 0 to SHOWN_CODES - 1 stand for, where not
 * NULL: escape sequences of our own.
 */
void shown_add(struct buf *out, const char *text, size_t length,
	const char *const codes[SHOWN_CODES]);

/* A character that cannot be seen, or turns the direction of what follows. */
bool shown_is_deceptive(int32_t character);

/* Does TEXT begin with "##[" or "##name["? */
bool shown_is_command(const char *text);

/* Are we on a build server, which reads what we print? */
bool shown_to_server(void);

#endif
