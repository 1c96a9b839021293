/*
 * The reports that a command was asked for: --format NAME[=FILE], several at
 * once, and who they are for.
 */
#ifndef GRADER_OUTPUTS_H
#define GRADER_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "grader/report/format.h"

struct output {
	const struct report_format *format;
	const char *path; /* borrowed; NULL: standard output */
};

/* All zeroes: the text on standard output. */
struct outputs {
	struct output *items;
	size_t count;
	bool quiet;          /* nothing on standard output unless asked for */
	bool audience_given; /* else each format's own */
	enum audience audience;
};

/*
 * Takes TEXT, "junit" or "junit=out.xml", which lives as long as OUTPUTS.
 * -EINVAL with what is wrong: no such format, two on standard output.
 */
int outputs_add(struct outputs *outputs, const char *text, struct err *err);

/* The same for one format by name, such as "json". */
int outputs_add_to(struct outputs *outputs, const char *name, const char *path,
	struct err *err);

/* The names of all formats, for messages: "text, json, junit"; owned. */
char *outputs_names(void);

/* Whether all files could be written; 0 or a negative errno. */
int outputs_try(const struct outputs *outputs, struct err *err);

/*
 * Writes them all; VERDICT is redacted before those for students.  TERMINAL is
 * how the text on standard output looks.  0 or a negative errno: what could be
 * written was.
 */
int outputs_write(const struct outputs *outputs, struct verdict *verdict,
	const struct report_style *terminal, struct err *err);

void outputs_release(struct outputs *outputs);

#endif
