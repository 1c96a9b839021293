/*
 * What the child that reads an archive tells its parent: a record for each
 * entry, followed by its name and its data, and one record for the end, with
 * the enum packed_end as its flags.  The parent must not trust a byte of it.
 */
#ifndef GRADER_ARCHIVE_READ_H
#define GRADER_ARCHIVE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKED_RECORD_END UINT32_MAX

struct packed_record {
	uint32_t kind;  /* enum packed_kind, or PACKED_RECORD_END */
	uint32_t flags; /* enum packed_flag */
	uint32_t name_length, data_length;
	uint32_t has_data; /* an empty file's data is there, too */
	uint64_t size;     /* as the archive says */
	int64_t modified;  /* seconds since 1970; 0: unknown */
};

struct packed_source {
	const char *bytes;
	size_t length;
	bool whole_class; /* see packed_each() */
	/* locked_send() unless set */
	void (*send)(void *context, const void *data, size_t length);
	void *send_context;
};

/* Both in the child, with a struct packed_source; the first is still free. */
void unpack_prepare(void *source);
void unpack_read(void *source);

#endif
