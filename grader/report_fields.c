/* How it works: json_reader.h, with the error kept beside the node. */
#include "grader/report_fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct fields fields_of(const struct json_node *node)
{
	struct fields fields = {.node = *node};

	if (!json_is_object(node))
		fields.error = json_fail(node, NULL, "an object expected");
	return fields;
}

static bool is_null(const struct json_node *node)
{
	auto_free char *printed = json_print(node);

	return !strcmp(printed, "null");
}

char *field_text(struct fields *fields, const char *name)
{
	struct json_node child;

	if (fields->error || !json_child(&fields->node, name, &child))
		return NULL;
	if (json_is_text(&child))
		return xstrdup(json_text(&child));
	if (!is_null(&child))
		fields->error = json_fail(
			&fields->node, name, "a text or null expected");
	return NULL;
}

char *field_needed(struct fields *fields, const char *name)
{
	struct json_node child;

	if (fields->error)
		return NULL;
	if (json_child(&fields->node, name, &child) && json_is_text(&child))
		return xstrdup(json_text(&child));
	fields->error = json_fail(&fields->node, name, "a text expected");
	return NULL;
}

char *field_hash(struct fields *fields, const char *name)
{
	char *text = field_needed(fields, name);

	if (text &&
		(strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64))
		fields->error = json_fail(
			&fields->node, name, "64 hex digits expected");
	return text;
}

void field_expect(struct fields *fields, const char *name)
{
	struct json_node child;

	if (!fields->error && !json_child(&fields->node, name, &child))
		fields->error = json_fail(&fields->node, name, "missing");
}

struct bilingual field_both(struct fields *fields, const char *name)
{
	struct bilingual both = {NULL, NULL};
	struct json_node child;
	struct fields inner;

	if (fields->error)
		return both;
	if (!json_child(&fields->node, name, &child)) {
		fields->error = json_fail(&fields->node, name, "missing");
		return both;
	}
	inner = fields_of(&child);
	both.zh = field_needed(&inner, "zh");
	both.en = field_needed(&inner, "en");
	fields->error = inner.error;
	return both;
}

int64_t field_whole(struct fields *fields, const char *name, int64_t low,
	int64_t high, int64_t fallback)
{
	if (!fields->error)
		fields->error = json_get_whole(
			&fields->node, name, false, low, high, &fallback);
	return fallback;
}

double field_number(struct fields *fields, const char *name, double high)
{
	double number = 0;

	if (!fields->error)
		fields->error = json_get_number(
			&fields->node, name, true, 0, high, &number);
	return number;
}

bool field_bool(struct fields *fields, const char *name)
{
	bool value = false;

	if (!fields->error)
		fields->error = json_get_bool(&fields->node, name, &value);
	return value;
}

uint64_t field_seed(struct fields *fields, const char *name)
{
	auto_free char *text = field_needed(fields, name);
	char *end;
	uint64_t seed;

	if (!text)
		return 0;
	errno = 0;
	seed = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno)
		fields->error = json_fail(&fields->node, name,
			"'%.40s' is not a whole number below 2^64", text);
	return seed;
}

size_t field_list(
	struct fields *fields, const char *name, struct json_node *list)
{
	size_t count = 0;

	if (!fields->error)
		fields->error =
			json_get_list(&fields->node, name, false, list, &count);
	return fields->error ? 0 : count;
}

bool field_object(struct fields *fields, const char *name, struct fields *inner)
{
	struct json_node child;

	if (fields->error || !json_child(&fields->node, name, &child) ||
		is_null(&child))
		return false;
	if (json_is_object(&child)) {
		*inner = fields_of(&child);
		return true;
	}
	fields->error =
		json_fail(&fields->node, name, "an object or null expected");
	return false;
}
