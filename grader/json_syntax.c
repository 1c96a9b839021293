/*
 * Recursive descent without a tree: each function stands at the first byte of
 * what it reads, and behind its last when it returns true.
 */
#include "grader/json_syntax.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"

struct scanner {
	const char *at, *end;
	const char *where; /* of the mistake */
	const char *what;
	int depth;
};

static bool scan_value(struct scanner *scanner);

static bool fail(struct scanner *scanner, const char *where, const char *what)
{
	scanner->where = where;
	scanner->what = what;
	return false;
}

/* The byte at which it stands; 0 = the end. */
static char here(const struct scanner *scanner)
{
	if (scanner->at == scanner->end)
		return '\0';
	return *scanner->at;
}

static void skip_blanks(struct scanner *scanner)
{
	while (here(scanner) && strchr(" \t\r\n", *scanner->at))
		scanner->at++;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool scan_digits(struct scanner *scanner)
{
	const char *start = scanner->at;

	while (is_digit(here(scanner)))
		scanner->at++;
	return scanner->at > start;
}

static bool scan_number(struct scanner *scanner)
{
	const char *start = scanner->at;
	bool good;

	if (here(scanner) == '-')
		scanner->at++;
	if (here(scanner) == '0') {
		scanner->at++;
		good = !is_digit(here(scanner));
	} else {
		good = scan_digits(scanner);
	}
	if (good && here(scanner) == '.') {
		scanner->at++;
		good = scan_digits(scanner);
	}
	if (good && (here(scanner) == 'e' || here(scanner) == 'E')) {
		scanner->at++;
		if (here(scanner) == '+' || here(scanner) == '-')
			scanner->at++;
		good = scan_digits(scanner);
	}
	return good ? true : fail(scanner, start, N_("a bad number"));
}

/* Four hexadecimal digits; -1: they are not. */
static long scan_hex(struct scanner *scanner)
{
	char digits[5] = "";

	if (scanner->end - scanner->at < 4)
		return -1;
	memcpy(digits, scanner->at, 4);
	if (strspn(digits, "0123456789abcdefABCDEF") != 4)
		return -1;
	scanner->at += 4;
	return strtol(digits, NULL, 16);
}

/* Behind "\u". */
static bool scan_unicode(struct scanner *scanner, const char *start)
{
	long first = scan_hex(scanner), second;

	if (first < 0)
		return fail(scanner, start, N_("a bad escape"));
	if (first == 0)
		return fail(scanner, start, N_("a text cannot hold a NUL"));
	if (first < 0xd800 || first > 0xdfff)
		return true;
	if (first > 0xdbff || scanner->end - scanner->at < 6 ||
		memcmp(scanner->at, "\\u", 2) != 0)
		return fail(scanner, start, N_("half of a surrogate pair"));
	scanner->at += 2;
	second = scan_hex(scanner);
	if (second < 0xdc00 || second > 0xdfff)
		return fail(scanner, start, N_("half of a surrogate pair"));
	return true;
}

static bool scan_escape(struct scanner *scanner)
{
	const char *start = scanner->at++;
	char letter = here(scanner);

	if (!letter || !strchr("\"\\/bfnrtu", letter))
		return fail(scanner, start,
			N_("a bad escape (a backslash itself is written "
			   "\\\\)"));
	scanner->at++;
	return letter == 'u' ? scan_unicode(scanner, start) : true;
}

static bool scan_string(struct scanner *scanner)
{
	const char *start = scanner->at++;

	for (;;) {
		char c = here(scanner);

		if (c == '"')
			break;
		if (c == '\0' || c == '\n' || c == '\r')
			return fail(scanner, start,
				N_("a text without its closing quotation "
				   "mark"));
		if (c == '\t')
			return fail(scanner, scanner->at,
				N_("a tabulator in a text is written \\t"));
		if (c != '\\')
			scanner->at++;
		else if (!scan_escape(scanner))
			return false;
	}
	scanner->at++;
	return true;
}

static bool scan_word(struct scanner *scanner)
{
	static const char *const words[] = {"true", "false", "null"};
	size_t left = (size_t)(scanner->end - scanner->at);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t length = strlen(words[i]);

		if (left >= length && !memcmp(scanner->at, words[i], length)) {
			scanner->at += length;
			return true;
		}
	}
	if (here(scanner) == '\'')
		return fail(scanner, scanner->at,
			N_("texts stand in double quotation marks"));
	if (here(scanner) == '/' || here(scanner) == '#')
		return fail(scanner, scanner->at, N_("JSON has no comments"));
	return fail(scanner, scanner->at, N_("a value expected"));
}

/* "name": value, or a value alone. */
static bool scan_element(struct scanner *scanner, bool named)
{
	if (!named)
		return scan_value(scanner);
	if (here(scanner) == '/' || here(scanner) == '#')
		return fail(scanner, scanner->at, N_("JSON has no comments"));
	if (here(scanner) != '"')
		return fail(scanner, scanner->at,
			N_("the name of a field in double quotation marks "
			   "expected"));
	if (!scan_string(scanner))
		return false;
	skip_blanks(scanner);
	if (here(scanner) != ':')
		return fail(scanner, scanner->at, N_("':' expected"));
	scanner->at++;
	return scan_value(scanner);
}

/* A list or an object, which ends with CLOSE. */
static bool scan_children(struct scanner *scanner, char close)
{
	const char *comma = NULL;

	if (++scanner->depth > JSON_DEPTH_MAX)
		return fail(scanner, scanner->at, N_("nested too deeply"));
	scanner->at++;
	skip_blanks(scanner);
	while (here(scanner) != close || comma) {
		if (comma && here(scanner) == close)
			return fail(scanner, comma,
				N_("a comma behind the last element"));
		if (!scan_element(scanner, close == '}'))
			return false;
		comma = NULL;
		skip_blanks(scanner);
		if (here(scanner) == ',') {
			comma = scanner->at++;
			skip_blanks(scanner);
		} else if (here(scanner) != close) {
			return fail(scanner, scanner->at,
				close == '}' ? N_("',' or '}' expected")
					     : N_("',' or ']' expected"));
		}
	}
	scanner->at++;
	scanner->depth--;
	return true;
}

static bool scan_value(struct scanner *scanner)
{
	char first;

	skip_blanks(scanner);
	first = here(scanner);
	if (first == '{')
		return scan_children(scanner, '}');
	if (first == '[')
		return scan_children(scanner, ']');
	if (first == '"')
		return scan_string(scanner);
	if (first == '-' || is_digit(first))
		return scan_number(scanner);
	return scan_word(scanner);
}

struct json_mistake json_syntax(const char *text, size_t length)
{
	struct scanner scanner = {.at = text, .end = text + length};

	skip_blanks(&scanner);
	if (scanner.at == scanner.end) {
		fail(&scanner, text, N_("the file is empty"));
	} else if (scan_value(&scanner)) {
		skip_blanks(&scanner);
		if (scanner.at != scanner.end)
			fail(&scanner, scanner.at,
				N_("something stands behind the end"));
	}
	return (struct json_mistake){
		.at = scanner.what ? (size_t)(scanner.where - text) : 0,
		.what = scanner.what,
	};
}
