/*
 * Archives (zip, tar and its compressed forms, 7z, rar): what is in them, in
 * memory.  Nothing is ever unpacked into a file.
 *
 * libarchive parses hostile bytes, so it works in a locked-in child (see
 * archive_read.h).  Nothing of what it tells is judged here: names may be
 * absolute, lead upwards or come twice.
 */
#ifndef GRADER_ARCHIVE_H
#define GRADER_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define PACKED_NAME_MAX 1024            /* bytes */
#define PACKED_UNPACKED_MAX (64u << 20) /* what all entries say they hold */
#define PACKED_UNSUSPECTED_MAX (4u << 20)
#define PACKED_RATIO_MAX 200 /* beyond it, of what is packed */

/* Of an archive with a whole class: */
#define PACKED_CLASS_ENTRIES_MAX 500000
#define PACKED_CLASS_MAX ((uint64_t)4 << 30) /* bytes of all its files */

enum packed_kind {
	PACKED_FILE,
	PACKED_FOLDER,
	PACKED_LINK, /* symbolic or hard */
	PACKED_FIFO,
	PACKED_DEVICE,
	PACKED_SOCKET,
	PACKED_KIND_COUNT
};

enum packed_flag {
	PACKED_ENCRYPTED = 1, /* no data */
	PACKED_LARGE = 2,     /* beyond SUBMISSION_FILE_MAX, or of a class
				 SUBMISSION_ARCHIVE_MAX: no data */
	PACKED_BAD_NAME = 4,  /* neither UTF-8 nor GBK: made printable */
	PACKED_DAMAGED = 8    /* its data could not be read: no data */
};

struct packed_file {
	enum packed_kind kind;
	unsigned flags;
	char *name; /* valid UTF-8, no control characters */
	char *data; /* of a source or ANSWER.md, a NUL behind it, else NULL */
	size_t length;
	uint64_t size;    /* as the archive says, also without data */
	int64_t modified; /* seconds since 1970; 0: unknown */
};

/* How the reading ended; in the middle, at the last of the files. */
enum packed_end {
	PACKED_END_COMPLETE,
	PACKED_END_NO_ARCHIVE,
	PACKED_END_DAMAGED,
	PACKED_END_ENCRYPTED, /* not even its list can be read */
	PACKED_END_BOMB,      /* beyond the two limits above */
	PACKED_END_MANY,      /* more than SUBMISSION_ENTRIES_MAX */
	PACKED_END_LARGE,     /* the data beyond SUBMISSION_TOTAL_MAX */
	PACKED_END_LIMIT,     /* the reader did not come to its end */
	PACKED_END_COUNT
};

struct packed {
	struct packed_file *files;
	size_t count, capacity;
	enum packed_end end;
};

/* All zeroes is a valid empty one. */
void packed_release(struct packed *packed);

/*
 * Reads the archive in the LENGTH bytes at BYTES.  0 whatever they are; a
 * negative errno, and *PACKED untouched, when there can be no child.
 */
int packed_read(struct packed *packed, const char *bytes, size_t length,
	struct err *err);

/*
 * The same of an archive with a whole class, and of the data of all its files:
 * TAKE gets one entry at a time and may empty it.  A non-zero value of TAKE
 * ends it and is returned; *END says how it ended otherwise.
 */
int packed_each(const char *bytes, size_t length,
	int (*take)(void *context, struct packed_file *file), void *context,
	enum packed_end *end, struct err *err);

#endif
