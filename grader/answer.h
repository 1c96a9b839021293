/*
 * The answer in words, ANSWER.md beside the code: carried into the report for
 * a person to mark.  It is never compiled and never changes what the program
 * gets; nor does one that cannot be read, which counts as none, with the
 * reason.
 */
#ifndef GRADER_ANSWER_H
#define GRADER_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "grader/verdict.h"

#define ANSWER_NAME "ANSWER.md"
#define ANSWER_MAX (64u << 10) /* bytes */

struct answer {
	struct written_answer written; /* its text is NULL: there is none */
	struct bilingual trouble;      /* why a file is no answer, without the
					  full stop; or empty */
};

/* ANSWER.md, in letters of any case. */
bool answer_is_name(const char *name);

/* Was there a file for it, good or bad? */
bool answer_is_there(const struct answer *answer);

/*
 * Takes LENGTH bytes of DATA, the whole file NAME, into an empty answer: as
 * its text or as trouble.  The hash is that of the bytes; the text is without
 * byte order mark and carriage returns, controls become U+FFFD.
 */
void answer_take(struct answer *answer, const char *name, const char *data,
	size_t length);

/* The file NAME is larger than ANSWER_MAX. */
void answer_take_large(struct answer *answer, const char *name);

/*
 * Reads the file NAME, of any type, behind the O_PATH descriptor PATH_FD.
 * Returns 0, or a negative errno when the grader may not read it.
 */
int answer_read(
	struct answer *answer, int path_fd, const char *name, struct err *err);

/*
 * Gives the answer to each criterion of VERDICT that is judged from one: it
 * waits for a person, or fails when there is none, with a finding that says
 * so.  The caller settles the verdict.
 */
void answer_attach(const struct answer *answer, struct verdict *verdict);

void answer_release(struct answer *answer);

#endif
