/*
 * grader mark: the points that a person gives, into the report.  The report is
 * replaced whole or not at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/command.h"
#include "grader/marks.h"
#include "grader/report_file.h"

#define BY 256 /* an option without a letter */

struct arguments {
	const char *report, *criterion, *points;
	struct mark mark; /* all borrowed */
	bool take_back, quiet;
	enum language language;
};

static error_t parse_word(
	struct arguments *arguments, char *text, struct argp_state *state)
{
	const char **words[] = {
		&arguments->report, &arguments->criterion, &arguments->points};

	if (state->arg_num >= sizeof(words) / sizeof(*words))
		argp_error(state, "too many arguments: '%s'", text);
	else
		*words[state->arg_num] = text;
	return 0;
}

static void check(
	const struct arguments *arguments, const struct argp_state *state)
{
	const struct mark *mark = &arguments->mark;

	if (!arguments->report)
		argp_error(state, "needs REPORT, as in: grader mark "
				  "report.json answer 7.5");
	if (arguments->take_back &&
		(!arguments->criterion || arguments->points))
		argp_error(state, "--take-back needs CRITERION and no POINTS");
	if (arguments->criterion && !arguments->points && !arguments->take_back)
		argp_error(state, "how many POINTS for '%s'?",
			arguments->criterion);
	if ((mark->comment || mark->by) && !arguments->points)
		argp_error(state, "--comment and --by go with POINTS");
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'c':
		arguments->mark.comment = text;
		return 0;
	case BY:
		arguments->mark.by = text;
		return 0;
	case 't':
		arguments->take_back = true;
		return 0;
	case 'q':
		arguments->quiet = true;
		return 0;
	case 'l':
		if (language_by_name(text, &arguments->language))
			argp_error(state, "--lang takes zh or en");
		return 0;
	case ARGP_KEY_ARG:
		return parse_word(arguments, text, state);
	case ARGP_KEY_END:
		check(arguments, state);
		if (arguments->points && marks_parse_points(arguments->points,
						 &arguments->mark.points))
			argp_error(state,
				"POINTS is a number such as 7 or 7.5, not '%s'",
				arguments->points);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"comment", 'c', "TEXT", 0, N_("what the student is told"), 0},
		{"by", BY, "NAME", 0, N_("who gives the points"), 0},
		{"take-back", 't', NULL, 0,
			N_("take the mark back: the criterion waits again"), 0},
		{"lang", 'l', "zh|en", 0, N_("language"), 0},
		{"quiet", 'q', NULL, 0, N_("print nothing"), 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "REPORT [CRITERION POINTS]",
		.doc = N_("Records in REPORT, which 'grader check --report' "
			  "wrote, the points that a person gives for an answer "
			  "in words, or for another part that waits for a "
			  "person.  Without CRITERION it shows what there is "
			  "to mark.\n\nExit status: 0 done, 2 wrong use, no "
			  "such report or criterion, or too many points, 3 "
			  "trouble of the grader."),
	};

	arguments->language = language_default();
	command_parse(&argp, argc, argv, arguments);
}

static int read_report(struct buf *text, const char *path, struct err *err)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int r = fd < 0 ? -errno : buf_read_fd(text, fd, REPORT_FILE_MAX);

	return r ? err_errno(err, r, "cannot read '%s'", path) : 0;
}

static void now(char text[static 32])
{
	time_t seconds = time(NULL);
	struct tm utc;

	*text = '\0';
	if (gmtime_r(&seconds, &utc))
		strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* Changes the report as asked; 0 or an exit status, with the message told. */
static int change(const struct arguments *arguments, const struct buf *text,
	struct verdict *verdict)
{
	struct mark mark = arguments->mark;
	struct buf changed = {0};
	struct err err = {""};
	char given[32];
	int r;

	now(given);
	mark.given = given;
	r = arguments->take_back
		    ? marks_take_back(verdict, arguments->criterion, &err)
		    : marks_give(verdict, arguments->criterion, &mark, &err);
	if (r)
		return command_fail(EXIT_USAGE, &err);
	report_json_update(&changed, buf_text(text), text->length, verdict);
	r = atomic_file_write(
		arguments->report, changed.data, changed.length, &err);
	buf_release(&changed);
	return r ? command_fail(EXIT_TROUBLE, &err) : 0;
}

static void show(
	const struct arguments *arguments, const struct verdict *verdict)
{
	struct report_style style =
		command_style(STDOUT_FILENO, arguments->language);
	struct buf text = {0};

	style.report_path = arguments->report;
	report_marks_write(&text, verdict, &style, !arguments->criterion);
	fputs(buf_text(&text), stdout);
	buf_release(&text);
}

int cmd_mark(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct verdict verdict = {0};
	struct buf text = {0};
	struct err err = {""};
	int status = EXIT_FULL_MARKS;

	parse_arguments(argc, argv, &arguments);
	if (read_report(&text, arguments.report, &err) ||
		marks_read(&verdict, buf_text(&text), text.length,
			arguments.report, &err))
		status = command_fail(EXIT_USAGE, &err);
	if (!status && arguments.criterion)
		status = change(&arguments, &text, &verdict);
	if (!status && !arguments.quiet)
		show(&arguments, &verdict);
	verdict_release(&verdict);
	buf_release(&text);
	return status;
}
