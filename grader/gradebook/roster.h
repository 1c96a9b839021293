/*
 * Who is in a class, by a table: a list of students, a grading worksheet of
 * Moodle or a gradebook of Canvas.  Pure.
 *
 * Columns are found by their headings, in Chinese or English: an id, and if it
 * is there a name, an e-mail address, a section, and other names under which a
 * student may have handed in.
 */
#ifndef GRADER_GRADEBOOK_ROSTER_H
#define GRADER_GRADEBOOK_ROSTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Why a submission is nobody's for sure. */
#define ROSTER_STRANGER "not-in-roster"
#define ROSTER_SECOND "second-submission" /* of a student who has another */

struct roster_row {
	char *id;
	char *name;    /* the id when the table has none */
	char *section; /* NULL: none */
};

/* Another name of a row, for who looks for it. */
struct roster_key {
	char *text;
	size_t row;
	enum roster_strength {
		ROSTER_ID,
		ROSTER_ALIAS, /* a login, an e-mail address */
		ROSTER_NAME
	} strength;
};

/* All zeroes is an empty one. */
struct roster {
	struct roster_row *rows;
	size_t count, capacity;
	struct roster_key *keys; /* sorted */
	size_t key_count, key_capacity;
	bool sections; /* the table has a column of them */
};

#define ROSTER_NONE ((size_t)-1)

/*
 * Parses TEXT; NAME is for messages.  0, or -EINVAL when there is no column of
 * ids, or one id twice.  The caller releases it.
 */
int roster_read(struct roster *roster, const char *text, size_t length,
	const char *name, struct err *err);
void roster_release(struct roster *roster);

/* The row whose id is ID; ROSTER_NONE when there is none. */
size_t roster_find_id(const struct roster *roster, const char *id);

/*
 * The one row that a submission called ID, of who is called NAME, can be of: by
 * another name of the row, by a number of ID that is a row's id ("2021001-x"),
 * or by NAME, as far as only one row has it.  ROSTER_NONE otherwise.
 */
size_t roster_find(
	const struct roster *roster, const char *id, const char *name);

#endif
