/* Where a value stood in the text from which cJSON made it. */
#ifndef GRADER_JSON_PLACE_H
#define GRADER_JSON_PLACE_H

#include <stddef.h>

/*
 * The line, from 1, at which TARGET begins: with its name, when it is a field.
 * TEXT parsed, and ROOT is the tree of it; TARGET is an item of the tree.
 */
int json_place_line(
	const char *text, size_t length, const void *root, const void *target);

/*
 * The bytes of TARGET in TEXT, without its name when it is a field: from *START
 * up to and without *END.
 */
void json_place_value(const char *text, size_t length, const void *root,
	const void *target, size_t *start, size_t *end);

#endif
