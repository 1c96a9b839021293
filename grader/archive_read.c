/*
 * libarchive, in the locked-in child.
 *
 * Of a zip only the list at its end is believed, which is what every other
 * program shows; a reader that also takes it as a stream can be told another
 * story by the same bytes.  Data is read only of what can be a source, and no
 * entry is passed by whose size would make that work: an archive says in front
 * of each entry how much will come, and the sum is bounded before anything is
 * decompressed.  One that lies meets the child's limits.
 *
 * Of a whole class all files are read, as nobody knows yet what they are of;
 * there the size of each and what all of them have together is bounded.
 *
 * Names: flagged or converted ones arrive as UTF-8, as the locale says so;
 * others are what gbk.h makes of them.
 */
#define _GNU_SOURCE
#include "grader/archive_read.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/archive.h"
#include "grader/gbk.h"
#include "grader/locked_reader.h"
#include "grader/submission.h"
#include "grader/submission_accept.h"

struct unpacker {
	const struct packed_source *source;
	struct archive *archive;
	uint64_t declared; /* bytes of the entries so far, as they say */
	uint64_t sent;
	size_t count;
};

/*
 * Loads what the conversions need, which is in files.  A zip has local times;
 * a zone that is named is not looked for again.
 */
void unpack_prepare(void *context)
{
	(void)context;
	setlocale(LC_CTYPE, "C.UTF-8");
	gbk_prepare();
	setenv("TZ", ":/etc/localtime", 0);
	tzset();
}

static size_t file_max(const struct unpacker *unpacker)
{
	return unpacker->source->whole_class ? SUBMISSION_ARCHIVE_MAX
					     : SUBMISSION_FILE_MAX;
}

static void give(
	const struct unpacker *unpacker, const void *data, size_t length)
{
	const struct packed_source *source = unpacker->source;

	if (source->send)
		source->send(source->send_context, data, length);
	else
		locked_send(data, length);
}

static void end(const struct unpacker *unpacker, enum packed_end how)
{
	const struct packed_record record = {
		.kind = PACKED_RECORD_END, .flags = how};

	give(unpacker, &record, sizeof(record));
}

static void read_name(
	struct archive_entry *entry, struct buf *name, uint32_t *flags)
{
	const char *raw = archive_entry_pathname(entry);

	if (!raw)
		raw = archive_entry_pathname_utf8(entry);
	if (!raw)
		raw = "";
	if (!gbk_add_name(raw, name))
		*flags |= PACKED_BAD_NAME;
	if (name->length > PACKED_NAME_MAX) {
		*flags |= PACKED_BAD_NAME;
		name->length = PACKED_NAME_MAX;
	}
}

static enum packed_kind kind_of(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry) || archive_entry_symlink(entry))
		return PACKED_LINK;
	switch (archive_entry_filetype(entry)) {
	case AE_IFDIR:
		return PACKED_FOLDER;
	case AE_IFLNK:
		return PACKED_LINK;
	case AE_IFIFO:
		return PACKED_FIFO;
	case AE_IFCHR:
	case AE_IFBLK:
		return PACKED_DEVICE;
	case AE_IFSOCK:
		return PACKED_SOCKET;
	default:
		return PACKED_FILE;
	}
}

static bool is_wanted(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash ? slash + 1 : name;

	return submission_is_source(base) || answer_is_name(base);
}

/* All of the entry's data, or the flag that says why not. */
static void read_data(
	const struct unpacker *unpacker, struct buf *data, uint32_t *flags)
{
	char chunk[16384];
	la_ssize_t got;

	for (;;) {
		got = archive_read_data(
			unpacker->archive, chunk, sizeof(chunk));
		if (got <= 0)
			break;
		buf_add(data, chunk, (size_t)got);
		if (data->length > file_max(unpacker)) {
			*flags |= PACKED_LARGE;
			return;
		}
	}
	if (got < 0)
		*flags |= archive_read_has_encrypted_entries(
				  unpacker->archive) > 0
				  ? PACKED_ENCRYPTED
				  : PACKED_DAMAGED;
}

static void send_entry(struct unpacker *unpacker,
	const struct packed_record *head, const struct buf *name,
	const struct buf *data)
{
	struct packed_record record = *head;

	record.name_length = (uint32_t)name->length;
	record.data_length = record.has_data ? (uint32_t)data->length : 0;
	give(unpacker, &record, sizeof(record));
	if (name->length > 0)
		give(unpacker, name->data, name->length);
	if (record.data_length > 0)
		give(unpacker, data->data, data->length);
	unpacker->sent += record.data_length;
}

/* Of a class, only what is unpacked counts, and is bounded by itself. */
static bool is_bomb(const struct unpacker *unpacker)
{
	if (unpacker->source->whole_class)
		return false;
	return unpacker->declared > PACKED_UNPACKED_MAX ||
	       (unpacker->declared > PACKED_UNSUSPECTED_MAX &&
		       unpacker->declared / PACKED_RATIO_MAX >
			       unpacker->source->length);
}

/* How the reading ends at what was sent so far. */
static enum packed_end check_sum(const struct unpacker *unpacker)
{
	const bool class = unpacker->source->whole_class;

	if (unpacker->sent >
		(class ? PACKED_CLASS_MAX : (uint64_t)SUBMISSION_TOTAL_MAX))
		return PACKED_END_LARGE;
	if (unpacker->count >
		(class ? PACKED_CLASS_ENTRIES_MAX : SUBMISSION_ENTRIES_MAX))
		return PACKED_END_MANY;
	return PACKED_END_COMPLETE;
}

/* One entry; false when the reading is over. */
static bool take(struct unpacker *unpacker, struct archive_entry *entry)
{
	struct packed_record record = {
		.kind = kind_of(entry), .modified = archive_entry_mtime(entry)};
	enum packed_end how = PACKED_END_COMPLETE;
	struct buf name = {0}, data = {0};
	int64_t size = archive_entry_size(entry);

	read_name(entry, &name, &record.flags);
	if (archive_entry_is_encrypted(entry) > 0)
		record.flags |= PACKED_ENCRYPTED;
	if (size > 0)
		record.size = (uint64_t)size;
	unpacker->declared += record.size;
	if (is_bomb(unpacker)) {
		how = PACKED_END_BOMB;
	} else if (record.kind == PACKED_FILE && !record.flags &&
		   (unpacker->source->whole_class ||
			   is_wanted(buf_text(&name)))) {
		if (record.size > file_max(unpacker))
			record.flags |= PACKED_LARGE;
		else
			read_data(unpacker, &data, &record.flags);
		record.has_data = !record.flags;
	}
	send_entry(unpacker, &record, &name, &data);
	unpacker->count++;
	if (how == PACKED_END_COMPLETE)
		how = check_sum(unpacker);
	if (how != PACKED_END_COMPLETE)
		end(unpacker, how);
	buf_release(&name);
	buf_release(&data);
	return how == PACKED_END_COMPLETE;
}

static void take_all(struct unpacker *unpacker)
{
	struct archive *archive = unpacker->archive;
	struct archive_entry *entry;
	int r;

	do {
		r = archive_read_next_header(archive, &entry);
		if (r == ARCHIVE_EOF) {
			end(unpacker,
				unpacker->count || unpacker->source->length
					? PACKED_END_COMPLETE
					: PACKED_END_NO_ARCHIVE);
			return;
		}
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN) {
			bool locked =
				archive_read_has_encrypted_entries(archive) > 0;

			end(unpacker, locked ? PACKED_END_ENCRYPTED
				      : archive_format(archive)
					      ? PACKED_END_DAMAGED
					      : PACKED_END_NO_ARCHIVE);
			return;
		}
	} while (take(unpacker, entry));
}

void unpack_read(void *context)
{
	struct archive *archive = archive_read_new();
	struct unpacker unpacker = {.source = context, .archive = archive};

	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_format_zip_seekable(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_7zip(archive);
	archive_read_support_format_rar(archive);
	archive_read_support_format_rar5(archive);
	if (archive_read_open_memory(archive, unpacker.source->bytes,
		    unpacker.source->length) == ARCHIVE_OK)
		take_all(&unpacker);
	else
		end(&unpacker, PACKED_END_NO_ARCHIVE);
	archive_read_free(archive);
}
