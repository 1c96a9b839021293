/* Folders that a path needs, or that nobody needs any more. */
#ifndef GRADER_FOLDERS_H
#define GRADER_FOLDERS_H

#include "base/err.h"

/* Makes the folders in front of the last '/' of PATH that are not there. */
int folders_make(const char *path, struct err *err);

/* Takes the folder PATH away with all that is in it; 0 also when there is
 * none. */
int folders_remove(const char *path, struct err *err);

#endif
