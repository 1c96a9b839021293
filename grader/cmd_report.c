/* grader report: other forms of a report.json. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/command.h"
#include "grader/language.h"
#include "grader/report/report.h"
#include "grader/report_verdict.h"

#define REPORT_MAX (64u << 20)

struct arguments {
	const char *report;
	const char *html; /* "-": standard output */
	bool language_given;
	enum language language;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'H':
		arguments->html = text;
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
		if (!arguments->report || !arguments->html)
			argp_error(state, "needs REPORT and --html FILE, as "
					  "in: grader report report.json "
					  "--html page.html");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"html", 'H', "FILE", 0,
			"write the student's page to FILE (- for standard "
			"output)",
			0},
		{"lang", 'l', "zh|en", 0,
			"language that the page begins with (default: the "
			"report's)",
			0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "REPORT",
		.doc = "Makes a page of REPORT, which grader check --report "
		       "has written: one file that needs nothing else, with "
		       "the diagram of each failing run.  Of hidden scenarios "
		       "it tells nothing but that they failed.",
	};

	command_parse(&argp, argc, argv, arguments);
}

static int read_file(const char *path, struct buf *text, struct err *err)
{
	bool is_stdin = !strcmp(path, "-");
	auto_close int opened =
		is_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	int r;

	if (!is_stdin && opened < 0)
		return err_errno(err, -errno, "cannot read '%s'", path);
	r = buf_read_fd(text, is_stdin ? STDIN_FILENO : opened, REPORT_MAX);
	return r < 0 ? err_errno(err, r, "cannot read '%s'", path) : 0;
}

static int write_page(const struct arguments *arguments, const struct buf *page)
{
	struct err err = {""};

	if (!strcmp(arguments->html, "-")) {
		fwrite(page->data, 1, page->length, stdout);
		return EXIT_FULL_MARKS;
	}
	if (atomic_file_write(arguments->html, page->data, page->length, &err))
		return command_fail(EXIT_TROUBLE, &err);
	return EXIT_FULL_MARKS;
}

int cmd_report(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct verdict verdict = {0};
	struct buf text = {0}, page = {0};
	enum language language = LANGUAGE_ZH;
	struct err err = {""};
	int status;

	parse_arguments(argc, argv, &arguments);
	if (read_file(arguments.report, &text, &err) ||
		report_verdict_read(&verdict, &language, buf_text(&text),
			text.length, arguments.report, &err)) {
		status = command_fail(EXIT_USAGE, &err);
	} else {
		if (arguments.language_given)
			language = arguments.language;
		report_html_write(&page, &verdict, language,
			strcmp(arguments.report, "-") ? arguments.report
						      : "report.json");
		status = write_page(&arguments, &page);
	}
	buf_release(&text);
	buf_release(&page);
	verdict_release(&verdict);
	return status;
}
