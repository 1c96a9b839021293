/* grader batch: a class in one command. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/batch_request.h"
#include "grader/command.h"
#include "grader/language.h"

#define SHARDS_MAX 100000
#define PATIENCE_MAX 86400

enum { RESUME = 256, PARALLEL, ROSTER, SHARD, PATIENCE };

struct arguments {
	struct batch_request request;
	const char **exercises;
	size_t exercise_capacity;
};

static void add_exercise(struct arguments *arguments, const char *name)
{
	grow_array(&arguments->exercises, arguments->request.exercise_count,
		&arguments->exercise_capacity, sizeof(*arguments->exercises));
	arguments->exercises[arguments->request.exercise_count++] = name;
}

static error_t parse_end(
	const struct arguments *arguments, struct argp_state *state)
{
	if (!arguments->request.submissions)
		argp_error(state, "needs a folder or an archive of "
				  "submissions");
	if (!arguments->request.exercise_count)
		argp_error(state, "needs --exercise, such as -e tickets");
	if (!arguments->request.output)
		argp_error(state, "needs --out, the folder for the results");
	return 0;
}

/* "3/8" */
static void parse_shard(struct batch_request *request, const char *text,
	const struct argp_state *state)
{
	const char *slash = strchr(text, '/');
	auto_free char *number =
		xstrndup(text, slash ? (size_t)(slash - text) : 0);

	if (!slash) {
		argp_error(state, "--shard takes a number and how many there "
				  "are, such as 3/8");
		return; /* not reached */
	}
	request->shards = command_number("--shard", slash + 1, 1, SHARDS_MAX);
	request->shard = command_number("--shard", number, 1, request->shards);
}

/* What only a class has. */
static error_t parse_class(struct batch_request *request, int key,
	const char *text, const struct argp_state *state)
{
	if (key == ROSTER)
		request->roster = text;
	else if (key == SHARD)
		parse_shard(request, text, state);
	else
		request->patience_s = (unsigned)command_number(
			"--patience", text, 1, PATIENCE_MAX);
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
		arguments->request.output = text;
		return 0;
	case 'J':
		arguments->request.jobs =
			command_number("--jobs", text, 1, 1024);
		return 0;
	case RESUME:
		arguments->request.resume = true;
		return 0;
	case PARALLEL:
		arguments->request.parallel = true;
		return 0;
	case ROSTER:
	case SHARD:
	case PATIENCE:
		return parse_class(&arguments->request, key, text, state);
	case 's':
		arguments->request.seed =
			command_number("--seed", text, 0, UINT64_MAX);
		return 0;
	case 'n':
		arguments->request.schedules =
			command_number("--schedules", text, 1, 1000000);
		return 0;
	case 'T':
		arguments->request.thorough = true;
		return 0;
	case 'l':
		if (language_by_name(text, &arguments->request.language))
			argp_error(state, "--lang takes zh or en");
		return 0;
	case 'g':
		arguments->request.required_grade = command_grade(text);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "too many arguments: '%s'", text);
		arguments->request.submissions = text;
		return 0;
	case ARGP_KEY_END:
		return parse_end(arguments, state);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option OPTIONS[] = {
	{"exercise", 'e', "EXERCISE", 0,
		N_("what to grade; may be given several times"), 0},
	{"out", 'o', "FOLDER", 0, N_("where the results go"), 0},
	{"jobs", 'J', "N", 0,
		N_("workers, one a processor (default: all "
		   "processors)"),
		0},
	{"resume", RESUME, NULL, 0,
		N_("go on with results that are there: what is graded "
		   "and has not changed stays"),
		0},
	{"roster", ROSTER, "FILE.csv", 0,
		N_("who is in the class: a table with the ids and "
		   "names, a Moodle worksheet or a Canvas gradebook"),
		0},
	{"shard", SHARD, "I/N", 0,
		N_("grade the Ith of N parts of the class; 'grader "
		   "merge' puts them together"),
		0},
	{"patience", PATIENCE, "SECONDS", 0,
		N_("how long a worker may give no sign of life "
		   "(default: by the limits of the exercises)"),
		0},
	{"parallel", PARALLEL, NULL, 0,
		N_("also the runs in true parallel, which take all "
		   "processors"),
		0},
	{"seed", 's', "N", 0, N_("master seed (default 1)"), 0},
	{"schedules", 'n', "N", 0,
		N_("schedules of a scenario (default: the exercise's)"), 0},
	{"thorough", 'T', NULL, 0, N_("ten times as many schedules"), 0},
	{"lang", 'l', "zh|en", 0, N_("language of the reports"), 0},
	{"require-grade", 'g', "A|B|C", 0,
		N_("exit with 4 when the sandbox is worse"), 0},
	{0},
};

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp argp = {
		.options = OPTIONS,
		.parser = parse,
		.args_doc = "SUBMISSIONS",
		.doc = N_("Grades a class: SUBMISSIONS is a folder with a "
			  "folder, .c file or archive a student, a download of "
			  "Moodle or Canvas, clones of GitHub Classroom, or "
			  "one archive (zip, tar, tar.gz and others) of any of "
			  "these.\n\nWith several exercises, a student's "
			  "folder has a folder or a .c file of each exercise's "
			  "name.\n\nExit status: 0 all were graded, whatever "
			  "the marks; 2 wrong use; 3 trouble of the grader, "
			  "also with a single submission; 4 sandbox below the "
			  "required grade; 130 interrupted: --resume goes on."),
	};

	arguments->request.language = language_default();
	arguments->request.seed = 1;
	arguments->request.jobs = batch_processors();
	command_parse(&argp, argc, argv, arguments);
}

static void tell_result(
	const struct batch_result *result, const struct batch_request *request)
{
	const bool zh = request->language == LANGUAGE_ZH;

	printf(zh ? "%zu 名学生：评了 %zu 份，沿用 %zu 份，未交 %zu 份，"
		    "评分器出错 %zu 份\n结果在 "
		    "%s：grades.csv、class.html、class.json、"
		    "reports/\n"
		  : "%zu students: %zu graded, %zu kept, %zu not handed in, "
		    "%zu with trouble of the grader\nresults in %s: "
		    "grades.csv, class.html, class.json, reports/\n",
		result->students, result->graded, result->kept, result->missing,
		result->trouble, request->output);
	batch_tell_persons(result->persons, request->output, request->language);
}

int cmd_batch(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct batch_result result;
	int status;

	parse_arguments(argc, argv, &arguments);
	command_catch_signals();
	arguments.request.exercises = arguments.exercises;
	status = batch_request_run(&arguments.request, &result);
	if (!status)
		tell_result(&result, &arguments.request);
	if (!status && result.trouble)
		status = EXIT_TROUBLE;
	free(arguments.exercises);
	return status;
}
