/*
 * Workers: processes that share out numbered tasks.
 *
 * A worker is forked from the caller and has all that the caller had made until
 * then (exercises, filters), so that nothing is sent but numbers, and nothing
 * made twice.  Each is bound to a processor of its own, as long as there are
 * enough.  When the caller dies, so do the workers, and when a worker dies,
 * another takes its place.
 *
 * A worker that neither tells anything nor gives a sign of life for too long
 * hangs: it is killed and replaced as well.  Nobody's clock but its own
 * progress counts: each message begins its time anew, and time in which the
 * caller itself was stopped or the machine asleep is nobody's.
 */
#ifndef GRADER_BATCH_POOL_H
#define GRADER_BATCH_POOL_H

#include <stddef.h>

#include "base/err.h"

#define POOL_MESSAGE_MAX (64u << 10)

/* In a worker: tells the caller of pool_run() something about the task. */
struct pool_line {
	int fd;
};
/* 0 or a negative errno; at most POOL_MESSAGE_MAX bytes. */
int pool_tell(const struct pool_line *line, const void *data, size_t length);
/* In a worker: a sign of life; never waits. */
void pool_live(const struct pool_line *line);

struct pool_job {
	/* In a worker. */
	void (*work)(void *worker_context, size_t task,
		const struct pool_line *line);
	void *worker_context;
	/*
	 * In the caller: what a worker told; that it has done TASK; and that
	 * it died over it, STATUS as of waitpid(2).  Non-zero ends the pool.
	 */
	void *context;
	int (*hear)(
		void *context, size_t task, const void *data, size_t length);
	int (*done)(void *context, size_t task);
	int (*died)(void *context, size_t task, int status);
	int (*hung)(void *context, size_t task); /* killed for its silence */
	unsigned patience_ms;     /* how long one may be silent; 0: for ever */
	size_t first_processor;   /* of the first worker; the others follow */
	int (*interrupted)(void); /* non-zero ends the pool */
};

/*
 * Does tasks 0 to COUNT - 1 with WORKERS processes, in this order as far as
 * one worker goes.  Returns 0, what a callback returned, -EINTR when it was
 * interrupted, or a negative errno.  No worker is left in any case.
 */
int pool_run(const struct pool_job *job, size_t count, size_t workers,
	struct err *err);

#endif
