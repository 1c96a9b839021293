/*
 * Runs of right solutions, to be shown beside one that went wrong: one for
 * each visible scenario, the shortest there is that does not wait busily, in
 * the folder of the exercise's references as SCENARIO.run.json.  Its places
 * are left out: it shows what happens, not where it is written.
 */
#ifndef GRADER_RIGHT_RUNS_H
#define GRADER_RIGHT_RUNS_H

#include "base/err.h"
#include "grader/explore.h"
#include "grader/verdict.h"

#define RIGHT_RUN_SUFFIX ".run.json"

/*
 * Runs the target once in that scenario, and makes the run *BEST unless that
 * is the better to be shown.  *BEST is empty at first; the caller releases it.
 */
int right_run_try(const struct explore_target *target, size_t scenario,
	struct told_trace *best, struct err *err);

/* Appends the file's text. */
void right_run_write(struct buf *out, const struct told_trace *run);

/*
 * Appends to the verdict's traces the right runs of the scenarios of those
 * that it has.  FOLDER is the exercise's; a scenario without a file has none.
 */
int right_runs_add(
	struct verdict *verdict, const char *folder, struct err *err);

#endif
