/*
 * How it works: every shard's journal names all students, those of other
 * shards as "elsewhere".  So the first one that is read fills the journal of
 * the whole with what is to come, each puts in what it has, and what is still
 * to come at the end is lost.  A report is read before it counts: a copy from
 * another machine may have been cut.
 */
#include "grader/batch/merge.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/message.h"
#include "grader/atomic_file.h"
#include "grader/batch/class.h"
#include "grader/batch/class_archive.h"
#include "grader/batch/merge_loss.h"
#include "grader/batch/name_list.h"
#include "grader/batch/plan.h"
#include "grader/batch/worker.h"
#include "grader/folders.h"
#include "grader/report_verdict.h"

#define REPORT_MAX ((size_t)64 << 20)
#define MERGED "merged" /* the fact that makes a folder one of ours */

struct merging {
	const struct merge_options *options;
	const struct batch_facts *facts;
	struct journal *whole;
	const char *shard;    /* folder of the one that is read */
	const char **folders; /* of each shard by its number; NULL: lost */
	struct merge_result *result;
	struct err *err;
};

static bool has_journal(const char *folder)
{
	auto_free char *path = xasprintf("%s/journal.sqlite", folder);

	return path_is_file(path);
}

int merge_read_facts(const struct merge_options *options,
	struct batch_facts *facts, struct err *err)
{
	for (size_t i = 0; i < options->count; i++)
		if (has_journal(options->shards[i]))
			return facts_read_in(options->shards[i], facts, err);
	return err_set(err, -ENOENT, "'%s' is not the folder of a batch",
		options->shards[0]);
}

static int open_journal(const char *folder, struct journal **journal,
	bool *fresh, struct err *err)
{
	auto_free char *path = xasprintf("%s/journal.sqlite", folder);

	return journal_open(journal, path, fresh, err);
}

/* Reads the file at PATH and writes it to TO. */
static int copy(
	const char *path, const char *to, struct buf *text, struct err *err)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : buf_read_fd(text, fd, REPORT_MAX);

	if (r)
		return err_errno(err, r, "cannot read '%s'", path);
	r = folders_make(to, err);
	return r ? r : atomic_file_write(to, text->data, text->length, err);
}

/*
 * The report of ITEM and its page, and what the report says: a person may have
 * marked in it.  Sets ITEM to waiting when one of them is not whole.
 */
static int take_report(const struct merging *merging, struct item *item)
{
	const char *output = merging->options->output;
	auto_free char *from = xasprintf("%s/%s", merging->shard, item->report);
	auto_free char *from_page = worker_page_path(from);
	auto_free char *to = xasprintf("%s/%s", output, item->report);
	auto_free char *to_page = worker_page_path(to);
	struct verdict verdict = {0};
	struct buf text = {0}, page = {0};
	struct err ignored = {""};
	auto_close int fd = open(from, O_RDONLY | O_CLOEXEC);
	int r = 0;

	if (fd < 0 || buf_read_fd(&text, fd, REPORT_MAX) ||
		report_verdict_read(&verdict, NULL, buf_text(&text),
			text.length, from, &ignored) ||
		!path_is_file(from_page)) {
		item->state = ITEM_WAITING;
	} else {
		worker_take_verdict(item, &verdict);
		buf_clear(&text);
		r = copy(from, to, &text, merging->err);
		if (!r)
			r = copy(from_page, to_page, &page, merging->err);
		item->stamp = plan_stamp(output, item);
	}
	verdict_release(&verdict);
	buf_release(&text);
	buf_release(&page);
	return r;
}

/* What the whole has of it already stays, when this shard has less. */
static int take_item(void *context, const struct item *given)
{
	struct merging *merging = context;
	struct item known = {0}, item = *given;
	char *verdict = item.verdict ? xstrdup(item.verdict) : NULL;
	char *criteria = item.criteria ? xstrdup(item.criteria) : NULL;
	bool found = false, better;
	int r = journal_find(merging->whole, item.student, item.exercise,
		&known, &found, merging->err);

	better = !found || item.state != ITEM_ELSEWHERE;
	/* these are replaced */
	item.verdict = verdict;
	item.criteria = criteria;
	if (!r && better && item.state == ITEM_DONE)
		r = take_report(merging, &item);
	if (!r && better)
		r = journal_put(merging->whole, &item, merging->err);
	free(item.verdict);
	free(item.criteria);
	item_release(&known);
	return r;
}

static int check_one(struct merging *merging, const struct batch_facts *facts)
{
	const char **folder;
	int r = facts_compare(merging->facts, merging->options->shards[0],
		facts, merging->shard, merging->err);

	if (r)
		return r;
	if (!facts->shards || facts->shard > facts->shards)
		return err_set(merging->err, -EINVAL,
			"'%s' has no shard but a whole class", merging->shard);
	folder = &merging->folders[facts->shard];
	if (*folder)
		return err_set(merging->err, -EINVAL,
			"'%s' and '%s' are both shard %llu; give one of them",
			*folder, merging->shard,
			(unsigned long long)facts->shard);
	*folder = merging->shard;
	return 0;
}

/* The journal of one shard; what is none is lost, and told. */
static int take_shard(struct merging *merging)
{
	struct batch_facts facts = {0};
	struct journal *journal = NULL;
	bool fresh;
	int r;

	if (!has_journal(merging->shard)) {
		auto_free char *text =
			xasprintf(_("'%s' has no results"), merging->shard);

		merging->options->notice(merging->options->context, text);
		return 0;
	}
	r = open_journal(merging->shard, &journal, &fresh, merging->err);
	if (!r)
		r = facts_read(journal, &facts, merging->err);
	if (!r)
		r = check_one(merging, &facts);
	if (!r)
		r = journal_each(journal, take_item, merging, merging->err);
	facts_release(&facts);
	journal_close(journal);
	return r;
}

/* The output is new, or one that was merged before. */
static int open_whole(struct merging *merging)
{
	const char *output = merging->options->output;
	auto_free char *merged = NULL, *graded = NULL;
	auto_free char *inside = xasprintf("%s/", output);
	bool fresh;
	int r = folders_make(inside, merging->err);

	if (!r)
		r = open_journal(output, &merging->whole, &fresh, merging->err);
	if (!r)
		r = journal_get(merging->whole, MERGED, &merged, merging->err);
	if (!r)
		r = journal_get(
			merging->whole, "exercises", &graded, merging->err);
	if (!r && graded && !merged)
		r = err_set(merging->err, -EEXIST,
			"'%s' has the results of a class already; give another "
			"folder",
			output);
	return r;
}

static int enter_facts(struct merging *merging)
{
	struct batch_facts whole = *merging->facts;
	struct buf names = {0};
	int r;

	for (size_t i = 0; i < whole.exercise_count; i++)
		buf_addf(&names, "%s%s", i ? "\n" : "", whole.exercises[i]);
	whole.names = buf_detach(&names);
	whole.shard = whole.shards = 0;
	r = facts_write(merging->whole, &whole, merging->err);
	free(whole.names);
	return r ? r : journal_set(merging->whole, MERGED, "yes", merging->err);
}

static int take_all(struct merging *merging)
{
	const struct merge_options *options = merging->options;
	int r = journal_begin(merging->whole, merging->err);

	if (!r)
		r = journal_renew(merging->whole, merging->err);
	if (!r)
		r = journal_forget(merging->whole, merging->err);
	if (!r)
		r = enter_facts(merging);
	for (size_t i = 0; i < options->count && !r; i++) {
		merging->shard = options->shards[i];
		r = take_shard(merging);
	}
	if (!r)
		r = journal_number(merging->whole, merging->err);
	return r ? r : journal_commit(merging->whole, merging->err);
}

/* What an archive held, for who looks at a submission again. */
static int unpack_again(const struct merging *merging)
{
	const struct merge_options *options = merging->options;
	const struct class_archive_teller teller = {
		options->notice, options->context};
	const char *archive = merging->facts->submissions;
	auto_free char *folder =
		xasprintf("%s/" BATCH_SUBMISSIONS, options->output);
	auto_free char *hash = NULL;
	int r;

	if (!class_archive_is(archive))
		return 0;
	r = class_archive_hash(archive, &hash, merging->err);
	if (!r)
		r = class_archive_unpack(
			archive, folder, &teller, merging->err);
	return r ? r
		 : journal_set(merging->whole, "archive", hash, merging->err);
}

static int write_tables(
	const struct merging *merging, struct exercise **exercises)
{
	const struct batch_options options = {
		.output = merging->options->output,
		.exercises = exercises,
		.exercise_count = merging->facts->exercise_count,
		.language = merging->facts->language,
	};
	struct merge_result *result = merging->result;
	struct class_tally tally;
	int r = class_tables_write(
		merging->whole, &options, &tally, merging->err);

	if (r)
		return r;
	result->students = tally.students;
	result->persons = tally.persons;
	for (size_t i = 0; i < tally.exercise_count; i++) {
		result->graded += tally.exercises[i].done;
		result->missing += tally.exercises[i].missing;
		result->trouble += tally.exercises[i].trouble;
	}
	class_tally_release(&tally);
	return 0;
}

int merge_run(const struct merge_options *options,
	const struct batch_facts *facts, struct exercise **exercises,
	struct merge_result *result, struct err *err)
{
	struct merging merging = {.options = options,
		.facts = facts,
		.result = result,
		.err = err};
	int r;

	*result = (struct merge_result){0};
	merging.folders =
		xcalloc((size_t)facts->shards + 1, sizeof(*merging.folders));
	r = open_whole(&merging);
	if (!r)
		r = take_all(&merging);
	if (!r)
		r = merge_find_losses(merging.whole, facts, merging.folders,
			options->output, result, err);
	if (!r && !result->loss_count)
		r = unpack_again(&merging);
	if (!r && !result->loss_count)
		r = write_tables(&merging, exercises);
	journal_close(merging.whole);
	free(merging.folders);
	return r;
}
