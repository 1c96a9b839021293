/*
 * The shards of a class put together: the results of what each of them graded,
 * as one machine would have made them.
 *
 * What counts is what lies in the folders, journals and reports, and nothing
 * that a program said when it ended.  A shard is lost when it has no folder,
 * its submissions are when it did not come to them, or when a report of it is
 * not there or not whole.  As long as anything is lost there are no tables, and
 * the folder is one to go on with: a later call takes what is there by then.
 */
#ifndef GRADER_BATCH_MERGE_H
#define GRADER_BATCH_MERGE_H

#include "grader/batch/batch.h"
#include "grader/batch/facts.h"

struct merge_options {
	const char *output;        /* folder, made when it is not there */
	const char *const *shards; /* folders */
	size_t count;
	void *context;
	void (*notice)(void *context, const char *text);
};

/* What is lost of a shard. */
struct merge_loss {
	size_t shard;
	char *folder;   /* where its results are or would be */
	bool whole;     /* it has none at all */
	size_t items;   /* how many are not graded; of one without any:
			   unknown when nobody lists them */
	char *students; /* the first of them, for a person; or NULL */
	char *command;  /* that grades them */
};

struct merge_result {
	size_t students, graded, missing, trouble, persons;
	struct merge_loss *losses; /* by shard */
	size_t loss_count, loss_capacity;
};
void merge_result_release(struct merge_result *result);

/* What the shards were graded with, by the first that has a journal. */
int merge_read_facts(const struct merge_options *options,
	struct batch_facts *facts, struct err *err);

/*
 * Merges them; EXERCISES are those that FACTS name.  0 also when something is
 * lost, which RESULT then says.  A negative errno: -EINVAL for shards that were
 * not graded alike or are there twice, -EBUSY for one that is still at work,
 * -EEXIST when the output has other results.
 */
int merge_run(const struct merge_options *options,
	const struct batch_facts *facts, struct exercise **exercises,
	struct merge_result *result, struct err *err);

#endif
