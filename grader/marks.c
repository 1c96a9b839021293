/*
 * What was marked is known by its hash: that of the answer, or of the program
 * where a criterion has no answer.
 */
#include "grader/marks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/message.h"
#include "grader/notes.h"
#include "grader/report_verdict.h"
#include "grader/suggest.h"

/* Borrowed; NULL when there is nothing that could be marked. */
static const char *hash_of(
	const struct verdict *verdict, const struct criterion *criterion)
{
	return criterion->written ? criterion->answer.hash
				  : verdict->submission_hash;
}

int marks_read(struct verdict *verdict, const char *text, size_t length,
	const char *name, struct err *err)
{
	int r = report_verdict_read_part(
		verdict, REPORT_MARKS, text, length, name, err);

	if (!r)
		verdict_settle(verdict);
	return r;
}

size_t marks_count(const struct verdict *verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < verdict->criterion_count; i++)
		count += verdict->criteria[i].mark != NULL;
	return count;
}

bool marks_are_for(const struct criterion *criterion)
{
	if (criterion->written && !criterion->answer.text)
		return false;
	return criterion->state == VERDICT_NEEDS_GRADING ||
	       (criterion->mark && criterion->mark->counts);
}

int marks_parse_points(const char *text, double *points)
{
	static const char digits[] = "0123456789";
	size_t whole = strspn(text, digits), decimals = 0;

	if (text[whole] == '.') {
		decimals = strspn(text + whole + 1, digits);
		if (decimals < 1 || decimals > 2 || text[whole + 1 + decimals])
			return -EINVAL;
	} else if (text[whole]) {
		return -EINVAL;
	}
	if (whole < 1 || whole > 9)
		return -EINVAL;
	*points = strtod(text, NULL);
	return 0;
}

static struct criterion *find(const struct verdict *verdict, const char *id)
{
	for (size_t i = 0; i < verdict->criterion_count; i++)
		if (!strcmp(verdict->criteria[i].id, id))
			return &verdict->criteria[i];
	return NULL;
}

static int unknown_criterion(
	const struct verdict *verdict, const char *id, struct err *err)
{
	auto_free const char **ids =
		xcalloc(verdict->criterion_count + 1, sizeof(*ids));
	struct buf markable = {0};
	const char *near;

	for (size_t i = 0; i < verdict->criterion_count; i++) {
		ids[i] = verdict->criteria[i].id;
		if (marks_are_for(&verdict->criteria[i]))
			buf_addf(&markable, " %s", ids[i]);
	}
	near = suggest(id, ids, verdict->criterion_count);
	if (near)
		err_set(err, -ENOENT,
			"the report has no criterion '%.60s'; did you mean "
			"'%s'?",
			id, near);
	else
		err_set(err, -ENOENT,
			"the report has no criterion '%.60s'; for a person:%s",
			id, markable.data ? markable.data : _(" none"));
	buf_release(&markable);
	return -ENOENT;
}

static int refuse(const struct criterion *criterion, struct err *err)
{
	if (criterion->written)
		return err_set(err, -EPERM,
			"there is no answer to be marked for '%s'",
			criterion->id);
	return err_set(err, -EPERM,
		"the grader has judged '%s' itself (%s), it is not for a "
		"person to mark",
		criterion->id, verdict_state_name(criterion->state));
}

/* The criterion ID, when it is for a person; else NULL and an error. */
static struct criterion *find_for_person(const struct verdict *verdict,
	const char *id, int *error, struct err *err)
{
	struct criterion *criterion = find(verdict, id);

	*error = 0;
	if (!criterion)
		*error = unknown_criterion(verdict, id, err);
	else if (!marks_are_for(criterion))
		*error = refuse(criterion, err);
	return *error ? NULL : criterion;
}

static int check_text(const char *what, const char *text, struct err *err)
{
	struct buf clean = {0};
	bool same;

	if (!text)
		return 0;
	buf_add_clean(&clean, text, strlen(text));
	same = !strcmp(buf_text(&clean), text);
	buf_release(&clean);
	if (!same)
		return err_set(err, -EINVAL,
			"%s is not UTF-8 text without control characters",
			what);
	return strlen(text) > MARKS_TEXT_MAX
		       ? err_set(err, -EINVAL, "%s is longer than %d bytes",
				 what, MARKS_TEXT_MAX)
		       : 0;
}

/* Lets the mark count. */
static void apply(struct criterion *criterion)
{
	criterion->mark->counts = true;
	criterion->points = criterion->mark->points;
	criterion->state = criterion->points >= criterion->max_points
				   ? VERDICT_PASS
				   : VERDICT_FAIL;
}

int marks_give(struct verdict *verdict, const char *id, const struct mark *mark,
	struct err *err)
{
	struct criterion *criterion;
	int error;

	criterion = find_for_person(verdict, id, &error, err);
	if (!criterion)
		return error;
	if (mark->points < 0 || mark->points > criterion->max_points)
		return err_set(err, -ERANGE, "'%s' has 0 to %g points, not %g",
			id, criterion->max_points, mark->points);
	error = check_text(_("the comment"), mark->comment, err);
	if (!error)
		error = check_text(_("the name"), mark->by, err);
	if (error)
		return error;
	mark_free(criterion->mark);
	criterion->mark = mark_copy(mark);
	free(criterion->mark->of);
	criterion->mark->of = xstrdup(hash_of(verdict, criterion));
	apply(criterion);
	verdict_settle(verdict);
	return 0;
}

int marks_take_back(struct verdict *verdict, const char *id, struct err *err)
{
	struct criterion *criterion;
	int error;

	criterion = find_for_person(verdict, id, &error, err);
	if (!criterion)
		return error;
	if (!criterion->mark)
		return err_set(err, -ENOENT, "'%s' has no mark", id);
	mark_free(criterion->mark);
	criterion->mark = NULL;
	criterion->points = 0;
	criterion->state = VERDICT_NEEDS_GRADING;
	verdict_settle(verdict);
	return 0;
}

static void note_lost(struct verdict *verdict, const struct criterion *old)
{
	note_add(verdict, "lost-mark",
		(struct bilingual){
			.zh = xasprintf("先前的报告里“%s”由老师给了 %g 分，"
					"但练习里已经没有这一项。",
				old->title.zh, old->mark->points),
			.en = xasprintf("the report before had %g points by a "
					"person for \"%s\", which the exercise "
					"has no more",
				old->mark->points, old->title.en),
		});
}

void marks_carry(const struct verdict *old, struct verdict *verdict)
{
	for (size_t i = 0; i < old->criterion_count; i++) {
		const struct criterion *before = &old->criteria[i];
		struct criterion *criterion = find(verdict, before->id);
		const char *hash;

		if (!before->mark)
			continue;
		if (!criterion) {
			note_lost(verdict, before);
			continue;
		}
		mark_free(criterion->mark);
		criterion->mark = mark_copy(before->mark);
		criterion->mark->counts = false;
		hash = hash_of(verdict, criterion);
		if (criterion->state == VERDICT_NEEDS_GRADING && hash &&
			!strcmp(hash, before->mark->of) &&
			before->mark->points <= criterion->max_points)
			apply(criterion);
	}
	verdict_settle(verdict);
}
