/*
 * grader check: submission -> compile -> run under many schedules -> verdict
 * -> reports.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/grading.h"
#include "grader/language.h"
#include "grader/notes.h"
#include "grader/old_report.h"
#include "grader/outputs.h"
#include "grader/report/report.h"
#include "grader/submission.h"
#include "grader/tell.h"

enum { NO_PARALLEL = 256, AUDIENCE, HINTS }; /* options without a letter */

struct arguments {
	const char *exercise, *path;
	const char *report_path;
	enum language language;
	bool no_parallel, thorough, hints;
	struct outputs outputs;
	uint64_t seed;
	size_t schedules;
	char required_grade;
};

/* All that one check holds; released together. */
struct job {
	struct arguments arguments;
	struct exercise *exercise;
	struct submission submission;
	struct jail_context *jail;
	struct verdict verdict;
	bool progress_shown;
};

static void add_output(
	struct arguments *arguments, const char *text, struct argp_state *state)
{
	struct err err = {""};

	if (outputs_add(&arguments->outputs, text, &err))
		argp_error(state, "%s", err.text);
}

static void set_audience(
	struct arguments *arguments, const char *text, struct argp_state *state)
{
	if (audience_by_name(text, &arguments->outputs.audience))
		argp_error(state, "--audience takes student or staff");
	arguments->outputs.audience_given = true;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'j':
		add_output(arguments, "json", state);
		return 0;
	case 'f':
		add_output(arguments, text, state);
		return 0;
	case AUDIENCE:
		set_audience(arguments, text, state);
		return 0;
	case 'q':
		arguments->outputs.quiet = true;
		return 0;
	case HINTS:
		arguments->hints = true;
		return 0;
	case NO_PARALLEL:
		arguments->no_parallel = true;
		return 0;
	case 's':
		arguments->seed = command_number("--seed", text, 0, UINT64_MAX);
		return 0;
	case 'n':
		arguments->schedules =
			command_number("--schedules", text, 1, 1000000);
		return 0;
	case 'T':
		arguments->thorough = true;
		return 0;
	case 'l':
		if (language_by_name(text, &arguments->language))
			argp_error(state, "--lang takes zh or en");
		return 0;
	case 'r':
		arguments->report_path = text;
		return 0;
	case 'g':
		arguments->required_grade = command_grade(text);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			arguments->exercise = text;
		else if (state->arg_num == 1)
			arguments->path = text;
		else
			argp_error(state, "too many arguments: '%s'", text);
		return 0;
	case ARGP_KEY_END:
		if (!arguments->path)
			argp_error(state, "needs EXERCISE and PATH, as in: "
					  "grader check tickets tickets.c");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"json", 'j', NULL, 0,
			N_("print report.json, and nothing else"), 0},
		{"format", 'f', "NAME[=FILE]", 0,
			N_("print or write a report in another format; see "
			   "below"),
			0},
		{"audience", AUDIENCE, "student|staff", 0,
			N_("who reads it: students are not told what hidden "
			   "scenarios do (default: by format)"),
			0},
		{"report", 'r', "FILE", 0,
			N_("write report.json to FILE, keeping the marks in "
			   "it"),
			0},
		{"seed", 's', "N", 0, N_("master seed (default 1)"), 0},
		{"schedules", 'n', "N", 0,
			N_("schedules of a scenario (default: the exercise's)"),
			0},
		{"no-parallel", NO_PARALLEL, NULL, 0,
			N_("no runs in true parallel beside the schedules"), 0},
		{"thorough", 'T', NULL, 0, N_("ten times as many schedules"),
			0},
		{"hints", HINTS, NULL, 0,
			N_("what to do about all failures, not about one at a "
			   "time"),
			0},
		{"lang", 'l', "zh|en", 0, N_("language of the report"), 0},
		{"require-grade", 'g', "A|B|C", 0,
			N_("exit with 4 when the sandbox is worse"), 0},
		{"quiet", 'q', NULL, 0, N_("no report on standard output"), 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "EXERCISE PATH",
		.doc = N_(
			"Grades PATH, a .c file, a folder of .c and .h "
			"files, or an archive of either (zip, tar.gz and "
			"others).\n\nFormats: text, json, html, junit, "
			"junit-places, tap, ctrf, sarif, gradescope, "
			"classroom, github, autolab, submitty, markdown, "
			"csv, perfetto, shiviz; --format may be given several "
			"times, each with a file.\n\nExit status: 0 full "
			"marks, 1 not, 2 "
			"wrong use, 3 trouble of the grader, 4 sandbox below "
			"the required grade."),
	};

	arguments->language = language_default();
	arguments->seed = 1;
	command_parse(&argp, argc, argv, arguments);
}

static int show_progress(void *context, const struct check_progress *progress)
{
	struct job *job = context;

	if (command_interrupted())
		return 1;
	if (!isatty(STDERR_FILENO))
		return 0;
	job->progress_shown = true;
	fprintf(stderr, "\r\033[K%zu/%zu  %s", progress->done, progress->total,
		progress->exercise->scenarios[progress->scenario].id);
	return 0;
}

static void clear_progress(struct job *job)
{
	if (job->progress_shown)
		fputs("\r\033[K", stderr);
	job->progress_shown = false;
}

/* Fills job->verdict; 0, or an exit status with the message printed. */
static int grade(struct job *job)
{
	const struct grading_options options = {
		.check = {.master_seed = job->arguments.seed,
			.schedules = job->arguments.schedules,
			.parallel = !job->arguments.no_parallel,
			.thorough = job->arguments.thorough,
			.progress = show_progress,
			.context = job}};
	struct err err = {""};
	int r = grading_run(job->jail, job->exercise, &job->submission,
		&options, &job->verdict, &err);

	clear_progress(job);
	if (command_interrupted()) {
		fputs(_("grader: interrupted\n"), stderr);
		return command_interrupted();
	}
	return r ? command_fail(EXIT_TROUBLE, &err) : 0;
}

static int write_reports(struct job *job)
{
	const struct arguments *arguments = &job->arguments;
	struct report_style style =
		command_style(STDOUT_FILENO, arguments->language);
	struct buf json = {0};
	struct err err = {""};
	int r = 0;

	style.report_path = arguments->report_path;
	style.hints = arguments->hints;
	if (arguments->report_path) {
		report_json_write(&json, &job->verdict, arguments->language);
		r = atomic_file_write(
			arguments->report_path, json.data, json.length, &err);
	}
	buf_release(&json);
	if (r)
		command_fail(EXIT_TROUBLE, &err);
	if (outputs_write(&arguments->outputs, &job->verdict, &style, &err))
		r = command_fail(EXIT_TROUBLE, &err);
	return r ? EXIT_TROUBLE : 0;
}

/* Everything that must be there before the grading; 0 or an exit status. */
static int prepare(struct job *job)
{
	const struct arguments *arguments = &job->arguments;
	struct err err = {""};
	int r;

	r = catalog_load(&job->exercise, arguments->exercise, &err);
	if (r)
		return command_fail(
			r == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE, &err);
	r = submission_read(&job->submission, arguments->path, &err);
	if (r)
		return command_fail(EXIT_USAGE, &err);
	if (arguments->report_path &&
		old_report_check(arguments->report_path, job->exercise->id,
			&job->submission, &err))
		return command_fail(EXIT_USAGE, &err);
	if (arguments->report_path &&
		atomic_file_try(arguments->report_path, &err))
		return command_fail(EXIT_TROUBLE, &err);
	if (outputs_try(&arguments->outputs, &err))
		return command_fail(EXIT_TROUBLE, &err);
	if (jail_context_new(&job->jail, &err))
		return command_fail(EXIT_TROUBLE, &err);
	if (grade_below(jail_grade(job->jail), arguments->required_grade))
		return command_refuse_grade(
			job->jail, arguments->required_grade);
	return 0;
}

int cmd_check(int argc, char **argv)
{
	struct job job = {.verdict = {0}};
	struct err err = {""};
	int status;

	parse_arguments(argc, argv, &job.arguments);
	command_catch_signals();
	status = prepare(&job);
	if (!status)
		status = grade(&job);
	/* read again: people may have marked meanwhile */
	if (!status && job.arguments.report_path &&
		old_report_carry(job.arguments.report_path, &job.submission,
			&job.verdict, &err))
		status = command_fail(EXIT_TROUBLE, &err);
	if (!status)
		status = write_reports(&job);
	if (!status && job.verdict.state != VERDICT_PASS)
		status = EXIT_NOT_FULL;
	verdict_release(&job.verdict);
	jail_context_free(job.jail);
	submission_release(&job.submission);
	exercise_free(job.exercise);
	outputs_release(&job.arguments.outputs);
	return status;
}
