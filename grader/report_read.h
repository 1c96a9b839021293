/*
 * Reading a report.json again, as far as its findings can be replayed; see
 * grader-report(5).  What other keys say is not looked at.
 */
#ifndef GRADER_REPORT_READ_H
#define GRADER_REPORT_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "grader/verdict.h"
#include "scheduler/policy.h"
#include "scheduler/switches.h"

struct recorded_finding {
	struct bilingual message, hint;
	char *scenario; /* NULL: no run was needed to find it, nor what is below
			 */
	char *command;
	bool hidden;
	enum schedule_policy policy;
	uint64_t seed;
	struct schedule_switch *switches;
	size_t switch_count;
	size_t proper, found; /* switches proper: of this one, and of the one
				 that it was shrunk from */
	char *trace_hash;
	uint32_t *events; /* numbers in the trace, the evidence */
	size_t event_count;
};

struct recorded_criterion {
	char *id;
	struct bilingual title;
	struct recorded_finding *findings;
	size_t finding_count;
};

struct recorded_report {
	char *exercise;
	char *submission; /* path */
	char *submission_hash;
	struct recorded_criterion *criteria;
	size_t criterion_count;
};

/*
 * Reads TEXT; NAME is for messages.  Returns 0 or -EINVAL: then *REPORT is
 * empty.  The caller releases it.
 */
int report_read(struct recorded_report *report, const char *text, size_t length,
	const char *name, struct err *err);
void recorded_report_release(struct recorded_report *report);

#endif
