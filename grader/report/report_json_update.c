/*
 * New marks in the text of a report.  The text is not written anew, for that
 * would change its layout and make of a mark a change of every line: the few
 * values that differ are found in it and replaced, a mark that is new is put
 * behind the last field of its criterion, and one that is taken back is cut
 * out, so that what was before the mark is there again.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/json_place.h"
#include "grader/report/json_build.h"
#include "grader/report/report.h"

/* Instead of the bytes from START up to END of the old text. */
struct edit {
	size_t start, end;
	char *text; /* owned; NULL: nothing */
};

struct update {
	const char *text;
	size_t length;
	cJSON *root;
	struct edit *edits;
	size_t count, capacity;
};

static void add_edit(
	struct update *update, size_t start, size_t end, char *text)
{
	grow_array(&update->edits, update->count, &update->capacity,
		sizeof(*update->edits));
	update->edits[update->count++] = (struct edit){start, end, text};
}

static void span_of(const struct update *update, const cJSON *item,
	size_t *start, size_t *end)
{
	json_place_value(
		update->text, update->length, update->root, item, start, end);
}

/* The field in front of ITEM, of OBJECT; NULL when ITEM is the first. */
static const cJSON *before(const cJSON *object, const cJSON *item)
{
	return item == object->child ? NULL : item->prev;
}

/*
 * What stands in front of the name of ITEM, such as a newline and tabs; owned.
 * Where that begins is *FROM: behind the value before it and its comma, or
 * behind the brace.
 */
static char *blanks_before(const struct update *update, const cJSON *object,
	const cJSON *item, size_t *from)
{
	const cJSON *last = before(object, item);
	size_t start, end;

	if (last) {
		span_of(update, last, &start, &end);
		end += strspn(update->text + end, " \t\r\n") + 1;
	} else {
		span_of(update, object, &start, &end);
		end = start + 1;
	}
	*from = end;
	return xstrndup(
		update->text + end, strspn(update->text + end, " \t\r\n"));
}

/* VALUE as it is laid out behind BLANKS; owned. */
static char *printed(const cJSON *value, const char *blanks)
{
	const char *newline = strrchr(blanks, '\n');
	char *text =
		newline ? cJSON_Print(value) : cJSON_PrintUnformatted(value);
	struct buf indented = {0}, shown = {0};

	assert(text);
	for (const char *at = text; *at; at++) {
		buf_addc(&indented, *at);
		if (*at == '\n')
			buf_adds(&indented, newline + 1);
	}
	json_add_shown(&shown, buf_text(&indented));
	buf_release(&indented);
	cJSON_free(text);
	return buf_detach(&shown);
}

static void insert(struct update *update, const cJSON *object, const char *key,
	const cJSON *value)
{
	const cJSON *last = object->child->prev;
	size_t from, start, end;
	auto_free char *blanks = blanks_before(update, object, last, &from);
	auto_free char *text = printed(value, blanks);

	span_of(update, last, &start, &end);
	add_edit(update, end, end,
		xasprintf(",%s\"%s\":%s%s", blanks, key,
			strchr(blanks, '\n') ? "\t" : "", text));
}

/* With the comma in front of it, or that behind it when it is the first. */
static void cut_out(
	struct update *update, const cJSON *object, const cJSON *item)
{
	const cJSON *last = before(object, item);
	size_t start, end, from;

	span_of(update, item, &start, &end);
	if (last) {
		span_of(update, last, &start, &from);
	} else {
		free(blanks_before(update, object, item, &from));
		end += strspn(update->text + end, " \t\r\n") + 1;
	}
	add_edit(update, from, end, NULL);
}

/* Makes KEY of OBJECT be VALUE, which is freed; NULL: not there. */
static void set(struct update *update, const cJSON *object, const char *key,
	cJSON *value)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	size_t start, end, from;

	if (item && !value) {
		cut_out(update, object, item);
	} else if (value && !item) {
		insert(update, object, key, value);
	} else if (value && !cJSON_Compare(item, value, true)) {
		auto_free char *blanks =
			blanks_before(update, object, item, &from);

		span_of(update, item, &start, &end);
		add_edit(update, start, end, printed(value, blanks));
	}
	cJSON_Delete(value);
}

static void set_state(
	struct update *update, const cJSON *object, enum verdict_state state)
{
	set(update, object, "verdict",
		cJSON_CreateString(verdict_state_name(state)));
}

static int compare(const void *one, const void *other)
{
	const struct edit *a = one, *b = other;

	return a->start < b->start ? -1 : a->start > b->start;
}

/* No two edits overlap, nor do two begin at one place but at the end of the
   root, whose missing sums may come in any order. */
static void apply(struct buf *out, struct update *update)
{
	size_t at = 0;

	if (update->count)
		qsort(update->edits, update->count, sizeof(*update->edits),
			compare);
	for (size_t i = 0; i < update->count; i++) {
		struct edit *edit = &update->edits[i];

		assert(edit->start >= at);
		buf_add(out, update->text + at, edit->start - at);
		buf_adds(out, edit->text ? edit->text : "");
		at = edit->end;
		free(edit->text);
	}
	buf_add(out, update->text + at, update->length - at);
	free(update->edits);
}

void report_json_update(struct buf *out, const char *text, size_t length,
	const struct verdict *verdict)
{
	struct update update = {.text = text,
		.length = length,
		.root = cJSON_ParseWithLength(text, length)};
	cJSON *criteria =
		cJSON_GetObjectItemCaseSensitive(update.root, "criteria");

	assert(cJSON_GetArraySize(criteria) == (int)verdict->criterion_count);
	set_state(&update, update.root, verdict->state);
	set(&update, update.root, "score", cJSON_CreateNumber(verdict->score));
	set(&update, update.root, "extra_score",
		cJSON_CreateNumber(verdict->extra_score));
	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];
		cJSON *object = cJSON_GetArrayItem(criteria, (int)i);

		set_state(&update, object, criterion->state);
		set(&update, object, "points",
			cJSON_CreateNumber(criterion->points));
		set(&update, object, "mark",
			criterion->mark ? json_of_mark(criterion->mark) : NULL);
	}
	apply(out, &update);
	cJSON_Delete(update.root);
}
