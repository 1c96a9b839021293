/*
 * The refusals are sentences for a student: what is wrong with which file, and
 * what to do about it, in both languages.
 */
#include "grader/submission_accept.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "grader/hash.h"
#include "grader/utf8.h"

#define IGNORED_SHOWN 8
#define LONE_NAME "submission.c"

int submission_refuse(struct submission *submission, char *zh, char *en)
{
	submission->refusal.zh = zh;
	submission->refusal.en = en;
	return 1;
}

void submission_note(
	struct submission *submission, const char *kind, char *zh, char *en)
{
	struct verdict_note *note;

	grow_array(&submission->notes, submission->note_count,
		&submission->note_capacity, sizeof(*submission->notes));
	note = &submission->notes[submission->note_count++];
	note->kind = xstrdup(kind);
	note->text.zh = zh;
	note->text.en = en;
}

/* NAME as it may be printed; owned by the caller. */
char *submission_shown(const char *name)
{
	struct buf buf = {0};

	buf_add_clean(&buf, name, strlen(name));
	for (size_t i = 0; i < buf.length; i++) {
		if (buf.data[i] == '\n' || buf.data[i] == '\t')
			buf.data[i] = '?';
	}
	return buf.data ? buf_detach(&buf) : xstrdup("");
}

const char *submission_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), wanted = strlen(suffix);

	return length >= wanted && !strcmp(name + length - wanted, suffix);
}

bool submission_is_c_file(const char *name)
{
	return has_suffix(name, ".c");
}

bool submission_is_source(const char *name)
{
	return submission_is_c_file(name) || has_suffix(name, ".h");
}

bool submission_is_safe_name(const char *name)
{
	size_t stem = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return stem > 0 && stem < 128 && name[stem] == '.' &&
	       (name[stem + 1] == 'c' || name[stem + 1] == 'h') &&
	       !name[stem + 2];
}

/* What a file that is not a regular one is, in both languages; static. */
static const char *const *file_type(mode_t mode)
{
	static const char *const link[] = {"符号链接", "a symbolic link"};
	static const char *const fifo[] = {"命名管道 (FIFO)", "a FIFO"};
	static const char *const folder[] = {"文件夹", "a folder"};
	static const char *const socket[] = {"套接字", "a socket"};
	static const char *const device[] = {"设备文件", "a device"};

	if (S_ISLNK(mode))
		return link;
	if (S_ISFIFO(mode))
		return fifo;
	if (S_ISDIR(mode))
		return folder;
	return S_ISSOCK(mode) ? socket : device;
}

int submission_refuse_type(
	struct submission *submission, const char *name, mode_t mode)
{
	const char *const *type = file_type(mode);
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf("“%s”是%s，不是普通文件。请提交 .c 文件本身，"
			  "或只含 .c/.h 文件的文件夹。",
			shown, type[0]),
		xasprintf("'%s' is %s, not a regular file: hand in the .c "
			  "file itself, or a folder of .c and .h files",
			shown, type[1]));
}

int submission_refuse_size(
	struct submission *submission, const char *name, size_t limit)
{
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf("“%s”太大：上限是 %zu KiB。请只提交自己写的源代码。",
			shown, limit >> 10),
		xasprintf("'%s' is too large: the limit is %zu KiB; hand in "
			  "only the source code that you wrote",
			shown, limit >> 10));
}

/* The line (from 1) of the first byte that is not UTF-8 text; 0 if none. */
static size_t bad_utf8_line(const char *data, size_t length)
{
	size_t at = 0, line = 1;

	while (at < length) {
		int32_t character;
		size_t size =
			utf8_next(data + at, length - at, &character, NULL);

		if (!size || character == 0)
			return line;
		if (character == '\n')
			line++;
		at += size;
	}
	return 0;
}

static int check_text(struct submission *submission, const char *name,
	const char *data, size_t length)
{
	size_t line = bad_utf8_line(data, length);
	auto_free char *shown = NULL;

	if (!line)
		return 0;
	shown = submission_shown(name);
	if (memchr(data, '\0', length))
		return submission_refuse(submission,
			xasprintf("“%s”不是文本文件（第 %zu 行含有 NUL 字节）。"
				  "请提交 UTF-8 编码的 C 源代码，"
				  "而不是编译好的程序。",
				shown, line),
			xasprintf("'%s' is not text (NUL byte in line %zu): "
				  "hand in C source in UTF-8, not a compiled "
				  "program",
				shown, line));
	return submission_refuse(submission,
		xasprintf(
			"“%s”第 %zu 行不是 UTF-8 编码。如果它是用 GBK 保存的，"
			"请转换：iconv -f GBK -t UTF-8 %s > new.c，"
			"再提交转换后的文件。",
			shown, line, shown),
		xasprintf("'%s', line %zu, is not UTF-8; if it was saved as "
			  "GBK, convert it: iconv -f GBK -t UTF-8 %s > new.c, "
			  "and hand in the result",
			shown, line, shown));
}

void submission_note_ignored(
	struct submission *submission, const char *const *ignored, size_t count)
{
	struct buf list = {0};

	if (!count)
		return;
	for (size_t i = 0; i < count && i < IGNORED_SHOWN; i++) {
		auto_free char *shown = submission_shown(ignored[i]);

		buf_addf(&list, "%s%s", i ? ", " : "", shown);
	}
	if (count > IGNORED_SHOWN)
		buf_adds(&list, ", ...");
	submission_note(submission, "ignored-file",
		xasprintf("没有使用的文件（共 %zu 个，只评 .c 和 .h）：%s",
			count, buf_text(&list)),
		xasprintf("%zu %s not used (only .c and .h are): %s", count,
			count == 1 ? "file was" : "files were",
			buf_text(&list)));
	buf_release(&list);
}

/* As they are called on Windows too. */
static bool has_suffix_of_any_case(const char *name, const char *suffix)
{
	size_t length = strlen(name), wanted = strlen(suffix);

	return length >= wanted && !strcasecmp(name + length - wanted, suffix);
}

/* The length of what makes NAME an archive, 0 when nothing does. */
static size_t archive_suffix(const char *name)
{
	static const char *const suffixes[] = {".zip", ".tar", ".gz", ".tgz",
		".bz2", ".tbz2", ".xz", ".txz", ".zst", ".7z", ".rar"};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (has_suffix_of_any_case(name, suffixes[i]))
			return strlen(suffixes[i]);
	return 0;
}

bool submission_is_archive(const char *name)
{
	return archive_suffix(name) > 0;
}

size_t submission_stem(const char *name)
{
	size_t length = strlen(name), suffix = archive_suffix(name);

	if (!suffix)
		return submission_is_c_file(name) ? length - 2 : length;
	length -= suffix;
	return length > 4 && !strncasecmp(name + length - 4, ".tar", 4)
		       ? length - 4
		       : length;
}

int submission_refuse_name(struct submission *submission, const char *name)
{
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf("文件名“%s”不能用：只允许字母、数字、下划线和"
			  "连字符，例如 main.c。请改名后再提交。",
			shown),
		xasprintf("the file name '%s' cannot be used: only "
			  "letters, digits, '_' and '-', as in main.c; "
			  "rename the file",
			shown));
}

const char *submission_lone_name(
	struct submission *submission, const char *name)
{
	auto_free char *shown = submission_shown(name);

	if (submission_is_safe_name(name))
		return name;
	submission_note(submission, "renamed-file",
		xasprintf("“%s”以 %s 的名字编译。", shown, LONE_NAME),
		xasprintf("'%s' is compiled under the name %s", shown,
			LONE_NAME));
	return LONE_NAME;
}

int submission_take(struct submission *submission, const char *name,
	const char *stored, struct buf *data)
{
	struct source_file *file;
	size_t total = 0;

	if (check_text(submission, name, buf_text(data), data->length))
		return 1;
	grow_array(&submission->files, submission->file_count,
		&submission->file_capacity, sizeof(*submission->files));
	file = &submission->files[submission->file_count++];
	file->name = xstrdup(stored);
	file->length = data->length;
	file->data = data->data ? buf_detach(data) : xstrdup("");
	for (size_t i = 0; i < submission->file_count; i++)
		total += submission->files[i].length;
	if (total > SUBMISSION_TOTAL_MAX)
		return submission_refuse_size(submission,
			submission_base(submission->path),
			SUBMISSION_TOTAL_MAX);
	if (submission->file_count > SUBMISSION_FILES_MAX)
		return submission_refuse(submission,
			xasprintf("源文件超过 %d 个。", SUBMISSION_FILES_MAX),
			xasprintf("more than %d source files",
				SUBMISSION_FILES_MAX));
	return 0;
}

static bool is_blank(const struct source_file *file)
{
	for (size_t i = 0; i < file->length; i++) {
		if (!isspace((unsigned char)file->data[i]))
			return false;
	}
	return true;
}

static int refuse_without_source(
	struct submission *submission, enum submission_form form)
{
	auto_free char *shown =
		submission_shown(submission_base(submission->path));
	bool packed = form == SUBMISSION_ARCHIVE;

	return submission_refuse(submission,
		xasprintf(packed ? "压缩包“%s”里没有 .c 文件。请把 .c 文件直接"
				   "打包，或打包直接放着它们的那个文件夹。"
				 : "文件夹“%s”里没有 .c 文件。"
				   "请把 .c 文件直接放在这个文件夹里。",
			shown),
		xasprintf(packed ? "the archive '%s' has no .c file; pack the "
				   ".c files themselves, or the folder that "
				   "they are directly in"
				 : "the folder '%s' has no .c file; put the .c "
				   "files directly into it",
			shown));
}

int submission_check_content(
	struct submission *submission, enum submission_form form)
{
	size_t sources = 0, blank = 0;
	auto_free char *shown =
		submission_shown(submission_base(submission->path));

	for (size_t i = 0; i < submission->file_count; i++) {
		if (!submission_is_c_file(submission->files[i].name))
			continue;
		sources++;
		blank += is_blank(&submission->files[i]);
	}
	if (!sources)
		return refuse_without_source(submission, form);
	if (sources == blank)
		return submission_refuse(submission,
			xasprintf("“%s”是空的，里面没有代码。"
				  "请检查是否已经保存。",
				shown),
			xasprintf("'%s' is empty; check that it was saved",
				shown));
	return 0;
}

char *submission_hash(const struct submission *submission)
{
	struct hash *hash = hash_new();

	for (size_t i = 0; i < submission->file_count; i++) {
		const struct source_file *file = &submission->files[i];

		hash_add_part(hash, file->name, strlen(file->name));
		hash_add_part(hash, file->data, file->length);
	}
	return hash_hex(hash);
}
