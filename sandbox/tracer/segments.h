/*
 * The bytes of a call that reads or writes: where they are in the program's
 * memory, and how a call is aimed at a part of them.
 */
#ifndef TRACER_SEGMENTS_H
#define TRACER_SEGMENTS_H

#include <limits.h>
#include <sys/uio.h>

#include "tracer/engine.h"

#define SEGMENTS_MAX IOV_MAX /* the kernel takes no more */

struct segments {
	struct iovec items[SEGMENTS_MAX];
	uint64_t address; /* of the array, 0: the call has none */
	size_t count;
	uint64_t total;
};

/* Of the task's call; false when they cannot be read, or are too many. */
bool segments_read(const struct task *task, struct segments *to);

/* At most SIZE of the LENGTH bytes from OFFSET on; returns how many. */
size_t segments_gather(const struct task *task, const struct segments *from,
	uint64_t offset, uint64_t length, char *data, size_t size);

/*
 * What is left of the call from io_done on, of its next segment, as the call
 * NUMBER; false when nothing is.
 */
bool segments_aim_at_rest(
	struct task *task, const struct segments *from, long number);

/*
 * The call that does with one segment what NUMBER does, itself included; -1
 * for one that has none.
 */
long segments_plain_call(long number);

/*
 * Makes the call one of LENGTH bytes at most: of its first segment that is
 * not empty.
 */
void segments_cut(
	struct task *task, const struct segments *whole, uint64_t length);

#endif
