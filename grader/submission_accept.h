/*
 * What is accepted of a submission, whoever read it: a folder, one file or an
 * archive.  For grader/submission*.c only.
 *
 * A function that can refuse returns 0, or 1 when SUBMISSION's refusal is set.
 */
#ifndef GRADER_SUBMISSION_ACCEPT_H
#define GRADER_SUBMISSION_ACCEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "grader/submission.h"

enum submission_form { SUBMISSION_FILE, SUBMISSION_FOLDER, SUBMISSION_ARCHIVE };

/* NAME as it may be printed; owned by the caller. */
char *submission_shown(const char *name);

/*
 * The last name of PATH, borrowed: where on the grader's machine a submission
 * is, is nothing to tell its author.
 */
const char *submission_base(const char *path);

bool submission_is_c_file(const char *name);
/* [A-Za-z0-9_-]+\.[ch], and short enough for any file system. */
bool submission_is_safe_name(const char *name);

/* Take both texts.  Always 1: "settled, and not by an error". */
int submission_refuse(struct submission *submission, char *zh, char *en);
int submission_refuse_name(struct submission *submission, const char *name);
int submission_refuse_type(
	struct submission *submission, const char *name, mode_t mode);
int submission_refuse_size(
	struct submission *submission, const char *name, size_t limit);

void submission_note(
	struct submission *submission, const char *kind, char *zh, char *en);
void submission_note_ignored(struct submission *submission,
	const char *const *ignored, size_t count);

/*
 * The name under which the only source, a .c file called NAME, is compiled:
 * NAME itself (borrowed), or another (static) and a note.
 */
const char *submission_lone_name(
	struct submission *submission, const char *name);

/* A source called NAME, kept as STORED: empties DATA. */
int submission_take(struct submission *submission, const char *name,
	const char *stored, struct buf *data);

/* Refuses a submission without code. */
int submission_check_content(
	struct submission *submission, enum submission_form form);

char *submission_hash(const struct submission *submission); /* owned */

#endif
