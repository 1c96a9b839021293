/*
 * Grading a class again when the exercise or the grader has changed: first
 * beside the results that are there, then, when somebody has looked at what
 * would change, in their place.
 *
 *	FOLDER/regrade/     the new results, as batch_run() makes them
 *	FOLDER/history/N/   what was there before the Nth regrading
 */
#ifndef GRADER_BATCH_REGRADE_H
#define GRADER_BATCH_REGRADE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "grader/batch/journal.h"

/* One item of the class before and after; `before` is NULL for a new one. */
struct regrade_change {
	const struct item *before, *after;
};

struct regrade_counts {
	size_t up, down, same, fresh, trouble;
};

/*
 * Compares FOLDER/regrade with FOLDER and calls TELL for each item whose mark,
 * verdict or criteria change.  0 or a negative errno; -ENOENT when nothing was
 * regraded.
 */
int regrade_compare(const char *folder,
	void (*tell)(void *context, const struct regrade_change *change),
	void *context, struct regrade_counts *counts, struct err *err);

/*
 * Appends "mutex 20 -> 0" for each criterion whose points or verdict differ in
 * the criteria of two items (NULL: none).
 */
void regrade_add_criteria(
	struct buf *out, const char *before, const char *after);

/*
 * Puts FOLDER/regrade in the place of the results, which go into the history
 * whole.  Killed in between, the next call goes on.  *NUMBER is that of the
 * history.  0 or a negative errno.
 */
int regrade_apply(const char *folder, size_t *number, struct err *err);

/* Takes FOLDER/regrade away; 0 also when there is none. */
int regrade_cancel(const char *folder, struct err *err);

#endif
