/*
 * The references of an exercise at hand while a submission is checked: one
 * for each scenario that has one in the folder `reference`.
 */
#ifndef GRADER_REFERENCES_H
#define GRADER_REFERENCES_H

#include "base/err.h"
#include "grader/observe.h"
#include "grader/verdict.h"

struct references;

/*
 * Loads what FOLDER/reference holds for EXERCISE's scenarios; a scenario
 * without a file has no reference.  EXERCISE is borrowed until the end.
 * Returns 0, or a negative errno with file, line and field in *ERR; the
 * caller frees *REFERENCES.
 */
int references_load(struct references **references,
	const struct exercise *exercise, const char *folder, struct err *err);

void references_free(struct references *references);

/*
 * Notes in VERDICT where an order of the run's lines is not kept that
 * happens-before keeps in all references.  That costs no mark: what follows
 * from a lost order is judged by the rules, in the schedules that lose it.
 * Nothing is said of hidden scenarios, as the lines would give them away.
 */
void references_note(const struct references *references,
	struct verdict *verdict, const struct observed_run *run);

#endif
