/*
 * A submission: the C files of one student, read whole into memory.
 *
 * PATH is one .c file, a folder of .c and .h files, or an archive of either
 * (zip, tar, tar.gz and others, 7z, rar).  Nothing that a student can put
 * there makes the reader block, follow a link, or read without
 * bound; what cannot be graded is refused with a reason and a remedy, which
 * is data (submission.refusal), not an error.
 */
#ifndef GRADER_SUBMISSION_H
#define GRADER_SUBMISSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "grader/answer.h"
#include "grader/verdict.h"

#define SUBMISSION_FILE_MAX (1u << 20)  /* bytes of one file */
#define SUBMISSION_TOTAL_MAX (4u << 20) /* bytes of all files */
#define SUBMISSION_FILES_MAX 64
#define SUBMISSION_ENTRIES_MAX 4096 /* names in the folder or archive */
#define SUBMISSION_ARCHIVE_MAX (16u << 20)

struct source_file {
	char *name; /* [A-Za-z0-9_-]+\.[ch]; as the student called it */
	char *data; /* valid UTF-8, a NUL behind it */
	size_t length;
};

struct submission {
	char *path;                /* as given */
	char *hash;                /* SHA-256 of names and bytes, hex */
	struct source_file *files; /* by name */
	size_t file_count, file_capacity;
	struct verdict_note *notes; /* ignored and renamed files */
	size_t note_count, note_capacity;
	struct answer answer;     /* ANSWER.md; not part of the hash */
	struct bilingual refusal; /* zh == NULL: accepted */
};

/*
 * Reads PATH.  Returns 0 when it was read or refused (see refusal), else a
 * negative errno: -ENOENT and the like for a PATH that is not there or that
 * the grader may not read.  On error *SUBMISSION is empty.  The caller
 * releases it.
 */
int submission_read(
	struct submission *submission, const char *path, struct err *err);

/* A file that is part of a submission under another name than its own. */
struct submission_source {
	const char *path, *name;
};

/* The same for COUNT files of a platform that has no folders; PATH is for
 * messages and the report. */
int submission_read_files(struct submission *submission, const char *path,
	const struct submission_source *sources, size_t count, struct err *err);

void submission_release(struct submission *submission);

/* By its name: zip, tar and its compressed forms, 7z, rar. */
bool submission_is_archive(const char *name);
/* By its name: .c or .h. */
bool submission_is_source(const char *name);
/* The length of NAME without ".c" or what makes it an archive: "a.tar.gz". */
size_t submission_stem(const char *name);

#endif
