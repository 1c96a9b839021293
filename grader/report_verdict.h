/*
 * Reading a report.json back into the verdict that it was written from, for
 * the writers of other formats: see grader-report(5).
 */
#ifndef GRADER_REPORT_VERDICT_H
#define GRADER_REPORT_VERDICT_H

#include <stddef.h>

#include "base/err.h"
#include "grader/json_reader.h"
#include "grader/language.h"
#include "grader/verdict.h"

/*
 * Reads TEXT; NAME is for messages.  *LANGUAGE, if not NULL, is the report's.
 * Returns 0 or -EINVAL: then *VERDICT is empty.  The caller releases it.
 */
int report_verdict_read(struct verdict *verdict, enum language *language,
	const char *text, size_t length, const char *name, struct err *err);

/* Used by the above: the list "traces" of ROOT, which may be absent. */
int report_traces_read(const struct json_node *root, struct verdict *verdict);

#endif
