/* How it works: what grader batch and grader regrade have in common. */
#include "grader/batch_request.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/message.h"
#include "grader/batch/batch.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/gbk.h"

#define ROSTER_MAX ((size_t)64 << 20)

size_t batch_processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	return (size_t)CPU_COUNT(&set);
}

static void clear_line(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

/* One line on a terminal; in a log, a line for every tenth of the whole. */
static void show_progress(void *context, const struct batch_progress *progress)
{
	const bool terminal = isatty(STDERR_FILENO);
	const size_t tenth = progress->total / 10 + 1;
	double rate = progress->seconds > 0
			      ? (double)progress->done / progress->seconds
			      : 0;
	double left =
		rate > 0 ? (double)(progress->total - progress->done) / rate
			 : 0;

	(void)context;
	if (!terminal && progress->done % tenth &&
		progress->done < progress->total)
		return;
	clear_line();
	fprintf(stderr,
		_("%zu/%zu  %.1f/s  %.0f s left  %zu not full marks  %zu "
		  "trouble%s"),
		progress->done, progress->total, rate, left, progress->failed,
		progress->trouble, terminal ? "" : "\n");
}

static void show_notice(void *context, const char *text)
{
	(void)context;
	clear_line();
	command_tell(0, text);
}

static int load(
	const struct batch_request *request, struct exercise **exercises)
{
	struct err err = {""};

	for (size_t i = 0; i < request->exercise_count; i++) {
		int r = catalog_load(
			&exercises[i], request->exercises[i], &err);

		if (r)
			return command_fail(
				r == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE, &err);
		for (size_t j = 0; j < i; j++)
			if (!strcmp(exercises[j]->id, exercises[i]->id))
				return command_tell(EXIT_USAGE,
					"an exercise is given twice");
	}
	return 0;
}

void batch_tell_persons(
	size_t persons, const char *folder, enum language language)
{
	if (persons)
		printf(language == LANGUAGE_ZH
				? "有 %zu 处需要人看：见 %s/class.html 开头\n"
				: "%zu for a person to look at: see the top of "
				  "%s/class.html\n",
			persons, folder);
}

int batch_status(int r)
{
	switch (r) {
	case -EINTR:
		return command_interrupted();
	case -ENOENT:
	case -ENOTDIR:
	case -EEXIST:
	case -EINVAL:
	case -ENOTSUP:
		return EXIT_USAGE;
	default:
		return EXIT_TROUBLE;
	}
}

/* The table of students, as UTF-8: spreadsheets in China write GBK. */
static int read_roster(
	const struct batch_request *request, struct buf *text, struct err *err)
{
	auto_close int fd = -1;
	struct buf raw = {0};
	int r = 0;

	if (request->roster_text) {
		buf_adds(text, request->roster_text);
		return 0;
	}
	fd = open(request->roster, O_RDONLY | O_CLOEXEC);
	r = fd < 0 ? -errno : buf_read_fd(&raw, fd, ROSTER_MAX);
	if (r)
		err_errno(err, r, "cannot read '%s'", request->roster);
	else if (memchr(raw.data ? raw.data : "", '\0', raw.length))
		r = err_set(err, -EINVAL,
			"%s: has a byte of 0: save it as CSV in UTF-8",
			request->roster);
	else
		gbk_add_name(buf_text(&raw), text);
	buf_release(&raw);
	return r;
}

static int grade(const struct batch_request *request,
	struct exercise **exercises, const struct jail_context *jail,
	const char *roster, struct batch_result *result)
{
	const struct grading_options grading = {
		.check = {.master_seed = request->seed,
			.schedules = request->schedules,
			.thorough = request->thorough,
			.parallel = request->parallel}};
	const struct batch_options options = {
		.submissions = request->submissions,
		.output = request->output,
		.marks_from = request->marks_from,
		.exercises = exercises,
		.exercise_count = request->exercise_count,
		.exercise_names = request->exercises,
		.jail = jail,
		.grading = &grading,
		.workers = request->jobs,
		.resume = request->resume,
		.roster = roster,
		.roster_path = request->roster,
		.shard = request->shard,
		.shards = request->shards,
		.patience_s = request->patience_s,
		.language = request->language,
		.progress = show_progress,
		.notice = show_notice,
		.interrupted = command_interrupted,
	};
	struct err err = {""};
	int r = batch_run(&options, result, &err);

	clear_line();
	return r ? command_fail(batch_status(r), &err) : 0;
}

int batch_request_run(
	const struct batch_request *request, struct batch_result *result)
{
	struct jail_context *jail = NULL;
	struct exercise **exercises =
		xcalloc(request->exercise_count, sizeof(struct exercise *));
	struct buf roster = {0};
	struct err err = {""};
	int status = load(request, exercises);

	if (!status && (request->roster || request->roster_text)) {
		int r = read_roster(request, &roster, &err);

		status = r ? command_fail(batch_status(r), &err) : 0;
	}
	if (!status && jail_context_new(&jail, &err))
		status = command_fail(EXIT_TROUBLE, &err);
	if (!status && grade_below(jail_grade(jail), request->required_grade))
		status = command_refuse_grade(jail, request->required_grade);
	if (!status)
		status = grade(request, exercises, jail, roster.data, result);
	buf_release(&roster);
	jail_context_free(jail);
	for (size_t i = 0; i < request->exercise_count; i++)
		exercise_free(exercises[i]);
	free(exercises);
	return status;
}
