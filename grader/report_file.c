#include "grader/report_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"

static int read_text(const char *path, struct buf *text, struct err *err)
{
	bool is_stdin = !strcmp(path, "-");
	auto_close int opened =
		is_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	int r;

	if (!is_stdin && opened < 0)
		return err_errno(err, -errno, "cannot read '%s'", path);
	r = buf_read_fd(
		text, is_stdin ? STDIN_FILENO : opened, REPORT_FILE_MAX);
	return r < 0 ? err_errno(err, r, "cannot read '%s'", path) : 0;
}

int report_file_read(struct verdict *verdict, enum language *language,
	enum report_depth depth, const char *path, struct err *err)
{
	const char *name = strcmp(path, "-") ? path : "standard input";
	struct buf text = {0};
	int r = read_text(path, &text, err);

	if (r)
		memset(verdict, 0, sizeof(*verdict));
	else if (depth == REPORT_WHOLE)
		r = report_verdict_read(verdict, language, buf_text(&text),
			text.length, name, err);
	else
		r = report_verdict_read_part(verdict, depth, buf_text(&text),
			text.length, name, err);
	buf_release(&text);
	return r;
}
