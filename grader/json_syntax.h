/*
 * Is a text JSON, as RFC 8259 has it and no more?  When not, what is wrong is
 * said in the words of who writes such files by hand.
 */
#ifndef GRADER_JSON_SYNTAX_H
#define GRADER_JSON_SYNTAX_H

#include <stddef.h>

#define JSON_DEPTH_MAX 60

struct json_mistake {
	size_t at;        /* offset in the text */
	const char *what; /* static; NULL: there is none */
};

/*
 * The first mistake of LENGTH bytes of valid UTF-8.  Beyond the grammar, a
 * text may hold no NUL and no half of a surrogate pair, and lists and objects
 * are nested at most JSON_DEPTH_MAX deep.
 */
struct json_mistake json_syntax(const char *text, size_t length);

#endif
