/*
 * A new exercise from the skeleton (skeleton.h): a small one that is whole, so
 * that an author changes what works instead of writing from nothing.
 */
#ifndef GRADER_NEW_EXERCISE_H
#define GRADER_NEW_EXERCISE_H

#include "base/err.h"

struct new_exercise {
	const char *name; /* its id, and the name of its program */
	const char *title_zh, *title_en;
	const char *exercises; /* the folder in which NAME is made */
	const char *solutions; /* and the one for its solutions */
};

/* 0, or -EINVAL: what cannot be the name or the title of an exercise. */
int new_exercise_check(const struct new_exercise *what, struct err *err);

/*
 * Makes EXERCISES/NAME and SOLUTIONS/NAME, both whole or none, and never over
 * something that is there (-EEXIST).  The two folders are made when only they
 * are missing.
 */
int new_exercise_make(const struct new_exercise *what, struct err *err);

#endif
