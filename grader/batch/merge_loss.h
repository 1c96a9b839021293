/* What a merge lacks; for merge.c only. */
#ifndef GRADER_BATCH_MERGE_LOSS_H
#define GRADER_BATCH_MERGE_LOSS_H

#include "grader/batch/merge.h"

/*
 * Enters into RESULT what of WHOLE is still to come, and which shards are not
 * there at all: FOLDERS has the folder of each by its number, or NULL.  0 or a
 * negative errno.
 */
int merge_find_losses(struct journal *whole, const struct batch_facts *facts,
	const char *const *folders, const char *output,
	struct merge_result *result, struct err *err);

#endif
