/*
 * A class: every submission of a folder graded, each result kept in a journal
 * and a report of its own, and the tables of the whole.
 *
 * The output folder:
 *	journal.sqlite            what came of each, see journal.h
 *	reports/STUDENT/EXERCISE/report.json, report.html
 *	grades.csv, class.json, class.html   made from the journal alone
 *
 *	submissions/              what was in the archive, when it was one
 *
 * Same submissions, exercises, options and grader: the same bytes, `run` keys
 * and the foot of each page aside, whatever was killed in between.
 */
#ifndef GRADER_BATCH_BATCH_H
#define GRADER_BATCH_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "grader/exercise.h"
#include "grader/grading.h"
#include "grader/language.h"
#include "jail/jail.h"

struct batch_progress {
	size_t done, total; /* of those that had to be graded now */
	size_t failed;      /* not full marks, so far */
	size_t trouble;     /* of the grader, so far */
	double seconds;     /* since the first */
};

struct batch_options {
	const char *submissions; /* folder, or archive of one */
	const char *output;      /* folder, made when it is not there */
	const char *marks_from;  /* folder of an earlier batch whose reports
				    have marks of people; NULL: output */
	struct exercise **exercises;
	size_t exercise_count;
	const char *const *exercise_names; /* as asked for */
	const struct jail_context *jail;
	const struct grading_options *grading;
	size_t workers;
	bool resume; /* go on with a journal that is there */
	/* a table of the students, see gradebook/roster.h; NULL: the one that
	   the journal has, if any */
	const char *roster, *roster_path;
	size_t shard, shards; /* this one of so many, from 1; 0, 0: all */
	unsigned patience_s;  /* how long a worker may give no sign of life;
				 0: by the limits of the exercises */
	enum language language;
	void *context;
	/* After each result; may be NULL. */
	void (*progress)(void *context, const struct batch_progress *progress);
	/* Something to tell that stops nothing, one line. */
	void (*notice)(void *context, const char *text);
	int (*interrupted)(void);
};

struct batch_result {
	size_t students, graded, kept, missing, trouble;
	size_t persons; /* reasons for a person to look at the class */
};

/*
 * Grades what is not graded yet and writes the tables.  0, or a negative
 * errno when it had to stop: -EINTR interrupted, -ENOSPC and the like; what
 * was graded until then is kept, and `resume` goes on.  Trouble with single
 * submissions is counted in RESULT and is no error.
 */
#define BATCH_SUBMISSIONS "submissions" /* in the output folder */
int batch_run(const struct batch_options *options, struct batch_result *result,
	struct err *err);

#endif
