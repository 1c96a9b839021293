/*
 * Who reads a report.  Hidden scenarios keep their secrets from students: not
 * their arguments, their output, their schedules nor what happened in them.
 *
 * How: the verdict itself is redacted before any writer sees it, so that no
 * format can leak what it was never told.
 */
#ifndef GRADER_AUDIENCE_H
#define GRADER_AUDIENCE_H

#include "grader/verdict.h"

enum audience { AUDIENCE_STUDENT, AUDIENCE_STAFF };

/* 0, or -1 when NAME is neither "student" nor "staff". */
int audience_by_name(const char *name, enum audience *audience);

/*
 * Takes out of VERDICT what hidden scenarios gave: of their findings the rule,
 * the hint, the recognised mistake and its remedy stay; the notes that they
 * alone gave go.  Marks stay as they are.  Twice is as once.
 */
void verdict_redact(struct verdict *verdict);

#endif
