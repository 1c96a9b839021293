/*
 * The commands that mark a criterion, and those that run the schedule of a
 * finding again.  A word is quoted for a shell when it holds anything that a
 * shell would take apart.
 */
#include <inttypes.h>
#include <string.h>

#include "grader/report/report.h"

static void add_quoted(struct buf *out, const char *word)
{
	size_t safe = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz"
				   "0123456789_-./+,:=@%");

	if (*word && !word[safe]) {
		buf_adds(out, word);
		return;
	}
	buf_addc(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_adds(out, "'\\''");
		else
			buf_addc(out, *word);
	}
	buf_addc(out, '\'');
}

static void add_path(struct buf *out, const char *path)
{
	if (path[0] == '-')
		buf_adds(out, "./");
	add_quoted(out, path);
}

void report_run_command(
	struct buf *out, const struct run_call *call, const char *options)
{
	buf_adds(out, "grader run ");
	add_path(out, call->path);
	buf_adds(out, options);
	for (size_t i = 0; i < call->option_count; i++) {
		buf_addc(out, ' ');
		add_quoted(out, call->options[i]);
	}
	if (call->arguments[0])
		buf_adds(out, " --");
	for (size_t i = 0; call->arguments[i]; i++) {
		buf_addc(out, ' ');
		add_quoted(out, call->arguments[i]);
	}
	if (call->has_input)
		buf_adds(out, " <INPUT");
}

void report_replay_command(struct buf *out, const struct verdict *verdict,
	const struct finding *finding)
{
	buf_adds(out, "grader trace ");
	add_quoted(out, verdict->exercise);
	buf_addc(out, ' ');
	add_path(out, verdict->submission);
	buf_adds(out, " --scenario ");
	add_quoted(out, finding->scenario);
	if (finding->policy)
		buf_addf(out, " --policy %s", finding->policy);
	buf_addf(out, " --seed %" PRIu64, finding->seed);
	if (finding->switches)
		buf_addf(out, " --switches %s", finding->switches);
}

/* "grader NAME REPORT CRITERION" */
static void add_report_command(struct buf *out, const char *name,
	const char *report_path, const char *criterion)
{
	buf_addf(out, "grader %s ", name);
	add_path(out, report_path);
	buf_addc(out, ' ');
	add_quoted(out, criterion);
}

void report_mark_command(
	struct buf *out, const char *report_path, const char *criterion)
{
	add_report_command(out, "mark", report_path, criterion);
	buf_adds(out, " POINTS");
}

void report_show_command(
	struct buf *out, const char *report_path, const char *criterion)
{
	add_report_command(out, "replay", report_path, criterion);
}

void report_explain_command(
	struct buf *out, const char *report_path, const char *criterion)
{
	add_report_command(out, "explain", report_path, criterion);
}
