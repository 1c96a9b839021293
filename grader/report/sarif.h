/* What the two halves of the SARIF writer share. */
#ifndef GRADER_REPORT_SARIF_H
#define GRADER_REPORT_SARIF_H

#include <cjson/cJSON.h>

#include "grader/verdict.h"

/* A result with its message; borrowed. */
cJSON *sarif_add_result(
	cJSON *results, const char *rule, const char *level, const char *text);

/* The place of RESULT; FILE may be NULL: none.  COLUMN 0: unknown. */
void sarif_add_locations(
	cJSON *result, const char *file, long line, long column);

/* A result for each error and warning in gcc's log. */
void sarif_add_compiler(cJSON *results, const struct verdict *verdict);

#endif
