/*
 * Only a regular file is opened, through /proc/self/fd, so that it is the one
 * that was looked at; its size is bounded before and while it is read.
 */
#include "grader/answer.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/hash.h"
#include "grader/tell.h"
#include "grader/utf8.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

bool answer_is_name(const char *name)
{
	return !strcasecmp(name, ANSWER_NAME);
}

bool answer_is_there(const struct answer *answer)
{
	return answer->written.text || answer->trouble.en;
}

/* Takes both texts. */
static void set_trouble(struct answer *answer, char *zh, char *en)
{
	answer->trouble.zh = zh;
	answer->trouble.en = en;
}

/* The line (from 1) of the first byte that is not UTF-8 text; 0 if none. */
static size_t bad_line(const char *data, size_t length)
{
	size_t line = 1, size;
	int32_t character;

	for (size_t at = 0; at < length; at += size) {
		size = utf8_next(data + at, length - at, &character, NULL);
		if (!size || character == 0)
			return line;
		line += character == '\n';
	}
	return 0;
}

static void take_bad_line(struct answer *answer, const char *name, size_t line)
{
	set_trouble(answer,
		xasprintf("“%s”第 %zu 行不是 UTF-8 文本。如果它是用 GBK "
			  "保存的，请转换：iconv -f GBK -t UTF-8 %s > "
			  "new.md，再用 new.md 替换它",
			name, line, name),
		xasprintf("'%s', line %zu, is not UTF-8 text; if it was saved "
			  "as GBK, convert it: iconv -f GBK -t UTF-8 %s > "
			  "new.md, and put new.md in its place",
			name, line, name));
}

static bool is_blank(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return !*text;
}

/* As it is shown: a line ends with a newline alone. */
static char *clean_text(const char *data, size_t length)
{
	struct buf lines = {0}, clean = {0};
	size_t mark = strlen(BYTE_ORDER_MARK);
	size_t at = length >= mark && !memcmp(data, BYTE_ORDER_MARK, mark)
			    ? mark
			    : 0;

	for (; at < length; at++)
		if (data[at] != '\r' || at + 1 == length ||
			data[at + 1] != '\n')
			buf_addc(&lines, data[at]);
	buf_add_clean(&clean, buf_text(&lines), lines.length);
	buf_release(&lines);
	return clean.data ? buf_detach(&clean) : xstrdup("");
}

void answer_take(struct answer *answer, const char *name, const char *data,
	size_t length)
{
	size_t line = bad_line(data, length);
	auto_free char *text = clean_text(data, length);
	struct hash *hash;

	if (line) {
		take_bad_line(answer, name, line);
		return;
	}
	if (is_blank(text)) {
		set_trouble(answer, xasprintf("“%s”是空的", name),
			xasprintf("'%s' is empty", name));
		return;
	}
	hash = hash_new();
	hash_add(hash, data, length);
	answer->written.hash = hash_hex(hash);
	answer->written.file = xstrdup(name);
	answer->written.text = text;
	text = NULL;
}

void answer_take_large(struct answer *answer, const char *name)
{
	set_trouble(answer,
		xasprintf("“%s”太大：上限是 %u KiB", name, ANSWER_MAX >> 10),
		xasprintf("'%s' is too large: the limit is %u KiB", name,
			ANSWER_MAX >> 10));
}

static void take_type(struct answer *answer, const char *name, mode_t mode)
{
	bool link = S_ISLNK(mode), folder = S_ISDIR(mode);

	set_trouble(answer,
		xasprintf("“%s”是%s，不是普通文件，没有读", name,
			link     ? "符号链接"
			: folder ? "文件夹"
				 : "特殊文件"),
		xasprintf("'%s' is %s, not a regular file, and was not read",
			name,
			link     ? "a symbolic link"
			: folder ? "a folder"
				 : "a special file"));
}

int answer_read(
	struct answer *answer, int path_fd, const char *name, struct err *err)
{
	auto_free char *link = xasprintf("/proc/self/fd/%d", path_fd);
	auto_close int fd = -1;
	struct buf data = {0};
	struct stat status;
	int error;

	if (fstat(path_fd, &status) < 0)
		return err_errno(err, -errno, "cannot look at '%s'", name);
	if (!S_ISREG(status.st_mode)) {
		take_type(answer, name, status.st_mode);
		return 0;
	}
	fd = open(link, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	error = fd < 0 ? -errno : buf_read_fd(&data, fd, ANSWER_MAX);
	if (error == 0)
		answer_take(answer, name, buf_text(&data), data.length);
	else if (error == -EFBIG)
		answer_take_large(answer, name);
	buf_release(&data);
	if (error == 0 || error == -EFBIG)
		return 0;
	return err_errno(err, error,
		"cannot read '%s'; make it readable (chmod u+r) or run as its "
		"owner",
		name);
}

/* Nothing to be marked: that is said where other mistakes are. */
static void fail(const struct answer *answer, struct criterion *criterion)
{
	const struct bilingual *trouble = &answer->trouble;
	struct finding *finding = xcalloc(1, sizeof(*finding));

	*finding = (struct finding){
		.rule = xstrdup("answer"),
		.message =
			{
				.zh = trouble->zh
					      ? xasprintf(
							"%s。这一项没有分数。",
							trouble->zh)
					      : xstrdup("没有 " ANSWER_NAME
							"，这一项没有分数。"),
				.en = trouble->en ? xasprintf("%s; no points "
							      "for this part",
							    trouble->en)
						  : xstrdup("there is "
							    "no " ANSWER_NAME
							    ": no points for "
							    "this part"),
			},
		.hint =
			{
				.zh = xstrdup(
					"把回答写在代码旁边的 " ANSWER_NAME
					" 里，提交整个文件夹；它由老师评分。"),
				.en = xstrdup(
					"write the answer in " ANSWER_NAME
					" beside the code and hand in the "
					"folder; a person marks it"),
			},
	};
	criterion->state = VERDICT_FAIL;
	criterion->findings = finding;
	criterion->finding_count = 1;
}

void answer_attach(const struct answer *answer, struct verdict *verdict)
{
	const struct written_answer *written = &answer->written;

	for (size_t i = 0; i < verdict->criterion_count; i++) {
		struct criterion *criterion = &verdict->criteria[i];

		if (!criterion->written)
			continue;
		if (!written->text) {
			fail(answer, criterion);
			continue;
		}
		criterion->state = VERDICT_NEEDS_GRADING;
		criterion->answer = (struct written_answer){
			.file = xstrdup(written->file),
			.hash = xstrdup(written->hash),
			.text = xstrdup(written->text),
		};
	}
}

void answer_release(struct answer *answer)
{
	written_answer_release(&answer->written);
	bilingual_release(&answer->trouble);
}
