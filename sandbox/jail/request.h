/*
 * What the supervisor asks of a jail's init, and what it answers.
 *
 * A jail outlives a run (jail/keep.h): the init is then told of the next
 * program start by a message, for it is a copy of the supervisor of some time
 * ago.  Both sides are the same executable, so a message is plain memory.
 */
#ifndef JAIL_REQUEST_H
#define JAIL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "jail/jail.h"

enum request_kind {
	REQUEST_END,   /* say what was left, and end */
	REQUEST_EMPTY, /* say what was left; make the jail as it was at first */
	REQUEST_NEXT,  /* start another main, with the descriptors sent */
	REQUEST_MORE,  /* the same beside those that run, in their files */
};

/*
 * Descriptors that come with REQUEST_NEXT and REQUEST_MORE: 0, 1, 2, main's
 * channel.
 */
#define REQUEST_FDS 4

#define REQUEST_MAX (96 << 10) /* bytes; what is more needs a new jail */
#define REQUEST_ARGUMENTS_MAX 64
#define REQUEST_FILES_MAX 64

#define REQUEST_LEFT_MAX 8192 /* of an answer's text */

struct request_answer {
	bool empty; /* the jail is as at its start; only after REQUEST_EMPTY */
	size_t length; /* of the text, what was left one a line */
	char left[REQUEST_LEFT_MAX];
};

/*
 * Writes the parts of SPEC in which two starts of a jail may differ: argv, the
 * files, the processor.  KIND is REQUEST_NEXT or REQUEST_MORE.  False when that
 * is too much for a message.
 */
bool request_write_start(
	struct buf *to, enum request_kind kind, const struct jail_spec *spec);

/* A request of KIND without more. */
void request_write(struct buf *to, enum request_kind kind);

/* Where request_read() puts what a request names. */
struct request {
	enum request_kind kind;
	int cpu, first_pid;
	const char *argv[REQUEST_ARGUMENTS_MAX + 1];
	struct jail_file files[REQUEST_FILES_MAX];
	size_t file_count;
};

/*
 * Reads a request; its strings and data stay in BYTES.  Async-signal-safe.
 * False: it is none.
 */
bool request_read(struct request *to, const char *bytes, size_t length);

#endif
