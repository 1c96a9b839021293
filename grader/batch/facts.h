/*
 * How a class was graded, as its journal keeps it: enough to grade it again,
 * and to tell whether two shards belong together.
 */
#ifndef GRADER_BATCH_FACTS_H
#define GRADER_BATCH_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "grader/batch/journal.h"
#include "grader/language.h"

/* All owned; all zeroes is an empty one. */
struct batch_facts {
	char *submissions;      /* as an absolute path */
	char *names;            /* of the exercises as asked for, a line each */
	const char **exercises; /* in names */
	size_t exercise_count, exercise_capacity;
	char *hashes; /* of the exercises' files, a line each */
	char *grader; /* program and options, see grading_key() */
	enum language language;
	uint64_t seed, schedules;
	bool thorough;
	uint64_t shard, shards;     /* from 1; 0, 0: the whole class */
	char *roster, *roster_path; /* its text, and where it was; or NULL */
};

/* Enters all of FACTS; a roster that is NULL leaves the one that is there. */
int facts_write(struct journal *journal, const struct batch_facts *facts,
	struct err *err);

/* 0, or a negative errno: -EINVAL when the journal does not say it all. */
int facts_read(
	struct journal *journal, struct batch_facts *facts, struct err *err);

/* The same of the journal in FOLDER; -ENOENT when there is none. */
int facts_read_in(
	const char *folder, struct batch_facts *facts, struct err *err);

/* Which shard alone; KNOWN is false when the journal does not say. */
int facts_read_shard(struct journal *journal, uint64_t *shard, uint64_t *shards,
	bool *known, struct err *err);

void facts_release(struct batch_facts *facts);

/*
 * Whether ONE and OTHER, of the folders ONE_NAME and OTHER_NAME, are parts of
 * one grading; 0, or -EINVAL with what differs.
 */
int facts_compare(const struct batch_facts *one, const char *one_name,
	const struct batch_facts *other, const char *other_name,
	struct err *err);

/*
 * Appends the command that grades shard SHARD of it into FOLDER, or goes on
 * with it, as a shell takes it.
 */
void facts_add_command(struct buf *out, const struct batch_facts *facts,
	uint64_t shard, const char *folder);

#endif
