/*
 * The parent's side: what the child sends is a row of records, see
 * archive_read.h.  Each length is held against what was received, each kind
 * against the list, and names are made clean again; at the first thing that
 * cannot be, the answer ends and counts as that of a child which died.
 */
#include "grader/archive.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/archive_read.h"
#include "grader/locked_reader.h"
#include "grader/submission.h"
#include "grader/utf8.h"

/* Of a class: a hundred times what a download of a thousand students takes. */
#define CLASS_CPU_S 300
#define CLASS_WALL_MS 900000

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

static bool is_possible(
	const struct packed_record *record, size_t largest, size_t left)
{
	return record->kind < PACKED_KIND_COUNT &&
	       record->name_length <= PACKED_NAME_MAX &&
	       record->data_length <= largest &&
	       record->name_length + record->data_length <= left;
}

/* Behind the record stand NAME and data. */
static void take_record(struct packed_file *file,
	const struct packed_record *record, const char *name)
{
	const char *data = name + record->name_length;

	*file = (struct packed_file){
		.kind = (enum packed_kind)record->kind,
		.flags = record->flags,
		.name = clean_name(name, record->name_length),
		.length = record->data_length,
		.size = record->size,
		.modified = record->modified,
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
			!is_possible(&record, SUBMISSION_FILE_MAX, left))
			return;
		grow_array(&packed->files, packed->count, &packed->capacity,
			sizeof(*packed->files));
		take_record(&packed->files[packed->count++], &record, at);
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

struct passing {
	int (*take)(void *context, struct packed_file *file);
	void *context;
	enum packed_end end;
	size_t count;
	bool over; /* the end was told, or what cannot be */
	int result;
};

/*
 * The record in front of GOT, if all of it is there: how much that was; 0 when
 * more has to come.
 */
static size_t pass_record(struct passing *passing, const char *at, size_t left)
{
	struct packed_record record;
	struct packed_file file;
	size_t length = sizeof(record);

	if (left < length)
		return 0;
	memcpy(&record, at, length);
	if (record.kind == PACKED_RECORD_END) {
		if (record.flags < PACKED_END_COUNT)
			passing->end = (enum packed_end)record.flags;
		passing->over = true;
		return 0;
	}
	if (passing->count++ > PACKED_CLASS_ENTRIES_MAX ||
		!is_possible(&record, SUBMISSION_ARCHIVE_MAX, SIZE_MAX)) {
		passing->over = true;
		return 0;
	}
	length += record.name_length + record.data_length;
	if (left < length) {
		passing->count--;
		return 0;
	}
	take_record(&file, &record, at + sizeof(record));
	passing->result = passing->take(passing->context, &file);
	free(file.name);
	free(file.data);
	return length;
}

static bool pass(void *context, struct buf *got)
{
	struct passing *passing = context;
	size_t done = 0, length;

	do {
		length = pass_record(
			passing, got->data + done, got->length - done);
		done += length;
	} while (length && !passing->result);
	memmove(got->data, got->data + done, got->length - done);
	got->length -= done;
	return !passing->over && !passing->result;
}

int packed_each(const char *bytes, size_t length,
	int (*take)(void *context, struct packed_file *file), void *context,
	enum packed_end *end, struct err *err)
{
	struct packed_source source = {
		.bytes = bytes, .length = length, .whole_class = true};
	struct passing passing = {
		.take = take, .context = context, .end = PACKED_END_LIMIT};
	const struct locked_reader reader = {
		.prepare = unpack_prepare,
		.read = unpack_read,
		.context = &source,
		.input_fd = -1,
		.take = pass,
		.take_context = &passing,
		.cpu_s = CLASS_CPU_S,
		.wall_ms = CLASS_WALL_MS,
	};
	struct buf rest = {0};
	bool good = locked_read(&reader, &rest);
	int why = errno;

	buf_release(&rest);
	if (!good && why != 0)
		return err_errno(err, -why,
			"no process to read the archive; try again later");
	*end = passing.end;
	return passing.result;
}
