/*
 * grader check: submission -> compile -> run under many schedules -> verdict
 * -> reports.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/catalog.h"
#include "grader/check.h"
#include "grader/command.h"
#include "grader/compile.h"
#include "grader/language.h"
#include "grader/report/report.h"
#include "grader/submission.h"

#define NO_PARALLEL 256 /* an option without a letter */

struct arguments {
	const char *exercise, *path;
	const char *report_path;
	enum language language;
	bool json, quiet, no_parallel, thorough;
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
	struct program program;
	struct verdict verdict;
	bool progress_shown;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'j':
		arguments->json = true;
		return 0;
	case 'q':
		arguments->quiet = true;
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
		{"json", 'j', NULL, 0, "print report.json, and nothing else",
			0},
		{"report", 'r', "FILE", 0, "write report.json to FILE", 0},
		{"seed", 's', "N", 0, "master seed (default 1)", 0},
		{"schedules", 'n', "N", 0,
			"schedules of a scenario (default: the exercise's)", 0},
		{"no-parallel", NO_PARALLEL, NULL, 0,
			"no runs in true parallel beside the schedules", 0},
		{"thorough", 'T', NULL, 0, "ten times as many schedules", 0},
		{"lang", 'l', "zh|en", 0, "language of the report", 0},
		{"require-grade", 'g', "A|B|C", 0,
			"exit with 4 when the sandbox is worse", 0},
		{"quiet", 'q', NULL, 0, "no report on standard output", 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "EXERCISE PATH",
		.doc = "Grades PATH, a .c file, a folder of .c and .h files, "
		       "or an archive of either (zip, tar.gz and others)."
		       "\vExit status: 0 full marks, 1 not, 2 wrong use, "
		       "3 trouble of the grader, 4 sandbox below the required "
		       "grade.",
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

static void fill_layers(
	struct verdict *verdict, const struct jail_context *jail)
{
	const struct jail_layer_state *layers = jail_layers(jail);

	verdict->sandbox_grade = jail_grade(jail);
	verdict->layer_count = JAIL_LAYER_COUNT;
	verdict->layers = xcalloc(JAIL_LAYER_COUNT, sizeof(*verdict->layers));
	for (int i = 0; i < JAIL_LAYER_COUNT; i++) {
		verdict->layers[i].name = xstrdup(layers[i].name);
		verdict->layers[i].on = layers[i].on;
		verdict->layers[i].detail = xstrdup(layers[i].detail);
	}
}

static void fill_run(struct verdict_run *run)
{
	char host[256] = "", text[32] = "";
	time_t now = time(NULL);
	struct tm utc;

	if (gmtime_r(&now, &utc))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	gethostname(host, sizeof(host) - 1);
	run->started = xstrdup(text);
	run->host = xstrdup(host);
	run->grader_version = xstrdup(GRADER_VERSION);
}

static struct bilingual copy(const struct bilingual *text)
{
	return (struct bilingual){xstrdup(text->zh ? text->zh : ""),
		xstrdup(text->en ? text->en : "")};
}

/* What a refused submission gets: no mark was looked for. */
static void fill_refused(struct job *job)
{
	const struct exercise *exercise = job->exercise;
	struct verdict *verdict = &job->verdict;

	verdict->exercise = xstrdup(exercise->id);
	verdict->exercise_title = copy(&exercise->title);
	verdict->refusal = copy(&job->submission.refusal);
	verdict->state = VERDICT_REFUSED;
	verdict->max_score = exercise->points;
	verdict->master_seed = job->arguments.seed;
	verdict->criterion_count = exercise->criterion_count;
	verdict->criteria = xcalloc(
		exercise->criterion_count + 1, sizeof(*verdict->criteria));
	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];
		struct criterion *criterion = &verdict->criteria[i];

		criterion->id = xstrdup(spec->id);
		criterion->title = copy(&spec->title);
		criterion->state = VERDICT_SKIPPED;
		criterion->max_points = spec->points;
		criterion->extra = spec->extra;
		if (spec->extra)
			verdict->extra_max += spec->points;
	}
}

static void add_warning(
	struct verdict *verdict, const char *kind, const struct bilingual *text)
{
	struct verdict_note *note;

	verdict->warnings = xreallocarray(verdict->warnings,
		verdict->warning_count + 1, sizeof(*verdict->warnings));
	note = &verdict->warnings[verdict->warning_count++];
	note->kind = xstrdup(kind);
	note->text = copy(text);
}

/* What the reading of the submission had to say. */
static void add_notes(struct job *job)
{
	static char zh[] = "收到了 ANSWER.md；文字题由老师评分。";
	static char en[] = "ANSWER.md was received; a person marks it.";
	const struct bilingual answer = {zh, en};
	const struct submission *submission = &job->submission;

	for (size_t i = 0; i < submission->note_count; i++)
		add_warning(&job->verdict, submission->notes[i].kind,
			&submission->notes[i].text);
	if (submission->answer)
		add_warning(&job->verdict, "written-answer", &answer);
}

/* Compiles and checks.  0 or a negative errno. */
static int judge(struct job *job, struct err *err)
{
	struct check_options options = {
		.master_seed = job->arguments.seed,
		.schedules = job->arguments.schedules,
		.parallel = !job->arguments.no_parallel,
		.thorough = job->arguments.thorough,
		.progress = show_progress,
		.context = job,
	};
	struct verdict_compile *compile = &job->verdict.compile;
	int r;

	r = compile_submission(job->jail, &job->submission, &job->program, err);
	if (r)
		return r;
	compile->ok = job->program.compile.ok;
	compile->log_cut = job->program.compile.log_cut;
	compile->command = xstrdup(job->program.compile.command);
	compile->log = xstrdup(job->program.compile.log);
	r = check_run(job->jail, job->exercise,
		compile->ok ? &job->program : NULL, &options, &job->verdict,
		err);
	clear_progress(job);
	return r;
}

static double elapsed(const struct timespec *since)
{
	struct timespec now;
	double seconds;

	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = (double)(now.tv_sec - since->tv_sec) +
		  (double)(now.tv_nsec - since->tv_nsec) / 1e9;
	return round(seconds * 1000) / 1000;
}

/* Fills job->verdict; 0, or an exit status with the message printed. */
static int grade(struct job *job)
{
	struct timespec started;
	struct err err = {""};
	int r;

	clock_gettime(CLOCK_MONOTONIC, &started);
	job->verdict.submission = xstrdup(job->arguments.path);
	job->verdict.submission_hash = xstrdup(job->submission.hash);
	fill_layers(&job->verdict, job->jail);
	fill_run(&job->verdict.run);
	if (job->submission.refusal.zh) {
		fill_refused(job);
	} else {
		r = judge(job, &err);
		if (command_interrupted()) {
			fputs("grader: interrupted\n", stderr);
			return command_interrupted();
		}
		if (r)
			return command_fail(EXIT_TROUBLE, &err);
	}
	add_notes(job);
	job->verdict.run.seconds = elapsed(&started);
	job->verdict.run.compile_seconds =
		round(job->program.seconds * 1000) / 1000;
	return 0;
}

static int write_reports(const struct job *job)
{
	const struct arguments *arguments = &job->arguments;
	struct report_style style =
		command_style(STDOUT_FILENO, arguments->language);
	struct buf json = {0}, text = {0};
	struct err err = {""};
	int r = 0;

	style.report_path = arguments->report_path;
	report_json_write(&json, &job->verdict, arguments->language);
	report_terminal_write(&text, &job->verdict, &style);
	if (arguments->json)
		fputs(buf_text(&json), stdout);
	else if (!arguments->quiet)
		fputs(buf_text(&text), stdout);
	if (arguments->report_path)
		r = atomic_file_write(
			arguments->report_path, json.data, json.length, &err);
	buf_release(&json);
	buf_release(&text);
	return r ? command_fail(EXIT_TROUBLE, &err) : 0;
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
		atomic_file_try(arguments->report_path, &err))
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
	struct job job = {.program = PROGRAM_INIT};
	int status;

	parse_arguments(argc, argv, &job.arguments);
	command_catch_signals();
	status = prepare(&job);
	if (!status)
		status = grade(&job);
	if (!status)
		status = write_reports(&job);
	if (!status && job.verdict.state != VERDICT_PASS)
		status = EXIT_NOT_FULL;
	verdict_release(&job.verdict);
	program_release(&job.program);
	jail_context_free(job.jail);
	submission_release(&job.submission);
	exercise_free(job.exercise);
	return status;
}
