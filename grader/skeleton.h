/*
 * The files of grader/skeleton/, built in: what grader new-exercise makes a
 * new exercise from.
 */
#ifndef GRADER_SKELETON_H
#define GRADER_SKELETON_H

#include <stddef.h>

struct skeleton_file {
	const char *name; /* "exercise/exercise.json"; NULL ends the table */
	const char *data;
	size_t size;
};

/* By name; see scripts/embed. */
extern const struct skeleton_file skeleton_files[];

#endif
