/*
 * The memory that a call reads into or writes from, as segments.
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

/*
 * Where the bytes of the task's call are in the program's memory; false when
 * that is not to be read, or more than the kernel would take.
 */
bool segments_read(const struct task *task, struct segments *to);

/*
 * Copies LENGTH of the bytes from OFFSET on, at most SIZE; returns how many
 * were there.
 */
size_t segments_gather(const struct task *task, const struct segments *from,
	uint64_t offset, uint64_t length, char *data, size_t size);

#endif
