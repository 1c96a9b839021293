/* Writing a file whole or not at all. */
#ifndef GRADER_ATOMIC_FILE_H
#define GRADER_ATOMIC_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/*
 * Replaces PATH by LENGTH bytes of DATA, safely on disk before it returns 0.
 * On failure, a negative errno, PATH is as it was and nothing is left beside
 * it.  What exists and is not a regular file (/dev/stdout) is written to.
 */
int atomic_file_write(
	const char *path, const void *data, size_t length, struct err *err);

/*
 * Whether PATH could be written now, found out by making the temporary file
 * and removing it again: for those who work long before they write.
 */
int atomic_file_try(const char *path, struct err *err);

/* The same for a file that is written piece by piece. */
struct atomic_stream {
	FILE *file; /* to write to; errors are told by atomic_stream_end() */
	char *temporary, *target;
};
int atomic_stream_begin(
	struct atomic_stream *stream, const char *path, struct err *err);
/*
 * Puts the file in its place, or with KEEP unset takes it away.  0 or a
 * negative errno; STREAM is empty afterwards in any case.
 */
int atomic_stream_end(struct atomic_stream *stream, int keep, struct err *err);

#endif
