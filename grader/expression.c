/*
 * Recursive descent, evaluating as it reads.  A parser carries the place in
 * the text and the first error; after an error every step returns 0 at once.
 * No step leaves the range of STEP_MAX, so that none is infinite or no number.
 */
#include "grader/expression.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"

#define NESTING_MAX 32
/* Of a step on the way; whole numbers up to here are exact. */
#define STEP_MAX 1e15

struct parser {
	const char *at;
	const struct expression_value *values;
	size_t count;
	char *message;
	size_t size;
	int nesting;
	bool failed;
	bool varies; /* a value that does was read */
};

static double parse_sum(struct parser *parser);

static double fail(struct parser *parser, const char *what)
{
	if (!parser->failed)
		snprintf(parser->message, parser->size, _("%s at '%.40s'"),
			translated(what), parser->at);
	parser->failed = true;
	return 0;
}

static bool take(struct parser *parser, char c)
{
	while (*parser->at == ' ')
		parser->at++;
	if (*parser->at != c)
		return false;
	parser->at++;
	return true;
}

static double within(double value, double limit)
{
	return value > limit ? limit : value < -limit ? -limit : value;
}

static double parse_pair(struct parser *parser, bool smaller)
{
	double left, right;

	if (!take(parser, '('))
		return fail(parser, N_("'(' expected"));
	left = parse_sum(parser);
	if (!take(parser, ','))
		return fail(parser, N_("',' expected"));
	right = parse_sum(parser);
	if (!take(parser, ')'))
		return fail(parser, N_("')' expected"));
	return (left < right) == smaller ? left : right;
}

static double parse_name(struct parser *parser)
{
	const char *name = parser->at;
	size_t length = 0;

	while (isalnum((unsigned char)name[length]) || name[length] == '_')
		length++;
	if (length == 3 && !strncmp(name, "min", 3)) {
		parser->at += 3;
		return parse_pair(parser, true);
	}
	if (length == 3 && !strncmp(name, "max", 3)) {
		parser->at += 3;
		return parse_pair(parser, false);
	}
	for (size_t i = 0; i < parser->count; i++) {
		const struct expression_value *value = &parser->values[i];

		if (strlen(value->name) == length &&
			!strncmp(value->name, name, length)) {
			parser->at += length;
			parser->varies |= value->varies;
			return within(value->value, STEP_MAX);
		}
	}
	return fail(parser, N_("unknown value"));
}

static double parse_number(struct parser *parser)
{
	char digits[32];
	size_t length = strspn(parser->at, "0123456789.");
	double value;
	char *end;

	if (length >= sizeof(digits))
		return fail(parser, N_("number too long"));
	memcpy(digits, parser->at, length);
	digits[length] = '\0';
	value = strtod(digits, &end);
	if (end == digits || *end != '\0')
		return fail(parser, N_("bad number"));
	parser->at += length;
	return within(value, STEP_MAX);
}

static double parse_factor(struct parser *parser)
{
	double value = 0;

	if (parser->failed)
		return 0;
	if (++parser->nesting > NESTING_MAX)
		return fail(parser, N_("nested too deeply"));
	if (take(parser, '-')) {
		value = -parse_factor(parser);
	} else if (take(parser, '(')) {
		value = parse_sum(parser);
		if (!take(parser, ')'))
			value = fail(parser, N_("')' expected"));
	} else if (isalpha((unsigned char)*parser->at)) {
		value = parse_name(parser);
	} else if (isdigit((unsigned char)*parser->at)) {
		value = parse_number(parser);
	} else {
		value = fail(parser, N_("a number or a name expected"));
	}
	parser->nesting--;
	return value;
}

/* It must not be zero, whatever happens in a run. */
static double parse_divisor(struct parser *parser)
{
	bool varied = parser->varies;
	double divisor;

	parser->varies = false;
	divisor = parse_factor(parser);
	if (parser->varies)
		fail(parser, N_("division by what is another in each run"));
	if (divisor >= -1e-9 && divisor <= 1e-9)
		fail(parser, N_("division by zero"));
	parser->varies = varied;
	return divisor;
}

static double parse_term(struct parser *parser)
{
	double value = parse_factor(parser);

	while (!parser->failed) {
		if (take(parser, '*'))
			value *= parse_factor(parser);
		else if (take(parser, '/'))
			value /= parse_divisor(parser);
		else
			break;
		if (parser->failed)
			return 0;
		value = within(value, STEP_MAX);
	}
	return value;
}

static double parse_sum(struct parser *parser)
{
	double value = parse_term(parser);

	while (!parser->failed) {
		if (take(parser, '+'))
			value += parse_term(parser);
		else if (take(parser, '-'))
			value -= parse_term(parser);
		else
			break;
		value = within(value, STEP_MAX);
	}
	return value;
}

int expression_evaluate(const char *text, const struct expression_value *values,
	size_t count, double *result, char *message, size_t size)
{
	struct parser parser = {
		.at = text,
		.values = values,
		.count = count,
		.message = message,
		.size = size,
	};
	double value = parse_sum(&parser);

	while (*parser.at == ' ')
		parser.at++;
	if (!parser.failed && *parser.at != '\0')
		fail(&parser, N_("end expected"));
	if (!parser.failed && !parser.varies &&
		(value < -EXPRESSION_MAX || value > EXPRESSION_MAX))
		fail(&parser, N_("too great a number"));
	if (parser.failed)
		return -EINVAL;
	*result = within(value, EXPRESSION_MAX);
	return 0;
}
