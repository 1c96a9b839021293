/*
 * The parent's side: what the child sends is a row of records, see
 * archive_read.h.  Each length is held against what was received, each kind
 * against the list, and names are made clean again; at the first thing that
 * cannot be, the answer ends and counts as that of a child which died.
 */
#include "grader/archive.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/archive_read.h"
#include "grader/locked_reader.h"
#include "grader/submission.h"
#include "grader/utf8.h"

static bool is_clean(const char *name, size_t length)
{
	int32_t character;

	for (size_t at = 0, size; at < length; at += size) {
		size = utf8_next(name + at, length - at, &character, NULL);
		if (!size || character < 0x20 || character == 0x7f)
			return false;
	}
	return true;
}

/* NAME, LENGTH bytes, without what may not be shown; owned. */
static char *clean_name(const char *name, size_t length)
{
	struct buf clean = {0};

	if (is_clean(name, length))
		return xstrndup(name, length);
	buf_add_clean(&clean, name, length);
	for (size_t i = 0; i < clean.length; i++)
		if ((unsigned char)clean.data[i] < 0x20 ||
			clean.data[i] == 0x7f)
			clean.data[i] = '?';
	return clean.data ? buf_detach(&clean) : xstrdup("");
}

static bool is_possible(const struct packed_record *record, size_t left)
{
	return record->kind < PACKED_KIND_COUNT &&
	       record->name_length <= PACKED_NAME_MAX &&
	       record->data_length <= SUBMISSION_FILE_MAX &&
	       record->name_length + record->data_length <= left;
}

static void add_file(struct packed *packed, const struct packed_record *record,
	const char *name)
{
	const char *data = name + record->name_length;
	struct packed_file *file;

	grow_array(&packed->files, packed->count, &packed->capacity,
		sizeof(*packed->files));
	file = &packed->files[packed->count++];
	*file = (struct packed_file){
		.kind = (enum packed_kind)record->kind,
		.flags = record->flags,
		.name = clean_name(name, record->name_length),
		.length = record->data_length,
	};
	if (!record->has_data) {
		file->length = 0;
		return;
	}
	file->data = xmalloc(file->length + 1);
	memcpy(file->data, data, file->length);
	file->data[file->length] = '\0';
}

static void accept_answer(struct packed *packed, const struct buf *answer)
{
	const char *at = answer->data;
	size_t left = answer->length;
	struct packed_record record;

	packed->end = PACKED_END_LIMIT;
	while (left >= sizeof(record)) {
		memcpy(&record, at, sizeof(record));
		at += sizeof(record);
		left -= sizeof(record);
		if (record.kind == PACKED_RECORD_END) {
			if (record.flags < PACKED_END_COUNT)
				packed->end = (enum packed_end)record.flags;
			return;
		}
		if (packed->count > SUBMISSION_ENTRIES_MAX ||
			!is_possible(&record, left))
			return;
		add_file(packed, &record, at);
		at += record.name_length + record.data_length;
		left -= record.name_length + record.data_length;
	}
}

void packed_release(struct packed *packed)
{
	for (size_t i = 0; i < packed->count; i++) {
		free(packed->files[i].name);
		free(packed->files[i].data);
	}
	free(packed->files);
	*packed = (struct packed){0};
}

int packed_read(struct packed *packed, const char *bytes, size_t length,
	struct err *err)
{
	struct packed_source source = {.bytes = bytes, .length = length};
	const struct locked_reader reader = {
		.prepare = unpack_prepare,
		.read = unpack_read,
		.context = &source,
		.input_fd = -1,
		.max = SUBMISSION_TOTAL_MAX + 2 * SUBMISSION_FILE_MAX +
		       (SUBMISSION_ENTRIES_MAX + 2) *
			       (PACKED_NAME_MAX + sizeof(struct packed_record)),
	};
	struct packed result = {0};
	struct buf answer = {0};

	if (!locked_read(&reader, &answer) && errno != 0) {
		buf_release(&answer);
		return err_errno(err, -errno,
			"no process to read the archive; try again later");
	}
	accept_answer(&result, &answer);
	buf_release(&answer);
	*packed = result;
	return 0;
}
