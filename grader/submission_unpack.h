/* A submission from an archive; for grader/submission.c only. */
#ifndef GRADER_SUBMISSION_UNPACK_H
#define GRADER_SUBMISSION_UNPACK_H

#include "base/buf.h"
#include "base/err.h"
#include "grader/archive.h"
#include "grader/submission.h"

/*
 * Takes what is in the archive called NAME, whose bytes are ARCHIVE, as if the
 * folder that was packed had been handed in: one folder that everything is in
 * counts as that folder.  Returns 0, 1 when refused, or a negative errno.
 */
int submission_unpack(struct submission *submission, const char *name,
	const struct buf *archive, struct err *err);

/* The same from what was read; empties the data of the files of PACKED. */
int submission_take_packed(
	struct submission *submission, const char *name, struct packed *packed);

#endif
