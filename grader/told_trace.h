/*
 * What a report keeps of a run: its trace with the words for each event, so
 * that a page can be made where neither the submission nor its program is.
 */
#ifndef GRADER_TOLD_TRACE_H
#define GRADER_TOLD_TRACE_H

#include "base/err.h"
#include "grader/check.h"
#include "grader/explore.h"
#include "grader/observe.h"
#include "grader/verdict.h"

/* The run, told; owned by the caller.  `hash` and `right` are left alone. */
struct told_trace told_trace_make(const struct observed_run *run);

/*
 * Runs the schedules of the verdict's findings once more, each once, and keeps
 * their traces: of the findings of visible scenarios that a report shows.
 * The progress of OPTIONS is asked before each run, as by check_run().  Returns
 * 0 or a negative errno.
 */
int told_traces_record(const struct explore_target *target,
	struct verdict *verdict, const struct check_options *options,
	struct err *err);

#define SOURCE_TEXT_MAX (256u << 10)

/* The file made clean, cut at a line; owned by the caller. */
struct source_text source_text_make(
	const char *name, const char *data, size_t length);

#endif
