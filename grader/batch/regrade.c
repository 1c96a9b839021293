/*
 * How it works: results are a few names in a folder.  Applying moves each old
 * one into the history and each new one into its place; a file in regrade/
 * says into which history, so that who was interrupted goes on with the names
 * that are left.
 */
#include "grader/batch/regrade.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/atomic_file.h"
#include "grader/batch/points.h"
#include "grader/folders.h"

#define APPLYING "applying"

static const char *const RESULTS[] = {"submissions", "reports", "grades.csv",
	"class.json", "class.html", "journal.sqlite", NULL};

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

struct comparing {
	struct journal *old;
	void (*tell)(void *context, const struct regrade_change *change);
	void *context;
	struct regrade_counts *counts;
	struct err *err;
};

static bool differs(const char *one, const char *other)
{
	return strcmp(one ? one : "", other ? other : "") != 0;
}

static void count(struct regrade_counts *counts, const struct item *before,
	const struct item *after)
{
	double difference;

	if (after->state == ITEM_TROUBLE) {
		counts->trouble++;
		return;
	}
	if (!before) {
		counts->fresh++;
		return;
	}
	difference = after->score + after->extra_score - before->score -
		     before->extra_score;
	if (difference > 0)
		counts->up++;
	else if (difference < 0)
		counts->down++;
	else
		counts->same++;
}

static int compare_item(void *context, const struct item *after)
{
	struct comparing *comparing = context;
	struct item before = {0};
	bool found;
	int r = journal_find(comparing->old, after->student, after->exercise,
		&before, &found, comparing->err);

	if (r)
		return r;
	count(comparing->counts, found ? &before : NULL, after);
	if (!found || before.state != after->state ||
		differs(before.verdict, after->verdict) ||
		differs(before.criteria, after->criteria))
		comparing->tell(comparing->context,
			&(struct regrade_change){
				found ? &before : NULL, after});
	item_release(&before);
	return 0;
}

static int open_in(struct journal **journal, const char *folder,
	const char *below, struct err *err)
{
	auto_free char *path = xasprintf("%s%s/journal.sqlite", folder, below);
	bool fresh;

	if (!exists(path))
		return err_set(err, -ENOENT,
			*below ? "nothing was regraded in '%s': begin with "
				 "--preview"
			       : "'%s' is not the folder of a batch",
			folder);
	return journal_open(journal, path, &fresh, err);
}

int regrade_compare(const char *folder,
	void (*tell)(void *context, const struct regrade_change *change),
	void *context, struct regrade_counts *counts, struct err *err)
{
	struct comparing comparing = {
		.tell = tell, .context = context, .counts = counts, .err = err};
	struct journal *fresh = NULL;
	int r = open_in(&comparing.old, folder, "", err);

	*counts = (struct regrade_counts){0};
	if (!r)
		r = open_in(&fresh, folder, "/regrade", err);
	if (!r)
		r = journal_each(fresh, compare_item, &comparing, err);
	journal_close(fresh);
	journal_close(comparing.old);
	return r;
}

static void add_change(struct buf *out, const struct points *before,
	const struct points *after)
{
	const char *id = before ? before->id : after->id;
	bool more = out->length > 0;

	if (before && after && before->points == after->points &&
		!differs(before->verdict, after->verdict))
		return;
	buf_addf(out, "%s%s ", more ? ", " : "", id);
	if (before && after && before->points == after->points)
		buf_addf(out, "%s -> %s", before->verdict, after->verdict);
	else if (!before)
		buf_addf(out, "new, %g", after->points);
	else if (!after)
		buf_addf(out, "gone, was %g", before->points);
	else
		buf_addf(out, "%g -> %g", before->points, after->points);
}

void regrade_add_criteria(
	struct buf *out, const char *before, const char *after)
{
	struct point_list one = {0}, other = {0};

	points_read(&one, before);
	points_read(&other, after);
	for (size_t i = 0; i < one.count; i++)
		if (one.items[i].id)
			add_change(out, &one.items[i],
				points_find(&other, one.items[i].id));
	for (size_t i = 0; i < other.count; i++)
		if (other.items[i].id && !points_find(&one, other.items[i].id))
			add_change(out, NULL, &other.items[i]);
	points_release(&one);
	points_release(&other);
}

/* The first number that no history has. */
static size_t next_number(const char *folder)
{
	for (size_t number = 1;; number++) {
		auto_free char *path =
			xasprintf("%s/history/%zu", folder, number);

		if (!exists(path))
			return number;
	}
}

/* Which history an apply that has begun goes into; 0: none has. */
static size_t number_begun(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf text = {0};
	size_t number = 0;

	if (fd >= 0 && buf_read_fd(&text, fd, 64) == 0)
		number = strtoul(buf_text(&text), NULL, 10);
	buf_release(&text);
	return number;
}

static int begin_apply(const char *folder, size_t *number, struct err *err)
{
	auto_free char *path = xasprintf("%s/regrade/" APPLYING, folder);
	auto_free char *history = NULL, *text = NULL;
	int r;

	*number = number_begun(path);
	if (*number)
		return 0;
	*number = next_number(folder);
	history = xasprintf("%s/history/%zu/", folder, *number);
	r = folders_make(history, err);
	text = xasprintf("%zu\n", *number);
	return r ? r : atomic_file_write(path, text, strlen(text), err);
}

static int move(const char *from, const char *to, struct err *err)
{
	if (rename(from, to) < 0)
		return err_errno(
			err, -errno, "cannot move '%s' to '%s'", from, to);
	return 0;
}

/* A name that is not in regrade/ any more has been moved already. */
static int apply_one(
	const char *folder, const char *name, size_t number, struct err *err)
{
	auto_free char *fresh = xasprintf("%s/regrade/%s", folder, name);
	auto_free char *place = xasprintf("%s/%s", folder, name);
	auto_free char *old =
		xasprintf("%s/history/%zu/%s", folder, number, name);
	int r = 0;

	if (!exists(fresh))
		return 0;
	if (exists(place))
		r = move(place, old, err);
	return r ? r : move(fresh, place, err);
}

/* So that each is one file, with nothing in a log beside it. */
static int settle_journals(const char *folder, struct err *err)
{
	struct journal *old = NULL, *fresh = NULL;
	int r = open_in(&old, folder, "", err);

	if (!r)
		r = open_in(&fresh, folder, "/regrade", err);
	journal_close(fresh);
	journal_close(old);
	return r;
}

int regrade_apply(const char *folder, size_t *number, struct err *err)
{
	auto_free char *journal =
		xasprintf("%s/regrade/journal.sqlite", folder);
	auto_free char *applying = xasprintf("%s/regrade/" APPLYING, folder);
	int r = 0;

	if (!exists(journal) && !exists(applying))
		return err_set(err, -ENOENT,
			"nothing was regraded in '%s': begin with --preview",
			folder);
	if (!exists(applying))
		r = settle_journals(folder, err);
	if (!r)
		r = begin_apply(folder, number, err);
	for (size_t i = 0; RESULTS[i] && !r; i++)
		r = apply_one(folder, RESULTS[i], *number, err);
	return r ? r : regrade_cancel(folder, err);
}

int regrade_cancel(const char *folder, struct err *err)
{
	auto_free char *path = xasprintf("%s/regrade", folder);

	return folders_remove(path, err);
}
