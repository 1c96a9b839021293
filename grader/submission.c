/*
 * How it works: PATH, and each name in a folder, is first opened with O_PATH
 * and O_NOFOLLOW, which touches neither a FIFO nor a device nor the target
 * of a link.  Only what fstat() then calls a regular file of a bearable size
 * is opened for reading, through /proc/self/fd, so that it is the very file
 * that was looked at.  A name that readdir() gave has one component, so
 * nothing can lead out of the folder.
 *
 * The size is checked before reading and the reading is bounded as well: a
 * file may grow meanwhile.
 */
#include "grader/submission.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/hash.h"
#include "grader/utf8.h"

#define LONE_NAME "submission.c"
#define IGNORED_SHOWN 8

/* Takes both texts.  Always 1: "settled, and not by an error". */
static int refuse(struct submission *submission, char *zh, char *en)
{
	submission->refusal.zh = zh;
	submission->refusal.en = en;
	return 1;
}

static void add_note(
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
static char *printable(const char *name)
{
	struct buf buf = {0};

	buf_add_clean(&buf, name, strlen(name));
	for (size_t i = 0; i < buf.length; i++) {
		if (buf.data[i] == '\n' || buf.data[i] == '\t')
			buf.data[i] = '?';
	}
	return buf.data ? buf_detach(&buf) : xstrdup("");
}

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), wanted = strlen(suffix);

	return length >= wanted && !strcmp(name + length - wanted, suffix);
}

static bool is_source(const char *name)
{
	return has_suffix(name, ".c") || has_suffix(name, ".h");
}

/* [A-Za-z0-9_-]+\.[ch], and short enough for any file system. */
static bool is_safe_name(const char *name)
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

static int refuse_type(
	struct submission *submission, const char *name, mode_t mode)
{
	const char *const *type = file_type(mode);
	auto_free char *shown = printable(name);

	return refuse(submission,
		xasprintf("“%s”是%s，不是普通文件。请提交 .c 文件本身，"
			  "或只含 .c/.h 文件的文件夹。",
			shown, type[0]),
		xasprintf("'%s' is %s, not a regular file: hand in the .c "
			  "file itself, or a folder of .c and .h files",
			shown, type[1]));
}

static int refuse_size(
	struct submission *submission, const char *name, size_t limit)
{
	auto_free char *shown = printable(name);

	return refuse(submission,
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

static int check_encoding(struct submission *submission, const char *name,
	const char *data, size_t length)
{
	size_t line = bad_utf8_line(data, length);
	auto_free char *shown = NULL;

	if (!line)
		return 0;
	shown = printable(name);
	if (memchr(data, '\0', length))
		return refuse(submission,
			xasprintf("“%s”不是文本文件（第 %zu 行含有 NUL 字节）。"
				  "请提交 UTF-8 编码的 C 源代码，"
				  "而不是编译好的程序。",
				shown, line),
			xasprintf("'%s' is not text (NUL byte in line %zu): "
				  "hand in C source in UTF-8, not a compiled "
				  "program",
				shown, line));
	return refuse(submission,
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

/*
 * Reads the regular file behind the O_PATH descriptor PATH_FD.  0, 1 when
 * refused, or a negative errno.
 */
static int read_regular(struct submission *submission, int path_fd,
	const char *name, struct buf *data, struct err *err)
{
	auto_free char *shown = printable(name);
	auto_free char *link = xasprintf("/proc/self/fd/%d", path_fd);
	auto_close int fd = -1;
	struct stat status;
	int r;

	if (fstat(path_fd, &status) < 0)
		return err_errno(err, -errno, "cannot look at '%s'", shown);
	if (!S_ISREG(status.st_mode))
		return refuse_type(submission, name, status.st_mode);
	if (status.st_size > SUBMISSION_FILE_MAX)
		return refuse_size(submission, name, SUBMISSION_FILE_MAX);
	fd = open(link, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_errno(err, -errno,
			"cannot read '%s'; make it readable (chmod u+r) or "
			"run as its owner",
			shown);
	r = buf_read_fd(data, fd, SUBMISSION_FILE_MAX);
	if (r == -EFBIG)
		return refuse_size(submission, name, SUBMISSION_FILE_MAX);
	if (r < 0)
		return err_errno(err, r, "cannot read '%s'", shown);
	return check_encoding(submission, name, buf_text(data), data->length);
}

/* Reads one source file under the name STORED.  As read_regular(). */
static int read_source(struct submission *submission, int path_fd,
	const char *name, const char *stored, struct err *err)
{
	struct buf data = {0};
	struct source_file *file;
	size_t total = 0;
	int r = read_regular(submission, path_fd, name, &data, err);

	if (r) {
		buf_release(&data);
		return r;
	}
	grow_array(&submission->files, submission->file_count,
		&submission->file_capacity, sizeof(*submission->files));
	file = &submission->files[submission->file_count++];
	file->name = xstrdup(stored);
	file->length = data.length;
	file->data = data.data ? buf_detach(&data) : xstrdup("");
	for (size_t i = 0; i < submission->file_count; i++)
		total += submission->files[i].length;
	if (total > SUBMISSION_TOTAL_MAX)
		return refuse_size(
			submission, submission->path, SUBMISSION_TOTAL_MAX);
	if (submission->file_count > SUBMISSION_FILES_MAX)
		return refuse(submission,
			xasprintf("源文件超过 %d 个。", SUBMISSION_FILES_MAX),
			xasprintf("more than %d source files",
				SUBMISSION_FILES_MAX));
	return 0;
}

/* One name of the folder: 0, 1 when refused, 2 when ignored, or an error. */
static int read_entry(struct submission *submission, int folder_fd,
	const char *name, struct err *err)
{
	auto_close int fd = -1;
	/* the first of several spellings */
	bool answer =
		answer_is_name(name) && !answer_is_there(&submission->answer);
	auto_free char *shown = printable(name);

	if (name[0] == '.' || (!answer && !is_source(name)))
		return 2;
	if (!answer && !is_safe_name(name))
		return refuse(submission,
			xasprintf("文件名“%s”不能用：只允许字母、数字、下划线和"
				  "连字符，例如 main.c。请改名后再提交。",
				shown),
			xasprintf("the file name '%s' cannot be used: only "
				  "letters, digits, '_' and '-', as in main.c; "
				  "rename the file",
				shown));
	fd = openat(folder_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, -errno, "cannot open '%s'", shown);
	if (answer)
		return answer_read(&submission->answer, fd, name, err);
	return read_source(submission, fd, name, name, err);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

/* The names in the folder, sorted; 0, 1 when refused, or an error. */
static int list_folder(struct submission *submission, int path_fd,
	char ***names, size_t *count, struct err *err)
{
	size_t capacity = 0;
	struct dirent *entry;
	DIR *dir = NULL;
	int r = 0, fd;

	fd = openat(path_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		dir = fdopendir(fd);
	if (!dir) {
		r = err_errno(err, -errno,
			"cannot read the folder '%s'; make it readable "
			"(chmod u+rx) or run as its owner",
			submission->path);
		if (fd >= 0)
			close(fd);
		return r;
	}
	while (!r && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		grow_array(names, *count, &capacity, sizeof(**names));
		(*names)[(*count)++] = xstrdup(entry->d_name);
		if (*count > SUBMISSION_ENTRIES_MAX)
			r = refuse(submission,
				xasprintf("文件夹里的文件超过 %d 个。"
					  "请只提交 .c 和 .h 文件。",
					SUBMISSION_ENTRIES_MAX),
				xasprintf("more than %d files in the folder; "
					  "hand in .c and .h files only",
					SUBMISSION_ENTRIES_MAX));
	}
	closedir(dir);
	if (*count)
		qsort(*names, *count, sizeof(**names), compare_names);
	return r;
}

static void note_ignored(
	struct submission *submission, char *const *ignored, size_t count)
{
	struct buf list = {0};

	if (!count)
		return;
	for (size_t i = 0; i < count && i < IGNORED_SHOWN; i++) {
		auto_free char *shown = printable(ignored[i]);

		buf_addf(&list, "%s%s", i ? ", " : "", shown);
	}
	if (count > IGNORED_SHOWN)
		buf_adds(&list, ", ...");
	add_note(submission, "ignored-file",
		xasprintf("没有使用的文件（共 %zu 个，只评 .c 和 .h）：%s",
			count, buf_text(&list)),
		xasprintf("%zu %s not used (only .c and .h are): %s", count,
			count == 1 ? "file was" : "files were",
			buf_text(&list)));
	buf_release(&list);
}

static int read_folder(
	struct submission *submission, int path_fd, struct err *err)
{
	char **names = NULL, **ignored;
	size_t count = 0, ignored_count = 0;
	int r = list_folder(submission, path_fd, &names, &count, err);

	ignored = xcalloc(count + 1, sizeof(*ignored));
	for (size_t i = 0; i < count && !r; i++) {
		r = read_entry(submission, path_fd, names[i], err);
		if (r != 2)
			continue;
		ignored[ignored_count++] = names[i];
		r = 0;
	}
	if (!r)
		note_ignored(submission, ignored, ignored_count);
	free(ignored);
	free_names(names, count);
	return r;
}

static bool is_archive(const char *name)
{
	static const char *const suffixes[] = {".zip", ".tar", ".gz", ".tgz",
		".bz2", ".tbz2", ".xz", ".txz", ".zst", ".7z", ".rar", ".ZIP",
		".RAR"};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (has_suffix(name, suffixes[i]))
			return true;
	return false;
}

/* An archive is not even opened. */
static int refuse_file(struct submission *submission, const char *name)
{
	auto_free char *shown = printable(name);

	if (is_archive(name))
		return refuse(submission,
			xasprintf("“%s”是压缩包，grader 不打开压缩包。"
				  "请先解压，再提交里面的 .c 文件或文件夹。",
				shown),
			xasprintf("'%s' is an archive, and archives are not "
				  "opened: unpack it and hand in the .c file "
				  "or the folder that was in it",
				shown));
	return refuse(submission,
		xasprintf("“%s”不是 .c 文件。请提交一个 .c 文件，"
			  "或只含 .c/.h 文件的文件夹。",
			shown),
		xasprintf("'%s' is not a .c file: hand in one .c file, "
			  "or a folder of .c and .h files",
			shown));
}

static int read_lone_file(
	struct submission *submission, int path_fd, struct err *err)
{
	const char *slash = strrchr(submission->path, '/');
	const char *name = slash ? slash + 1 : submission->path;
	auto_free char *shown = printable(name);

	if (!has_suffix(name, ".c"))
		return refuse_file(submission, name);
	if (is_safe_name(name))
		return read_source(submission, path_fd, name, name, err);
	add_note(submission, "renamed-file",
		xasprintf("“%s”以 %s 的名字编译。", shown, LONE_NAME),
		xasprintf("'%s' is compiled under the name %s", shown,
			LONE_NAME));
	return read_source(submission, path_fd, name, LONE_NAME, err);
}

static bool is_blank(const struct source_file *file)
{
	for (size_t i = 0; i < file->length; i++) {
		if (!isspace((unsigned char)file->data[i]))
			return false;
	}
	return true;
}

/* Refuses a submission without code. */
static int check_content(struct submission *submission)
{
	size_t sources = 0, blank = 0;
	auto_free char *shown = printable(submission->path);

	for (size_t i = 0; i < submission->file_count; i++) {
		if (!has_suffix(submission->files[i].name, ".c"))
			continue;
		sources++;
		blank += is_blank(&submission->files[i]);
	}
	if (!sources)
		return refuse(submission,
			xasprintf("文件夹“%s”里没有 .c 文件。"
				  "请把 .c 文件直接放在这个文件夹里。",
				shown),
			xasprintf("the folder '%s' has no .c file; put the .c "
				  "files directly into it",
				shown));
	if (sources == blank)
		return refuse(submission,
			xasprintf("“%s”是空的，里面没有代码。"
				  "请检查是否已经保存。",
				shown),
			xasprintf("'%s' is empty; check that it was saved",
				shown));
	return 0;
}

static char *hash_files(const struct submission *submission)
{
	struct hash *hash = hash_new();

	for (size_t i = 0; i < submission->file_count; i++) {
		const struct source_file *file = &submission->files[i];

		hash_add_part(hash, file->name, strlen(file->name));
		hash_add_part(hash, file->data, file->length);
	}
	return hash_hex(hash);
}

static int open_path(const char *path, struct err *err)
{
	auto_free char *shown = printable(path);
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return err_set(err, -ENOENT,
			"there is no file or folder '%s'; check the path",
			shown);
	return err_errno(err, -errno, "cannot open '%s'", shown);
}

int submission_read(
	struct submission *submission, const char *path, struct err *err)
{
	struct submission result = {.path = xstrdup(path)};
	auto_close int fd = open_path(path, err);
	struct stat status;
	int r = fd;

	if (fd >= 0 && fstat(fd, &status) < 0)
		r = err_errno(err, -errno, "cannot look at '%s'", path);
	if (r < 0) {
		submission_release(&result);
		return r;
	}
	if (S_ISDIR(status.st_mode))
		r = read_folder(&result, fd, err);
	else if (S_ISREG(status.st_mode))
		r = read_lone_file(&result, fd, err);
	else
		r = refuse_type(&result, path, status.st_mode);
	if (!r)
		r = check_content(&result);
	if (r < 0) {
		submission_release(&result);
		return r;
	}
	result.hash = hash_files(&result);
	*submission = result;
	return 0;
}

/* One of several files; those that are not C are ignored.  As read_entry(). */
static int read_one_of(struct submission *submission,
	const struct submission_source *source, struct err *err)
{
	auto_close int fd = -1;

	if (!is_source(source->name) || !is_safe_name(source->name))
		return 2;
	fd = open_path(source->path, err);
	return fd < 0 ? fd
		      : read_source(submission, fd, source->name, source->name,
				err);
}

int submission_read_files(struct submission *submission, const char *path,
	const struct submission_source *sources, size_t count, struct err *err)
{
	struct submission result = {.path = xstrdup(path)};
	char **ignored = xcalloc(count + 1, sizeof(*ignored));
	size_t ignored_count = 0;
	int r = 0;

	for (size_t i = 0; i < count && !r; i++) {
		r = read_one_of(&result, &sources[i], err);
		if (r != 2)
			continue;
		ignored[ignored_count++] = (char *)(uintptr_t)sources[i].name;
		r = 0;
	}
	if (!r)
		note_ignored(&result, ignored, ignored_count);
	free(ignored);
	if (!r)
		r = check_content(&result);
	if (r < 0) {
		submission_release(&result);
		return r;
	}
	result.hash = hash_files(&result);
	*submission = result;
	return 0;
}

void submission_release(struct submission *submission)
{
	for (size_t i = 0; i < submission->file_count; i++) {
		free(submission->files[i].name);
		free(submission->files[i].data);
	}
	for (size_t i = 0; i < submission->note_count; i++) {
		free(submission->notes[i].kind);
		free(submission->notes[i].text.zh);
		free(submission->notes[i].text.en);
	}
	free(submission->files);
	free(submission->notes);
	free(submission->path);
	free(submission->hash);
	answer_release(&submission->answer);
	free(submission->refusal.zh);
	free(submission->refusal.en);
	*submission = (struct submission){0};
}
