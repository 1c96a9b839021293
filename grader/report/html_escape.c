/*
 * How it works: the five characters that mean something to HTML become
 * references, everywhere, so that a text is safe between tags and in quoted
 * attributes alike.  There is no way to put a text into a script or a style.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "grader/report/html.h"
#include "grader/shown.h"
#include "grader/utf8.h"

static const char *reference(char byte)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static bool is_control(int32_t character)
{
	return (character < 0x20 && character != '\n' && character != '\t') ||
	       (character >= 0x7f && character < 0xa0);
}

static void add_character(
	struct buf *out, const char *text, size_t size, int32_t character)
{
	const char *known = size == 1 ? reference(*text) : NULL;

	if (known)
		buf_adds(out, known);
	else if (is_control(character))
		buf_adds(out, "\xef\xbf\xbd");
	else
		buf_add(out, text, size);
}

static void add(struct buf *out, const char *text, size_t length, bool tags)
{
	size_t size;
	int32_t character;

	for (size_t at = 0; at < length; at += size) {
		size = utf8_next(text + at, length - at, &character, NULL);
		if (!size) {
			size = 1;
			buf_adds(out, "\xef\xbf\xbd");
		} else if (shown_is_deceptive(character)) {
			buf_addf(out,
				tags ? "<b class=\"odd\">U+%04" PRIX32 "</b>"
				     : "U+%04" PRIX32,
				(uint32_t)character);
		} else {
			add_character(out, text + at, size, character);
		}
	}
}

void html_text(struct buf *out, const char *text)
{
	if (text)
		add(out, text, strlen(text), true);
}

void html_text_n(struct buf *out, const char *text, size_t length)
{
	add(out, text, length, true);
}

void html_plain(struct buf *out, const char *text)
{
	if (text)
		add(out, text, strlen(text), false);
}

void html_both(struct buf *out, const char *zh, const char *en)
{
	buf_adds(out, "<span class=\"zh\" lang=\"zh\">");
	html_text(out, zh);
	buf_adds(out, "</span><span class=\"en\" lang=\"en\">");
	html_text(out, en);
	buf_adds(out, "</span>");
}

void html_bilingual(struct buf *out, const struct bilingual *text)
{
	html_both(out, language_pick(text, LANGUAGE_ZH),
		language_pick(text, LANGUAGE_EN));
}

void html_both_take(struct buf *out, char *zh, char *en)
{
	html_both(out, zh, en);
	free(zh);
	free(en);
}

void svg_both(struct buf *out, const char *zh, const char *en)
{
	buf_adds(out, "<tspan class=\"zh\" lang=\"zh\">");
	html_plain(out, zh);
	buf_adds(out, "</tspan><tspan class=\"en\" lang=\"en\">");
	html_plain(out, en);
	buf_adds(out, "</tspan>");
}
