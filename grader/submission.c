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

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/submission_accept.h"
#include "grader/submission_unpack.h"

/*
 * Reads the regular file behind the O_PATH descriptor PATH_FD.  0, 1 when
 * refused, or a negative errno.
 */
static int read_bytes(struct submission *submission, int path_fd,
	const char *name, size_t limit, struct buf *data, struct err *err)
{
	auto_free char *shown = submission_shown(name);
	auto_free char *link = xasprintf("/proc/self/fd/%d", path_fd);
	auto_close int fd = -1;
	struct stat status;
	int r;

	if (fstat(path_fd, &status) < 0)
		return err_errno(err, -errno, "cannot look at '%s'", shown);
	if (!S_ISREG(status.st_mode))
		return submission_refuse_type(submission, name, status.st_mode);
	if (status.st_size > (off_t)limit)
		return submission_refuse_size(submission, name, limit);
	fd = open(link, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_errno(err, -errno,
			"cannot read '%s'; make it readable (chmod u+r) or "
			"run as its owner",
			shown);
	r = buf_read_fd(data, fd, limit);
	if (r == -EFBIG)
		return submission_refuse_size(submission, name, limit);
	if (r < 0)
		return err_errno(err, r, "cannot read '%s'", shown);
	return 0;
}

static int read_regular(struct submission *submission, int path_fd,
	const char *name, struct buf *data, struct err *err)
{
	return read_bytes(
		submission, path_fd, name, SUBMISSION_FILE_MAX, data, err);
}

/* Reads one source file under the name STORED.  As read_regular(). */
static int read_source(struct submission *submission, int path_fd,
	const char *name, const char *stored, struct err *err)
{
	struct buf data = {0};
	int r = read_regular(submission, path_fd, name, &data, err);

	if (!r)
		r = submission_take(submission, name, stored, &data);
	buf_release(&data);
	return r;
}

/*
 * One name of the folder, which is its only source or not: 0, 1 when refused, 2
 * when ignored, or an error.
 */
static int read_entry(struct submission *submission, int folder_fd,
	const char *name, bool is_lone, struct err *err)
{
	auto_close int fd = -1;
	/* the first of several spellings */
	bool answer =
		answer_is_name(name) && !answer_is_there(&submission->answer);
	auto_free char *shown = submission_shown(name);

	if (name[0] == '.' || (!answer && !submission_is_source(name)))
		return 2;
	if (!answer && !is_lone && !submission_is_safe_name(name))
		return submission_refuse_name(submission, name);
	fd = openat(folder_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, -errno, "cannot open '%s'", shown);
	if (answer)
		return answer_read(&submission->answer, fd, name, err);
	return read_source(submission, fd, name,
		is_lone ? submission_lone_name(submission, name) : name, err);
}

#define NO_NAME ((size_t)-1)

/* Which of NAMES is the one source, if it is a .c file; or NO_NAME. */
static size_t lone_source(char *const *names, size_t count)
{
	size_t found = NO_NAME;

	for (size_t i = 0; i < count; i++) {
		if (names[i][0] == '.' || !submission_is_source(names[i]))
			continue;
		if (found != NO_NAME || !submission_is_c_file(names[i]))
			return NO_NAME;
		found = i;
	}
	return found;
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
			r = submission_refuse(submission,
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

static int read_folder(
	struct submission *submission, int path_fd, struct err *err)
{
	const char **ignored;
	char **names = NULL;
	size_t count = 0, ignored_count = 0, lone;
	int r = list_folder(submission, path_fd, &names, &count, err);

	lone = lone_source(names, count);
	ignored = xcalloc(count + 1, sizeof(*ignored));
	for (size_t i = 0; i < count && !r; i++) {
		r = read_entry(submission, path_fd, names[i], i == lone, err);
		if (r != 2)
			continue;
		ignored[ignored_count++] = names[i];
		r = 0;
	}
	if (!r)
		submission_note_ignored(submission, ignored, ignored_count);
	free(ignored);
	free_names(names, count);
	return r;
}

static int refuse_file(struct submission *submission, const char *name)
{
	auto_free char *shown = submission_shown(name);

	return submission_refuse(submission,
		xasprintf("“%s”不是 .c 文件。请提交一个 .c 文件、"
			  "只含 .c/.h 文件的文件夹，"
			  "或它的压缩包（zip、tar.gz 等）。",
			shown),
		xasprintf("'%s' is not a .c file: hand in one .c file, a "
			  "folder of .c and .h files, or an archive of it "
			  "(zip, tar.gz and others)",
			shown));
}

/* The archive behind PATH_FD; as read_regular(). */
static int read_archive(struct submission *submission, int path_fd,
	const char *name, struct err *err)
{
	struct buf data = {0};
	int r = read_bytes(
		submission, path_fd, name, SUBMISSION_ARCHIVE_MAX, &data, err);

	if (!r)
		r = submission_unpack(submission, name, &data, err);
	buf_release(&data);
	return r;
}

static int read_lone_file(
	struct submission *submission, int path_fd, struct err *err)
{
	const char *name = submission_base(submission->path);

	if (submission_is_archive(name))
		return read_archive(submission, path_fd, name, err);
	if (!submission_is_c_file(name))
		return refuse_file(submission, name);
	return read_source(submission, path_fd, name,
		submission_lone_name(submission, name), err);
}

static int open_path(const char *path, struct err *err)
{
	auto_free char *shown = submission_shown(path);
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return err_set(err, -ENOENT,
			"there is no file or folder '%s'; check the path",
			shown);
	return err_errno(err, -errno, "cannot open '%s'", shown);
}

/* What was handed in, for a sentence that says what it lacks. */
static enum submission_form form_of(const struct stat *status, const char *path)
{
	if (S_ISDIR(status->st_mode))
		return SUBMISSION_FOLDER;
	return submission_is_archive(path) ? SUBMISSION_ARCHIVE
					   : SUBMISSION_FILE;
}

/* RESULT, as far as it was read with R, becomes *SUBMISSION. */
static int finish(struct submission *submission, struct submission *result,
	int r, enum submission_form form)
{
	if (!r)
		r = submission_check_content(result, form);
	if (r < 0) {
		submission_release(result);
		return r;
	}
	result->hash = submission_hash(result);
	*submission = *result;
	return 0;
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
		r = submission_refuse_type(
			&result, submission_base(path), status.st_mode);
	return finish(submission, &result, r, form_of(&status, path));
}

/* One of several files; those that are no part of it are ignored. */
static int read_one_of(struct submission *submission,
	const struct submission_source *source, struct err *err)
{
	bool answer = answer_is_name(source->name) &&
		      !answer_is_there(&submission->answer);
	auto_close int fd = -1;

	if (!answer && !submission_is_safe_name(source->name))
		return 2;
	fd = open_path(source->path, err);
	if (fd < 0)
		return fd;
	if (answer)
		return answer_read(&submission->answer, fd, source->name, err);
	return read_source(submission, fd, source->name, source->name, err);
}

int submission_read_files(struct submission *submission, const char *path,
	const struct submission_source *sources, size_t count, struct err *err)
{
	struct submission result = {.path = xstrdup(path)};
	const char **ignored = xcalloc(count + 1, sizeof(*ignored));
	size_t ignored_count = 0;
	int r = 0;

	for (size_t i = 0; i < count && !r; i++) {
		r = read_one_of(&result, &sources[i], err);
		if (r != 2)
			continue;
		ignored[ignored_count++] = sources[i].name;
		r = 0;
	}
	if (!r)
		submission_note_ignored(&result, ignored, ignored_count);
	free(ignored);
	return finish(submission, &result, r, SUBMISSION_FOLDER);
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
