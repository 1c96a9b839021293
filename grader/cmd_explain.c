/* grader explain: one failure of a report, step by step, with its diagram. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/audience.h"
#include "grader/choice.h"
#include "grader/command.h"
#include "grader/language.h"
#include "grader/report/diagram_text.h"
#include "grader/report/report_explain.h"
#include "grader/report_file.h"

#define COLUMNS_MAX 400
#define PROSE_COLUMNS 88 /* longer lines are hard to read */

enum { ASCII = 256, UNICODE, AUDIENCE }; /* options without a letter */

struct arguments {
	const char *report, *criterion;
	size_t finding; /* from 1; 0: the one that tells most */
	size_t columns; /* 0: as the terminal has */
	enum language language;
	bool ascii, unicode, right;
	enum audience audience;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	const char **words[] = {&arguments->report, &arguments->criterion};

	switch (key) {
	case 'n':
		arguments->finding = command_number("--finding", text, 1, 1000);
		return 0;
	case 'l':
		if (language_by_name(text, &arguments->language))
			argp_error(state, "--lang takes zh or en");
		return 0;
	case 'w':
		arguments->columns = command_number(
			"--width", text, DIAGRAM_TEXT_COLUMNS_MIN, COLUMNS_MAX);
		return 0;
	case 'R':
		arguments->right = true;
		return 0;
	case ASCII:
		arguments->ascii = true;
		return 0;
	case UNICODE:
		arguments->unicode = true;
		return 0;
	case AUDIENCE:
		if (audience_by_name(text, &arguments->audience))
			argp_error(state, "--audience takes student or staff");
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num >= sizeof(words) / sizeof(*words))
			argp_error(state, "too many arguments: '%s'", text);
		else
			*words[state->arg_num] = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->report)
			argp_error(state, "needs REPORT, as in: grader explain "
					  "report.json mutex");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"finding", 'n', "N", 0,
			N_("the criterion's finding number N (default: the one "
			   "that tells most)"),
			0},
		{"right", 'R', NULL, 0,
			N_("also the diagram of a right program, if the "
			   "exercise "
			   "has one to show"),
			0},
		{"width", 'w', "N", 0,
			N_("columns of the diagram (default: the terminal's)"),
			0},
		{"ascii", ASCII, NULL, 0, N_("draw with ASCII characters only"),
			0},
		{"unicode", UNICODE, NULL, 0,
			N_("draw with lines also where the locale is not "
			   "UTF-8"),
			0},
		{"audience", AUDIENCE, "student|staff", 0,
			N_("who reads it: students are not told what hidden "
			   "scenarios do (default: staff)"),
			0},
		{"lang", 'l', "zh|en", 0, N_("language"), 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "REPORT [CRITERION]",
		.doc = N_(
			"Explains a failure step by step, with the diagram of "
			"the failing run; nothing is run.  REPORT is what "
			"'grader check --report' wrote, - for standard input; "
			"CRITERION is an id, by default what the report's next "
			"step names.\n\nExit status: 0 explained, or there is "
			"nothing to explain, 2 wrong use or no such report, "
			"criterion or finding, 3 trouble of the grader."),
	};

	arguments->language = language_default();
	arguments->audience = AUDIENCE_STAFF;
	command_parse(&argp, argc, argv, arguments);
}

static struct report_style style_of(const struct arguments *arguments)
{
	struct report_style style =
		command_style(STDOUT_FILENO, arguments->language);

	style.columns = arguments->columns ? arguments->columns
					   : command_columns(STDOUT_FILENO);
	style.ascii = arguments->ascii ||
		      (!arguments->unicode && !language_is_utf8());
	if (strcmp(arguments->report, "-") != 0)
		style.report_path = arguments->report;
	return style;
}

static void explain(struct explanation *explanation, struct report_style *style)
{
	struct buf text = {0};

	explanation->columns = style->columns;
	if (style->columns > PROSE_COLUMNS)
		style->columns = PROSE_COLUMNS;
	if (explanation->criterion && explanation->verdict->compile.ok)
		report_explain_write(&text, explanation, style);
	else
		report_explain_whole(&text, explanation->verdict, style);
	fputs(buf_text(&text), stdout);
	buf_release(&text);
}

int cmd_explain(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct verdict verdict = {0};
	struct explanation explanation = {.verdict = &verdict};
	struct report_style style;
	struct err err = {""};
	int status = EXIT_FULL_MARKS;

	parse_arguments(argc, argv, &arguments);
	if (report_file_read(
		    &verdict, NULL, REPORT_WHOLE, arguments.report, &err))
		return command_fail(EXIT_USAGE, &err);
	if (arguments.audience == AUDIENCE_STUDENT)
		verdict_redact(&verdict);
	style = style_of(&arguments);
	explanation.right = arguments.right;
	if (choice_make(&verdict, arguments.criterion, arguments.finding,
		    &explanation.criterion, &explanation.finding, &err))
		status = command_fail(EXIT_USAGE, &err);
	else
		explain(&explanation, &style);
	verdict_release(&verdict);
	return status;
}
