/*
 * How it works: a catalogue, as msgfmt writes it, is a header of seven
 * numbers, two tables of lengths and offsets, and the texts, each with a NUL
 * behind it.  The English ones are sorted, so that one is found by halving.
 * All is looked at once when it is read, nothing afterwards.
 */
#include "grader/translation.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/message.h"
#include "grader/catalog.h"

#define CATALOGUE_MAX ((size_t)4 << 20)
#define MAGIC 0x950412deu

enum header_word { WORD_MAGIC, WORD_REVISION, WORD_COUNT, WORD_FROM, WORD_TO };
#define HEADER_BYTES (7 * sizeof(uint32_t))
#define ROW_BYTES (2 * sizeof(uint32_t))

struct translation {
	struct buf data;
	uint32_t count, from, to; /* of both tables, where they are */
};

static uint32_t number_at(const struct translation *in, size_t offset)
{
	uint32_t value;

	memcpy(&value, in->data.data + offset, sizeof(value));
	return value;
}

static const char *text_at(
	const struct translation *in, uint32_t table, uint32_t row)
{
	return in->data.data +
	       number_at(in, table + row * ROW_BYTES + sizeof(uint32_t));
}

/* Every row of the table names a text that is there and ends. */
static bool is_table(const struct translation *in, uint32_t table)
{
	const size_t size = in->data.length;

	if (table > size || in->count > (size - table) / ROW_BYTES)
		return false;
	for (uint32_t i = 0; i < in->count; i++) {
		size_t length = number_at(in, table + i * ROW_BYTES);
		size_t offset =
			number_at(in, table + i * ROW_BYTES + sizeof(uint32_t));

		if (offset >= size || length >= size - offset ||
			in->data.data[offset + length])
			return false;
	}
	return true;
}

static bool is_catalogue(struct translation *in)
{
	if (in->data.length < HEADER_BYTES ||
		number_at(in, WORD_MAGIC * sizeof(uint32_t)) != MAGIC ||
		number_at(in, WORD_REVISION * sizeof(uint32_t)) != 0)
		return false;
	in->count = number_at(in, WORD_COUNT * sizeof(uint32_t));
	in->from = number_at(in, WORD_FROM * sizeof(uint32_t));
	in->to = number_at(in, WORD_TO * sizeof(uint32_t));
	return is_table(in, in->from) && is_table(in, in->to);
}

struct translation *translation_read(const char *data, size_t length)
{
	struct translation *translation = xcalloc(1, sizeof(*translation));

	buf_add(&translation->data, data, length);
	if (is_catalogue(translation))
		return translation;
	translation_free(translation);
	return NULL;
}

void translation_free(struct translation *translation)
{
	if (!translation)
		return;
	buf_release(&translation->data);
	free(translation);
}

const char *translation_find(
	const struct translation *translation, const char *english)
{
	uint32_t low = 0, high = translation->count;

	/* "" has the catalogue's own heading */
	while (low < high && *english) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(english,
			text_at(translation, translation->from, middle));

		if (!order)
			return text_at(translation, translation->to, middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Read once by main(), and kept to the end. */
static struct translation *in_use;

static const char *translate(const char *english)
{
	const char *found = translation_find(in_use, english);

	return found ? found : english;
}

void translation_use(enum language language)
{
	auto_free char *folder = NULL, *path = NULL;
	auto_close int fd = -1;
	struct buf text = {0};

	if (language == LANGUAGE_ZH)
		folder = catalog_locale_folder();
	if (!folder)
		return;
	path = xasprintf("%s/zh_CN/LC_MESSAGES/grader.mo", folder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !buf_read_fd(&text, fd, CATALOGUE_MAX))
		in_use = translation_read(buf_text(&text), text.length);
	buf_release(&text);
	if (in_use)
		message_set_translation(translate);
}

/* What ARGUMENT, or NEXT behind it, names as --lang; NULL: it is another. */
static const char *named(const char *argument, const char *next)
{
	static const char long_name[] = "--lang", short_name[] = "-l";
	const size_t length = sizeof(long_name) - 1;

	if (!strcmp(argument, long_name) || !strcmp(argument, short_name))
		return next;
	if (!strncmp(argument, "--lang=", length + 1))
		return argument + length + 1;
	return strncmp(argument, short_name, 2) ? NULL : argument + 2;
}

enum language translation_language(char *const *argv)
{
	enum language language = language_default();

	for (; *argv && strcmp(*argv, "--") != 0; argv++) {
		const char *name = named(argv[0], argv[1]);

		if (name)
			(void)language_by_name(name, &language);
	}
	return language;
}
