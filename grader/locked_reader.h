/*
 * Readers of hostile bytes (libdw, libarchive) work in a process of their own:
 * a forked child that has given up everything but its memory, one descriptor
 * to read and a pipe to its parent.  What it answers is plain data, of which
 * the parent must not trust a byte.
 */
#ifndef GRADER_LOCKED_READER_H
#define GRADER_LOCKED_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define LOCKED_INPUT_FD 1 /* in the child */

/*
 * Forks; in the child READ(CONTEXT) sends its answer by locked_send() and
 * returns, or is killed at its limits (2 s of processor time unless CPU_S is
 * set, 512 MiB, and 10 s unless WALL_MS is).
 * PREPARE, unless NULL, is called in the child before it gives things up.
 * INPUT_FD, -1 for none, is LOCKED_INPUT_FD there.
 *
 * ANSWER gets what was sent, at most MAX bytes and a little more.  True when
 * the child came to its end; false with errno 0 when it did not, else errno
 * says why there was none.  With TAKE, that is called with what was sent so far
 * whenever there is more, and may take from its front; false ends it, and MAX
 * does not count.
 */
struct locked_reader {
	void (*prepare)(void *context);
	void (*read)(void *context);
	void *context;
	int input_fd;
	size_t max;
	bool (*take)(void *context, struct buf *got);
	void *take_context;
	unsigned cpu_s, wall_ms; /* 0: as above */
};
bool locked_read(const struct locked_reader *reader, struct buf *answer);

/* In the child. */
void locked_send(const void *data, size_t length);

#endif
