/*
 * What a batch has to do: the items of the class, of which those that are
 * graded already are left alone, in groups of equal submissions.
 */
#ifndef GRADER_BATCH_PLAN_H
#define GRADER_BATCH_PLAN_H

#include "grader/batch/batch.h"
#include "grader/batch/intake.h"
#include "grader/batch/journal.h"
#include "grader/gradebook/roster.h"

/* Items of the same input: one grading, a report for each. */
struct group {
	size_t first, count; /* in plan.items */
	int64_t number;      /* of the first */
};

struct plan {
	struct intake intake;
	struct item *items; /* that have to be graded, by group */
	size_t item_count, item_capacity;
	struct group *groups;
	size_t group_count;
	size_t kept, missing, trouble;
	size_t students; /* of this shard */
};

/*
 * Which of SHARDS, from 1, STUDENT belongs to: by the id alone, so that who
 * comes or goes moves nobody else.
 */
size_t plan_shard(const char *student, size_t shards);

/*
 * Looks at all submissions, those in FOLDER, of the students of ROSTER, which
 * may be NULL, and enters those that are new or
 * have changed into JOURNAL.  0 or a negative errno; the caller releases it.
 */
int plan_make(struct plan *plan, struct journal *journal,
	const struct batch_options *options, const char *folder,
	const struct roster *roster, struct err *err);
void plan_release(struct plan *plan);

/* The exercise of ITEM. */
const struct exercise *plan_exercise(
	const struct batch_options *options, const struct item *item);

/* Reads ITEM's submission; as submission_read(). */
int plan_read(const struct plan *plan, const struct item *item,
	struct submission *submission, struct err *err);

/* When ITEM's report below OUTPUT was last written; 0: it is not there. */
int64_t plan_stamp(const char *output, const struct item *item);

/* NAME as the name of a folder, owned: one component, no dot in front. */
char *plan_folder_name(const char *name);

#endif
