/*
 * A report is read field by field and strictly, for it may have been mended by
 * hand.  What it says of the marks has to fit: points in their range, a mark
 * that counts only for what is there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/json_reader.h"
#include "grader/marks.h"
#include "grader/report/report.h"

#define POINTS_MAX 1e6

/* A text, which may be empty. */
static int read_text(
	const struct json_node *node, const char *field, char **out)
{
	struct json_node text;

	if (!json_child(node, field, &text))
		return json_fail(node, field, "missing");
	if (!json_is_text(&text))
		return json_fail(node, field, "a text expected");
	*out = xstrdup(json_text(&text));
	return 0;
}

static bool is_null(const struct json_node *node)
{
	auto_free char *printed = json_print(node);

	return !strcmp(printed, "null");
}

/* A text or null. */
static int read_text_or_null(
	const struct json_node *node, const char *field, char **out)
{
	struct json_node child;

	if (json_child(node, field, &child) && is_null(&child))
		return 0;
	return read_text(node, field, out);
}

static int read_hash(
	const struct json_node *node, const char *field, char **out)
{
	int r = read_text(node, field, out);

	if (r)
		return r;
	return strlen(*out) == 64 && strspn(*out, "0123456789abcdef") == 64
		       ? 0
		       : json_fail(node, field, "64 hex digits expected");
}

static int read_both(
	const struct json_node *node, const char *field, struct bilingual *out)
{
	struct json_node both;
	int r;

	if (!json_child(node, field, &both) || !json_is_object(&both))
		return json_fail(node, field, "an object expected");
	r = read_text(&both, "zh", &out->zh);
	return r ? r : read_text(&both, "en", &out->en);
}

static int read_state(const struct json_node *node, enum verdict_state *state)
{
	auto_free char *name = NULL;
	int r = json_get_text(node, "verdict", true, &name);

	for (int i = 0; !r && i <= VERDICT_REFUSED; i++)
		if (!strcmp(verdict_state_name((enum verdict_state)i), name)) {
			*state = (enum verdict_state)i;
			return 0;
		}
	return r ? r
		 : json_fail(node, "verdict", "there is no verdict '%.40s'",
			   name);
}

/* The key is there when a person judges the criterion from an answer. */
static int read_answer(
	const struct json_node *node, struct criterion *criterion)
{
	struct written_answer *answer = &criterion->answer;
	struct json_node child;
	int r;

	criterion->written = json_child(node, "answer", &child);
	if (!criterion->written || is_null(&child))
		return 0;
	if (!json_is_object(&child))
		return json_fail(node, "answer", "an object or null expected");
	r = json_get_text(&child, "file", true, &answer->file);
	if (!r)
		r = read_hash(&child, "hash", &answer->hash);
	return r ? r : read_text(&child, "text", &answer->text);
}

static int read_mark(const struct json_node *node, struct criterion *criterion)
{
	struct json_node child;
	struct mark *mark;
	int r;

	if (!json_child(node, "mark", &child))
		return 0;
	if (!json_is_object(&child))
		return json_fail(node, "mark", "an object expected");
	criterion->mark = mark = xcalloc(1, sizeof(*mark));
	r = json_get_number(
		&child, "points", true, 0, POINTS_MAX, &mark->points);
	if (!r)
		r = read_text_or_null(&child, "comment", &mark->comment);
	if (!r)
		r = read_text_or_null(&child, "by", &mark->by);
	if (!r)
		r = read_text_or_null(&child, "given", &mark->given);
	if (!r)
		r = read_hash(&child, "of", &mark->of);
	return r ? r : json_get_bool(&child, "counts", &mark->counts);
}

/* What marks_give() and marks_carry() make is so. */
static int check_mark(const struct json_node *node,
	const struct verdict *verdict, const struct criterion *criterion)
{
	const char *hash = criterion->written ? criterion->answer.hash
					      : verdict->submission_hash;
	const struct mark *mark = criterion->mark;

	if (!mark || !mark->counts)
		return 0;
	if (!hash || strcmp(hash, mark->of) != 0)
		return json_fail(
			node, "mark", "it counts, but not for what is there");
	if (mark->points > criterion->max_points ||
		mark->points != criterion->points)
		return json_fail(node, "mark",
			"%g points do not fit the criterion's %g of %g",
			mark->points, criterion->points, criterion->max_points);
	return 0;
}

static int read_criterion(const struct json_node *node,
	const struct verdict *verdict, struct criterion *criterion)
{
	int r = json_get_text(node, "id", true, &criterion->id);

	if (!r)
		r = read_both(node, "titles", &criterion->title);
	if (!r)
		r = read_state(node, &criterion->state);
	if (!r)
		r = json_get_number(node, "max_points", true, 0, POINTS_MAX,
			&criterion->max_points);
	if (!r)
		r = json_get_number(node, "points", true, 0,
			criterion->max_points, &criterion->points);
	if (!r)
		r = json_get_bool(node, "extra", &criterion->extra);
	if (!r)
		r = read_answer(node, criterion);
	if (!r)
		r = read_mark(node, criterion);
	return r ? r : check_mark(node, verdict, criterion);
}

static int read_criteria(const struct json_node *root, struct verdict *verdict)
{
	struct json_node list;
	size_t count = 0;
	int r = json_get_list(root, "criteria", true, &list, &count);

	if (r)
		return r;
	verdict->criteria = xcalloc(count + 1, sizeof(*verdict->criteria));
	verdict->criterion_count = count;
	for (size_t i = 0; i < count && !r; i++) {
		struct json_node node = json_element(&list, i);

		r = read_criterion(&node, verdict, &verdict->criteria[i]);
		for (size_t j = 0; j < i && !r; j++)
			if (!strcmp(verdict->criteria[j].id,
				    verdict->criteria[i].id))
				r = json_fail(&node, "id",
					"'%s' is given twice",
					verdict->criteria[i].id);
	}
	return r;
}

static int read_root(const struct json_node *root, struct verdict *verdict)
{
	auto_free char *schema = NULL;
	int r;

	if (!json_is_object(root))
		return json_fail(root, NULL, "a report is an object");
	r = json_get_text(root, "schema", true, &schema);
	if (!r && strcmp(schema, REPORT_SCHEMA) != 0)
		r = json_fail(root, "schema",
			"'%s' expected, is this a report?", REPORT_SCHEMA);
	if (!r)
		r = json_get_text(root, "exercise", true, &verdict->exercise);
	if (!r)
		r = read_both(root, "titles", &verdict->exercise_title);
	if (!r)
		r = read_text(root, "submission", &verdict->submission);
	if (!r)
		r = read_hash(
			root, "submission_hash", &verdict->submission_hash);
	if (!r)
		r = read_state(root, &verdict->state);
	return r ? r : read_criteria(root, verdict);
}

int marks_read(struct verdict *verdict, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct json_document document;
	struct json_node root;
	int r;

	memset(verdict, 0, sizeof(*verdict));
	r = json_document_open(&document, text, length, name, err);
	if (r)
		return r;
	root = json_document_root(&document);
	r = read_root(&root, verdict);
	json_document_close(&document);
	if (r)
		verdict_release(verdict);
	else
		verdict_settle(verdict);
	return r;
}
