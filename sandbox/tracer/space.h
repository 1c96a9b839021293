/*
 * Room for files where no file system of the jail's own bounds it: without a
 * mount namespace, and for files without a name (memfd_create).  There the
 * engine counts, by the calls that it sees, and answers ENOSPC as a full disk
 * would.  In a jail with its own tmpfs the kernel does that.
 *
 * A file that was removed counts until its inode number is seen again, since
 * somebody may still have it open.
 */
#ifndef TRACER_SPACE_H
#define TRACER_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct engine;
struct task;

struct space {
	struct space_file {
		uint64_t dev, ino; /* ino 0: nothing here */
		int64_t bytes;
	} * files; /* hashed, open addressing */
	size_t count, capacity;
	int64_t bytes; /* of all */
	int64_t names; /* made and not removed */
};

/* Does the engine count at all?  In a jail of its own only what has no name. */
bool space_counts(const struct engine *engine);

/*
 * To be asked before a call is made: is there no room for what it makes?  Then
 * its result is set, and the limit is noted.
 */
bool space_refuses(struct engine *engine, struct task *task);

/* To be told when a call has returned. */
void space_note(struct engine *engine, struct task *task, long result);

void space_release(struct space *space);

#endif
