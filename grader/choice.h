/*
 * The failure of a report that a person asks for: --criterion, --finding.
 */
#ifndef GRADER_CHOICE_H
#define GRADER_CHOICE_H

#include "base/err.h"
#include "grader/verdict.h"

/*
 * Sets *CRITERION to the one called ID (NULL: which the report's next step
 * names; NULL when none failed) and *FINDING to its finding NUMBER, from 1 (0:
 * the one that tells most; NULL when it has none).  0 or -ENOENT, with a
 * message and both untouched.
 */
int choice_make(const struct verdict *verdict, const char *id, size_t number,
	const struct criterion **criterion, const struct finding **finding,
	struct err *err);

#endif
