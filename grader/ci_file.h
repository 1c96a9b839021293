/*
 * grader.json at the root of a repository: which exercises are in it, and what
 * reports its continuous integration wants.  See grader-ci(5).
 */
#ifndef GRADER_CI_FILE_H
#define GRADER_CI_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "grader/language.h"
#include "grader/report/format.h"

#define CI_FILE_NAME "grader.json"

struct ci_task {
	char *exercise;
	char *path; /* below the root; the exercise's id when not given */
};

struct ci_report {
	const struct report_format *format;
	char *path; /* below the root; "{exercise}" stands for the id */
};

/* All zeroes is an empty one. */
struct ci_file {
	struct ci_task *tasks;
	size_t task_count;
	struct ci_report *reports;
	size_t report_count;
	enum language language;
	int64_t schedules; /* 0: the exercise's */
	int64_t seed;
};

/*
 * Reads TEXT; NAME is for messages.  0 or -EINVAL with line and field.  The
 * caller releases it.
 */
int ci_file_read(struct ci_file *file, const char *text, size_t length,
	const char *name, struct err *err);
void ci_file_release(struct ci_file *file);

#endif
