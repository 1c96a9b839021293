/*
 * How it works: an item's input is the hash of all that its verdict depends
 * on: the grader, the exercise, the options, the submission.  An item of the
 * journal with the same input and a report that is there is done.
 */
#include "grader/batch/plan.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/batch/worker.h"
#include "grader/exercise_hash.h"
#include "grader/hash.h"
#include "grader/report_file.h"
#include "grader/submission.h"

char *plan_folder_name(const char *name)
{
	struct buf out = {0};

	for (const char *at = name; *at; at++) {
		const unsigned char byte = (unsigned char)*at;

		if (byte == '/' || byte == '%' || byte < ' ' || byte == 127 ||
			(byte == '.' && at == name))
			buf_addf(&out, "%%%02X", byte);
		else
			buf_addc(&out, *at);
	}
	return out.data ? buf_detach(&out) : xstrdup("%");
}

void plan_release(struct plan *plan)
{
	intake_release(&plan->intake);
	for (size_t i = 0; i < plan->item_count; i++)
		item_release(&plan->items[i]);
	free(plan->items);
	free(plan->groups);
	*plan = (struct plan){0};
}

const struct exercise *plan_exercise(
	const struct batch_options *options, const struct item *item)
{
	for (size_t i = 0; i < options->exercise_count; i++)
		if (!strcmp(options->exercises[i]->id, item->exercise))
			return options->exercises[i];
	return NULL;
}

int plan_read(const struct plan *plan, const struct item *item,
	struct submission *submission, struct err *err)
{
	const struct intake_student *student;

	if (*item->path)
		return submission_read(submission, item->path, err);
	student = intake_student(&plan->intake, item->student);
	if (!student)
		return err_set(err, -ENOENT, "no student '%s'", item->student);
	return intake_read_files(student, submission, err);
}

/* What all items of EXERCISE have in common. */
static char *hash_exercise(const struct exercise *exercise,
	const struct grading_options *grading, struct err *err)
{
	auto_free char *files = exercise_hash(exercise->folder, err);
	auto_free char *key = grading_key(grading);
	struct hash *hash;

	if (!files)
		return NULL;
	hash = hash_new();
	hash_add_part(hash, key, strlen(key));
	hash_add_part(hash, exercise->id, strlen(exercise->id));
	hash_add_part(hash, files, strlen(files));
	return hash_hex(hash);
}

static char *hash_input(const char *common, const struct submission *submission)
{
	const struct bilingual *refusal = &submission->refusal;
	struct hash *hash = hash_new();

	hash_add_part(hash, common, strlen(common));
	if (submission->hash)
		hash_add_part(hash, submission->hash, strlen(submission->hash));
	if (refusal->en)
		hash_add_part(hash, refusal->en, strlen(refusal->en));
	if (submission->answer.written.hash)
		hash_add_part(hash, submission->answer.written.hash,
			strlen(submission->answer.written.hash));
	if (submission->answer.trouble.en)
		hash_add_part(hash, submission->answer.trouble.en,
			strlen(submission->answer.trouble.en));
	for (size_t i = 0; i < submission->note_count; i++)
		hash_add_part(hash, submission->notes[i].text.en,
			strlen(submission->notes[i].text.en));
	return hash_hex(hash);
}

struct planning {
	struct plan *plan;
	struct journal *journal;
	const struct batch_options *options;
	char **common; /* an exercise */
	struct err *err;
};

static bool is_there(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
	       status.st_size > 0;
}

/* The report and its page. */
static bool report_is_there(const char *output, const char *report)
{
	auto_free char *path = xasprintf("%s/%s", output, report);
	auto_free char *page = worker_page_path(path);

	return is_there(path) && is_there(page);
}

int64_t plan_stamp(const char *output, const struct item *item)
{
	auto_free char *path = xasprintf("%s/%s", output, item->report);
	struct stat status;

	if (stat(path, &status) < 0)
		return 0;
	return (int64_t)status.st_mtim.tv_sec * 1000000000 +
	       status.st_mtim.tv_nsec;
}

/* Somebody has marked in the report since: the marks are taken from it. */
static int refresh(
	const struct planning *planning, struct item *known, int64_t stamp)
{
	auto_free char *path =
		xasprintf("%s/%s", planning->options->output, known->report);
	struct verdict verdict;
	int r = report_file_read(
		&verdict, NULL, REPORT_WHOLE, path, planning->err);

	if (!r)
		worker_take_verdict(known, &verdict);
	known->stamp = stamp;
	verdict_release(&verdict);
	return r;
}

/*
 * Takes ITEM's result from the journal when that has one of this input whose
 * report is there.
 */
static int take_known(struct planning *planning, struct item *item)
{
	struct item known = {0};
	int64_t stamp;
	bool found;
	int r = journal_find(planning->journal, item->student, item->exercise,
		&known, &found, planning->err);

	if (r || !found)
		return r;
	if (known.state == ITEM_DONE && !strcmp(known.input, item->input) &&
		!strcmp(known.report, item->report) &&
		report_is_there(planning->options->output, known.report)) {
		known.number = item->number;
		known.late = item->late;
		known.handed_in = item->handed_in;
		free(known.name);
		known.name = xstrdup(item->name);
		free(known.path);
		known.path = xstrdup(item->path);
		free(known.section);
		known.section = item->section ? xstrdup(item->section) : NULL;
		free(known.concern);
		known.concern = item->concern ? xstrdup(item->concern) : NULL;
		stamp = plan_stamp(planning->options->output, &known);
		if (stamp != known.stamp)
			r = refresh(planning, &known, stamp);
		item_release(item);
		*item = known;
		return r;
	}
	item_release(&known);
	return 0;
}

static void keep_item(struct plan *plan, struct item *item)
{
	grow_array(&plan->items, plan->item_count, &plan->item_capacity,
		sizeof(*plan->items));
	plan->items[plan->item_count++] = *item;
	*item = (struct item){0};
}

/* Reads the submission for its hash; trouble with it is the item's. */
static void look_at(struct planning *planning, struct item *item,
	const struct intake_student *student, size_t exercise)
{
	struct submission submission = {0};
	struct err err = {""};
	int r;

	r = *item->path ? submission_read(&submission, item->path, &err)
			: intake_read_files(student, &submission, &err);
	if (r) {
		item->state = ITEM_TROUBLE;
		item->trouble = xstrdup(err.text);
		return;
	}
	free(item->input);
	item->input = hash_input(planning->common[exercise], &submission);
	submission_release(&submission);
}

size_t plan_shard(const char *student, size_t shards)
{
	struct hash *hash = hash_new();
	auto_free char *hex = NULL;

	hash_add(hash, student, strlen(student));
	hex = hash_hex(hash);
	hex[15] = '\0'; /* 60 bits are even enough */
	return (size_t)(strtoull(hex, NULL, 16) % shards) + 1;
}

/* The item with all that its submission need not be read for. */
static struct item make_item(const struct planning *planning, int64_t number,
	const struct intake_student *student, size_t index)
{
	const struct exercise *exercise = planning->options->exercises[index];
	const size_t exercises = planning->options->exercise_count;
	auto_free char *folder = plan_folder_name(student->id);
	struct item item = {
		.number = number,
		.student = xstrdup(student->id),
		.name = xstrdup(student->name),
		.exercise = xstrdup(exercise->id),
		.section = student->section ? xstrdup(student->section) : NULL,
		.concern = student->concern ? xstrdup(student->concern) : NULL,
		.late = student->late,
		.state = ITEM_WAITING,
		.input = xstrdup(""),
		.max_score = exercise->points,
		.report = xasprintf(
			"reports/%s/%s/report.json", folder, exercise->id),
	};

	if (!intake_find(student, exercise->id, exercises == 1, &item.path))
		item.state = ITEM_MISSING;
	if (!item.path)
		item.path = xstrdup("");
	return item;
}

static int plan_item(struct planning *planning, struct item *item,
	const struct intake_student *student, size_t index)
{
	struct plan *plan = planning->plan;
	int r = 0;

	if (item->state == ITEM_WAITING)
		item->handed_in = intake_handed_in(student, item->path);
	if (item->state == ITEM_WAITING)
		look_at(planning, item, student, index);
	if (item->state == ITEM_WAITING)
		r = take_known(planning, item);
	plan->missing += item->state == ITEM_MISSING;
	plan->trouble += item->state == ITEM_TROUBLE;
	plan->kept += item->state == ITEM_DONE;
	if (!r)
		r = journal_put(planning->journal, item, planning->err);
	if (!r && item->state == ITEM_WAITING)
		keep_item(plan, item);
	return r;
}

/* Something was handed in, but nothing of it is any of the exercises. */
static void note_unclear(
	struct item *items, size_t count, const struct intake_student *student)
{
	for (size_t i = 0; i < count; i++)
		if (items[i].state != ITEM_MISSING || items[i].concern)
			return;
	for (size_t i = 0; i < count && student->file_count; i++)
		items[i].concern = xstrdup(CONCERN_UNCLEAR);
}

static int plan_student(struct planning *planning, size_t number)
{
	const struct batch_options *options = planning->options;
	struct intake_student *student =
		&planning->plan->intake.students[number];
	const size_t count = options->exercise_count;
	const bool ours =
		!options->shards ||
		plan_shard(student->id, options->shards) == options->shard;
	struct item *items = xcalloc(count + 1, sizeof(*items));
	int r = 0;

	for (size_t i = 0; i < count; i++)
		items[i] = make_item(
			planning, (int64_t)(number * count + i), student, i);
	note_unclear(items, count, student);
	planning->plan->students += ours;
	for (size_t i = 0; i < count && !r; i++) {
		if (!ours)
			items[i].state = ITEM_ELSEWHERE;
		r = plan_item(planning, &items[i], student, i);
	}
	for (size_t i = 0; i < count; i++)
		item_release(&items[i]);
	free(items);
	intake_forget(student);
	return r;
}

static int compare_items(const void *a, const void *b)
{
	const struct item *one = a, *other = b;
	int r = strcmp(one->input, other->input);

	return r ? r : one->number < other->number ? -1 : 1;
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *one = a, *other = b;

	return one->number < other->number ? -1 : one->number > other->number;
}

static void make_groups(struct plan *plan)
{
	if (plan->item_count == 0)
		return;
	qsort(plan->items, plan->item_count, sizeof(*plan->items),
		compare_items);
	plan->groups = xcalloc(plan->item_count, sizeof(*plan->groups));
	for (size_t i = 0; i < plan->item_count; i++) {
		if (i > 0 && !strcmp(plan->items[i - 1].input,
				     plan->items[i].input)) {
			plan->groups[plan->group_count - 1].count++;
			continue;
		}
		plan->groups[plan->group_count++] =
			(struct group){i, 1, plan->items[i].number};
	}
	qsort(plan->groups, plan->group_count, sizeof(*plan->groups),
		compare_groups);
}

static int plan_all(struct planning *planning)
{
	int r = journal_begin(planning->journal, planning->err);

	if (!r)
		r = journal_renew(planning->journal, planning->err);
	for (size_t i = 0; i < planning->plan->intake.count && !r; i++)
		r = plan_student(planning, i);
	if (!r)
		r = journal_forget(planning->journal, planning->err);
	return r ? r : journal_commit(planning->journal, planning->err);
}

int plan_make(struct plan *plan, struct journal *journal,
	const struct batch_options *options, const char *folder,
	const struct roster *roster, struct err *err)
{
	struct planning planning = {.plan = plan,
		.journal = journal,
		.options = options,
		.err = err};
	int r;

	*plan = (struct plan){0};
	r = intake_list(&plan->intake, folder, err);
	if (!r && roster)
		intake_enrol(&plan->intake, roster);
	planning.common =
		xcalloc(options->exercise_count + 1, sizeof(*planning.common));
	for (size_t i = 0; i < options->exercise_count && !r; i++) {
		planning.common[i] = hash_exercise(
			options->exercises[i], options->grading, err);
		if (!planning.common[i])
			r = -EIO;
	}
	if (!r)
		r = plan_all(&planning);
	if (!r)
		make_groups(plan);
	for (size_t i = 0; i < options->exercise_count; i++)
		free(planning.common[i]);
	free(planning.common);
	if (r)
		plan_release(plan);
	return r;
}
