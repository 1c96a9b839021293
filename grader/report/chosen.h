/*
 * Which run of a report is told where there is room for one.  Pure.
 */
#ifndef GRADER_REPORT_CHOSEN_H
#define GRADER_REPORT_CHOSEN_H

#include "grader/report/report.h"

/* All NULL when there is no run to tell. */
struct chosen {
	const struct criterion *criterion;
	const struct finding *finding;
	const struct told_trace *trace;
};

/*
 * The failing run of the criterion, and of the finding, that STYLE names.
 * Without a criterion it is the one with which `grader explain` begins, the one
 * that the next step of the report names; when that has no run (gcc failed it,
 * or a hidden scenario) the first criterion that has one.  Without a finding it
 * is the one that tells most.
 */
struct chosen chosen_run(
	const struct verdict *verdict, const struct report_style *style);

#endif
