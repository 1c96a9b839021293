/* Building JSON documents; private to the writers of formats. */
#ifndef GRADER_REPORT_JSON_BUILD_H
#define GRADER_REPORT_JSON_BUILD_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "grader/verdict.h"

/* NULL becomes null; malformed UTF-8 and controls become U+FFFD. */
void json_add_text(cJSON *object, const char *key, const char *text);
void json_add_number(cJSON *object, const char *key, double number);
cJSON *json_add_element(cJSON *array); /* an object at its end; borrowed */

/* What a report has under the key "mark"; owned by the caller. */
cJSON *json_of_mark(const struct mark *mark);

/* Appends TEXT, which is JSON, such that no build server takes a line of it for
   a command. */
void json_add_shown(struct buf *out, const char *text);

/*
 * Appends ROOT and a newline, over many lines or on one, and frees it.  No
 * build server takes a line of it for a command.
 */
void json_finish(struct buf *out, cJSON *root);
void json_finish_line(struct buf *out, cJSON *root);

#endif
