/* grader gradebook: the grades of a batch into a platform's table. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/batch/journal.h"
#include "grader/command.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/policy.h"
#include "grader/language.h"
#include "grader/report/csv.h"

#define TABLE_MAX (64u << 20)

enum { COLUMN = 256, FEEDBACK, EXTRA, POLICY };

struct arguments {
	const char *folder, *table, *output, *exercise, *policy;
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
	case POLICY:
		arguments->policy = text;
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
		if (!arguments->folder)
			argp_error(state, "needs the folder of a batch");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"exercise", 'e', "EXERCISE", 0,
			N_("of this exercise alone (default: the sum)"), 0},
		{"with-extra", EXTRA, NULL, 0, N_("add the points of extras"),
			0},
		{"policy", POLICY, "FILE", 0,
			N_("late days, extensions and marks that were "
			   "overruled"),
			0},
		{"column", COLUMN, "HEADING", 0, N_("heading of the grade"), 0},
		{"feedback-column", FEEDBACK, "HEADING", 0,
			N_("heading of the feedback"), 0},
		{"output", 'o', "FILE", 0,
			N_("write there (default: standard output)"), 0},
		{"lang", 'l', "zh|en", 0, N_("language of the feedback"), 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "FOLDER [FILE.csv]",
		.doc = N_("Enters the grades of a batch, FOLDER, into the "
			  "table of a course platform as it was downloaded: a "
			  "grading worksheet of Moodle or a gradebook of "
			  "Canvas. Nothing else in it changes. Without FILE, a "
			  "table of its own."),
	};

	arguments->language = language_default();
	command_parse(&argp, argc, argv, arguments);
}

/* The items of a journal, by student. */
struct grades {
	const struct arguments *arguments;
	struct policy *policy;
	struct grade {
		char *student, *name;
		double points;
		struct buf comment;
		bool known;  /* no part of it is to come */
		bool marked; /* there is a part: who handed in nothing has no
				mark, unless the policy says so */
	} * items;
	size_t count, capacity;
};

/* What became of the mark, behind it in the comment. */
static void add_outcome(struct buf *out, const struct item *item,
	const struct policy_outcome *outcome, bool zh)
{
	buf_addf(out, "%s%s: ", out->length ? "; " : "", item->exercise);
	if (item->state == ITEM_MISSING)
		buf_adds(out, zh ? "未交" : "not handed in");
	else
		buf_addf(out, "%g / %g", item->score, item->max_score);
	if (item->extra_score > 0)
		buf_addf(out, " +%g", item->extra_score);
	if (outcome->days)
		buf_addf(out,
			zh ? "，迟交 %d 天，扣 %g%%"
			   : ", %d day(s) late, %g %% off",
			outcome->days, outcome->percent);
	if (outcome->overruled)
		buf_addf(out, zh ? "，改为 %g" : ", set to %g", outcome->score);
	if (outcome->comment)
		buf_addf(out, zh ? "（%s）" : " (%s)", outcome->comment);
}

static struct grade *grade_of(struct grades *grades, const struct item *item)
{
	struct grade *last =
		grades->count ? &grades->items[grades->count - 1] : NULL;

	if (last && !strcmp(last->student, item->student))
		return last;
	grow_array(&grades->items, grades->count, &grades->capacity,
		sizeof(*grades->items));
	last = &grades->items[grades->count++];
	*last = (struct grade){.student = xstrdup(item->student),
		.name = xstrdup(item->name),
		.known = true};
	return last;
}

static int take(void *context, const struct item *item)
{
	struct grades *grades = context;
	const struct arguments *arguments = grades->arguments;
	const struct policy_case one = {
		.student = item->student,
		.exercise = item->exercise,
		.handed_in = item->handed_in,
		.score = item->score +
			 (arguments->extra ? item->extra_score : 0),
		.missing = item->state == ITEM_MISSING,
	};
	struct policy_outcome outcome;
	struct grade *grade;

	if (arguments->exercise &&
		strcmp(arguments->exercise, item->exercise) != 0)
		return 0;
	outcome = policy_apply(grades->policy, &one);
	grade = grade_of(grades, item);
	grade->known &= item->state == ITEM_DONE ||
			item->state == ITEM_MISSING || outcome.overruled;
	grade->marked |= !outcome.none;
	/* a hundredth is as fine as platforms take it */
	if (!outcome.none)
		grade->points += round(outcome.score * 100) / 100;
	add_outcome(&grade->comment, item, &outcome,
		arguments->language == LANGUAGE_ZH);
	return 0;
}

static bool has_grade(const struct grade *grade)
{
	return grade->known && grade->marked;
}

static int compare_id(const void *id, const void *grade)
{
	return strcmp(id, ((const struct grade *)grade)->student);
}

/* A journal has its students by id. */
static bool look_up(
	void *context, const char *id, struct gradebook_grade *grade)
{
	const struct grades *grades = context;
	const struct grade *item =
		grades->count ? bsearch(id, grades->items, grades->count,
					sizeof(*grades->items), compare_id)
			      : NULL;

	if (!item || !has_grade(item))
		return false;
	grade->points = item->points;
	grade->comment = xstrdup(buf_text(&item->comment));
	return true;
}

static void release_grades(struct grades *grades)
{
	for (size_t i = 0; i < grades->count; i++) {
		free(grades->items[i].student);
		free(grades->items[i].name);
		buf_release(&grades->items[i].comment);
	}
	free(grades->items);
	policy_free(grades->policy);
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

static int read_text(struct buf *text, const char *path, struct err *err)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : buf_read_fd(text, fd, TABLE_MAX);

	return r ? err_errno(err, r, "cannot read '%s'", path) : 0;
}

static int read_policy(struct grades *grades, struct err *err)
{
	const char *path = grades->arguments->policy;
	struct buf text = {0};
	int r;

	if (!path)
		return 0;
	r = read_text(&text, path, err);
	if (!r)
		r = policy_read(&grades->policy, buf_text(&text), text.length,
			path, err);
	buf_release(&text);
	return r;
}

static int read_table(struct sheet *table, const char *path, struct err *err)
{
	struct buf text = {0};
	int r = read_text(&text, path, err);

	if (!r)
		r = sheet_read(table, buf_text(&text), text.length, path, err);
	buf_release(&text);
	return r;
}

static int write_out(const struct buf *out, const char *path, struct err *err)
{
	if (path)
		return atomic_file_write(path, out->data, out->length, err);
	fwrite(buf_text(out), 1, out->length, stdout);
	return 0;
}

/* A table of its own, where no platform gave one. */
static int write_plain(const struct grades *grades, struct err *err)
{
	struct buf out = {0};
	int r;

	buf_adds(&out, CSV_BYTE_ORDER_MARK "id,name,grade,comment" CSV_END);
	for (size_t i = 0; i < grades->count; i++) {
		const struct grade *grade = &grades->items[i];

		csv_add_text(&out, grade->student);
		buf_addc(&out, ',');
		csv_add_text(&out, grade->name);
		if (has_grade(grade))
			buf_addf(&out, ",%g,", grade->points);
		else
			buf_adds(&out, ",,");
		csv_add_text(&out, buf_text(&grade->comment));
		buf_adds(&out, CSV_END);
	}
	r = write_out(&out, grades->arguments->output, err);
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
	struct buf out = {0};
	int r = read_table(&table, arguments->table, err);

	if (!r)
		r = gradebook_fill(
			&table, arguments->table, &options, &counts, err);
	if (!r) {
		sheet_write(&out, &table);
		r = write_out(&out, arguments->output, err);
		buf_release(&out);
	}
	if (!r)
		fprintf(stderr,
			_("%zu grades entered, %zu students without one, %zu "
			  "excused\n"),
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
	r = read_policy(&grades, &err);
	if (!r)
		r = read_grades(&grades, &err);
	if (!r && arguments.table)
		r = fill(&arguments, &grades, &err);
	else if (!r)
		r = write_plain(&grades, &err);
	release_grades(&grades);
	if (!r)
		return 0;
	return command_fail(
		r == -EINVAL || r == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE, &err);
}
