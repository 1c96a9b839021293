/*
 * The names under which course platforms hand out submissions.  Pure.
 *
 * Moodle, "Download all submissions":
 *	<full name>_<participant id>_assignsubmission_file[_]/...
 *	<full name>_<participant id>_assignsubmission_file_<name of a file>
 * where the full name is "Participant" when marking is blind.
 * Canvas, "Download Submissions":
 *	<sortable name>[_LATE]_<user id>_<file id>_<name of the file>
 * where the name is "anon" when grading is anonymous, and the first number
 * then the anonymous id.
 */
#ifndef GRADER_BATCH_PLATFORM_NAME_H
#define GRADER_BATCH_PLATFORM_NAME_H

#include <stdbool.h>

/* All owned; all zeroes is an empty one. */
struct platform_name {
	char *student; /* for people */
	char *id;      /* the platform's number */
	char *file;    /* as the student called it; NULL: a folder of files */
	bool late;
};

/* Parses NAME; false, and *OUT empty, when it is not of that form. */
bool moodle_name(struct platform_name *out, const char *name);
bool canvas_name(struct platform_name *out, const char *name);

void platform_name_release(struct platform_name *name);

#endif
