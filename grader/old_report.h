/*
 * The report that a new grading is about to replace: its marks are handed on,
 * and what is no such report is not replaced.
 */
#ifndef GRADER_OLD_REPORT_H
#define GRADER_OLD_REPORT_H

#include "base/err.h"
#include "grader/submission.h"
#include "grader/verdict.h"

/*
 * Whether a report of SUBMISSION, graded by EXERCISE (an id), may replace what
 * is at PATH: nothing, an empty file, a device, a report without marks, or one
 * of the same exercise and student with any.  The student is the same when the
 * path is, or the program, or what was marked.  Returns 0, or a negative errno
 * when it may not, or cannot be told.
 */
int old_report_check(const char *path, const char *exercise,
	const struct submission *submission, struct err *err);

/*
 * Checks that, and hands the marks on to VERDICT, the new grading; see
 * marks_carry().  To be called right before PATH is written, for people may
 * have marked during the grading.
 */
int old_report_carry(const char *path, const struct submission *submission,
	struct verdict *verdict, struct err *err);

#endif
