/*
 * Marks that people give: for answers in words, and for whatever else the
 * grader leaves to a person.  They stand in the report, and a report that
 * replaces it keeps them as long as what was marked is the same.
 *
 * A report is read into a verdict, of which only this is filled in: exercise
 * and title, submission and its hash, state, points, and of the criteria all
 * but the findings.
 *
 * Pure: texts and values in, texts and values out.
 */
#ifndef GRADER_MARKS_H
#define GRADER_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "grader/verdict.h"

#define MARKS_TEXT_MAX 4000 /* bytes of a comment */

/*
 * Reads TEXT, a report.json; NAME is for messages.  Returns 0 or -EINVAL, then
 * *VERDICT is empty.  The caller releases it.
 */
int marks_read(struct verdict *verdict, const char *text, size_t length,
	const char *name, struct err *err);

/* How many criteria have a mark, one that counts no more among them. */
size_t marks_count(const struct verdict *verdict);

/* May a person give points for it (or again)? */
bool marks_are_for(const struct criterion *criterion);

/*
 * "7" or "7.25": a number as people write marks, with at most two decimals.
 * Returns 0, or -EINVAL with *POINTS untouched.
 */
int marks_parse_points(const char *text, double *points);

/*
 * Gives the criterion ID a copy of MARK, whose `of` and `counts` are set here,
 * and adds up.  Returns 0 or a negative errno, the verdict is then unchanged:
 * -ENOENT for an unknown criterion, -EPERM for one that the grader judges,
 * -ERANGE for too many points, -EINVAL for a text that is too long or no UTF-8.
 */
int marks_give(struct verdict *verdict, const char *id, const struct mark *mark,
	struct err *err);

/* Takes the mark back, so that the criterion waits again.  As marks_give(). */
int marks_take_back(struct verdict *verdict, const char *id, struct err *err);

/*
 * Hands the marks of OLD on to VERDICT, a new grading by the same exercise, and
 * adds up.  A mark counts when the criterion waits for a person and what was
 * marked is the same; otherwise it is kept but does not count, and counts
 * again should the old answer come back.
 */
void marks_carry(const struct verdict *old, struct verdict *verdict);

#endif
