/*
 * What a folder of submissions holds: who handed in what, and where it is.
 * Nothing is read here but the names in folders.
 */
#ifndef GRADER_BATCH_INTAKE_H
#define GRADER_BATCH_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum intake_kind {
	INTAKE_FOLDER,    /* a folder or file a student */
	INTAKE_MOODLE,    /* an unpacked Moodle download */
	INTAKE_CANVAS,    /* an unpacked Canvas download */
	INTAKE_CLASSROOM, /* clones of GitHub Classroom */
};
const char *intake_kind_name(enum intake_kind kind); /* static: "moodle" */

struct intake_file {
	char *path;
	char *name; /* as the student called it */
};

struct intake_student {
	char *id;   /* unique among all; valid UTF-8 */
	char *name; /* for people; the id when nothing else is known */
	bool late;  /* the platform says so */
	/* one folder or file, or the files of a platform that has no folders */
	struct intake_file *files;
	size_t file_count, file_capacity;
	size_t order; /* in which it was found */
	/* by a roster */
	char *section;       /* NULL: none */
	const char *concern; /* one of roster.h, static; NULL: none */
};

/* All zeroes is an empty one. */
struct intake {
	enum intake_kind kind;
	struct intake_student *students; /* by id */
	size_t count, capacity;
	char **ignored; /* names that are nobody's submission */
	size_t ignored_count, ignored_capacity;
};

/*
 * Lists the folder PATH.  0, or a negative errno: -ENOTDIR, -ENOENT and the
 * like for the folder, -EEXIST when two submissions would have the same id.
 * The caller releases it.
 */
int intake_list(struct intake *intake, const char *path, struct err *err);
void intake_release(struct intake *intake);

/*
 * Frees what is not needed of STUDENT when all that was handed in has been
 * found: everything but the id, unless it is several files.
 */
void intake_forget(struct intake_student *student);

/* By id, as they are to be; for who has changed ids. */
void intake_sort(struct intake *intake);
/* Borrowed; NULL when there is none. */
struct intake_student *intake_student(
	const struct intake *intake, const char *id);

/*
 * Makes the students those of ROSTER: who is found in it has its id, name and
 * section; who is not has a concern; who handed in nothing has no file.
 */
struct roster;
void intake_enrol(struct intake *intake, const struct roster *roster);

/*
 * Where STUDENT's submission of EXERCISE is: PATH (owned) is a folder or file,
 * or NULL, which means all of its files.  ALONE: no other exercise is graded,
 * so that a folder need not say which it is.  False: not handed in.
 */
bool intake_find(const struct intake_student *student, const char *exercise,
	bool alone, char **path);

/*
 * When the submission at PATH, or of all files of STUDENT when that is NULL,
 * was handed in: the time of its newest file, in seconds since 1970; 0 unknown.
 */
int64_t intake_handed_in(
	const struct intake_student *student, const char *path);

/* As submission_read(), of all files of STUDENT. */
struct submission;
int intake_read_files(const struct intake_student *student,
	struct submission *submission, struct err *err);

#endif
