/* How it works: the file is the list "traces" of a report, with one in it. */
#include "grader/right_runs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/compile.h"
#include "grader/observe.h"
#include "grader/report/report.h"
#include "grader/report_verdict.h"
#include "grader/told_trace.h"

#define RUN_MAX (8u << 20) /* bytes of a file */
#define RIGHT_MAX 4        /* in a report */
#define RIGHT_SEED 1

static void drop_places(struct told_trace *run)
{
	for (size_t i = 0; i < run->event_count; i++) {
		free(run->events[i].place);
		run->events[i].place = NULL;
	}
}

/* Tried first: no wait that a student should not copy; then the shortest. */
static bool shows_better(
	const struct told_trace *one, const struct told_trace *other)
{
	size_t busy[2] = {0};

	for (size_t i = 0; i < one->event_count; i++)
		busy[0] += one->events[i].kind == EVENT_SPIN;
	for (size_t i = 0; i < other->event_count; i++)
		busy[1] += other->events[i].kind == EVENT_SPIN;
	if (!busy[0] != !busy[1])
		return !busy[0];
	return one->event_total < other->event_total;
}

int right_run_try(const struct explore_target *target, size_t scenario,
	struct told_trace *best, struct err *err)
{
	struct run_outcome outcome = {0};
	struct observed_run run = {.exercise = target->exercise,
		.scenario = &target->exercise->scenarios[scenario],
		.outcome = &outcome,
		.trace = &outcome.trace,
		.policy = SCHEDULE_RUN_TO_BLOCK,
		.seed = RIGHT_SEED};
	struct told_trace tried;
	int r = explore_run(
		target, scenario, run.policy, run.seed, &outcome, err);

	if (r)
		return r;
	observe_run(&run);
	tried = told_trace_make(&run);
	if (!best->hash || shows_better(&tried, best)) {
		told_trace_release(best);
		*best = tried;
		best->hash = explore_trace_hash(&run);
		best->right = true;
		drop_places(best);
	} else {
		told_trace_release(&tried);
	}
	observed_run_release(&run);
	run_outcome_release(&outcome);
	return 0;
}

void right_run_write(struct buf *out, const struct told_trace *run)
{
	struct told_trace copy = *run;
	struct verdict verdict = {.traces = &copy, .trace_count = 1};

	buf_adds(out, "{\"schema\":\"grader-run-1\",\"traces\":");
	report_json_write_traces(out, &verdict);
	buf_adds(out, "}\n");
}

/* Moves the one trace of the file's text into the verdict. */
static int take(struct verdict *verdict, const struct buf *text,
	const char *path, struct err *err)
{
	struct json_document document;
	struct json_node root;
	struct verdict read = {0};
	int r = json_document_open(
		&document, buf_text(text), text->length, path, err);

	if (r)
		return r;
	root = json_document_root(&document);
	r = report_traces_read(&root, &read);
	json_document_close(&document);
	if (!r && read.trace_count > 0) {
		verdict->traces = xreallocarray(verdict->traces,
			verdict->trace_count + 1, sizeof(*verdict->traces));
		verdict->traces[verdict->trace_count] = read.traces[0];
		verdict->traces[verdict->trace_count++].right = true;
		memset(&read.traces[0], 0, sizeof(read.traces[0]));
	}
	verdict_release(&read);
	return r;
}

static int add_one(struct verdict *verdict, const char *folder,
	const char *scenario, struct err *err)
{
	auto_free char *path =
		xasprintf("%s/reference/%s" RIGHT_RUN_SUFFIX, folder, scenario);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf text = {0};
	int r;

	if (fd < 0)
		return errno == ENOENT ? 0
				       : err_errno(err, -errno,
						 "cannot read '%s'", path);
	r = buf_read_fd(&text, fd, RUN_MAX);
	r = r < 0 ? err_errno(err, r, "cannot read '%s'", path)
		  : take(verdict, &text, path, err);
	buf_release(&text);
	return r;
}

int right_runs_add(struct verdict *verdict, const char *folder, struct err *err)
{
	size_t own = verdict->trace_count;
	int r = 0;

	for (size_t i = 0; i < own && !r; i++) {
		bool new = verdict->trace_count - own < RIGHT_MAX;

		for (size_t j = 0; j < i; j++)
			new = new &&strcmp(verdict->traces[j].scenario,
				      verdict->traces[i].scenario) != 0;
		if (new)
			r = add_one(verdict, folder,
				verdict->traces[i].scenario, err);
	}
	return r;
}
