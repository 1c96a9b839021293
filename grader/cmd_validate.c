/* grader validate: does an exercise judge what it says? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/validate.h"

#define SEEDS_DEFAULT 3

struct arguments {
	char **names;
	size_t count;
	const char *solutions, *json;
	struct validate_options options;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct validate_options *options = &arguments->options;

	switch (key) {
	case 's':
		options->first_seed =
			command_number("--seed", text, 0, UINT64_MAX);
		return 0;
	case 'S':
		options->seeds = command_number("--seeds", text, 1, 10000);
		return 0;
	case 'm':
		options->mutants = command_number("--mutants", text, 0, 100000);
		return 0;
	case 'n':
		options->schedules =
			command_number("--schedules", text, 1, 1000000);
		return 0;
	case 'J':
		options->jobs = command_number("--jobs", text, 1, 64);
		return 0;
	case 'f':
		arguments->solutions = text;
		return 0;
	case 'j':
		arguments->json = text;
		return 0;
	case ARGP_KEY_ARGS:
		arguments->names = state->argv + state->next;
		arguments->count = (size_t)(state->argc - state->next);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int show_progress(void *context, size_t done, size_t total)
{
	(void)context;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%zu/%zu", done, total);
	return command_interrupted() != 0;
}

static int write_json(const char *path, const struct buf *json, struct err *err)
{
	return path ? atomic_file_write(path, json->data, json->length, err)
		    : 0;
}

/* An exit status. */
static int validate_one(
	const struct arguments *arguments, const char *name, struct buf *json)
{
	struct exercise *exercise = NULL;
	struct validation validation = {0};
	auto_free char *folder = NULL;
	struct buf text = {0};
	struct err err = {""};
	int status = EXIT_TROUBLE;
	int r = catalog_load(&exercise, name, &err);

	if (r)
		return command_fail(
			r == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE, &err);
	folder = arguments->solutions ? xstrdup(arguments->solutions)
				      : catalog_find_solutions(exercise, &err);
	r = folder ? validate(&validation, exercise, folder,
			     &arguments->options, &err)
		   : -ENOENT;
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	if (r == 0) {
		validation_write_text(&text, &validation);
		validation_write_json(json, &validation);
		fputs(buf_text(&text), stdout);
		fflush(stdout);
		status = validation_holds(&validation) ? EXIT_FULL_MARKS
						       : EXIT_NOT_FULL;
	} else {
		status = command_interrupted();
		if (!status)
			status = command_fail(EXIT_TROUBLE, &err);
	}
	validation_release(&validation);
	exercise_free(exercise);
	buf_release(&text);
	return status;
}

static int validate_all(
	const struct arguments *arguments, char *const *names, size_t count)
{
	int status = EXIT_FULL_MARKS;
	struct buf json = {0};
	struct err err = {""};

	for (size_t i = 0; i < count && status <= EXIT_NOT_FULL; i++) {
		int one = validate_one(arguments, names[i], &json);

		status = one > status ? one : status;
	}
	if (status <= EXIT_NOT_FULL && write_json(arguments->json, &json, &err))
		status = command_fail(EXIT_TROUBLE, &err);
	buf_release(&json);
	return status;
}

int cmd_validate(int argc, char **argv)
{
	static const struct argp_option rows[] = {
		{"seeds", 'S', "N", 0,
			N_("master seeds for each solution (default 3)"), 0},
		{"seed", 's', "N", 0, N_("the first of them (default 1)"), 0},
		{"mutants", 'm', "N", 0,
			N_("at most N mutants of an exercise (default: all)"),
			0},
		{"schedules", 'n', "N", 0,
			N_("schedules of a scenario (default: the exercise's)"),
			0},
		{"jobs", 'J', "N", 0,
			N_("grade N programs at once (default 1)"), 0},
		{"solutions", 'f', "FOLDER", 0,
			N_("the folder of the solutions"), 0},
		{"json", 'j', "FILE", 0,
			N_("write all results to FILE, an object an exercise"),
			0},
		{0},
	};
	static const struct argp argp = {.options = rows,
		.parser = parse,
		.args_doc = "[EXERCISE...]",
		.doc = N_("Proves that exercises judge what they say: right "
			  "solutions pass, wrong ones fail for their reason "
			  "and no other, mutants of right ones are killed or "
			  "listed as no mistake, and each criterion is "
			  "needed.\n\nExit status: 0 all holds, 1 not, 2 wrong "
			  "use, 3 trouble of the grader.")};
	struct arguments arguments = {.options = {.first_seed = 1,
					      .seeds = SEEDS_DEFAULT,
					      .jobs = 1,
					      .progress = show_progress}};
	auto_free char *folder = NULL;
	struct err err = {""};
	char **ids = NULL;
	size_t count = 0;
	int status;

	command_parse(&argp, argc, argv, &arguments);
	command_catch_signals();
	if (arguments.count > 0)
		return validate_all(
			&arguments, arguments.names, arguments.count);
	folder = catalog_folder(&err);
	if (!folder || catalog_list(folder, &ids, &count, &err))
		return command_fail(EXIT_TROUBLE, &err);
	status = validate_all(&arguments, ids, count);
	catalog_free_ids(ids, count);
	return status;
}
