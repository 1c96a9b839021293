/* grader report: other forms of a report.json. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/choice.h"
#include "grader/command.h"
#include "grader/language.h"
#include "grader/outputs.h"
#include "grader/report/report.h"
#include "grader/report_file.h"

enum { AUDIENCE = 256, CRITERION }; /* options without a letter */

struct arguments {
	const char *report, *criterion;
	size_t finding; /* from 1; 0: the one that tells most */
	struct outputs outputs;
	bool language_given;
	enum language language;
};

static void add_output(struct arguments *arguments, const char *name,
	const char *path, struct argp_state *state)
{
	struct err err = {""};
	int r = path ? outputs_add_to(&arguments->outputs, name,
			       strcmp(path, "-") ? path : NULL, &err)
		     : outputs_add(&arguments->outputs, name, &err);

	if (r)
		argp_error(state, "%s", err.text);
}

/* Whether there is a format that tells one run. */
static bool tells_one(const struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		if (outputs->items[i].format->one_run)
			return true;
	return false;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'H':
		add_output(arguments, "html", text, state);
		return 0;
	case 'f':
		add_output(arguments, text, NULL, state);
		return 0;
	case CRITERION:
		arguments->criterion = text;
		return 0;
	case 'n':
		arguments->finding = command_number("--finding", text, 1, 1000);
		return 0;
	case AUDIENCE:
		if (audience_by_name(text, &arguments->outputs.audience))
			argp_error(state, "--audience takes student or staff");
		arguments->outputs.audience_given = true;
		return 0;
	case 'l':
		if (language_by_name(text, &arguments->language))
			argp_error(state, "--lang takes zh or en");
		arguments->language_given = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "too many arguments: '%s'", text);
		arguments->report = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->report)
			argp_error(state, "needs REPORT, as in: grader report "
					  "report.json --html page.html");
		if ((arguments->criterion || arguments->finding) &&
			!tells_one(&arguments->outputs))
			argp_error(state,
				"--criterion and --finding go with --format "
				"perfetto or shiviz");
		/* the text is what is printed when nothing is asked for */
		arguments->outputs.quiet = arguments->outputs.count > 0;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"html", 'H', "FILE", 0,
			N_("write the student's page to FILE (- for standard "
			   "output)"),
			0},
		{"format", 'f', "NAME[=FILE]", 0,
			N_("print or write it in another format, as for grader "
			   "check; may be given several times"),
			0},
		{"audience", AUDIENCE, "student|staff", 0,
			N_("who reads it (default: by format)"), 0},
		{"criterion", CRITERION, "ID", 0,
			N_("whose run perfetto and shiviz tell (default: what "
			   "the report's next step names)"),
			0},
		{"finding", 'n', "N", 0,
			N_("the criterion's finding number N (default: the one "
			   "that tells most)"),
			0},
		{"lang", 'l', "zh|en", 0,
			N_("language that the page begins with (default: the "
			   "report's)"),
			0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "REPORT",
		.doc = N_("Writes REPORT, which grader check --report has "
			  "written, in other forms: by default the text that a "
			  "student reads. The page is one file that needs "
			  "nothing else, with the diagram of each failing run; "
			  "of hidden scenarios it tells nothing but that they "
			  "failed."),
	};

	command_parse(&argp, argc, argv, arguments);
}

static int write_all(const struct arguments *arguments, struct verdict *verdict,
	enum language language)
{
	struct report_style style = command_style(STDOUT_FILENO, language);
	struct err err = {""};

	style.criterion = arguments->criterion;
	style.finding = arguments->finding;
	style.report_path = strcmp(arguments->report, "-") ? arguments->report
							   : "report.json";
	if (outputs_write(&arguments->outputs, verdict, &style, &err))
		return command_fail(EXIT_TROUBLE, &err);
	return EXIT_FULL_MARKS;
}

/* Whether there is what --criterion and --finding ask for. */
static int check_choice(const struct arguments *arguments,
	const struct verdict *verdict, struct err *err)
{
	const struct criterion *criterion;
	const struct finding *finding;

	return choice_make(verdict, arguments->criterion, arguments->finding,
		&criterion, &finding, err);
}

int cmd_report(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct verdict verdict = {0};
	enum language language = LANGUAGE_ZH;
	struct err err = {""};
	int status;

	parse_arguments(argc, argv, &arguments);
	if (report_file_read(&verdict, &language, REPORT_WHOLE,
		    arguments.report, &err) ||
		check_choice(&arguments, &verdict, &err)) {
		status = command_fail(EXIT_USAGE, &err);
	} else {
		if (arguments.language_given)
			language = arguments.language;
		status = write_all(&arguments, &verdict, language);
	}
	verdict_release(&verdict);
	outputs_release(&arguments.outputs);
	return status;
}
