/*
 * A class that is one archive: a download of Moodle or Canvas as it came, or a
 * zip or tar of folders or files.
 *
 * It is unpacked into a folder, once, and that is graded like any other.  The
 * archive itself is read in a locked-in child (archive.h).  One that cannot be
 * trusted to say who handed in what is refused whole, before anything is
 * graded: when it leads out of itself, has a name twice, is damaged or
 * encrypted.  What a student can put into a submission refuses nothing but
 * that: a link stays one, but to nowhere; a file that is too large stays so,
 * but empty.
 */
#ifndef GRADER_BATCH_CLASS_ARCHIVE_H
#define GRADER_BATCH_CLASS_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* A regular file whose name is that of an archive. */
bool class_archive_is(const char *path);

/* SHA-256 of the file PATH as an owned hex *HASH; 0 or as the next one. */
int class_archive_hash(const char *path, char **hash, struct err *err);

struct class_archive_teller {
	/* Something that stops nothing; may be NULL. */
	void (*notice)(void *context, const char *text);
	void *context;
};

/*
 * Unpacks the archive PATH into FOLDER, which is replaced if it is there.
 * Killed in between, FOLDER is not there, and what is beside it is taken away
 * by the next call.  0, -EINVAL for an archive that is refused, or a negative
 * errno.
 */
int class_archive_unpack(const char *path, const char *folder,
	const struct class_archive_teller *teller, struct err *err);

/*
 * Where in FOLDER, unpacked from PATH, the submissions are: there, or in the
 * one folder that everything is in.  That a class has one student who has one
 * folder is told from it by the names of the COUNT exercises.  Owned.
 */
char *class_archive_root(const char *path, const char *folder,
	const char *const *exercises, size_t count);

#endif
