/*
 * cJSON parses, but it forgets where a value stood and accepts more than it
 * should (a byte order mark, a field twice, junk behind the end).  So the
 * text is looked at before and after, and when an error is to be told, its
 * place is found anew (json_place.h).
 */
#include "grader/json_reader.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/message.h"
#include "grader/expression.h"
#include "grader/json_place.h"
#include "grader/json_syntax.h"
#include "grader/suggest.h"

static int line_of_item(
	const struct json_document *document, const cJSON *target)
{
	return json_place_line(
		document->text, document->length, document->root, target);
}

/* Line of FIELD of NODE, of NODE itself if it is NULL or not there. */
static int line_of(const struct json_node *node, const char *field)
{
	const cJSON *target = node->item, *child = NULL;

	if (field && cJSON_IsObject(target))
		child = cJSON_GetObjectItemCaseSensitive(target, field);
	return line_of_item(node->document, child ? child : target);
}

static int count_lines(const char *text, const char *end)
{
	int line = 1;

	for (; text < end; text++)
		line += *text == '\n';
	return line;
}

static void join_path(const struct json_node *node, const char *field,
	char *path, size_t size)
{
	snprintf(path, size, "%.200s%s%.50s", node->path,
		field && node->path[0] ? "." : "", field ? field : "");
}

static int fail_in_line(const struct json_node *node, int line,
	const char *field, const char *what)
{
	const struct json_document *document = node->document;
	char path[300];

	join_path(node, field, path, sizeof(path));
	return err_set(document->err, -EINVAL, "%s:%d: field '%s': %s",
		document->name, line, path[0] ? path : _("(whole file)"), what);
}

int json_fail(const struct json_node *node, const char *field,
	const char *format, ...)
{
	auto_free char *what = NULL;
	va_list args;
	struct buf text = {0};

	va_start(args, format);
	buf_vaddf(&text, translated(format), args);
	va_end(args);
	what = buf_detach(&text);
	return fail_in_line(node, line_of(node, field), field, what);
}

int json_fail_unknown(const struct json_node *node, const char *field,
	const char *what, const char *word, const char *const *candidates,
	size_t count)
{
	const char *near = suggest(word, candidates, count);

	if (near)
		return json_fail(node, field, "%s '%.60s'; did you mean '%s'?",
			translated(what), word, near);
	return json_fail(node, field, "%s '%.60s'", translated(what), word);
}

int json_line(const struct json_node *node, const char *field)
{
	return line_of(node, field);
}

/* Every object below ITEM has each field once. */
static int check_duplicates(const struct json_node *node)
{
	const cJSON *item = node->item, *child;
	size_t index = 0;

	cJSON_ArrayForEach(child, item)
	{
		struct json_node below = {
			.document = node->document, .item = child};
		int length;

		if (cJSON_IsArray(item))
			length = snprintf(below.path, sizeof(below.path),
				"%s[%zu]", node->path, index++);
		else
			length = snprintf(below.path, sizeof(below.path),
				"%s%s%s", node->path, node->path[0] ? "." : "",
				child->string);
		if (length >= (int)sizeof(below.path) - 60)
			return json_fail(node, NULL,
				"nested too deeply, or too long a name");
		if (cJSON_IsObject(item))
			for (const cJSON *later = child->next; later;
				later = later->next)
				if (!strcmp(later->string, child->string))
					return fail_in_line(node,
						line_of_item(
							node->document, later),
						later->string, "given twice");
		if (check_duplicates(&below) != 0)
			return -EINVAL;
	}
	return 0;
}

static int check_bytes(const struct json_document *document)
{
	const char *text = document->text;
	struct buf clean = {0};
	size_t i = 0, j = 0;

	if (document->length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		return err_set(document->err, -EINVAL,
			"%s:1: byte order mark: save the file as UTF-8 "
			"without one",
			document->name);
	buf_add_clean(&clean, text, document->length);
	/* a carriage return is white space in JSON, though not clean */
	for (; i < document->length; i++) {
		if (text[i] == '\r')
			j += strlen("\xef\xbf\xbd");
		else if (j < clean.length && clean.data[j] == text[i])
			j++;
		else
			break;
	}
	buf_release(&clean);
	if (i < document->length)
		return err_set(document->err, -EINVAL,
			"%s:%d: not valid UTF-8, or a control character",
			document->name, count_lines(text, text + i));
	return 0;
}

/* What stands at a mistake: the rest of its line, but not all of it. */
static int snippet_length(const char *text, size_t length)
{
	size_t end = 0;

	while (end < length && end < 24 && !strchr("\r\n", text[end]))
		end++;
	/* whole characters only */
	while (end > 0 && end < length && (text[end] & 0xc0) == 0x80)
		end--;
	return (int)end;
}

int json_document_open_strict(struct json_document *document, const char *text,
	size_t length, const char *name, struct err *err)
{
	const struct json_document made = {
		.text = text, .length = length, .name = name, .err = err};
	struct json_mistake mistake;
	const char *at;

	if (check_bytes(&made) != 0)
		return -EINVAL;
	mistake = json_syntax(text, length);
	if (!mistake.what)
		return json_document_open(document, text, length, name, err);
	at = text + mistake.at;
	if (snippet_length(at, length - mistake.at) == 0)
		return err_set(err, -EINVAL, "%s:%d: not valid JSON: %s", name,
			count_lines(text, at), translated(mistake.what));
	return err_set(err, -EINVAL, "%s:%d: not valid JSON: %s at '%.*s'",
		name, count_lines(text, at), translated(mistake.what),
		snippet_length(at, length - mistake.at), at);
}

int json_document_open(struct json_document *document, const char *text,
	size_t length, const char *name, struct err *err)
{
	struct json_document made = {
		.text = text, .length = length, .name = name, .err = err};
	const char *stop = NULL;
	struct json_node root;

	if (check_bytes(&made) != 0)
		return -EINVAL;
	made.root = cJSON_ParseWithLengthOpts(text, length, &stop, false);
	if (!made.root)
		return err_set(err, -EINVAL, "%s:%d: not valid JSON", name,
			count_lines(text, stop ? stop : text));
	while (stop < text + length && strchr(" \t\r\n", *stop) && *stop)
		stop++;
	if (stop != text + length) {
		cJSON_Delete(made.root);
		return err_set(err, -EINVAL,
			"%s:%d: something stands behind the end", name,
			count_lines(text, stop));
	}
	root = json_document_root(&made);
	if (check_duplicates(&root) != 0) {
		cJSON_Delete(made.root);
		return -EINVAL;
	}
	*document = made;
	return 0;
}

void json_document_close(struct json_document *document)
{
	cJSON_Delete(document->root);
	memset(document, 0, sizeof(*document));
}

struct json_node json_document_root(const struct json_document *document)
{
	return (struct json_node){.document = document, .item = document->root};
}

static int fail_unknown_field(const struct json_node *node, const char *field,
	const char *const *allowed)
{
	struct buf all = {0};
	size_t count = 0;
	const char *near;
	int error;

	for (; allowed[count]; count++)
		buf_addf(&all, "%s%s", count ? ", " : "", allowed[count]);
	near = suggest(field, allowed, count);
	error = near ? json_fail(node, field,
			       "unknown field; did you mean '%s'?", near)
		     : json_fail(node, field, "unknown field; there are %s",
			       buf_text(&all));
	buf_release(&all);
	return error;
}

int json_check_fields(const struct json_node *node, const char *const *allowed)
{
	const cJSON *child;

	if (!cJSON_IsObject((const cJSON *)node->item))
		return json_fail(node, NULL, "an object expected");
	cJSON_ArrayForEach(child, (const cJSON *)node->item)
	{
		size_t i = 0;

		while (allowed[i] && strcmp(allowed[i], child->string) != 0)
			i++;
		if (!allowed[i])
			return fail_unknown_field(node, child->string, allowed);
	}
	return 0;
}

bool json_child(const struct json_node *node, const char *field,
	struct json_node *child)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(node->item, field);
	char path[300];

	if (!item)
		return false;
	join_path(node, field, path, sizeof(path));
	child->document = node->document;
	child->item = item;
	snprintf(child->path, sizeof(child->path), "%.255s", path);
	return true;
}

/* The field's item; NULL when absent, with *ERROR set if it is required. */
static const cJSON *find(const struct json_node *node, const char *field,
	bool required, int *error)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(node->item, field);

	*error = 0;
	if (!item && required)
		*error = json_fail(node, field, "missing");
	return item;
}

int json_get_text(const struct json_node *node, const char *field,
	bool required, char **out)
{
	int error;
	const cJSON *item = find(node, field, required, &error);

	if (!item)
		return error;
	if (!cJSON_IsString(item))
		return json_fail(node, field, "a text expected");
	if (!item->valuestring[0])
		return json_fail(node, field, "is empty");
	free(*out);
	*out = xstrdup(item->valuestring);
	return 0;
}

int json_get_number(const struct json_node *node, const char *field,
	bool required, double low, double high, double *out)
{
	int error;
	const cJSON *item = find(node, field, required, &error);

	if (!item)
		return error;
	if (!cJSON_IsNumber(item))
		return json_fail(node, field, "a number expected");
	if (!(item->valuedouble >= low && item->valuedouble <= high))
		return json_fail(node, field, "%g is not between %g and %g",
			item->valuedouble, low, high);
	*out = item->valuedouble;
	return 0;
}

int json_get_whole(const struct json_node *node, const char *field,
	bool required, int64_t low, int64_t high, int64_t *out)
{
	double number = 0;
	int error;

	if (!find(node, field, required, &error))
		return error;
	if (json_get_number(node, field, required, (double)low, (double)high,
		    &number) != 0)
		return -EINVAL;
	if (number < floor(number) || number > floor(number))
		return json_fail(node, field, "a whole number expected");
	*out = (int64_t)number;
	return 0;
}

int json_get_bool(const struct json_node *node, const char *field, bool *out)
{
	int error;
	const cJSON *item = find(node, field, false, &error);

	if (!item)
		return 0;
	if (!cJSON_IsBool(item))
		return json_fail(node, field, "true or false expected");
	*out = cJSON_IsTrue(item);
	return 0;
}

int json_get_bilingual(const struct json_node *node, const char *field,
	bool required, struct bilingual *out)
{
	static const char *const languages[] = {"zh", "en", NULL};
	struct json_node both;
	int error;

	if (!find(node, field, required, &error))
		return error;
	if (!json_child(node, field, &both))
		return -EINVAL;
	if (json_check_fields(&both, languages) != 0 ||
		json_get_text(&both, "zh", true, &out->zh) != 0 ||
		json_get_text(&both, "en", true, &out->en) != 0)
		return -EINVAL;
	return 0;
}

int json_get_texts(const struct json_node *node, const char *field,
	bool required, char ***out, size_t *count)
{
	struct json_node list;
	size_t length = 0;
	char **texts;
	int error = json_get_list(node, field, required, &list, &length);

	if (error != 0)
		return error;
	if (!json_child(node, field, &list))
		return 0;
	for (size_t i = 0; i < length; i++) {
		struct json_node element = json_element(&list, i);

		if (!json_is_text(&element))
			return json_fail(&element, NULL, "a text expected");
	}
	texts = xcalloc(length + 1, sizeof(*texts));
	for (size_t i = 0; i < length; i++) {
		struct json_node element = json_element(&list, i);

		texts[i] = xstrdup(json_text(&element));
	}
	*out = texts;
	*count = length;
	return 0;
}

/* As an expression would have it: without an exponent. */
static int take_number(const struct json_node *node, const char *field,
	double number, char **out)
{
	if (!(number >= -EXPRESSION_MAX && number <= EXPRESSION_MAX))
		return json_fail(node, field, "too great a number");
	free(*out);
	*out = xasprintf("%.10g", number);
	if (strchr(*out, 'e')) {
		free(*out);
		*out = xasprintf("%.9f", number);
	}
	return 0;
}

int json_get_expression(const struct json_node *node, const char *field,
	bool required, char **out)
{
	int error;
	const cJSON *item = find(node, field, required, &error);

	if (!item)
		return error;
	if (cJSON_IsNumber(item))
		return take_number(node, field, item->valuedouble, out);
	if (!cJSON_IsString(item))
		return json_fail(
			node, field, "a number or an expression expected");
	return json_get_text(node, field, required, out);
}

int json_get_list(const struct json_node *node, const char *field,
	bool required, struct json_node *list, size_t *count)
{
	int error;
	const cJSON *item = find(node, field, required, &error);

	*count = 0;
	if (!item)
		return error;
	if (!cJSON_IsArray(item))
		return json_fail(node, field, "a list expected");
	json_child(node, field, list);
	*count = (size_t)cJSON_GetArraySize(item);
	return 0;
}

struct json_node json_element(const struct json_node *list, size_t index)
{
	struct json_node element = {
		.document = list->document,
		.item = cJSON_GetArrayItem(list->item, (int)index),
	};

	snprintf(element.path, sizeof(element.path), "%.230s[%zu]", list->path,
		index);
	return element;
}

size_t json_field_count(const struct json_node *node)
{
	return (size_t)cJSON_GetArraySize(node->item);
}

const char *json_field_name(const struct json_node *node, size_t index)
{
	return cJSON_GetArrayItem(node->item, (int)index)->string;
}

bool json_is_object(const struct json_node *node)
{
	return cJSON_IsObject((const cJSON *)node->item);
}

bool json_is_list(const struct json_node *node)
{
	return cJSON_IsArray((const cJSON *)node->item);
}

bool json_is_text(const struct json_node *node)
{
	return cJSON_IsString((const cJSON *)node->item);
}

const char *json_text(const struct json_node *node)
{
	return ((const cJSON *)node->item)->valuestring;
}

char *json_print(const struct json_node *node)
{
	char *printed = cJSON_PrintUnformatted(node->item);
	char *copy = xstrdup(printed ? printed : "");

	cJSON_free(printed);
	return copy;
}

void text_list_free(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}
