/*
 * The text is walked again along with the tree: errors and changes are rare,
 * and a file that parsed is easy to walk.
 */
#include "grader/json_place.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <string.h>

/* Walking the text of a document that parsed. */
struct walker {
	const char *at, *end;
	int line;
};

static void walk_blanks(struct walker *walker)
{
	while (walker->at < walker->end && strchr(" \t\r\n", *walker->at)) {
		if (*walker->at == '\n')
			walker->line++;
		walker->at++;
	}
}

static void walk_string(struct walker *walker)
{
	walker->at++;
	while (walker->at < walker->end && *walker->at != '"') {
		if (*walker->at == '\\')
			walker->at++;
		else if (*walker->at == '\n')
			walker->line++;
		walker->at++;
	}
	walker->at++;
}

static bool walk_to(
	struct walker *walker, const cJSON *item, const cJSON *target);

/* The list or object at which the walker stands. */
static bool walk_children(
	struct walker *walker, const cJSON *item, const cJSON *target)
{
	const cJSON *child;

	walker->at++;
	cJSON_ArrayForEach(child, item)
	{
		walk_blanks(walker);
		if (cJSON_IsObject(item)) {
			walk_string(walker);
			if (child == target)
				return true; /* its name stands first */
			walk_blanks(walker);
			walker->at++; /* the colon */
		}
		if (walk_to(walker, child, target))
			return true;
		walk_blanks(walker);
		if (child->next)
			walker->at++; /* the comma */
	}
	walk_blanks(walker);
	walker->at++;
	return false;
}

/*
 * Walks over the text of ITEM, but no further than to TARGET: true when it is
 * there.  The tree is in the order of the text, so both are walked together;
 * a path of names would not do, as a name may hold dots and brackets.
 */
static bool walk_to(
	struct walker *walker, const cJSON *item, const cJSON *target)
{
	walk_blanks(walker);
	if (item == target)
		return true;
	if (cJSON_IsArray(item) || cJSON_IsObject(item))
		return walk_children(walker, item, target);
	if (cJSON_IsString(item)) {
		walk_string(walker);
		return false;
	}
	while (walker->at < walker->end && !strchr(",]} \t\r\n", *walker->at))
		walker->at++;
	return false;
}

int json_place_line(
	const char *text, size_t length, const void *root, const void *target)
{
	struct walker walker = {.at = text, .end = text + length, .line = 1};

	walk_to(&walker, root, target);
	return walker.line;
}

void json_place_value(const char *text, size_t length, const void *root,
	const void *target, size_t *start, size_t *end)
{
	struct walker walker = {.at = text, .end = text + length, .line = 1};
	const cJSON *item = target;

	walk_to(&walker, root, target);
	walk_blanks(&walker);
	if (item->string) {
		walker.at++; /* the colon */
		walk_blanks(&walker);
	}
	*start = (size_t)(walker.at - text);
	walk_to(&walker, item, NULL);
	*end = (size_t)(walker.at - text);
}
