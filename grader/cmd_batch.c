/* grader batch: a class in one command. */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/batch/batch.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/language.h"

enum { RESUME = 256, PARALLEL };

struct arguments {
	const char *submissions, *output;
	const char **exercises;
	size_t exercise_count, exercise_capacity;
	size_t jobs;
	enum language language;
	bool resume, parallel, thorough;
	uint64_t seed;
	size_t schedules;
	char required_grade;
};

static void add_exercise(struct arguments *arguments, const char *name)
{
	grow_array(&arguments->exercises, arguments->exercise_count,
		&arguments->exercise_capacity, sizeof(*arguments->exercises));
	arguments->exercises[arguments->exercise_count++] = name;
}

static error_t parse_end(
	const struct arguments *arguments, struct argp_state *state)
{
	if (!arguments->submissions)
		argp_error(state, "needs a folder of submissions");
	if (!arguments->exercise_count)
		argp_error(state, "needs --exercise, such as -e tickets");
	if (!arguments->output)
		argp_error(state, "needs --out, the folder for the results");
	return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'e':
		add_exercise(arguments, text);
		return 0;
	case 'o':
		arguments->output = text;
		return 0;
	case 'J':
		arguments->jobs = command_number("--jobs", text, 1, 1024);
		return 0;
	case RESUME:
		arguments->resume = true;
		return 0;
	case PARALLEL:
		arguments->parallel = true;
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
	case 'g':
		arguments->required_grade = command_grade(text);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "too many arguments: '%s'", text);
		arguments->submissions = text;
		return 0;
	case ARGP_KEY_END:
		return parse_end(arguments, state);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static size_t processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	return (size_t)CPU_COUNT(&set);
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"exercise", 'e', "EXERCISE", 0,
			"what to grade; may be given several times", 0},
		{"out", 'o', "FOLDER", 0, "where the results go", 0},
		{"jobs", 'J', "N", 0,
			"workers, one a processor (default: all processors)",
			0},
		{"resume", RESUME, NULL, 0,
			"go on with results that are there: what is graded and "
			"has not changed stays",
			0},
		{"parallel", PARALLEL, NULL, 0,
			"also the runs in true parallel, which take all "
			"processors",
			0},
		{"seed", 's', "N", 0, "master seed (default 1)", 0},
		{"schedules", 'n', "N", 0,
			"schedules of a scenario (default: the exercise's)", 0},
		{"thorough", 'T', NULL, 0, "ten times as many schedules", 0},
		{"lang", 'l', "zh|en", 0, "language of the reports", 0},
		{"require-grade", 'g', "A|B|C", 0,
			"exit with 4 when the sandbox is worse", 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "SUBMISSIONS",
		.doc = "Grades a class: SUBMISSIONS is a folder with a folder "
		       "or .c file a student, an unpacked download of Moodle "
		       "or Canvas, or clones of GitHub Classroom."
		       "\vWith several exercises, a student's folder has a "
		       "folder or a .c file of each exercise's name.\n\n"
		       "Exit status: 0 all were graded, whatever the marks; 2 "
		       "wrong use; 3 trouble of the grader, also with a single "
		       "submission; 4 sandbox below the required grade; 130 "
		       "interrupted: --resume goes on.",
	};

	arguments->language = language_default();
	arguments->seed = 1;
	arguments->jobs = processors();
	command_parse(&argp, argc, argv, arguments);
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
		"%zu/%zu  %.1f/s  %.0f s left  %zu not full marks  %zu "
		"trouble%s",
		progress->done, progress->total, rate, left, progress->failed,
		progress->trouble, terminal ? "" : "\n");
}

static void show_notice(void *context, const char *text)
{
	(void)context;
	clear_line();
	command_tell(0, text);
}

static int load(const struct arguments *arguments, struct exercise **exercises)
{
	struct err err = {""};

	for (size_t i = 0; i < arguments->exercise_count; i++) {
		int r = catalog_load(
			&exercises[i], arguments->exercises[i], &err);

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

static int status_of(int r)
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

static void tell_result(
	const struct batch_result *result, const struct arguments *arguments)
{
	const bool zh = arguments->language == LANGUAGE_ZH;

	clear_line();
	printf(zh ? "%zu 名学生：评了 %zu 份，沿用 %zu 份，未交 %zu 份，"
		    "评分器出错 %zu 份\n结果在 %s：grades.csv、class.json、"
		    "reports/\n"
		  : "%zu students: %zu graded, %zu kept, %zu not handed in, "
		    "%zu with trouble of the grader\nresults in %s: "
		    "grades.csv, class.json, reports/\n",
		result->students, result->graded, result->kept, result->missing,
		result->trouble, arguments->output);
}

static int grade(const struct arguments *arguments, struct exercise **exercises,
	const struct jail_context *jail)
{
	const struct grading_options grading = {
		.check = {.master_seed = arguments->seed,
			.schedules = arguments->schedules,
			.thorough = arguments->thorough,
			.parallel = arguments->parallel}};
	const struct batch_options options = {
		.submissions = arguments->submissions,
		.output = arguments->output,
		.exercises = exercises,
		.exercise_count = arguments->exercise_count,
		.jail = jail,
		.grading = &grading,
		.workers = arguments->jobs,
		.resume = arguments->resume,
		.language = arguments->language,
		.progress = show_progress,
		.notice = show_notice,
		.interrupted = command_interrupted,
	};
	struct batch_result result;
	struct err err = {""};
	int r = batch_run(&options, &result, &err);

	clear_line();
	if (r)
		return command_fail(status_of(r), &err);
	tell_result(&result, arguments);
	return result.trouble ? EXIT_TROUBLE : 0;
}

int cmd_batch(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct jail_context *jail = NULL;
	struct exercise **exercises;
	struct err err = {""};
	int status;

	parse_arguments(argc, argv, &arguments);
	command_catch_signals();
	exercises =
		xcalloc(arguments.exercise_count, sizeof(struct exercise *));
	status = load(&arguments, exercises);
	if (!status && jail_context_new(&jail, &err))
		status = command_fail(EXIT_TROUBLE, &err);
	if (!status && grade_below(jail_grade(jail), arguments.required_grade))
		status = command_refuse_grade(jail, arguments.required_grade);
	if (!status)
		status = grade(&arguments, exercises, jail);
	jail_context_free(jail);
	for (size_t i = 0; i < arguments.exercise_count; i++)
		exercise_free(exercises[i]);
	free(exercises);
	free(arguments.exercises);
	return status;
}
