/* grader pack: the folder that students get. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/pack.h"

struct options {
	const char *output;
	char **names;
	int name_count;
};

static const char README[] =
	"# 练习 / Exercises\n"
	"\n"
	"每个文件夹是一道练习：`handout.zh.md` 是题目，`starter/` "
	"是起始代码。写好以后"
	"自己先评一遍：\n"
	"\n"
	"Each folder is an exercise: `handout.en.md` is the task, `starter/` "
	"the "
	"code to begin with. Check your own work:\n"
	"\n"
	"    export GRADER_EXERCISES=$PWD\n"
	"    grader check EXERCISE my.c\n"
	"\n"
	"这里只有公开的场景；交上去以后还会用别的参数评。\n"
	"\n"
	"Only the visible scenarios are here; what you hand in is graded with "
	"others too.\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'o':
		options->output = argument;
		return 0;
	case ARGP_KEY_ARGS:
		options->names = state->argv + state->next;
		options->name_count = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which exercises?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int pack_one(const char *name, const char *output, struct err *err)
{
	struct exercise *exercise = NULL;
	int error = catalog_load(&exercise, name, err);

	if (error == 0)
		error = pack_exercise(exercise->folder, output, err);
	exercise_free(exercise);
	return error;
}

int cmd_pack(int argc, char **argv)
{
	static const struct argp_option rows[] = {
		{"output", 'o', "FOLDER", 0,
			N_("where to make it (default: pack)"), 0},
		{0},
	};
	static const struct argp argp = {.options = rows,
		.parser = parse,
		.args_doc = "EXERCISE...",
		.doc = N_("Makes the folder that students get: handouts, "
			  "starter code, visible scenarios and their reference "
			  "traces. Nothing of it gives hidden scenarios or "
			  "solutions away; criteria that only hidden scenarios "
			  "judge are marked as judged by the teacher.")};
	struct options options = {.output = "pack"};
	auto_free char *readme = NULL;
	struct err err = {""};
	int error = 0;

	command_parse(&argp, argc, argv, &options);
	if (mkdir(options.output, 0777) && errno != EEXIST)
		error = err_errno(
			&err, -errno, "cannot make '%s'", options.output);
	for (int i = 0; i < options.name_count && error == 0; i++)
		error = pack_one(options.names[i], options.output, &err);
	readme = xasprintf("%s/README.md", options.output);
	if (error == 0 && access(readme, F_OK))
		error = atomic_file_write(readme, README, strlen(README), &err);
	if (error)
		return command_fail(
			error == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE, &err);
	printf("%s\n", options.output);
	return EXIT_FULL_MARKS;
}
