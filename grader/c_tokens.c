/*
 * A source that is no C gives tokens all the same; whoever uses them must not
 * rely on more than their places.
 */
#include "grader/c_tokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct reader {
	const char *text;
	size_t at, length;
	int line;
	bool line_begins; /* only blanks so far */
};

static char here(const struct reader *reader, size_t ahead)
{
	size_t at = reader->at + ahead;

	if (at >= reader->length)
		return '\0';
	return reader->text[at];
}

static void step(struct reader *reader)
{
	if (here(reader, 0) == '\n') {
		reader->line++;
		reader->line_begins = true;
	}
	reader->at++;
}

static void skip_line_comment(struct reader *reader)
{
	while (reader->at < reader->length && here(reader, 0) != '\n')
		step(reader);
}

static void skip_comment(struct reader *reader)
{
	reader->at += 2;
	while (reader->at < reader->length &&
		!(here(reader, 0) == '*' && here(reader, 1) == '/'))
		step(reader);
	reader->at += 2;
}

/* To the end of the line that no backslash continues. */
static void skip_directive(struct reader *reader)
{
	while (reader->at < reader->length && here(reader, 0) != '\n') {
		if (here(reader, 0) == '\\' && here(reader, 1) == '\n')
			step(reader);
		if (here(reader, 0) == '/' && here(reader, 1) == '*')
			skip_comment(reader);
		else
			step(reader);
	}
}

static void skip_between(struct reader *reader)
{
	while (reader->at < reader->length) {
		char c = here(reader, 0);

		if (c == '#' && reader->line_begins)
			skip_directive(reader);
		else if (c == '/' && here(reader, 1) == '/')
			skip_line_comment(reader);
		else if (c == '/' && here(reader, 1) == '*')
			skip_comment(reader);
		else if (isspace((unsigned char)c) || c == '\\')
			step(reader);
		else
			return;
	}
}

static void skip_text(struct reader *reader)
{
	char quote = here(reader, 0);

	step(reader);
	while (reader->at < reader->length && here(reader, 0) != quote &&
		here(reader, 0) != '\n') {
		if (here(reader, 0) == '\\')
			step(reader);
		step(reader);
	}
	if (here(reader, 0) == quote)
		step(reader);
}

static bool is_name_part(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 128;
}

static size_t sign_length(const struct reader *reader)
{
	static const char *const longer[] = {"<<=", ">>=", "...", "->", "++",
		"--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
		"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="};
	size_t left = reader->length - reader->at;

	for (size_t i = 0; i < sizeof(longer) / sizeof(*longer); i++) {
		size_t length = strlen(longer[i]);

		if (length <= left &&
			!memcmp(reader->text + reader->at, longer[i], length))
			return length;
	}
	return 1;
}

static enum c_token_kind take(struct reader *reader)
{
	char c = here(reader, 0);

	if (c == '"' || c == '\'') {
		skip_text(reader);
		return C_TEXT;
	}
	if (is_name_part(c)) {
		/* of a number, its suffix and its exponent's letter too */
		while (is_name_part(here(reader, 0)) ||
			(isdigit((unsigned char)c) && here(reader, 0) == '.'))
			reader->at++;
		return isdigit((unsigned char)c) ? C_NUMBER : C_NAME;
	}
	reader->at += sign_length(reader);
	return C_SIGN;
}

void c_source_read(struct c_source *to, const char *text, size_t length)
{
	struct reader reader = {
		.text = text, .length = length, .line = 1, .line_begins = true};
	size_t capacity = 0;

	*to = (struct c_source){.text = text};
	for (;;) {
		struct c_token token;

		skip_between(&reader);
		if (reader.at >= reader.length)
			break;
		token.start = reader.at;
		token.line = reader.line;
		reader.line_begins = false;
		token.kind = take(&reader);
		if (reader.at > length)
			reader.at = length;
		token.length = reader.at - token.start;
		grow_array(
			&to->tokens, to->count, &capacity, sizeof(*to->tokens));
		to->tokens[to->count++] = token;
	}
}

void c_source_release(struct c_source *source)
{
	free(source->tokens);
	*source = (struct c_source){.text = NULL};
}

bool c_token_is(const struct c_source *source, size_t index, const char *text)
{
	const struct c_token *token = &source->tokens[index];

	return index < source->count && token->kind != C_TEXT &&
	       strlen(text) == token->length &&
	       !memcmp(source->text + token->start, text, token->length);
}

size_t c_closing(const struct c_source *source, size_t open)
{
	size_t depth = 0, i;

	for (i = open; i < source->count; i++) {
		if (c_token_is(source, i, "(") || c_token_is(source, i, "[") ||
			c_token_is(source, i, "{"))
			depth++;
		else if (c_token_is(source, i, ")") ||
			 c_token_is(source, i, "]") ||
			 c_token_is(source, i, "}"))
			depth--;
		if (depth == 0)
			return i;
	}
	return source->count;
}
