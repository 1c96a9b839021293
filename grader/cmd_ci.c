/*
 * grader ci: what the continuous integration of an exercise repository runs.
 * On GitHub Actions it prints annotations and fills in the summary of the job
 * and the step's outputs; elsewhere it prints the report.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/catalog.h"
#include "grader/ci_file.h"
#include "grader/command.h"
#include "grader/folders.h"
#include "grader/grading.h"

#define CI_FILE_MAX ((size_t)1 << 20)

struct arguments {
	const char *root;
	char required_grade;
};

struct ci {
	struct arguments arguments;
	struct ci_file file;
	struct jail_context *jail;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'g':
		arguments->required_grade = command_grade(text);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "too many arguments: '%s'", text);
		arguments->root = text;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"require-grade", 'g', "A|B|C", 0,
			N_("exit with 4 when the sandbox is worse"), 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[FOLDER]",
		.doc = N_("Grades what grader.json in FOLDER (default: here) "
			  "names, as continuous integration wants it.\n\nOn "
			  "GitHub Actions it prints annotations, and fills in "
			  "GITHUB_STEP_SUMMARY and GITHUB_OUTPUT (result=, as "
			  "GitHub Classroom reads it). Exit status: that of "
			  "'grader check', the worst of all."),
	};

	arguments->root = ".";
	command_parse(&argp, argc, argv, arguments);
}

static int read_file(struct ci *ci)
{
	auto_free char *path =
		xasprintf("%s/" CI_FILE_NAME, ci->arguments.root);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf text = {0};
	struct err err = {""};
	int r = fd < 0 ? -errno : buf_read_fd(&text, fd, CI_FILE_MAX);

	if (r)
		err_errno(&err, r, "cannot read '%s'", path);
	else
		r = ci_file_read(
			&ci->file, buf_text(&text), text.length, path, &err);
	buf_release(&text);
	return r ? command_fail(EXIT_USAGE, &err) : 0;
}

/* Appends what FORMAT says to the file that VARIABLE names, if it does. */
static void append(const char *variable, const char *name,
	const struct verdict *verdict, const struct report_style *style)
{
	const char *path = getenv(variable);
	auto_close int fd = -1;
	struct buf text = {0};

	if (!path || !*path)
		return;
	report_format_by_name(name)->write(&text, verdict, style);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, text.data, text.length) != (ssize_t)text.length)
		command_tell(0, "cannot write the file that a variable of "
				"GitHub Actions names");
	buf_release(&text);
}

static void show(
	const struct ci *ci, const struct verdict *verdict, bool on_github)
{
	struct report_style style =
		command_style(STDOUT_FILENO, ci->file.language);
	struct buf text = {0};

	report_format_by_name(on_github ? "github" : "text")
		->write(&text, verdict, &style);
	fwrite(buf_text(&text), 1, text.length, stdout);
	fflush(stdout);
	buf_release(&text);
	if (!on_github)
		return;
	append("GITHUB_STEP_SUMMARY", "markdown", verdict, &style);
	append("GITHUB_OUTPUT", "classroom", verdict, &style);
}

/* PATTERN with "{exercise}" filled in, below the root; owned. */
static char *report_path(
	const struct ci *ci, const char *pattern, const char *exercise)
{
	static const char mark[] = "{exercise}";
	const char *at = strstr(pattern, mark);

	if (!at)
		return xasprintf("%s/%s", ci->arguments.root, pattern);
	return xasprintf("%s/%.*s%s%s", ci->arguments.root, (int)(at - pattern),
		pattern, exercise, at + sizeof(mark) - 1);
}

static int write_reports(const struct ci *ci, const struct verdict *verdict)
{
	const struct report_style style = {
		.language = ci->file.language, .columns = 80};
	struct err err = {""};
	int r = 0;

	for (size_t i = 0; i < ci->file.report_count && !r; i++) {
		const struct ci_report *report = &ci->file.reports[i];
		auto_free char *path =
			report_path(ci, report->path, verdict->exercise);
		struct buf text = {0};

		report->format->write(&text, verdict, &style);
		r = folders_make(path, &err);
		if (!r)
			r = atomic_file_write(
				path, text.data, text.length, &err);
		buf_release(&text);
	}
	return r ? command_fail(EXIT_TROUBLE, &err) : 0;
}

/* The path as annotations name it: below the root. */
static char *path_of(const struct ci *ci, const struct ci_task *task)
{
	if (!strcmp(ci->arguments.root, "."))
		return xstrdup(task->path);
	return xasprintf("%s/%s", ci->arguments.root, task->path);
}

static int tell(const struct ci *ci, struct verdict *verdict)
{
	const char *github = getenv("GITHUB_ACTIONS");
	int status;

	verdict_redact(verdict);
	show(ci, verdict, github && !strcmp(github, "true"));
	status = write_reports(ci, verdict);
	if (status)
		return status;
	return verdict->state == VERDICT_PASS ? 0 : EXIT_NOT_FULL;
}

static int grade(const struct ci *ci, const struct ci_task *task)
{
	const struct grading_options options = {
		.check = {.master_seed = (uint64_t)ci->file.seed,
			.schedules = (size_t)ci->file.schedules}};
	auto_free char *path = path_of(ci, task);
	struct exercise *exercise = NULL;
	struct submission submission = {0};
	struct verdict verdict = {0};
	struct err err = {""};
	int r = catalog_load(&exercise, task->exercise, &err), status;

	if (r)
		return command_fail(
			r == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE, &err);
	r = submission_read(&submission, path, &err);
	if (!r)
		r = grading_run(ci->jail, exercise, &submission, &options,
			&verdict, &err);
	if (r)
		status = command_fail(
			r == -ENOENT ? EXIT_NOT_FULL : EXIT_TROUBLE, &err);
	else
		status = tell(ci, &verdict);
	verdict_release(&verdict);
	submission_release(&submission);
	exercise_free(exercise);
	return status;
}

static int grade_all(struct ci *ci)
{
	int worst = 0;

	for (size_t i = 0; i < ci->file.task_count; i++) {
		int status = grade(ci, &ci->file.tasks[i]);

		if (status > worst)
			worst = status;
		if (command_interrupted())
			return command_interrupted();
	}
	return worst;
}

int cmd_ci(int argc, char **argv)
{
	struct ci ci = {0};
	struct err err = {""};
	int status;

	parse_arguments(argc, argv, &ci.arguments);
	command_catch_signals();
	status = read_file(&ci);
	if (!status && jail_context_new(&ci.jail, &err))
		status = command_fail(EXIT_TROUBLE, &err);
	if (!status &&
		grade_below(jail_grade(ci.jail), ci.arguments.required_grade))
		status = command_refuse_grade(
			ci.jail, ci.arguments.required_grade);
	if (!status)
		status = grade_all(&ci);
	jail_context_free(ci.jail);
	ci_file_release(&ci.file);
	return status;
}
