/*
 * Calls that the sandbox does not offer, or not with the program or file that
 * they name, and a program asked for: it was told an errno and went on.  A
 * solution may have been built on such a call, so what then fails is for a
 * person to judge.
 */
#ifndef GRADER_REFUSAL_H
#define GRADER_REFUSAL_H

#include "grader/observe.h"
#include "grader/verdict.h"

/* Was this a call that was refused, and the program not stopped for it? */
bool refusal_is(const struct event *event);

/* The run's first refusal that a failure may be due to; NULL = none. */
const struct event *refusal_find(const struct observed_run *run);

/* Which call, what it got, where.  Owned by the caller. */
struct bilingual refusal_tell(
	const struct observed_run *run, const struct event *event);

#endif
