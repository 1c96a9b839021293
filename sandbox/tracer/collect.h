/*
 * What is in the working folder when a run ends.
 */
#ifndef TRACER_COLLECT_H
#define TRACER_COLLECT_H

#include "run.h"

/*
 * Adds the files of the folder to OUT->files, by name, without PROGRAM, the
 * link to itself that the jail puts there.  Regular files are read as far as
 * there is room: one of more than 1 MiB, or beyond 8 MiB in all, is taken for
 * one that is not regular.
 */
void collect_files(int work_fd, const char *program, struct run_outcome *out);

#endif
