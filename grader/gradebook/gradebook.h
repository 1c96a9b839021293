/*
 * Grades of a class entered into the table of a course platform: a Moodle
 * grading worksheet or a Canvas gradebook, as downloaded.  Pure.
 *
 * Nothing but the grade (and Moodle's feedback) of students who were graded
 * changes; who is excused in Canvas ("EX") stays so.
 */
#ifndef GRADER_GRADEBOOK_GRADEBOOK_H
#define GRADER_GRADEBOOK_GRADEBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "grader/gradebook/sheet.h"

struct gradebook_grade {
	double points;
	char *comment; /* owned; NULL: none */
};

struct gradebook_options {
	const char *column;   /* heading of the grade; NULL: found */
	const char *feedback; /* heading of the feedback; NULL: found */
	/* False when there is no grade for ID, the platform's number. */
	bool (*grade)(
		void *context, const char *id, struct gradebook_grade *grade);
	void *context;
};

struct gradebook_counts {
	size_t filled, without; /* rows with a grade, and without */
	size_t excused;
};

/*
 * Enters the grades into TABLE, called NAME.  0, or -EINVAL when a column is
 * missing or could be several.
 */
int gradebook_fill(struct sheet *sheet, const char *name,
	const struct gradebook_options *options,
	struct gradebook_counts *counts, struct err *err);

enum gradebook_kind { GRADEBOOK_OTHER, GRADEBOOK_MOODLE, GRADEBOOK_CANVAS };

/* What SHEET is, and the column that tells whose a row is unless it is OTHER:
 * there it is (size_t)-1. */
enum gradebook_kind gradebook_kind(const struct sheet *sheet, size_t *column);

/* "Participant 123" -> "123", in VALUE; NULL when it has no number behind. */
const char *gradebook_number(const char *value);

#endif
