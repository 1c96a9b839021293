/*
 * Where the exercises are: $GRADER_EXERCISES; else the folder `exercises` of
 * the source tree that the executable was built in; else
 * PREFIX/share/grader/exercises of the place where it was installed.
 */
#ifndef GRADER_CATALOG_H
#define GRADER_CATALOG_H

#include <stddef.h>

#include "base/err.h"
#include "grader/exercise.h"

/* The folder, owned by the caller; NULL with ERR set when there is none. */
char *catalog_folder(struct err *err);

/* Sorted ids of the exercises in FOLDER; catalog_free_ids() frees them. */
int catalog_list(
	const char *folder, char ***ids, size_t *count, struct err *err);
void catalog_free_ids(char **ids, size_t count);

/*
 * Loads the exercise NAME: an id, or a path of its folder when it has a '/'.
 * The caller frees *EXERCISE.  -ENOENT when there is no such exercise; the
 * message then names the nearest one.
 */
int catalog_load(struct exercise **exercise, const char *name, struct err *err);

/* A folder of the source tree, such as "solutions"; NULL when installed. */
char *catalog_source_folder(const char *name);

/* Where the translations are, owned; NULL when there are none. */
char *catalog_locale_folder(void);

/* FOLDER from the root on, owned; it need not exist. */
char *catalog_absolute(const char *folder);

/*
 * Where the solutions of the exercises in a folder are, which is given from
 * the root on: in the folder `solutions` beside it when it is called
 * `exercises`, in that within it otherwise.  Owned by the caller; it need not
 * exist.
 */
char *catalog_solutions(const char *exercises);

/*
 * The folder of an exercise's solutions: as above, else SOLUTIONS/ID of the
 * source tree.  Owned; NULL with ERR set when there is none.
 */
char *catalog_find_solutions(const struct exercise *exercise, struct err *err);

#endif
