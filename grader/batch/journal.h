/*
 * The journal of a class: what is to be graded, and what came of it.
 *
 * A SQLite database in write-ahead mode, so that a kill or a power cut at any
 * moment leaves a journal that is whole and lacks at most the newest results,
 * which are graded again.  A result is entered when its report is safely on
 * disk, never before.  The one place that knows SQLite.
 */
#ifndef GRADER_BATCH_JOURNAL_H
#define GRADER_BATCH_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum item_state {
	ITEM_WAITING,   /* to be graded */
	ITEM_DONE,      /* its report is there */
	ITEM_MISSING,   /* nothing was handed in */
	ITEM_TROUBLE,   /* the grader's: no mark */
	ITEM_ELSEWHERE, /* another shard's */
};
const char *item_state_name(enum item_state state); /* static */

/* One student's submission of one exercise.  Texts are owned. */
struct item {
	int64_t number; /* from 0, in the order of students and exercises */
	char *student, *name, *exercise;
	bool late;
	int64_t handed_in; /* seconds since 1970, by its files; 0: unknown */
	char *path;        /* "" when it is several files, or missing */
	char *input; /* hash of all that the verdict depends on, "" unknown */
	enum item_state state;
	char *report;   /* path of report.json below the output folder */
	int64_t stamp;  /* nanoseconds: when that was last written, as the
			   verdict below was taken from it */
	char *trouble;  /* what went wrong, NULL */
	double seconds; /* real time of the grading; 0: unknown */
	char *section;  /* of the student, by the roster; NULL: none */
	char *concern;  /* why a person has to look at whose it is, one of
			   roster.h or CONCERN_UNCLEAR; NULL: no need */
	/* of a verdict */
	char *verdict; /* "pass", "fail", "refused" ... or NULL */
	double score, max_score, extra_score, extra_max;
	char *criteria; /* JSON: [{"id", "verdict", "points", "max_points"}] */
};
void item_release(struct item *item);

/* Something was handed in, but nothing that is called as the exercise is. */
#define CONCERN_UNCLEAR "unclear"

struct journal;

/*
 * Opens the journal at PATH, made when there is none; *FRESH tells.  Another
 * process that has it open is -EBUSY, a file that is none -EINVAL, one of
 * another version -ENOTSUP.  The caller closes it.
 */
int journal_open(struct journal **journal, const char *path, bool *fresh,
	struct err *err);
void journal_close(struct journal *journal);

/* Several changes as one; nothing of it is there when it is not ended. */
int journal_begin(struct journal *journal, struct err *err);
int journal_commit(struct journal *journal, struct err *err);

/* Facts about the whole, by name; get gives an owned text or NULL. */
int journal_set(struct journal *journal, const char *name, const char *value,
	struct err *err);
int journal_get(struct journal *journal, const char *name, char **value,
	struct err *err);

/* Enters ITEM, or what is to be said of it from now on. */
int journal_put(
	struct journal *journal, const struct item *item, struct err *err);

/*
 * Calls EACH for all items in the order of numbers; one is in memory at a time
 * and released afterwards.  A non-zero value of EACH ends it and is returned.
 */
int journal_each(struct journal *journal,
	int (*each)(void *context, const struct item *item), void *context,
	struct err *err);

/*
 * Between these two, every item that still belongs to the class is put again;
 * the second forgets the others.  Within a change as one.
 */
int journal_renew(struct journal *journal, struct err *err);
int journal_forget(struct journal *journal, struct err *err);

/* Numbers all items anew, by student, and of one by the numbers so far. */
int journal_number(struct journal *journal, struct err *err);

/* The item of STUDENT and EXERCISE; *FOUND is false when there is none. */
int journal_find(struct journal *journal, const char *student,
	const char *exercise, struct item *item, bool *found, struct err *err);

/* How many items are in STATE. */
int journal_count(struct journal *journal, enum item_state state, size_t *count,
	struct err *err);

#endif
