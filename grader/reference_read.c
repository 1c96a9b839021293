/*
 * The reader of references.  The files are meant to be edited by hand, so
 * every field is checked, and an unknown one is an error.
 */
#include "grader/reference.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/json_reader.h"

static int read_range(
	const struct json_node *node, struct reference_range *range)
{
	int r = json_get_whole(node, "min", true, 0, INT64_MAX, &range->min);

	if (r < 0)
		return r;
	return json_get_whole(
		node, "max", true, range->min, INT64_MAX, &range->max);
}

static int read_range_object(const struct json_node *parent, const char *field,
	struct reference_range *range)
{
	static const char *const allowed[] = {"max", "min", NULL};
	struct json_node node;
	int r;

	if (!json_child(parent, field, &node))
		return json_fail(parent, field, "missing");
	if (!json_is_object(&node))
		return json_fail(parent, field, "not an object");
	r = json_check_fields(&node, allowed);
	return r < 0 ? r : read_range(&node, range);
}

/* "texts", or "varies": true. */
static int read_variants(
	const struct json_node *node, struct reference_variants *variants)
{
	struct json_node child;
	int r = json_get_bool(node, "varies", &variants->varies);

	if (r < 0)
		return r;
	if (variants->varies && json_child(node, "texts", &child))
		return json_fail(node, "texts", "not with 'varies'");
	if (variants->varies)
		return 0;
	return json_get_texts(
		node, "texts", true, &variants->texts, &variants->count);
}

static int read_end(const struct json_node *root, struct reference *reference)
{
	static const char *const allowed[] = {"texts", "varies", NULL};
	struct json_node node;
	int r;

	if (!json_child(root, "end", &node))
		return json_fail(root, "end", "missing");
	if (!json_is_object(&node))
		return json_fail(root, "end", "not an object");
	r = json_check_fields(&node, allowed);
	return r < 0 ? r : read_variants(&node, &reference->end);
}

/* The elements of a list: objects with the ALLOWED fields only. */
struct list {
	struct json_node node;
	size_t count;
	const char *const *allowed;
};

static int open_list(const struct json_node *root, const char *field,
	const char *const *allowed, struct list *list)
{
	list->allowed = allowed;
	return json_get_list(root, field, true, &list->node, &list->count);
}

static int open_element(
	const struct list *list, size_t i, struct json_node *element)
{
	*element = json_element(&list->node, i);
	if (!json_is_object(element))
		return json_fail(element, NULL, "not an object");
	return json_check_fields(element, list->allowed);
}

static int read_variants_list(const struct json_node *root, const char *field,
	struct reference_variants **items, size_t *count)
{
	static const char *const allowed[] = {"name", "texts", "varies", NULL};
	struct json_node element;
	struct list list;
	size_t i;
	int r = open_list(root, field, allowed, &list);

	if (r < 0)
		return r;
	*items = xcalloc(list.count, sizeof(**items));
	*count = list.count;
	for (i = 0; i < list.count; i++) {
		r = open_element(&list, i, &element);
		if (r < 0)
			return r;
		r = json_get_text(&element, "name", true, &(*items)[i].name);
		if (r < 0)
			return r;
		r = read_variants(&element, &(*items)[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_counts(
	const struct json_node *root, struct reference *reference)
{
	static const char *const allowed[] = {"kind", "max", "min", NULL};
	struct json_node element;
	struct list list;
	size_t i;
	int r = open_list(root, "counts", allowed, &list);

	if (r < 0)
		return r;
	reference->counts = xcalloc(list.count, sizeof(*reference->counts));
	reference->count_count = list.count;
	for (i = 0; i < list.count; i++) {
		r = open_element(&list, i, &element);
		if (r < 0)
			return r;
		r = json_get_text(
			&element, "kind", true, &reference->counts[i].kind);
		if (r < 0)
			return r;
		r = read_range(&element, &reference->counts[i].range);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The index of the field's text in NAMES, or a negative errno. */
static int read_choice(const struct json_node *node, const char *field,
	const char *(*name_of)(int), int count)
{
	auto_free char *text = NULL;
	int choice, r = json_get_text(node, field, true, &text);

	if (r < 0)
		return r;
	for (choice = 0; choice < count; choice++)
		if (!strcmp(text, name_of(choice)))
			return choice;
	return json_fail(node, field, "unknown %s '%.40s'", field, text);
}

static const char *relation_name(int relation)
{
	return reference_relation_name((enum reference_relation)relation);
}

static const char *scope_name(int scope)
{
	return reference_scope_name((enum reference_scope)scope);
}

static int read_order(
	const struct json_node *node, struct reference_order *order)
{
	int r = json_get_text(node, "first", true, &order->first);

	if (r < 0)
		return r;
	r = json_get_text(node, "second", true, &order->second);
	if (r < 0)
		return r;
	r = read_choice(
		node, "relation", relation_name, REFERENCE_RELATION_COUNT);
	if (r < 0)
		return r;
	order->relation = (enum reference_relation)r;
	r = read_choice(node, "scope", scope_name, REFERENCE_SCOPE_COUNT);
	if (r < 0)
		return r;
	order->scope = (enum reference_scope)r;
	return 0;
}

static int read_orders(
	const struct json_node *root, struct reference *reference)
{
	static const char *const allowed[] = {
		"first", "relation", "scope", "second", NULL};
	struct json_node element;
	struct list list;
	size_t i;
	int r = open_list(root, "orders", allowed, &list);

	if (r < 0)
		return r;
	reference->orders = xcalloc(list.count, sizeof(*reference->orders));
	reference->order_count = list.count;
	reference->order_capacity = list.count;
	for (i = 0; i < list.count; i++) {
		r = open_element(&list, i, &element);
		if (r < 0)
			return r;
		r = read_order(&element, &reference->orders[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_solutions(
	const struct json_node *root, struct reference *reference)
{
	static const char *const allowed[] = {"name", "schedules", NULL};
	struct reference_solution *solution;
	struct json_node element;
	struct list list;
	int64_t schedules;
	size_t i;
	int r = open_list(root, "solutions", allowed, &list);

	if (r < 0)
		return r;
	reference->solutions =
		xcalloc(list.count, sizeof(*reference->solutions));
	reference->solution_count = list.count;
	for (i = 0; i < list.count; i++) {
		solution = &reference->solutions[i];
		r = open_element(&list, i, &element);
		if (r < 0)
			return r;
		r = json_get_text(&element, "name", true, &solution->name);
		if (r < 0)
			return r;
		schedules = 0;
		r = json_get_whole(
			&element, "schedules", true, 0, INT32_MAX, &schedules);
		if (r < 0)
			return r;
		solution->schedules = (size_t)schedules;
	}
	return 0;
}

static int read_names(const struct json_node *root, struct reference *reference)
{
	auto_free char *schema = NULL, *seed = NULL;
	char *end = NULL;
	int r = json_get_text(root, "schema", true, &schema);

	if (r < 0)
		return r;
	if (strcmp(schema, REFERENCE_SCHEMA) != 0)
		return json_fail(root, "schema", "'%s' expected, found '%.40s'",
			REFERENCE_SCHEMA, schema);
	r = json_get_text(root, "seed", true, &seed);
	if (r < 0)
		return r;
	errno = 0;
	reference->seed = strtoull(seed, &end, 10);
	if (*seed < '0' || *seed > '9' || *end || errno)
		return json_fail(
			root, "seed", "not a decimal number below 2^64");
	r = json_get_text(root, "exercise", true, &reference->exercise);
	if (r < 0)
		return r;
	r = json_get_text(root, "scenario", true, &reference->scenario);
	if (r < 0)
		return r;
	r = json_get_text(root, "command", true, &reference->command);
	if (r < 0)
		return r;
	return json_get_text(root, "grader", true, &reference->grader);
}

static int read_durations(
	const struct json_node *root, struct reference *reference)
{
	return read_range_object(root, "duration_us", &reference->duration_us);
}

static int read_printers(
	const struct json_node *root, struct reference *reference)
{
	return read_range_object(root, "printers", &reference->printers);
}

static int read_files(const struct json_node *root, struct reference *reference)
{
	return read_variants_list(
		root, "files", &reference->files, &reference->file_count);
}

static int read_sequences(
	const struct json_node *root, struct reference *reference)
{
	return read_variants_list(root, "sequences", &reference->sequences,
		&reference->sequence_count);
}

static int read_root(const struct json_node *root, struct reference *reference)
{
	static const char *const allowed[] = {"command", "counts",
		"duration_us", "end", "exercise", "files", "grader", "orders",
		"printers", "scenario", "schema", "seed", "sequences",
		"solutions", NULL};
	static int (*const readers[])(
		const struct json_node *, struct reference *) = {read_names,
		read_counts, read_durations, read_printers, read_end,
		read_files, read_sequences, read_orders, read_solutions};
	size_t i;
	int r;

	if (!json_is_object(root))
		return json_fail(root, NULL, "not an object");
	r = json_check_fields(root, allowed);
	for (i = 0; r >= 0 && i < sizeof(readers) / sizeof(readers[0]); i++)
		r = readers[i](root, reference);
	return r < 0 ? r : 0;
}

int reference_read(struct reference *reference, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct json_document document;
	struct json_node root;
	int r;

	memset(reference, 0, sizeof(*reference));
	r = json_document_open(&document, text, length, name, err);
	if (r < 0)
		return r;
	root = json_document_root(&document);
	r = read_root(&root, reference);
	json_document_close(&document);
	if (r < 0)
		reference_release(reference);
	return r;
}
