/* How it works: the old report is read each time, and never kept. */
#include "grader/old_report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/marks.h"
#include "grader/report_file.h"

/*
 * An empty verdict when there is nothing.  What cannot be read may be something
 * else than a report, or have marks after all.
 */
static int read_old(const char *path, struct verdict *old, struct err *err)
{
	auto_close int fd = -1;
	struct buf text = {0};
	struct stat status;
	int r;

	memset(old, 0, sizeof(*old));
	if (stat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
		status.st_size == 0)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	r = fd < 0 ? -errno : buf_read_fd(&text, fd, REPORT_FILE_MAX);
	if (r)
		err_errno(err, r, "cannot read '%s'", path);
	else
		r = marks_read(old, buf_text(&text), text.length, path, err);
	buf_release(&text);
	if (r)
		return err_context(err, r,
			"'%s' is there and is no report whose marks could be "
			"kept; remove it or give another name",
			path);
	return 0;
}

/* PATH is as given, OLD as it was given once and as a report tells it. */
static bool is_same_path(const char *path, const char *old)
{
	auto_free char *real = realpath(path, NULL);
	auto_free char *old_real = realpath(old, NULL);
	struct buf clean = {0};
	bool same;

	buf_add_clean(&clean, path, strlen(path));
	same = !strcmp(buf_text(&clean), old);
	buf_release(&clean);
	return same || (real && old_real && !strcmp(real, old_real));
}

static bool is_same_student(
	const struct submission *submission, const struct verdict *old)
{
	const char *answer = submission->answer.written.hash;

	if (is_same_path(submission->path, old->submission) ||
		!strcmp(submission->hash, old->submission_hash))
		return true;
	for (size_t i = 0; answer && i < old->criterion_count; i++)
		if (old->criteria[i].mark &&
			!strcmp(old->criteria[i].mark->of, answer))
			return true;
	return false;
}

/* Reads the report into *OLD, which the caller releases. */
static int read_and_check(const char *path, const char *exercise,
	const struct submission *submission, struct verdict *old,
	struct err *err)
{
	int r = read_old(path, old, err);

	if (r || !old->exercise || !marks_count(old))
		return r;
	if (strcmp(old->exercise, exercise) != 0)
		return err_set(err, -EEXIST,
			"'%s' is a report of '%.60s' and has marks that people "
			"gave; give another name",
			path, old->exercise);
	if (!is_same_student(submission, old))
		return err_set(err, -EEXIST,
			"'%s' is the report of '%.200s' and has marks that "
			"people gave; give another name",
			path, old->submission);
	return 0;
}

int old_report_check(const char *path, const char *exercise,
	const struct submission *submission, struct err *err)
{
	struct verdict old;
	int r = read_and_check(path, exercise, submission, &old, err);

	verdict_release(&old);
	return r;
}

int old_report_carry(const char *path, const struct submission *submission,
	struct verdict *verdict, struct err *err)
{
	struct verdict old;
	int r = read_and_check(path, verdict->exercise, submission, &old, err);

	if (!r)
		marks_carry(&old, verdict);
	verdict_release(&old);
	return r;
}
