/*
 * A jail that outlives its run.
 *
 * Namespaces, the file tree and the program's copy cost more than many a run.
 * So the jail of a run that left nothing behind is emptied and kept in the
 * context, one at a time, for the next run of the same program under the same
 * limits.  What two runs could tell each other through it is: nothing that a
 * program may write to (the three writable folders are emptied, System V
 * objects forbid keeping); processes are numbered from 2 again.
 */
#ifndef JAIL_KEEP_H
#define JAIL_KEEP_H

#include <stdbool.h>

#include "jail/jail.h"

/* jail_spawn(), or a kept jail's next program start. */
int jail_take(const struct jail_context *context, const struct jail_spec *spec,
	struct jail *jail, struct err *err);

/*
 * jail_end() as far as the caller can see; REUSABLE: every process of it was
 * reaped, by a wait and not by its parent's end, and it had no System V object.
 * (Of a parent's end the tracer hears before the kernel has freed the numbers
 * of the children that it never reaped, and they are not free to be given
 * again until then.)  SPEC is jail_take()'s.
 */
int jail_leave(const struct jail_context *context, const struct jail_spec *spec,
	struct jail *jail, bool reusable, struct buf *left, struct err *err);

/* Ends the kept jail, if there is one: the next run gets a new one. */
void jail_keep_end(const struct jail_context *context);

struct jail_keep;

/* For the context: an empty place, and its end. */
struct jail_keep *jail_keep_new(void);
void jail_keep_free(struct jail_keep *keep);

#endif
