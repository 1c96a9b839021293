#include "grader/batch/points.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/json_reader.h"

void points_release(struct point_list *into)
{
	for (size_t i = 0; i < into->count; i++) {
		free(into->items[i].id);
		free(into->items[i].verdict);
	}
	free(into->items);
}

static int read_one(const struct json_node *node, struct points *one)
{
	int r = json_get_text(node, "id", true, &one->id);

	if (!r)
		r = json_get_text(node, "verdict", true, &one->verdict);
	if (!r)
		r = json_get_number(node, "points", true, 0, 1e9, &one->points);
	if (!r)
		r = json_get_bool(node, "extra", &one->extra);
	return r;
}

void points_read(struct point_list *into, const char *criteria)
{
	struct json_document document;
	struct json_node list, root;
	struct err err = {""};
	size_t count = 0;
	auto_free char *text =
		xasprintf("{\"list\": %s}", criteria ? criteria : "[]");

	if (json_document_open(&document, text, strlen(text), "criteria", &err))
		return;
	root = json_document_root(&document);
	if (!json_get_list(&root, "list", true, &list, &count)) {
		into->items = xcalloc(count + 1, sizeof(*into->items));
		for (size_t i = 0; i < count; i++) {
			struct json_node node = json_element(&list, i);

			into->count = i + 1;
			if (read_one(&node, &into->items[i]))
				break;
		}
	}
	json_document_close(&document);
}

const struct points *points_find(const struct point_list *into, const char *id)
{
	for (size_t i = 0; i < into->count; i++)
		if (into->items[i].id && !strcmp(into->items[i].id, id))
			return &into->items[i];
	return NULL;
}
