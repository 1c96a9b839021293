/* class.html: the class at a glance. */
#ifndef GRADER_BATCH_CLASS_PAGE_H
#define GRADER_BATCH_CLASS_PAGE_H

#include "grader/batch/batch.h"
#include "grader/batch/journal.h"
#include "grader/batch/tally.h"

/*
 * Writes FOLDER/class.html: how many, how the marks are spread, which criteria
 * fail, who needs a person, and a matrix of students and criteria that links to
 * each page; in its foot, what took longest.  0 or a negative errno.
 */
int class_page_write(struct journal *journal,
	const struct batch_options *options, const struct class_tally *tally,
	struct err *err);

#endif
