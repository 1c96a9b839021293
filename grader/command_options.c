/*
 * How it works: argp finds the options; what there is to say, help and
 * mistakes, is said here, since the C library speaks English to whoever has
 * no locale of their own.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/command.h"
#include "grader/help.h"
#include "grader/suggest.h"

void command_misuse(const struct argp_state *state, const char *format, ...)
{
	auto_free char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, translated(format), args) < 0)
		text = NULL;
	va_end(args);
	fflush(stdout);
	fprintf(stderr, "%s: ", state->name);
	command_show(stderr, text ? text : "");
	fputc('\n', stderr);
	fprintf(stderr,
		_("Try `%s --help' or `%s --usage' for more information.\n"),
		state->name, state->name);
	exit(EXIT_USAGE);
}

/* What every command has besides its own options. */
#define OPTIONS_MAX 64
enum { OPTION_HELP = '?', OPTION_USAGE = 0x1000 };
static const struct argp_option COMMON_OPTIONS[] = {
	{"help", OPTION_HELP, NULL, 0, N_("give this help list"), 0},
	{"usage", OPTION_USAGE, NULL, 0, N_("give a short usage message"), 0},
	{0},
};

/* The command's own, while command_parse() works. */
static argp_parser_t parse_own;

/* The one called NAME, of LENGTH bytes; NULL when there is none. */
static const struct argp_option *find_option(
	const struct argp_option *options, const char *name, size_t length)
{
	for (; options->name; options++)
		if (!strncmp(options->name, name, length) &&
			!options->name[length])
			return options;
	return NULL;
}

/* "--NAME" or "--NAME=VALUE" is no good: why? */
static void refuse_long(const struct argp_state *state, const char *name)
{
	const struct argp_option *options = state->root_argp->options;
	const size_t length = strcspn(name, "=");
	const char *names[OPTIONS_MAX], *near;
	auto_free char *word = xstrndup(name, length);
	const struct argp_option *option = find_option(options, name, length);
	size_t count = 0;

	if (option && option->arg)
		command_misuse(state, N_("option '--%s' needs %s behind it"),
			word, option->arg);
	if (option)
		command_misuse(state, N_("option '--%s' takes no value"), word);
	for (; count < OPTIONS_MAX && options[count].name; count++)
		names[count] = options[count].name;
	near = suggest(word, names, count);
	if (near)
		command_misuse(state,
			N_("there is no option '--%s'; did you mean '--%s'?"),
			word, near);
	command_misuse(state, N_("there is no option '--%s'"), word);
}

/* "-s" or a group such as "-jx": the last letter lacks a value, or is none. */
static void refuse_short(const struct argp_state *state, const char *word)
{
	const struct argp_option *option = state->root_argp->options;
	const char last = word[strlen(word) - 1];

	for (; option->name; option++)
		if (option->key == last && option->arg)
			command_misuse(state,
				N_("option '%s' needs %s behind it"), word,
				option->arg);
	command_misuse(state, N_("there is no option '%s'"), word);
}

/*
 * argp gave up at an option, which it has left behind unless it stands in a
 * group, or at an argument that the command does not take.
 */
static void refuse(const struct argp_state *state)
{
	const char *word = state->argv[state->next - 1];

	if (word[0] != '-' || !strcmp(word, "--"))
		word = state->argv[state->next];
	if (word && !strncmp(word, "--", 2))
		refuse_long(state, word + 2);
	if (word && word[0] == '-')
		refuse_short(state, word);
	command_misuse(state, N_("too many arguments: '%s'"), word ? word : "");
}

static error_t parse_common(int key, char *text, struct argp_state *state)
{
	struct buf help = {0};

	switch (key) {
	case OPTION_HELP:
		help_write(&help, state->root_argp, state->name);
		break;
	case OPTION_USAGE:
		help_write_usage(&help, state->root_argp, state->name);
		break;
	case ARGP_KEY_ERROR:
		refuse(state);
		return 0;
	default:
		return parse_own(key, text, state);
	}
	fputs(buf_text(&help), stdout);
	buf_release(&help);
	exit(fflush(stdout) ? EXIT_TROUBLE : EXIT_FULL_MARKS);
}

static size_t count_options(const struct argp_option *options)
{
	size_t count = 0;

	while (options && options[count].name)
		count++;
	return count;
}

void command_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	const size_t own = count_options(argp->options);
	struct argp_option *options =
		xcalloc(own + sizeof(COMMON_OPTIONS) / sizeof(*COMMON_OPTIONS),
			sizeof(*options));
	struct argp whole = *argp;
	error_t r;

	if (own)
		memcpy(options, argp->options, own * sizeof(*options));
	memcpy(options + own, COMMON_OPTIONS, sizeof(COMMON_OPTIONS));
	whole.options = options;
	whole.parser = parse_common;
	parse_own = argp->parser;
	argp_err_exit_status = EXIT_USAGE;
	r = argp_parse(
		&whole, argc, argv, ARGP_NO_HELP | ARGP_NO_ERRS, NULL, input);
	free(options);
	if (r) {
		fprintf(stderr, "grader: %s\n", translated(strerror(r)));
		exit(EXIT_USAGE);
	}
}
