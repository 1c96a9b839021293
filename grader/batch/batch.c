/*
 * How it works: plan (plan.c), grade in a pool of workers (pool.c, worker.c),
 * enter each result into the journal as it comes, and at the end write the
 * tables from the journal (class.c), which has no other source: so a batch
 * that was interrupted ends with the same tables.
 */
#include "grader/batch/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/alloc.h"
#include "base/message.h"
#include "grader/batch/class.h"
#include "grader/batch/class_archive.h"
#include "grader/batch/facts.h"
#include "grader/batch/name_list.h"
#include "grader/batch/worker.h"
#include "grader/exercise_hash.h"
#include "grader/folders.h"
#include "grader/gradebook/roster.h"

struct batch {
	const struct batch_options *options;
	struct batch_result *result;
	struct journal *journal;
	char *folder; /* where the submissions are */
	struct roster roster;
	bool has_roster;
	struct plan plan;
	struct worker_job job;
	struct batch_progress progress;
	struct timespec started;
	unsigned patience_s;
	struct err *err;
};

#define PATIENCE_S 120 /* and for that many runs at their limit: */
#define PATIENCE_RUNS 5
#define SIGNS 8 /* in that time, at most */

static double seconds_since(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - since->tv_sec) +
	       (double)(now.tv_nsec - since->tv_nsec) / 1e9;
}

static int enter(struct batch *batch, const struct item *item)
{
	struct batch_progress *progress = &batch->progress;
	int r = journal_put(batch->journal, item, batch->err);

	if (r)
		return r;
	progress->done++;
	if (item->state == ITEM_TROUBLE)
		progress->trouble++;
	else if (strcmp(item->verdict, "pass") != 0)
		progress->failed++;
	progress->seconds = seconds_since(&batch->started);
	if (batch->options->progress)
		batch->options->progress(batch->options->context, progress);
	return 0;
}

static struct item *items_of(struct batch *batch, size_t task)
{
	return &batch->plan.items[batch->plan.groups[task].first];
}

static int hear(void *context, size_t task, const void *data, size_t length)
{
	struct batch *batch = context;
	struct item *item = worker_hear(items_of(batch, task),
		batch->plan.groups[task].count, data, length);

	if (!item)
		return 0;
	item->stamp = plan_stamp(batch->options->output, item);
	return enter(batch, item);
}

/* Those of the group of which nothing was heard. */
static int give_up(struct batch *batch, size_t task, const char *why)
{
	struct item *items = items_of(batch, task);
	int r = 0;

	for (size_t i = 0; i < batch->plan.groups[task].count && !r; i++) {
		if (items[i].state != ITEM_WAITING)
			continue;
		items[i].state = ITEM_TROUBLE;
		items[i].trouble = xstrdup(why);
		r = enter(batch, &items[i]);
	}
	return r;
}

static int done(void *context, size_t task)
{
	return give_up(context, task, _("the worker told nothing of it"));
}

static int died(void *context, size_t task, int status)
{
	auto_free char *why =
		WIFSIGNALED(status)
			? xasprintf(_("the worker that graded it was killed by "
				      "signal %d (%s)"),
				  WTERMSIG(status), strsignal(WTERMSIG(status)))
			: xasprintf(_("the worker that graded it ended with "
				      "status %d"),
				  WEXITSTATUS(status));

	return give_up(context, task, why);
}

static int hung(void *context, size_t task)
{
	struct batch *batch = context;
	auto_free char *why = xasprintf(
		_("the worker that graded it gave no sign of life for %u s and "
		  "was ended"),
		batch->patience_s);

	return give_up(batch, task, why);
}

/*
 * Between two signs is a run or a call of the compiler, whose own limits end
 * them, and what is made of it: so much time and more is trouble for sure.
 */
static unsigned find_patience(const struct batch_options *options)
{
	int64_t most = RUN_LIMITS_DEFAULT.wall_us;

	if (options->patience_s)
		return options->patience_s;
	for (size_t i = 0; i < options->exercise_count; i++) {
		const struct exercise *exercise = options->exercises[i];

		for (size_t j = 0; j < exercise->scenario_count; j++) {
			int64_t limit = exercise->scenarios[j].limits.wall_us;

			most = limit > most ? limit : most;
		}
	}
	return PATIENCE_S + (unsigned)(PATIENCE_RUNS * most / 1000000);
}

static int grade_all(struct batch *batch)
{
	const struct batch_options *options = batch->options;
	const struct pool_job job = {
		.context = batch,
		/* shards side by side on one machine share its processors out
		 */
		.first_processor = options->shard * options->workers,
		.work = worker_grade,
		.worker_context = &batch->job,
		.hear = hear,
		.done = done,
		.died = died,
		.hung = hung,
		.patience_ms = batch->patience_s * 1000,
		.interrupted = batch->options->interrupted,
	};

	return pool_run(&job, batch->plan.group_count, batch->options->workers,
		batch->err);
}

static int make_output(const char *path, struct err *err)
{
	auto_free char *inside = xasprintf("%s/", path);

	return folders_make(inside, err);
}

/* One folder is for one shard, or for all. */
static int check_shard(struct batch *batch)
{
	const struct batch_options *options = batch->options;
	uint64_t shard, shards;
	bool known;
	int r = facts_read_shard(
		batch->journal, &shard, &shards, &known, batch->err);

	if (r || !known || !options->shards ||
		(shard == options->shard && shards == options->shards))
		return r;
	return err_set(batch->err, -EEXIST,
		shards ? "'%s' has the results of another shard; give another "
			 "--out"
		       : "'%s' has the results of a whole class; give another "
			 "--out",
		options->output);
}

static int open_journal(struct batch *batch)
{
	const struct batch_options *options = batch->options;
	auto_free char *path = xasprintf("%s/journal.sqlite", options->output);
	bool fresh = false;
	int r = make_output(options->output, batch->err);

	if (!r)
		r = journal_open(&batch->journal, path, &fresh, batch->err);
	if (!r && !fresh && !options->resume)
		r = err_set(batch->err, -EEXIST,
			"'%s' has the results of a class already; go on with "
			"--resume, or give another --out",
			options->output);
	if (!r && !fresh)
		r = check_shard(batch);
	return r;
}

static char *hash_exercises(
	const struct batch_options *options, struct err *err)
{
	struct buf hashes = {0};

	for (size_t i = 0; i < options->exercise_count; i++) {
		auto_free char *hash =
			exercise_hash(options->exercises[i]->folder, err);

		if (!hash) {
			buf_release(&hashes);
			return NULL;
		}
		buf_addf(&hashes, "%s%s", i ? "\n" : "", hash);
	}
	return buf_detach(&hashes);
}

/* How it was asked for, so that it can be graded again. */
static int enter_facts(struct batch *batch)
{
	const struct batch_options *options = batch->options;
	const struct check_options *check = &options->grading->check;
	struct batch_facts facts = {
		.submissions = realpath(options->submissions, NULL),
		.hashes = hash_exercises(options, batch->err),
		.grader = grading_key(options->grading),
		.language = options->language,
		.seed = check->master_seed,
		.schedules = check->schedules,
		.thorough = check->thorough,
		.shard = options->shard,
		.shards = options->shards,
		.roster_path = options->roster_path
				       ? realpath(options->roster_path, NULL)
				       : NULL,
		.roster = options->roster ? xstrdup(options->roster) : NULL,
	};
	struct buf names = {0};
	int r;

	for (size_t i = 0; i < options->exercise_count; i++)
		buf_addf(&names, "%s%s", i ? "\n" : "",
			options->exercise_names[i]);
	facts.names = buf_detach(&names);
	if (!facts.submissions)
		facts.submissions = xstrdup(options->submissions);
	r = facts.hashes ? journal_begin(batch->journal, batch->err) : -EIO;
	if (!r)
		r = facts_write(batch->journal, &facts, batch->err);
	if (!r)
		r = journal_commit(batch->journal, batch->err);
	facts_release(&facts);
	return r;
}

/* The one that was given now or before. */
static int find_roster(struct batch *batch)
{
	const char *name = batch->options->roster_path;
	auto_free char *text = NULL;
	int r = journal_get(batch->journal, "roster", &text, batch->err);

	if (r || !text)
		return r;
	r = roster_read(&batch->roster, text, strlen(text),
		name ? name : _("the roster"), batch->err);
	batch->has_roster = !r;
	return r;
}

/* Unpacks the archive, unless that very one was before. */
static int unpack_once(struct batch *batch, const char *folder)
{
	const struct batch_options *options = batch->options;
	const struct class_archive_teller teller = {
		options->notice, options->context};
	auto_free char *hash = NULL, *known = NULL;
	int r = class_archive_hash(options->submissions, &hash, batch->err);

	if (!r)
		r = journal_get(batch->journal, "archive", &known, batch->err);
	if (r || (known && !strcmp(known, hash) && path_is_folder(folder)))
		return r;
	r = class_archive_unpack(
		options->submissions, folder, &teller, batch->err);
	return r ? r : journal_set(batch->journal, "archive", hash, batch->err);
}

static int find_submissions(struct batch *batch)
{
	const struct batch_options *options = batch->options;
	auto_free char *folder = NULL;
	const char **ids;
	int r;

	if (!class_archive_is(options->submissions)) {
		batch->folder = xstrdup(options->submissions);
		return 0;
	}
	folder = xasprintf("%s/" BATCH_SUBMISSIONS, options->output);
	r = unpack_once(batch, folder);
	if (r)
		return r;
	ids = xcalloc(options->exercise_count + 1, sizeof(*ids));
	for (size_t i = 0; i < options->exercise_count; i++)
		ids[i] = options->exercises[i]->id;
	batch->folder = class_archive_root(
		options->submissions, folder, ids, options->exercise_count);
	free(ids);
	return 0;
}

static void tell_ignored(const struct batch *batch)
{
	const struct intake *intake = &batch->plan.intake;

	for (size_t i = 0; i < intake->ignored_count; i++) {
		auto_free char *text = xasprintf(
			_("'%s' is nobody's submission and was left out"),
			intake->ignored[i]);

		if (batch->options->notice)
			batch->options->notice(batch->options->context, text);
	}
}

static int count(struct batch *batch, enum item_state state, size_t *into)
{
	return journal_count(batch->journal, state, into, batch->err);
}

static int finish(struct batch *batch)
{
	struct batch_result *result = batch->result;
	int r;

	result->students = batch->plan.students;
	result->kept = batch->plan.kept;
	result->graded = batch->progress.done;
	r = count(batch, ITEM_MISSING, &result->missing);
	if (!r)
		r = count(batch, ITEM_TROUBLE, &result->trouble);
	return r;
}

static int write_tables(struct batch *batch)
{
	struct class_tally tally;
	int r = class_tables_write(
		batch->journal, batch->options, &tally, batch->err);

	if (r)
		return r;
	batch->result->persons = tally.persons;
	class_tally_release(&tally);
	return 0;
}

static int run(struct batch *batch)
{
	int r = open_journal(batch);

	if (!r)
		r = enter_facts(batch);
	if (!r)
		r = find_roster(batch);
	if (!r)
		r = find_submissions(batch);
	if (!r)
		r = plan_make(&batch->plan, batch->journal, batch->options,
			batch->folder,
			batch->has_roster ? &batch->roster : NULL, batch->err);
	if (r)
		return r;
	tell_ignored(batch);
	batch->progress.total = batch->plan.item_count;
	clock_gettime(CLOCK_MONOTONIC, &batch->started);
	r = grade_all(batch);
	if (!r)
		r = write_tables(batch);
	return r ? r : finish(batch);
}

int batch_run(const struct batch_options *options, struct batch_result *result,
	struct err *err)
{
	struct batch batch = {.options = options, .result = result, .err = err};
	int r;

	*result = (struct batch_result){0};
	batch.patience_s = find_patience(options);
	batch.job = (struct worker_job){
		&batch.plan, options, batch.patience_s * 1000 / SIGNS};
	r = run(&batch);
	plan_release(&batch.plan);
	journal_close(batch.journal);
	roster_release(&batch.roster);
	free(batch.folder);
	return r;
}
