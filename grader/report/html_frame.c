/* What stands around every page; see html_page.c for what it keeps to. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/base64.h"
#include "grader/hash.h"
#include "grader/report/html.h"

static int hex_digit(char digit)
{
	return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

/* SHA-256 in base64, as a policy names it. */
static void add_hash(struct buf *out, const char *data, size_t length)
{
	struct hash *hash = hash_new();
	auto_free char *hex = NULL;
	unsigned char bytes[32];

	hash_add(hash, data, length);
	hex = hash_hex(hash);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(hex_digit(hex[2 * i]) << 4 |
					   hex_digit(hex[2 * i + 1]));
	base64_add(out, bytes, sizeof(bytes));
}

void html_begin(struct buf *out, enum language language, const char *title)
{
	buf_addf(out,
		"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta "
		"charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-"
		"Policy\" content=\"default-src 'none'; base-uri 'none'; "
		"form-action 'none'; style-src 'sha256-",
		language_name(language));
	add_hash(out, page_css, page_css_size);
	buf_adds(out, "'; script-src 'sha256-");
	add_hash(out, page_js, page_js_size);
	buf_adds(out,
		"'\">\n<meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n<meta name=\"color-scheme\" "
		"content=\"light dark\">\n<meta name=\"referrer\" "
		"content=\"no-referrer\">\n<title>");
	html_plain(out, title);
	buf_adds(out, " · grader</title>\n<style>");
	buf_add(out, page_css, page_css_size);
	buf_adds(out, "</style>\n</head>\n<body>\n");
}

static void add_choice(struct buf *out, enum language chosen,
	enum language language, const char *name)
{
	const char *id = language_name(language);

	buf_addf(out,
		"<input type=\"radio\" name=\"language\" class=\"choice\" "
		"id=\"language-%s\"%s><label for=\"language-%s\" "
		"lang=\"%s\">%s</label>",
		id, language == chosen ? " checked" : "", id, id, name);
}

void html_add_switch(struct buf *out, enum language chosen)
{
	buf_adds(out, "<fieldset class=\"switch\"><legend "
		      "class=\"said\">语言 / language</legend>");
	add_choice(out, chosen, LANGUAGE_ZH, "中文");
	add_choice(out, chosen, LANGUAGE_EN, "English");
	buf_adds(out, "</fieldset>\n");
}

void html_end(struct buf *out)
{
	buf_adds(out, "<script>");
	buf_add(out, page_js, page_js_size);
	buf_adds(out, "</script>\n</body>\n</html>\n");
}
