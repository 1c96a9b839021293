/*
 * Patterns: named-group regular expressions that give a printed line its
 * meaning.
 *
 * Blanks inside a line are optional, so a pattern is matched against the
 * line with every blank taken out (the ideographic space U+3000 included),
 * and must match it from its first character to its last.  A hostile line
 * cannot make a match run for ever: a match that exceeds its limits counts
 * as no match.
 */
#ifndef GRADER_PATTERN_H
#define GRADER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define PATTERN_VALUES_MAX 8

struct pattern {
	char *kind;   /* observation that it makes: "bought" */
	char *source; /* the expression, as written */
	char *label;  /* what people call it: "购票成功" */
	char *who;    /* display name of its writer, "路人{buyer}", or NULL */
	char *subject; /* group that tells the subjects apart, or NULL */
	const char *names[PATTERN_VALUES_MAX]; /* named groups, in order of
						  their numbers; borrowed */
	size_t name_count;
	unsigned int numbers[PATTERN_VALUES_MAX];
	int arguments[PATTERN_VALUES_MAX]; /* the value has to be the scenario's
					      argument of that number, from 1;
					      0 = it may be anything */
	void *code;                        /* compiled expression */
	void *match;                       /* its scratch memory */
};

/*
 * Compiles SOURCE (copied).  Returns 0, or -EINVAL with the reason in
 * MESSAGE (of SIZE bytes); *PATTERN then is empty.
 */
int pattern_compile(struct pattern *pattern, const char *source, char *message,
	size_t size);
void pattern_release(struct pattern *pattern);

/*
 * Matches STRIPPED (see pattern_strip()).  On true VALUES[i] is the text of
 * the group names[i], owned by the caller ("" for a group that took no
 * part); otherwise VALUES is untouched.
 */
bool pattern_match(const struct pattern *pattern, const char *stripped,
	size_t length, char *values[PATTERN_VALUES_MAX]);

/* Index of the named group, -1 when the pattern has none of that name. */
int pattern_value_index(const struct pattern *pattern, const char *name);

/* Appends LINE without its blanks. */
void pattern_strip(struct buf *out, const char *line);

#endif
