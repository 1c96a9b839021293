/*
 * The folder that students get of an exercise: what they need to work and to
 * check themselves with the same grader, and nothing that gives the hidden
 * scenarios or the solutions away.
 */
#ifndef GRADER_PACK_H
#define GRADER_PACK_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * TEXT of an exercise.json, without all that is only about scenarios which are
 * not in it: their names, and rules that apply to no other.  A criterion that
 * is left without rules says that it is judged elsewhere.  Adds to OUT.
 */
int pack_filter(struct buf *out, const char *text, size_t length,
	const char *name, struct err *err);

/*
 * Makes TO/ID from the exercise folder FROM: the filtered exercise.json,
 * handouts, starter code, reference traces of visible scenarios.  TO must
 * exist, TO/ID must not.  What was made by a call that failed is left.
 */
int pack_exercise(const char *from, const char *to, struct err *err);

#endif
