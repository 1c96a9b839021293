/*
 * PCRE2 does the matching; this is the one file that includes it.  The
 * expression is anchored at both ends and compiled as UTF-8.  Output events
 * are valid UTF-8 already (the trace made them so), yet PCRE2 checks again:
 * it costs little, and a bad byte then means "no match".
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "grader/pattern.h"

#include <errno.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/message.h"

#define MATCH_LIMIT 100000
#define DEPTH_LIMIT 1000

/* Borrows the names of the groups, in the order of their numbers. */
static int collect_names(struct pattern *pattern, char *message, size_t size)
{
	uint32_t count = 0, entry_size = 0;
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &count);
	if (count > PATTERN_VALUES_MAX) {
		snprintf(message, size, _("more than %d named groups"),
			PATTERN_VALUES_MAX);
		return -EINVAL;
	}
	if (count == 0)
		return 0;
	pcre2_pattern_info(
		pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
	for (uint32_t i = 0; i < count; i++) {
		PCRE2_SPTR entry = table + (size_t)i * entry_size;

		pattern->numbers[i] = (unsigned int)(entry[0] << 8 | entry[1]);
		pattern->names[i] = (const char *)entry + 2;
	}
	pattern->name_count = count;
	return 0;
}

int pattern_compile(
	struct pattern *pattern, const char *source, char *message, size_t size)
{
	pcre2_match_context *context;
	PCRE2_SIZE offset = 0;
	int code = 0;

	memset(pattern, 0, sizeof(*pattern));
	pattern->code = pcre2_compile((PCRE2_SPTR)source, PCRE2_ZERO_TERMINATED,
		PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED |
			PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
		&code, &offset, NULL);
	if (!pattern->code) {
		PCRE2_UCHAR why[160] = "";

		pcre2_get_error_message(code, why, sizeof(why));
		snprintf(message, size, _("bad pattern at character %zu: %s"),
			(size_t)offset, (const char *)why);
		return -EINVAL;
	}
	pattern->source = xstrdup(source);
	context = pcre2_match_context_create(NULL);
	if (context) {
		pcre2_set_match_limit(context, MATCH_LIMIT);
		pcre2_set_depth_limit(context, DEPTH_LIMIT);
	}
	pattern->match = context;
	if (collect_names(pattern, message, size) != 0) {
		pattern_release(pattern);
		return -EINVAL;
	}
	return 0;
}

void pattern_release(struct pattern *pattern)
{
	if (pattern->match)
		pcre2_match_context_free(pattern->match);
	if (pattern->code)
		pcre2_code_free(pattern->code);
	free(pattern->kind);
	free(pattern->source);
	free(pattern->label);
	free(pattern->who);
	free(pattern->subject);
	memset(pattern, 0, sizeof(*pattern));
}

bool pattern_match(const struct pattern *pattern, const char *stripped,
	size_t length, char *values[PATTERN_VALUES_MAX])
{
	pcre2_match_data *data;
	PCRE2_SIZE *places;
	int count;

	data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
	if (!data)
		return false;
	count = pcre2_match(pattern->code, (PCRE2_SPTR)stripped, length, 0, 0,
		data, pattern->match);
	if (count <= 0) {
		pcre2_match_data_free(data);
		return false;
	}
	places = pcre2_get_ovector_pointer(data);
	for (size_t i = 0; i < pattern->name_count; i++) {
		unsigned int n = pattern->numbers[i];

		if (n >= (unsigned int)count || places[2 * n] == PCRE2_UNSET)
			values[i] = xstrdup("");
		else
			values[i] = xstrndup(stripped + places[2 * n],
				places[2 * n + 1] - places[2 * n]);
	}
	pcre2_match_data_free(data);
	return true;
}

int pattern_value_index(const struct pattern *pattern, const char *name)
{
	for (size_t i = 0; i < pattern->name_count; i++)
		if (!strcmp(pattern->names[i], name))
			return (int)i;
	return -1;
}

/* Length of the blank at TEXT in bytes, 0 when it is none. */
static size_t blank_length(const char *text)
{
	static const char *const wide[] = {
		"\xc2\xa0",     /* no-break space */
		"\xe3\x80\x80", /* ideographic space */
		"\xe2\x80\x89", /* thin space */
		"\xe2\x80\xaf", /* narrow no-break space */
		"\xe2\x80\x8b", /* zero width space */
		"\xef\xbb\xbf", /* zero width no-break space */
	};

	if (strchr(" \t\r\v\f", *text))
		return *text ? 1 : 0;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (!strncmp(text, wide[i], strlen(wide[i])))
			return strlen(wide[i]);
	return 0;
}

void pattern_strip(struct buf *out, const char *line)
{
	while (*line) {
		size_t blank = blank_length(line);

		if (blank)
			line += blank;
		else
			buf_addc(out, *line++);
	}
}
