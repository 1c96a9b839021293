/*
 * Reading a report.json back into the verdict that it was written from: see
 * grader-report(5).  It is read field by field and strictly, for it may have
 * been mended by hand or cut by a full disk.
 */
#ifndef GRADER_REPORT_VERDICT_H
#define GRADER_REPORT_VERDICT_H

#include <stddef.h>

#include "base/err.h"
#include "grader/json_reader.h"
#include "grader/language.h"
#include "grader/verdict.h"

/*
 * How much of it is read.  What is not read may be missing or wrong: a mark
 * that a person gave is not lost because the rest is of another version of
 * grader.
 */
enum report_depth {
	REPORT_MARKS,    /* what and whose it is, points and marks */
	REPORT_FINDINGS, /* that and the findings, each with its schedule */
	REPORT_WHOLE,
};

/*
 * Reads TEXT as far as DEPTH says; NAME is for messages.  Returns 0 or -EINVAL:
 * then *VERDICT is empty.  The caller releases it.
 *
 * What was read fits: points are in their range, a mark counts only for what is
 * there, no criterion is there twice, a finding with a scenario has a schedule
 * with a known policy and switches that can be read.
 */
int report_verdict_read_part(struct verdict *verdict, enum report_depth depth,
	const char *text, size_t length, const char *name, struct err *err);

/*
 * Reads all of TEXT; NAME is for messages.  *LANGUAGE, if not NULL, is the
 * report's. Returns 0 or -EINVAL: then *VERDICT is empty.  The caller releases
 * it.
 */
int report_verdict_read(struct verdict *verdict, enum language *language,
	const char *text, size_t length, const char *name, struct err *err);

/* Used by the above: the list "traces" of ROOT, which may be absent. */
int report_traces_read(const struct json_node *root, struct verdict *verdict);

#endif
