/*
 * One failure explained step by step, from a report alone: what is asked, what
 * happened, the diagram, the steps with their source lines, why it is wrong,
 * what to do, and how to see it run.  Pure.
 */
#ifndef GRADER_REPORT_REPORT_EXPLAIN_H
#define GRADER_REPORT_REPORT_EXPLAIN_H

#include "base/buf.h"
#include "grader/report/report.h"

struct explanation {
	const struct verdict *verdict;
	const struct criterion *criterion;
	const struct finding *finding; /* one of its own; NULL: it has none */
	size_t columns;                /* of the diagram */
	bool right; /* also a run of a right program, if there is one */
};

/*
 * The criterion to begin with: what the report's next step names.  NULL when
 * none failed.
 */
const struct criterion *report_explain_first(const struct verdict *verdict);

/*
 * The finding of CRITERION that tells most: one of a visible scenario, with a
 * recorded run and a recognised mistake; NULL when it has none.
 */
const struct finding *report_explain_finding(
	const struct verdict *verdict, const struct criterion *criterion);

/* Appends the explanation. */
void report_explain_write(struct buf *out,
	const struct explanation *explanation,
	const struct report_style *style);

/* Appends why a verdict has no failure to be explained by itself: it is full
   marks, does not compile, or was refused. */
void report_explain_whole(struct buf *out, const struct verdict *verdict,
	const struct report_style *style);

#endif
