/* grader gradebook: the grades of a batch into a platform's table. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/batch/journal.h"
#include "grader/command.h"
#include "grader/gradebook/gradebook.h"
#include "grader/language.h"

#define TABLE_MAX (64u << 20)

enum { COLUMN = 256, FEEDBACK, EXTRA };

struct arguments {
	const char *folder, *table, *output, *exercise;
	const char *column, *feedback;
	bool extra;
	enum language language;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'e':
		arguments->exercise = text;
		return 0;
	case 'o':
		arguments->output = text;
		return 0;
	case COLUMN:
		arguments->column = text;
		return 0;
	case FEEDBACK:
		arguments->feedback = text;
		return 0;
	case EXTRA:
		arguments->extra = true;
		return 0;
	case 'l':
		if (language_by_name(text, &arguments->language))
			argp_error(state, "--lang takes zh or en");
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			arguments->folder = text;
		else if (state->arg_num == 1)
			arguments->table = text;
		else
			argp_error(state, "too many arguments: '%s'", text);
		return 0;
	case ARGP_KEY_END:
		if (!arguments->table)
			argp_error(state, "needs the folder of a batch and the "
					  "platform's CSV file");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"exercise", 'e', "EXERCISE", 0,
			"of this exercise alone (default: the sum)", 0},
		{"with-extra", EXTRA, NULL, 0, "add the points of extras", 0},
		{"column", COLUMN, "HEADING", 0, "heading of the grade", 0},
		{"feedback-column", FEEDBACK, "HEADING", 0,
			"heading of the feedback", 0},
		{"output", 'o', "FILE", 0,
			"write there (default: standard output)", 0},
		{"lang", 'l', "zh|en", 0, "language of the feedback", 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "FOLDER FILE.csv",
		.doc = "Enters the grades of a batch, FOLDER, into the table "
		       "of a course platform as it was downloaded: a grading "
		       "worksheet of Moodle or a gradebook of Canvas. Nothing "
		       "else in it changes.",
	};

	arguments->language = language_default();
	command_parse(&argp, argc, argv, arguments);
}

/* The items of a journal, by student. */
struct grades {
	const struct arguments *arguments;
	struct grade {
		char *student;
		double points;
		struct buf comment;
		bool known; /* every part of it is */
	} * items;
	size_t count, capacity;
};

static int take(void *context, const struct item *item)
{
	struct grades *grades = context;
	const struct arguments *arguments = grades->arguments;
	const bool zh = arguments->language == LANGUAGE_ZH;
	struct grade *grade;

	if (arguments->exercise &&
		strcmp(arguments->exercise, item->exercise) != 0)
		return 0;
	if (!grades->count || strcmp(grades->items[grades->count - 1].student,
				      item->student) != 0) {
		grow_array(&grades->items, grades->count, &grades->capacity,
			sizeof(*grades->items));
		grades->items[grades->count++] = (struct grade){
			.student = xstrdup(item->student), .known = true};
	}
	grade = &grades->items[grades->count - 1];
	grade->known &= item->state == ITEM_DONE || item->state == ITEM_MISSING;
	grade->points +=
		item->score + (arguments->extra ? item->extra_score : 0);
	buf_addf(&grade->comment, "%s%s: ", grade->comment.length ? "; " : "",
		item->exercise);
	if (item->state == ITEM_MISSING)
		buf_adds(&grade->comment, zh ? "未交" : "not handed in");
	else
		buf_addf(&grade->comment, "%g / %g", item->score,
			item->max_score);
	if (item->extra_score > 0)
		buf_addf(&grade->comment, " +%g", item->extra_score);
	return 0;
}

static bool look_up(
	void *context, const char *id, struct gradebook_grade *grade)
{
	const struct grades *grades = context;

	for (size_t i = 0; i < grades->count; i++) {
		const struct grade *item = &grades->items[i];

		if (strcmp(item->student, id) != 0 || !item->known)
			continue;
		grade->points = item->points;
		grade->comment = xstrdup(buf_text(&item->comment));
		return true;
	}
	return false;
}

static void release_grades(struct grades *grades)
{
	for (size_t i = 0; i < grades->count; i++) {
		free(grades->items[i].student);
		buf_release(&grades->items[i].comment);
	}
	free(grades->items);
}

static int read_grades(struct grades *grades, struct err *err)
{
	auto_free char *path =
		xasprintf("%s/journal.sqlite", grades->arguments->folder);
	struct journal *journal = NULL;
	bool fresh;
	int r;

	if (access(path, R_OK) < 0)
		return err_errno(err, -errno,
			"'%s' is not the folder of a batch",
			grades->arguments->folder);
	r = journal_open(&journal, path, &fresh, err);
	if (!r)
		r = journal_each(journal, take, grades, err);
	journal_close(journal);
	return r;
}

static int read_table(struct sheet *table, const char *path, struct err *err)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf text = {0};
	int r = fd < 0 ? -errno : buf_read_fd(&text, fd, TABLE_MAX);

	if (r)
		err_errno(err, r, "cannot read '%s'", path);
	else
		r = sheet_read(table, buf_text(&text), text.length, path, err);
	buf_release(&text);
	return r;
}

static int write_table(
	const struct sheet *table, const char *path, struct err *err)
{
	struct buf out = {0};
	int r = 0;

	sheet_write(&out, table);
	if (path)
		r = atomic_file_write(path, out.data, out.length, err);
	else
		fwrite(buf_text(&out), 1, out.length, stdout);
	buf_release(&out);
	return r;
}

static int fill(const struct arguments *arguments, struct grades *grades,
	struct err *err)
{
	const struct gradebook_options options = {
		.column = arguments->column,
		.feedback = arguments->feedback,
		.grade = look_up,
		.context = grades,
	};
	struct gradebook_counts counts;
	struct sheet table = {0};
	int r = read_table(&table, arguments->table, err);

	if (!r)
		r = gradebook_fill(
			&table, arguments->table, &options, &counts, err);
	if (!r)
		r = write_table(&table, arguments->output, err);
	if (!r)
		fprintf(stderr,
			"%zu grades entered, %zu students without one, %zu "
			"excused\n",
			counts.filled, counts.without, counts.excused);
	sheet_release(&table);
	return r;
}

int cmd_gradebook(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct grades grades = {.arguments = &arguments};
	struct err err = {""};
	int r;

	parse_arguments(argc, argv, &arguments);
	r = read_grades(&grades, &err);
	if (!r)
		r = fill(&arguments, &grades, &err);
	release_grades(&grades);
	if (!r)
		return 0;
	return command_fail(
		r == -EINVAL || r == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE, &err);
}
