/*
 * How it works: first the text is made clean, then it is looked through for
 * the marks of commands.  Build servers look for these with the rules of a
 * language, by which many characters count as nothing, so that whatever is not
 * ASCII may stand within a mark.
 */
#include "grader/shown.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>

#include "grader/utf8.h"

bool shown_is_deceptive(int32_t character)
{
	static const struct {
		int32_t first, last;
	} ranges[] = {{0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c},
		{0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},
		{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
		{0x3164, 0x3164}, {0xfeff, 0xfeff}, {0xfff0, 0xfffb},
		{0xe0000, 0xe0fff}};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (character >= ranges[i].first && character <= ranges[i].last)
			return true;
	return false;
}

static const char *code_of(char byte, const char *const codes[SHOWN_CODES])
{
	size_t index = (unsigned char)byte;

	return codes && index < SHOWN_CODES ? codes[index] : NULL;
}

/* The bytes that stand for CODES stay as they are. */
static void add_clean(struct buf *out, const char *text, size_t length,
	const char *const codes[SHOWN_CODES])
{
	size_t at = 0, size;
	int32_t character;

	for (; at < length; at += size) {
		size = 1;
		if (code_of(text[at], codes)) {
			buf_addc(out, text[at]);
			continue;
		}
		size = utf8_next(text + at, length - at, &character, NULL);
		if (size && shown_is_deceptive(character))
			buf_adds(out, "\xef\xbf\xbd");
		else
			buf_add_clean(out, text + at, size ? size : 1);
		if (!size)
			size = 1;
	}
}

/* A byte that may stand within a mark and not change it. */
static bool is_nothing(char byte)
{
	return (unsigned char)byte >= 0x80 || (unsigned char)byte < SHOWN_CODES;
}

static const char *skip_nothing(const char *text)
{
	while (*text && is_nothing(*text))
		text++;
	return text;
}

bool shown_is_command(const char *text)
{
	if (*text != '#')
		return false;
	text = skip_nothing(text + 1);
	if (*text++ != '#')
		return false;
	while (is_nothing(*text) ? *text != '\0'
				 : isalnum((unsigned char)*text) != 0)
		text++;
	return *text == '[';
}

bool shown_to_server(void)
{
	return getenv("GITHUB_ACTIONS") || getenv("TF_BUILD") ||
	       getenv("TEAMCITY_VERSION");
}

void shown_add(struct buf *out, const char *text, size_t length,
	const char *const codes[SHOWN_CODES])
{
	struct buf clean = {0};
	bool line_start = true; /* nothing but blanks on it yet */

	add_clean(&clean, text, length, codes);
	for (const char *at = buf_text(&clean); *at; at++) {
		const char *code = code_of(*at, codes);

		if (code)
			buf_adds(out, code);
		else
			buf_addc(out, *at);
		if ((line_start && *at == ':' &&
			    *skip_nothing(at + 1) == ':') ||
			shown_is_command(at))
			buf_addc(out, ' ');
		if (*at == '\n')
			line_start = true;
		else if (*at != ' ' && *at != '\t' && !is_nothing(*at))
			line_start = false;
	}
	buf_release(&clean);
}
