/*
 * The help of a command.  argp could print it, but counts bytes where a
 * Chinese character takes two columns, and breaks lines at blanks alone.
 */
#ifndef GRADER_HELP_H
#define GRADER_HELP_H

#include <argp.h>

#include "base/buf.h"

/* Appends the help of ARGP for the command NAME ("grader check"). */
void help_write(struct buf *out, const struct argp *argp, const char *name);

/* The same for its short usage message: the letters alone, all names. */
void help_write_usage(
	struct buf *out, const struct argp *argp, const char *name);

#endif
