/*
 * The parent's side: what places_read() sends is checked, sorted, and looked
 * up by halving.  The child's numbers are believed to be numbers and no more:
 * every index and every name is looked at here, and what is out of its range is
 * dropped.  A child that is killed, too slow or talks nonsense means: no
 * places.
 */
#include "grader/places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/locked_reader.h"
#include "grader/places_read.h"
#include "run.h"

#define CACHE_BITS 7

/* Rows asked for before; a run asks for the same few at every event. */
struct cached {
	uint64_t pc;
	struct unwind_row row;
};

struct places {
	struct answer size;
	struct file_name *files;
	struct row *rows;     /* by pc, then by order */
	struct frame *frames; /* by low */
	size_t frame_count;
	struct cached cache[1 << CACHE_BITS]; /* pc 0: empty */
	char text[NAME_MAX_LENGTH + 16];
};

static int compare_rows(const void *a, const void *b)
{
	const struct row *left = a, *right = b;

	if (left->pc != right->pc)
		return left->pc < right->pc ? -1 : 1;
	/* where a sequence ends and the next begins, the next one counts */
	if (!left->line != !right->line)
		return left->line ? 1 : -1;
	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	return 0;
}

static int compare_frames(const void *a, const void *b)
{
	const struct frame *left = a, *right = b;

	return (left->low > right->low) - (left->low < right->low);
}

/* The frames are all that is left of the answer. */
static void accept_frames(
	struct places *places, const char *data, size_t length)
{
	size_t count = length / sizeof(*places->frames);

	if (length % sizeof(*places->frames) != 0 || count > FRAMES_MAX)
		return;
	places->frames = xmalloc(length);
	memcpy(places->frames, data, length);
	places->frame_count = count;
	qsort(places->frames, count, sizeof(*places->frames), compare_frames);
}

static void accept_answer(struct places *places, const struct buf *data)
{
	size_t files_length, rows_length, i;
	struct answer size;

	if (data->length < sizeof(size))
		return;
	memcpy(&size, data->data, sizeof(size));
	if (size.file_count > FILES_MAX || size.row_count > ROWS_MAX)
		return;
	files_length = size.file_count * sizeof(*places->files);
	rows_length = size.row_count * sizeof(*places->rows);
	if (data->length < sizeof(size) + files_length + rows_length)
		return;
	places->size = size;
	places->files = xmalloc(files_length);
	places->rows = xmalloc(rows_length);
	memcpy(places->files, data->data + sizeof(size), files_length);
	memcpy(places->rows, data->data + sizeof(size) + files_length,
		rows_length);
	for (i = 0; i < size.file_count; i++)
		places->files[i].text[NAME_MAX_LENGTH] = '\0';
	for (i = 0; i < size.row_count; i++)
		if (places->rows[i].file >= size.file_count ||
			!places_is_file_name(
				places->files[places->rows[i].file].text))
			places->rows[i].line = 0;
	qsort(places->rows, size.row_count, sizeof(*places->rows),
		compare_rows);
	accept_frames(places,
		data->data + sizeof(size) + files_length + rows_length,
		data->length - sizeof(size) - files_length - rows_length);
}

struct places *places_new(int program_fd)
{
	const struct locked_reader reader = {
		.read = places_read,
		.input_fd = program_fd,
		.max = sizeof(struct answer) +
		       FILES_MAX * sizeof(struct file_name) +
		       ROWS_MAX * sizeof(struct row) +
		       FRAMES_MAX * sizeof(struct frame),
	};
	struct places *places = xcalloc(1, sizeof(*places));
	struct buf data = {0};

	locked_read(&reader, &data);
	accept_answer(places, &data);
	buf_release(&data);
	return places;
}

void places_free(struct places *places)
{
	if (!places)
		return;
	free(places->files);
	free(places->rows);
	free(places->frames);
	free(places);
}

/*
 * PC is where a call returns to, which may be the next line already: the
 * byte before it belongs to the call.
 */
const char *places_find(void *context, uint64_t pc)
{
	struct places *places = context;
	size_t low = 0, high = places->size.row_count, middle;
	const struct row *row;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (places->rows[middle].pc < pc)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	row = &places->rows[low - 1];
	if (!row->line)
		return NULL;
	snprintf(places->text, sizeof(places->text), "%s:%u",
		places->files[row->file].text, row->line);
	return places->text;
}

bool places_code_range(
	const struct places *places, uint64_t *low, uint64_t *high)
{
	bool is_known = places->size.low < places->size.high;

	*low = is_known ? places->size.low : 0;
	*high = is_known ? places->size.high : 0;
	return is_known;
}

uint64_t places_streams(const struct places *places)
{
	return places ? places->size.streams : 0;
}

uint64_t places_hooks(const struct places *places)
{
	return places->size.hooks;
}

/* The last frame that begins at or before PC, or NULL. */
static const struct frame *find_frame(const struct places *places, uint64_t pc)
{
	size_t low = 0, high = places->frame_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (places->frames[middle].low <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? &places->frames[low - 1] : NULL;
}

bool places_unwind(void *context, uint64_t pc, struct unwind_row *row)
{
	struct places *places = context;
	struct cached *cached =
		&places->cache[(uint32_t)pc * 2654435769u >> (32 - CACHE_BITS)];
	const struct frame *frame;

	if (pc == 0)
		return false;
	if (cached->pc != pc) {
		frame = find_frame(places, pc);
		if (!frame || (frame->flags & FRAME_UNKNOWN))
			return false;
		cached->pc = pc;
		cached->row = (struct unwind_row){
			.from_rbp = frame->flags & FRAME_FROM_RBP,
			.saves_rbp = frame->flags & FRAME_SAVES_RBP,
			.returns_to_rdi = frame->flags & FRAME_RETURNS_TO_RDI,
			.is_signal = frame->flags & FRAME_SIGNAL,
			.cfa_offset = frame->cfa_words * 8,
			.rbp_offset = frame->rbp_words * 8,
		};
	}
	*row = cached->row;
	return true;
}
