/*
 * Archives, as the child of packed_read() reads them, and what the parent makes
 * of its answer: whatever the bytes were, the files it gets have clean names
 * and data within the limits.
 *
 * The first byte of an input says what the rest is: an archive; the pieces of a
 * tar or of a zip, which are put together here with the sums that no fuzzer
 * would guess; or the answer of a child that somebody has taken over.
 *
 * libarchive itself is neither instrumented nor trusted, see fuzz_debug.c.
 */
#include <stdio.h>

#include "fuzz.h"

/* both sides, with their private functions; the library has its own */
#define packed_each fuzzed_packed_each
#define packed_read fuzzed_packed_read
#define packed_release fuzzed_packed_release
#define unpack_prepare fuzzed_unpack_prepare
#define unpack_read fuzzed_unpack_read
#include "grader/archive.c"
#include "grader/archive_read.c"

#define TAR_BLOCK 512
#define ENTRIES_MAX 4

static void collect(void *context, const void *data, size_t length)
{
	buf_add(context, data, length);
}

static void check(const struct packed *packed)
{
	assert(packed->count <= SUBMISSION_ENTRIES_MAX + 1);
	assert(packed->end < PACKED_END_COUNT);
	for (size_t i = 0; i < packed->count; i++) {
		const struct packed_file *file = &packed->files[i];

		assert(file->kind < PACKED_KIND_COUNT);
		assert(is_clean(file->name, strlen(file->name)));
		assert(!file->data || file->data[file->length] == '\0');
		assert(file->data || file->length == 0);
		assert(file->length <= SUBMISSION_FILE_MAX);
	}
}

static void accept(const struct buf *answer, bool is_ours)
{
	struct packed packed = {0};

	accept_answer(&packed, answer);
	check(&packed);
	/* who is not taken over comes to an end and says so */
	assert(!is_ours || packed.end != PACKED_END_LIMIT);
	packed_release(&packed);
}

static void read_archive(const char *bytes, size_t length)
{
	static struct packed_source source;
	static bool prepared;
	struct buf answer = {0};

	if (!prepared)
		unpack_prepare(&source);
	prepared = true;
	source.bytes = bytes;
	source.length = length;
	source.send = collect;
	source.send_context = &answer;
	unpack_read(&source);
	accept(&answer, true);
	buf_release(&answer);
}

/* A name, a few bytes of properties and the data of an entry. */
struct piece {
	char name[100], link[100];
	uint8_t properties[4];
	char data[256];
	size_t size;
};

static void take_piece(const uint8_t **data, size_t *left, struct piece *piece)
{
	uint8_t lengths[2];

	memset(piece, 0, sizeof(*piece));
	fuzz_take(data, left, piece->properties, sizeof(piece->properties));
	fuzz_take(data, left, lengths, sizeof(lengths));
	fuzz_take(data, left, piece->name, lengths[0] % sizeof(piece->name));
	piece->size = lengths[1] < *left ? lengths[1] : *left;
	fuzz_take(data, left, piece->data, piece->size);
	if (piece->properties[0] & 0x80)
		memcpy(piece->link, piece->data, sizeof(piece->link) - 1);
}

/* properties: type, how its size is wrong, the form of the header */
static void add_tar(struct buf *tar, const struct piece *piece)
{
	static const char types[] = "00000512346LKxgSDV7";
	char head[TAR_BLOCK] = "", sum[8];
	unsigned total = 0;
	size_t size = piece->size;

	if (piece->properties[1] == 0xff)
		size = SIZE_MAX >> (piece->properties[2] & 63);
	memcpy(head, piece->name, sizeof(piece->name));
	memcpy(head + 100, "0000644\0000000000\0000000000", 24);
	snprintf(head + 124, 12, "%011zo", size & 077777777777);
	memcpy(head + 136, "00000000000", 12);
	memset(head + 148, ' ', 8);
	head[156] = types[(piece->properties[0] & 0x7f) % (sizeof(types) - 1)];
	memcpy(head + 157, piece->link, sizeof(piece->link));
	memcpy(head + 257, piece->properties[3] & 1 ? "ustar  " : "ustar\00000",
		8);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		total += (unsigned char)head[i];
	snprintf(sum, sizeof(sum), "%06o", total & 0777777);
	memcpy(head + 148, sum, 7);
	buf_add(tar, head, TAR_BLOCK);
	if (piece->size > 0) {
		char block[TAR_BLOCK] = "";

		memcpy(block, piece->data, piece->size);
		buf_add(tar, block, TAR_BLOCK);
	}
}

static void read_tar(const uint8_t *data, size_t size)
{
	static const char end[2 * TAR_BLOCK];
	struct piece piece;
	struct buf tar = {0};

	for (int i = 0; i < ENTRIES_MAX && size > 0; i++) {
		take_piece(&data, &size, &piece);
		add_tar(&tar, &piece);
	}
	buf_add(&tar, end, sizeof(end));
	read_archive(tar.data, tar.length);
	buf_release(&tar);
}

static void add_number(struct buf *buf, uint64_t number, int bytes)
{
	for (int i = 0; i < bytes; i++, number >>= 8)
		buf_addc(buf, (char)number);
}

static uint32_t crc_of(const char *data, size_t size)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < size; i++) {
		crc ^= (unsigned char)data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* What both headers of an entry have; properties: method, flags, size. */
static void add_zip_fields(struct buf *zip, const struct piece *piece)
{
	static const uint8_t methods[] = {
		0, 0, 0, 8, 9, 12, 14, 93, 95, 98, 99};
	const size_t size = piece->properties[2] == 0xff
				    ? SIZE_MAX >> piece->properties[3] % 64
				    : piece->size;

	add_number(zip, 20, 2);
	add_number(zip, piece->properties[1] & 0x09, 1);
	add_number(zip, piece->properties[1] & 0x08 ? 8 : 0, 1);
	add_number(zip, methods[piece->properties[0] % sizeof(methods)], 2);
	add_number(zip, 0x00210000, 4);
	add_number(zip, crc_of(piece->data, piece->size), 4);
	add_number(zip, piece->size, 4);
	add_number(zip, size, 4);
	add_number(zip, strlen(piece->name), 2);
	add_number(zip, 0, 2);
}

static void add_zip(
	struct buf *zip, struct buf *list, const struct piece *piece)
{
	static const uint16_t modes[] = {0, 0100644, 0040755, 0120777, 0010644,
		0020644, 0060644, 0140644};
	const size_t at = zip->length;

	add_number(zip, 0x04034b50, 4);
	add_zip_fields(zip, piece);
	buf_adds(zip, piece->name);
	buf_add(zip, piece->data, piece->size);
	add_number(list, 0x02014b50, 4);
	add_number(list, 0x0314, 2);
	add_zip_fields(list, piece);
	add_number(list, 0, 2 + 2 + 2);
	add_number(list, (uint32_t)modes[piece->properties[3] & 7] << 16, 4);
	add_number(list, at, 4);
	buf_adds(list, piece->name);
}

static void read_zip(const uint8_t *data, size_t size)
{
	struct buf zip = {0}, list = {0};
	struct piece piece;
	size_t at;
	int count = 0;

	for (; count < ENTRIES_MAX && size > 0; count++) {
		take_piece(&data, &size, &piece);
		add_zip(&zip, &list, &piece);
	}
	at = zip.length;
	buf_adds(&zip, "");
	buf_add(&zip, buf_text(&list), list.length);
	add_number(&zip, 0x06054b50, 4);
	add_number(&zip, 0, 4);
	add_number(&zip, (uint64_t)count, 2);
	add_number(&zip, (uint64_t)count, 2);
	add_number(&zip, list.length, 4);
	add_number(&zip, at, 4);
	add_number(&zip, 0, 2);
	read_archive(zip.data, zip.length);
	buf_release(&zip);
	buf_release(&list);
}

static void read_answer(const uint8_t *data, size_t size)
{
	struct buf answer = {0};

	if (size > 0)
		buf_add(&answer, data, size);
	accept(&answer, false);
	buf_release(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy;

	if (size == 0)
		return 0;
	switch (data[0] % 4) {
	case 0:
		copy = fuzz_copy(data + 1, size - 1);
		read_archive(copy, size - 1);
		free(copy);
		break;
	case 1:
		read_tar(data + 1, size - 1);
		break;
	case 2:
		read_zip(data + 1, size - 1);
		break;
	default:
		read_answer(data + 1, size - 1);
		break;
	}
	return 0;
}
