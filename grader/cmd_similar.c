/* grader similar: which submissions are suspiciously alike. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/batch/class_archive.h"
#include "grader/batch/intake.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/folders.h"
#include "grader/similar.h"
#include "grader/submission.h"

#define STARTER_MAX ((size_t)1 << 20)

struct arguments {
	const char *submissions, *exercise;
	int threshold;
};

/* The submissions that could be read, in the order of students. */
struct texts {
	struct buf *texts;
	const char **names; /* borrowed from the intake */
	size_t count;
	size_t left_out;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'e':
		arguments->exercise = text;
		return 0;
	case 't':
		arguments->threshold =
			(int)command_number("--threshold", text, 1, 100);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "too many arguments: '%s'", text);
		arguments->submissions = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->submissions || !arguments->exercise)
			argp_error(state, "needs a folder or an archive of "
					  "submissions and "
					  "--exercise");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"exercise", 'e', "EXERCISE", 0, N_("whose submissions"), 0},
		{"threshold", 't', "PERCENT", 0,
			N_("list pairs with at least so much in common "
			   "(default 70)"),
			0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "SUBMISSIONS",
		.doc = N_("Lists the pairs of submissions that are "
			  "suspiciously alike, the most alike first, for a "
			  "person to look at. Names, blanks and comments do "
			  "not count, nor do lines of the starter code. "
			  "SUBMISSIONS is as for 'grader batch'."),
	};

	arguments->threshold = 70;
	command_parse(&argp, argc, argv, arguments);
}

/* All .c and .h files of the exercise's starter folder, one after another. */
static void read_starter(struct buf *out, const struct exercise *exercise)
{
	auto_free char *folder = xasprintf("%s/starter", exercise->folder);
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		auto_free char *path =
			xasprintf("%s/%s", folder, entries[i]->d_name);
		auto_close int fd =
			open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		struct buf text = {0};

		if (entries[i]->d_name[0] != '.' && fd >= 0 &&
			!buf_read_fd(&text, fd, STARTER_MAX))
			buf_adds(out, buf_text(&text));
		buf_release(&text);
		free(entries[i]);
	}
	free(entries);
}

static void add_text(struct texts *texts, const struct intake_student *student,
	const struct submission *submission, const char *starter)
{
	struct buf *text = &texts->texts[texts->count];

	for (size_t i = 0; i < submission->file_count; i++)
		similar_add_own(text, submission->files[i].data, starter);
	texts->names[texts->count++] = student->name;
}

static void read_one(struct texts *texts, const struct intake_student *student,
	const char *exercise, const char *starter)
{
	auto_free char *path = NULL;
	struct submission submission = {0};
	struct err err = {""};
	int r;

	if (!intake_find(student, exercise, true, &path))
		return;
	r = path ? submission_read(&submission, path, &err)
		 : intake_read_files(student, &submission, &err);
	if (r || submission.refusal.zh)
		texts->left_out++;
	else
		add_text(texts, student, &submission, starter);
	submission_release(&submission);
}

static void release_texts(struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		buf_release(&texts->texts[i]);
	free(texts->texts);
	free(texts->names);
}

static void show(const struct similar_pairs *pairs, const struct texts *texts,
	int threshold)
{
	struct buf text = {0};

	for (size_t i = 0; i < pairs->count; i++)
		buf_addf(&text, "%3d %%  %s  %s\n", pairs->pairs[i].percent,
			texts->names[pairs->pairs[i].one],
			texts->names[pairs->pairs[i].other]);
	command_show(stdout, buf_text(&text));
	buf_release(&text);
	fprintf(stderr,
		_("%zu of %zu submissions compared, %zu pairs with %d %% or "
		  "more in common\n"),
		texts->count, texts->count + texts->left_out, pairs->count,
		threshold);
}

static int compare(const struct arguments *arguments,
	const struct exercise *exercise, const struct intake *intake,
	const struct jail_context *jail, struct err *err)
{
	struct texts texts = {0};
	struct similar_pairs pairs;
	struct buf starter = {0};
	int r;

	texts.texts = xcalloc(intake->count + 1, sizeof(*texts.texts));
	texts.names = xcalloc(intake->count + 1, sizeof(*texts.names));
	read_starter(&starter, exercise);
	for (size_t i = 0; i < intake->count; i++)
		read_one(&texts, &intake->students[i], exercise->id,
			buf_text(&starter));
	r = similar_find(&pairs, jail, texts.texts, texts.count,
		arguments->threshold, err);
	if (!r)
		show(&pairs, &texts, arguments->threshold);
	similar_release(&pairs);
	buf_release(&starter);
	release_texts(&texts);
	return r;
}

static void show_notice(void *context, const char *text)
{
	(void)context;
	command_tell(0, text);
}

/* Unpacks an archive into a folder of its own; both are the caller's. */
static int find_submissions(const struct arguments *arguments,
	const struct exercise *exercise, char **unpacked, char **folder,
	struct err *err)
{
	const struct class_archive_teller teller = {.notice = show_notice};
	const char *id = exercise->id, *temporary = getenv("TMPDIR");
	auto_free char *inner = NULL;
	int r;

	if (!class_archive_is(arguments->submissions)) {
		*folder = xstrdup(arguments->submissions);
		return 0;
	}
	*unpacked = xasprintf("%s/grader-similar-XXXXXX",
		temporary && *temporary ? temporary : "/tmp");
	if (!mkdtemp(*unpacked)) {
		r = err_errno(err, -errno, "cannot make '%s'", *unpacked);
		free(*unpacked);
		*unpacked = NULL;
		return r;
	}
	inner = xasprintf("%s/class", *unpacked);
	r = class_archive_unpack(arguments->submissions, inner, &teller, err);
	if (!r)
		*folder = class_archive_root(
			arguments->submissions, inner, &id, 1);
	return r;
}

static int run(const struct arguments *arguments,
	const struct exercise *exercise, struct err *err)
{
	struct jail_context *jail = NULL;
	struct intake intake = {0};
	auto_free char *unpacked = NULL, *folder = NULL;
	struct err ignored = {""};
	int r = find_submissions(arguments, exercise, &unpacked, &folder, err);

	if (!r)
		r = intake_list(&intake, folder, err);
	if (!r)
		r = jail_context_new(&jail, err);
	if (!r)
		r = compare(arguments, exercise, &intake, jail, err);
	jail_context_free(jail);
	intake_release(&intake);
	if (unpacked)
		folders_remove(unpacked, &ignored);
	return r;
}

int cmd_similar(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct exercise *exercise = NULL;
	struct err err = {""};
	int r;

	parse_arguments(argc, argv, &arguments);
	command_catch_signals();
	r = catalog_load(&exercise, arguments.exercise, &err);
	if (r)
		return command_fail(
			r == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE, &err);
	r = run(&arguments, exercise, &err);
	exercise_free(exercise);
	if (!r)
		return 0;
	return command_fail(
		r == -ENOTDIR || r == -EEXIST ? EXIT_USAGE : EXIT_TROUBLE,
		&err);
}
