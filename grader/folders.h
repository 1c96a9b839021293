/* Folders that a path needs. */
#ifndef GRADER_FOLDERS_H
#define GRADER_FOLDERS_H

#include "base/err.h"

/* Makes the folders in front of the last '/' of PATH that are not there. */
int folders_make(const char *path, struct err *err);

#endif
