/*
 * Grading of one attack, as `grader check` does it.
 */
#ifndef ATTACKS_GRADE_H
#define ATTACKS_GRADE_H

#include <stdbool.h>

#include "base/buf.h"
#include "grader/compile.h"
#include "grader/exercise.h"
#include "grader/submission.h"

/* An attack, ready to be graded again and again. */
struct subject {
	struct submission submission;
	struct program program;
	bool compiles_inside;      /* compiling is the attack: each time anew */
	struct exercise *exercise; /* NULL: the usual one */
};

/* What does not change from attack to attack. */
struct grading {
	const char *folder; /* tests/attacks, borrowed */
	struct exercise *exercise;
	struct jail_context *compiler; /* a full jail, to compile in */
	struct subject right;          /* the next submission */
	int reports_fd;                /* folder for the reports */
};

/* These end the process with a message on trouble. */
void grading_begin(
	struct grading *grading, const char *folder, const char *reports);
void grading_end(struct grading *grading);
/*
 * FOLDER/NAME.c, else the folder FOLDER/NAME; graded with the exercise of
 * FOLDER/exercises/NAME.json, ID.json or, by its first letter alone, I.json.
 */
void subject_load(struct subject *subject, const struct grading *grading,
	const char *name);
void subject_release(struct subject *subject);

/*
 * To be called in a world: grades SUBJECT in a jail without the layers of
 * WITHOUT, looks at what was left, and grades the right program.  FACTS gets
 * lines of text that tell the report.  What went wrong with the grader itself
 * begins with "TROUBLE: ".  The report goes to NAME in reports_fd.
 */
void grade_in_jail(const struct grading *grading, const struct subject *subject,
	unsigned without, const char *name, struct buf *facts);

/*
 * The same, but SUBJECT runs in true parallel, without a schedule, as the
 * cross-check does it.  Not graded by that: FACTS gets what it printed.
 */
void run_in_parallel(const struct grading *grading,
	const struct subject *subject, struct buf *facts);

/* Runs it without a jail, but in a world; FACTS gets its output. */
void run_natively(const struct subject *subject, struct buf *facts);

#endif
