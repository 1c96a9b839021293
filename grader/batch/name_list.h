/* The names in a folder, and what they are of. */
#ifndef GRADER_BATCH_NAME_LIST_H
#define GRADER_BATCH_NAME_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* All zeroes is an empty one. */
struct name_list {
	char **names;
	size_t count, capacity;
};

/*
 * The names in the folder PATH, sorted, without those that begin with a dot.
 * 0 or a negative errno.
 */
int name_list_read(struct name_list *list, const char *path, struct err *err);
void name_list_release(struct name_list *list);

/* Of a path; a link is neither. */
bool path_is_folder(const char *path);
bool path_is_file(const char *path);

#endif
