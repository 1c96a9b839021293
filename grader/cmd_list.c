/* grader list: the exercises, their titles and an example call. */
#include <stdio.h>

#include "base/alloc.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/language.h"
#include "grader/report/layout.h"

static enum language language;

static error_t parse(int key, char *argument, struct argp_state *state)
{
	if (key == 'l') {
		if (language_by_name(argument, &language))
			argp_error(state, "--lang takes zh or en");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static int print_exercise(const char *folder, const char *id, struct err *err)
{
	auto_free char *path = xasprintf("%s/%s", folder, id);
	struct exercise *exercise = NULL;
	struct buf line = {0};
	int r = exercise_load(&exercise, path, err);

	if (r)
		return r;
	layout_pad(&line, exercise->id, 18);
	buf_addf(&line, " %s\n", language_pick(&exercise->title, language));
	layout_pad(&line, "", 18);
	buf_addf(&line, " ./%s%s%s", exercise->program,
		*exercise->note_arguments ? " " : "", exercise->note_arguments);
	puts(buf_text(&line));
	buf_release(&line);
	exercise_free(exercise);
	return 0;
}

int cmd_list(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{"lang", 'l', "zh|en", 0, N_("language of the titles"), 0},
		{0},
	};
	static const struct argp argp = {.options = options,
		.parser = parse,
		.doc = N_("Shows the exercises: id, title, an example call.")};
	auto_free char *folder = NULL;
	struct err err = {""};
	char **ids = NULL;
	size_t count = 0;
	int r = 0, status = EXIT_FULL_MARKS;

	language = language_default();
	command_parse(&argp, argc, argv, NULL);
	folder = catalog_folder(&err);
	if (!folder)
		return command_fail(EXIT_TROUBLE, &err);
	r = catalog_list(folder, &ids, &count, &err);
	if (r)
		return command_fail(EXIT_TROUBLE, &err);
	/* one that is broken does not hide the others */
	for (size_t i = 0; i < count; i++)
		if (print_exercise(folder, ids[i], &err))
			status = command_fail(EXIT_TROUBLE, &err);
	catalog_free_ids(ids, count);
	return status;
}
