/* cJSON would emit malformed UTF-8 unchanged, so texts are cleaned first. */
#include "grader/report/json_build.h"

#include <assert.h>
#include <string.h>

#include "grader/shown.h"

void json_add_text(cJSON *object, const char *key, const char *text)
{
	struct buf clean = {0};

	if (!text) {
		cJSON_AddNullToObject(object, key);
		return;
	}
	buf_add_clean(&clean, text, strlen(text));
	cJSON_AddStringToObject(object, key, buf_text(&clean));
	buf_release(&clean);
}

void json_add_number(cJSON *object, const char *key, double number)
{
	cJSON_AddNumberToObject(object, key, number);
}

cJSON *json_add_element(cJSON *array)
{
	cJSON *element = cJSON_CreateObject();

	assert(element);
	cJSON_AddItemToArray(array, element);
	return element;
}

cJSON *json_of_mark(const struct mark *mark)
{
	cJSON *object = cJSON_CreateObject();

	json_add_number(object, "points", mark->points);
	json_add_text(object, "comment", mark->comment);
	json_add_text(object, "by", mark->by);
	json_add_text(object, "given", mark->given);
	json_add_text(object, "of", mark->of);
	cJSON_AddBoolToObject(object, "counts", mark->counts);
	return object;
}

void json_add_shown(struct buf *out, const char *text)
{
	for (const char *at = text; *at; at++)
		if (shown_is_command(at))
			buf_adds(out, "\\u0023");
		else
			buf_addc(out, *at);
}

static void finish(struct buf *out, cJSON *root, char *text)
{
	assert(text);
	json_add_shown(out, text);
	buf_addc(out, '\n');
	cJSON_free(text);
	cJSON_Delete(root);
}

void json_finish(struct buf *out, cJSON *root)
{
	finish(out, root, cJSON_Print(root));
}

void json_finish_line(struct buf *out, cJSON *root)
{
	finish(out, root, cJSON_PrintUnformatted(root));
}
