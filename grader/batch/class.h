/*
 * The tables of a class, made from its journal alone: grades.csv, a line a
 * student, and class.json, all of it.  One student is in memory at a time.
 *
 * What differs from one grading to another, which took longest, is the last
 * line of class.json, "run".
 */
#ifndef GRADER_BATCH_CLASS_H
#define GRADER_BATCH_CLASS_H

#include "grader/batch/batch.h"
#include "grader/batch/journal.h"
#include "grader/batch/tally.h"

#define CLASS_SCHEMA "grader-class-2"

/* Writes them into options->output, each whole.  0 or a negative errno. */
int class_write(struct journal *journal, const struct batch_options *options,
	const struct class_tally *tally, struct err *err);

/*
 * These, and the page; see class_page.h.  What was counted is TALLY, which the
 * caller releases.
 */
int class_tables_write(struct journal *journal,
	const struct batch_options *options, struct class_tally *tally,
	struct err *err);

#endif
