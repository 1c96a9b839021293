/* What a worker of a batch does with a group, and how it tells of it. */
#ifndef GRADER_BATCH_WORKER_H
#define GRADER_BATCH_WORKER_H

#include "grader/batch/plan.h"
#include "grader/batch/pool.h"

struct worker_job {
	const struct plan *plan;
	const struct batch_options *options;
	unsigned sign_ms; /* how often it gives a sign of life */
};

/* Grades plan->groups[TASK]: pool_job.work; CONTEXT is a struct worker_job. */
void worker_grade(void *context, size_t task, const struct pool_line *line);

/* Enters into ITEM, a done one, what VERDICT says. */
void worker_take_verdict(struct item *item, const struct verdict *verdict);

/* The page beside REPORT, a path of a report.json; owned. */
char *worker_page_path(const char *report);

/*
 * Enters into ITEMS, those of the group, what DATA tells of one of them, which
 * is returned; NULL when DATA is no such message.
 */
struct item *worker_hear(
	struct item *items, size_t count, const void *data, size_t length);

#endif
