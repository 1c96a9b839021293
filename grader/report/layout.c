/*
 * How it works: the text is cut into pieces that must not be broken: a word
 * with the blanks behind it, or one wide character with the closing marks
 * that follow it.  A piece that does not fit begins a new line.
 */
#include "grader/report/layout.h"

#include <stdbool.h>
#include <string.h>

#include "grader/utf8.h"

/* One character of TEXT: its bytes, *WIDTH its columns. */
static size_t next_character(
	const char *text, int32_t *character, size_t *width)
{
	size_t size = utf8_next(text, strnlen(text, 4), character, width);

	if (size)
		return size;
	*character = 0xfffd;
	*width = 1;
	return 1;
}

size_t layout_width(const char *text)
{
	size_t total = 0, width;
	int32_t character;

	while (*text) {
		text += next_character(text, &character, &width);
		total += width;
	}
	return total;
}

static void add_blanks(struct buf *out, size_t count)
{
	while (count--)
		buf_addc(out, ' ');
}

void layout_pad(struct buf *out, const char *text, size_t width)
{
	size_t own = layout_width(text);

	buf_adds(out, text);
	add_blanks(out, own < width ? width - own : 0);
}

void layout_pad_left(struct buf *out, const char *text, size_t width)
{
	size_t own = layout_width(text);

	add_blanks(out, own < width ? width - own : 0);
	buf_adds(out, text);
}

void layout_fit(struct buf *out, const char *text, size_t width)
{
	size_t used = 0, columns;
	int32_t character;

	if (layout_width(text) <= width) {
		layout_pad(out, text, width);
		return;
	}
	for (;;) {
		size_t size = next_character(text, &character, &columns);

		if (used + columns + 1 > width)
			break;
		buf_add(out, text, size);
		text += size;
		used += columns;
	}
	buf_adds(out, "…");
	add_blanks(out, width - used - 1);
}

/* A mark that may not begin a line. */
static bool is_closing(int32_t character)
{
	static const int32_t marks[] = {0x3001, 0x3002, 0xff0c, 0xff1a, 0xff1b,
		0xff01, 0xff1f, 0xff09, 0x300b, 0x300d, 0x201d, 0x2019, 0x2026,
		',', '.', ';', ':', '!', '?', ')', ']', '}'};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (marks[i] == character)
			return true;
	}
	return false;
}

/* A mark that may not end a line. */
static bool is_opening(int32_t character)
{
	return character == 0xff08 || character == 0x300a ||
	       character == 0x300c || character == 0x201c ||
	       character == 0x2018;
}

enum last_seen { LAST_NONE, LAST_NARROW, LAST_WIDE, LAST_OPENING };

/* True when a line may be broken between LAST and CHARACTER. */
static bool may_break(enum last_seen last, int32_t character, bool wide)
{
	if (last == LAST_NONE || last == LAST_OPENING || is_closing(character))
		return false;
	return wide || last == LAST_WIDE;
}

/*
 * The bytes of the next piece; *WIDTH its columns without the blanks at its
 * end, *BLANKS those.
 */
static size_t next_piece(const char *text, size_t *width, size_t *blanks)
{
	enum last_seen last = LAST_NONE;
	int32_t character;
	size_t length = 0, columns;

	*width = *blanks = 0;
	while (text[length] && text[length] != '\n') {
		size_t size =
			next_character(text + length, &character, &columns);
		bool wide = columns == 2;

		if (character == ' ') {
			*blanks += 1;
			length += size;
			continue;
		}
		if (*blanks || may_break(last, character, wide))
			break;
		if (is_opening(character))
			last = LAST_OPENING;
		else
			last = wide ? LAST_WIDE : LAST_NARROW;
		*width += columns;
		length += size;
	}
	return length;
}

void layout_wrap(
	struct buf *out, const char *first, const char *text, size_t columns)
{
	size_t indent = layout_width(first), used = indent, pending = 0;

	buf_adds(out, first);
	while (*text) {
		size_t width, blanks, length;

		if (*text == '\n') {
			text++;
			if (!*text)
				break;
			buf_addc(out, '\n');
			add_blanks(out, indent);
			used = indent;
			pending = 0;
			continue;
		}
		length = next_piece(text, &width, &blanks);
		if (used > indent && used + pending + width > columns) {
			buf_addc(out, '\n');
			add_blanks(out, indent);
			used = indent;
			pending = 0;
		}
		add_blanks(out, pending);
		buf_add(out, text, length - blanks);
		used += pending + width;
		pending = blanks;
		text += length;
	}
	buf_addc(out, '\n');
}

void layout_wrap_command(
	struct buf *out, const char *first, const char *command, size_t columns)
{
	struct buf lines = {0};

	layout_wrap(&lines, first, command, columns - 2);
	for (size_t i = 0; i + 1 < lines.length; i++) {
		if (lines.data[i] == '\n')
			buf_adds(out, " \\");
		buf_addc(out, lines.data[i]);
	}
	buf_addc(out, '\n');
	buf_release(&lines);
}
