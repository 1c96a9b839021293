/*
 * Grading one submission: compile, check, and what a report says around it.
 * Shared by the commands that grade one and those that grade a class.
 */
#ifndef GRADER_GRADING_H
#define GRADER_GRADING_H

#include "grader/check.h"
#include "grader/submission.h"

struct grading_options {
	struct check_options check;
};

/*
 * Grades SUBMISSION, refused ones too.  Fills *VERDICT, which the caller
 * releases.  0 or a negative errno: trouble of the grader.
 */
int grading_run(const struct jail_context *jail,
	const struct exercise *exercise, const struct submission *submission,
	const struct grading_options *options, struct verdict *verdict,
	struct err *err);

/*
 * All that a verdict depends on besides exercise and submission, as a text:
 * the grader itself and its options.  Owned.
 */
char *grading_key(const struct grading_options *options);

#endif
