/* grader new-exercise: an exercise to begin with, and what to do with it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/new_exercise.h"

struct arguments {
	struct new_exercise what;
	const char *folder;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'z':
		arguments->what.title_zh = text;
		return 0;
	case 'e':
		arguments->what.title_en = text;
		return 0;
	case 'd':
		if (!*text)
			argp_error(state, "--dir takes a folder");
		arguments->folder = text;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->what.name)
			argp_error(state, "one name only");
		arguments->what.name = text;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "what is its name?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

enum place { COMMAND, EXERCISES, SOLUTIONS };

/* A command for NAME, or what to do to the folder NAME in a place. */
static const struct step {
	enum place place;
	const char *command;
	const char *zh, *en;
} STEPS[] = {
	{COMMAND, "validate",
		"检验这道题：现在就能通过，以后每改一次都再跑一遍",
		"prove the exercise: it holds now; again after each change"},
	{EXERCISES, NULL,
		"改 exercise.json、hidden.json（见 "
		"grader-exercise(5)）、starter/，"
		"题目写在 handout.*.md",
		"change exercise.json, hidden.json (see grader-exercise(5)) "
		"and starter/; the task stands in handout.*.md"},
	{SOLUTIONS, NULL, "至少三种不同的 right-*，每个评分项至少一个 wrong-*",
		"at least three different right-*, and a wrong-* for each "
		"criterion"},
	{COMMAND, "record", "录下参考轨迹", "record the reference traces"},
	{COMMAND, "pack", "做出发给学生的文件夹",
		"make the folder that students get"},
};

/* Is the folder the one in which commands look for a NAME? */
static bool is_in_use(const char *folder)
{
	struct err ignored = {""};
	auto_free char *used = catalog_folder(&ignored);
	auto_free char *absolute = realpath(folder, NULL);

	return used && absolute && !strcmp(used, absolute);
}

static void print_step(const struct step *step, const struct new_exercise *what)
{
	if (step->place == COMMAND)
		printf("  grader %s %s\n", step->command, what->name);
	else
		printf("  %s/%s\n",
			step->place == EXERCISES ? what->exercises
						 : what->solutions,
			what->name);
	printf("      %s\n      %s\n", step->zh, step->en);
}

static void print_steps(const struct new_exercise *what)
{
	printf("已建好 / made:\n  %s/%s\n  %s/%s\n", what->exercises,
		what->name, what->solutions, what->name);
	if (!is_in_use(what->exercises))
		printf("先执行 / first:\n  export GRADER_EXERCISES='%s'\n",
			what->exercises);
	puts("下一步 / next:");
	for (size_t i = 0; i < sizeof(STEPS) / sizeof(*STEPS); i++)
		print_step(&STEPS[i], what);
}

int cmd_new_exercise(int argc, char **argv)
{
	static const struct argp_option rows[] = {
		{"title-zh", 'z', "TEXT", 0,
			N_("its Chinese title (default: NAME)"), 0},
		{"title-en", 'e', "TEXT", 0,
			N_("its English title (default: NAME)"), 0},
		{"dir", 'd', "FOLDER", 0,
			N_("make it in FOLDER (default: where the exercises "
			   "are)"),
			0},
		{0},
	};
	static const struct argp argp = {.options = rows,
		.parser = parse,
		.args_doc = "NAME",
		.doc = N_(
			"Makes an exercise to begin with: small, whole, and "
			"such that 'grader validate NAME' holds at once. Its "
			"solutions come into the folder 'solutions' beside one "
			"that is called 'exercises', or within any other.")};
	struct arguments arguments = {0};
	struct new_exercise *what = &arguments.what;
	auto_free char *folder = NULL, *solutions = NULL;
	struct err err = {""};
	int error;

	command_parse(&argp, argc, argv, &arguments);
	if (!what->title_zh)
		what->title_zh = what->name;
	if (!what->title_en)
		what->title_en = what->name;
	if (new_exercise_check(what, &err))
		return command_fail(EXIT_USAGE, &err);
	folder = arguments.folder ? catalog_absolute(arguments.folder)
				  : catalog_folder(&err);
	if (!folder)
		return command_fail(EXIT_TROUBLE, &err);
	solutions = catalog_solutions(folder);
	what->exercises = folder;
	what->solutions = solutions;
	error = new_exercise_make(what, &err);
	if (error)
		return command_fail(EXIT_TROUBLE, &err);
	print_steps(what);
	return EXIT_FULL_MARKS;
}
