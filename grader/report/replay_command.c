/*
 * The commands that run the schedule of a finding again.  The path is quoted
 * for a shell when it holds anything that a shell would take apart.
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

void report_replay_command(struct buf *out, const struct verdict *verdict,
	const struct finding *finding)
{
	buf_adds(out, "grader trace ");
	add_quoted(out, verdict->exercise);
	buf_addc(out, ' ');
	if (verdict->submission[0] == '-')
		buf_adds(out, "./");
	add_quoted(out, verdict->submission);
	buf_adds(out, " --scenario ");
	add_quoted(out, finding->scenario);
	if (finding->policy)
		buf_addf(out, " --policy %s", finding->policy);
	buf_addf(out, " --seed %" PRIu64, finding->seed);
	if (finding->switches)
		buf_addf(out, " --switches %s", finding->switches);
}

void report_show_command(
	struct buf *out, const char *report_path, const char *criterion)
{
	buf_adds(out, "grader replay ");
	if (report_path[0] == '-')
		buf_adds(out, "./");
	add_quoted(out, report_path);
	buf_addc(out, ' ');
	add_quoted(out, criterion);
}
