/*
 * The check: one compiled submission in, one verdict out.
 *
 * Runs every scenario of the exercise under its schedules, judges every rule
 * on every trace, and adds up.  Same program, same exercise, same options:
 * the same verdict, whatever the machine does beside.
 */
#ifndef GRADER_CHECK_H
#define GRADER_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "grader/exercise.h"
#include "grader/verdict.h"
#include "jail/jail.h"

struct program; /* grader/compile.h */

struct check_progress {
	const struct exercise *exercise;
	size_t scenario;    /* index of the one that runs */
	size_t done, total; /* schedules, over all scenarios */
};

struct check_options {
	uint64_t master_seed;
	size_t schedules;        /* a scenario; 0 = as the exercise says */
	bool thorough;           /* ten times as many */
	bool without_references; /* they are about to be recorded */
	bool parallel;           /* cross-check in true parallel, as notes */
	bool states_only;        /* findings are not shown: none is shrunk */
	/*
	 * Called when a schedule has been judged, may be NULL.  A non-zero
	 * return value stops the check, which then returns -ECANCELED.
	 */
	int (*progress)(void *context, const struct check_progress *progress);
	void *context;
};

/*
 * Judges PROGRAM.  The caller has filled verdict->compile (and what else it
 * knows: submission, hash, layers, run); PROGRAM is NULL when it did not
 * compile: then the criteria with the rule `compiles` fail and all others
 * are skipped, but those that a person judges from an answer: these wait
 * for answer_attach() in any case.  Fills exercise, titles, criteria, warnings,
 * scores, state and exploration.  Returns 0 or a negative errno: trouble of the
 * grader, the verdict is then to be released and not shown.
 */
int check_run(const struct jail_context *jail, const struct exercise *exercise,
	const struct program *program, const struct check_options *options,
	struct verdict *verdict, struct err *err);

#endif
