/*
 * The tokens of C source, as far as they are needed to find calls, conditions
 * and constants in it: comments, blanks and preprocessor lines are left out.
 */
#ifndef GRADER_C_TOKENS_H
#define GRADER_C_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

enum c_token_kind {
	C_NAME, /* identifier or keyword */
	C_NUMBER,
	C_TEXT, /* string or character constant */
	C_SIGN, /* operator or punctuator */
};

struct c_token {
	enum c_token_kind kind;
	size_t start, length; /* in the source */
	int line;             /* from 1 */
};

struct c_source {
	const char *text; /* borrowed */
	struct c_token *tokens;
	size_t count;
};

void c_source_read(struct c_source *to, const char *text, size_t length);
void c_source_release(struct c_source *source);

/* Is token INDEX there, and written so? */
bool c_token_is(const struct c_source *source, size_t index, const char *text);

/*
 * The index of the bracket that closes the one at OPEN, "(", "[" or "{";
 * the count of tokens if there is none.
 */
size_t c_closing(const struct c_source *source, size_t open);

#endif
