/*
 * The program is still there, but none of its tasks runs.
 */
#define _GNU_SOURCE
#include "tracer/collect.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"

#define FILES_MAX 64
#define BYTES_MAX (1024 * 1024)
#define ALL_BYTES_MAX (8 * BYTES_MAX)

/* A mode of 000 would keep out an ordinary user, and root not. */
static int open_collected(int folder, const char *name)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	int fd = openat(folder, name, flags);

	if (fd < 0 && errno == EACCES &&
		fchmodat(folder, name, 0600, AT_SYMLINK_NOFOLLOW) == 0)
		fd = openat(folder, name, flags);
	return fd;
}

/* No name is a command to the terminal, or two lines, or no text. */
static char *shown_name(const char *name)
{
	struct buf shown = {0};

	buf_add_clean(&shown, name, strlen(name));
	for (size_t i = 0; i < shown.length; i++)
		if (shown.data[i] == '\n')
			shown.data[i] = '?';
	return buf_detach(&shown);
}

/* One regular file of the working folder, or what stands in its place. */
static void collect_file(
	int folder, const char *name, struct run_file *to, size_t *room)
{
	struct buf content = {0};
	struct stat status;
	int fd;

	memset(to, 0, sizeof(*to));
	to->name = shown_name(name);
	fd = open_collected(folder, name);
	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
		(size_t)status.st_size <= *room &&
		buf_read_fd(&content, fd, BYTES_MAX) == 0) {
		*room -= (size_t)status.st_size;
		to->regular = true;
		to->length = content.length;
		to->data = buf_detach(&content);
	}
	buf_release(&content);
	close(fd);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct run_file *)a)->name,
		((const struct run_file *)b)->name);
}

void collect_files(int work_fd, const char *program, struct run_outcome *out)
{
	int folder = openat(work_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = folder < 0 ? NULL : fdopendir(folder);
	struct dirent *entry;
	size_t capacity = 0, room = ALL_BYTES_MAX;

	if (!entries) {
		if (folder >= 0)
			close(folder);
		return;
	}
	while (out->file_count < FILES_MAX &&
		(entry = readdir(entries)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
			strcmp(entry->d_name, "..") == 0 ||
			strcmp(entry->d_name, program) == 0)
			continue;
		grow_array(&out->files, out->file_count, &capacity,
			sizeof(*out->files));
		collect_file(work_fd, entry->d_name,
			&out->files[out->file_count++], &room);
	}
	closedir(entries);
	if (out->file_count > 1)
		qsort(out->files, out->file_count, sizeof(*out->files),
			by_name);
}
