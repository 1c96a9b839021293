/*
 * A full name may contain underscores and digits, so Moodle's is split at the
 * last mark, and Canvas's at the first two numbers behind which a name still
 * follows.
 */
#include "grader/batch/platform_name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define MOODLE_MARK "_assignsubmission_"

void platform_name_release(struct platform_name *name)
{
	free(name->student);
	free(name->id);
	free(name->file);
	*name = (struct platform_name){0};
}

/* The last MARK in TEXT with "_<digits>" in front; NULL if none. */
static const char *last_mark(const char *text, const char **number)
{
	const char *found = NULL;

	for (const char *at = text; (at = strstr(at, MOODLE_MARK)); at++) {
		const char *digits = at;

		while (digits > text && isdigit((unsigned char)digits[-1]))
			digits--;
		if (digits == at || digits == text || digits[-1] != '_')
			continue;
		found = at;
		*number = digits;
	}
	return found;
}

bool moodle_name(struct platform_name *out, const char *name)
{
	const char *number = NULL, *mark = last_mark(name, &number), *rest;

	*out = (struct platform_name){0};
	if (!mark || number - 1 == name)
		return false;
	rest = mark + strlen(MOODLE_MARK);
	if (strncmp(rest, "file", 4) != 0 || (rest[4] && rest[4] != '_'))
		return false;
	out->student = xstrndup(name, (size_t)(number - 1 - name));
	out->id = xstrndup(number, (size_t)(mark - number));
	if (rest[4] && rest[5])
		out->file = xstrdup(rest + 5);
	return true;
}

/* "_<digits>" at AT: where it ends; NULL when there is none. */
static const char *skip_number(const char *at)
{
	const char *end;

	if (*at != '_' || !isdigit((unsigned char)at[1]))
		return NULL;
	for (end = at + 1; isdigit((unsigned char)*end); end++)
		;
	return end;
}

bool canvas_name(struct platform_name *out, const char *name)
{
	static const char late[] = "_LATE";
	const size_t late_length = sizeof(late) - 1;

	*out = (struct platform_name){0};
	for (const char *at = name + 1; *name && *at; at++) {
		const char *first = skip_number(at);
		const char *second = first ? skip_number(first) : NULL;
		size_t length = (size_t)(at - name);

		if (!second || *second != '_' || !second[1])
			continue;
		out->late = length > late_length &&
			    !memcmp(at - late_length, late, late_length);
		out->student =
			xstrndup(name, length - (out->late ? late_length : 0));
		out->id = xstrndup(at + 1, (size_t)(first - at - 1));
		out->file = xstrdup(second + 1);
		return true;
	}
	return false;
}
