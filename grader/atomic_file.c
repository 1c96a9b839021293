/*
 * How it works: a temporary file beside the target, fsync, rename, fsync of
 * the folder.  A link is followed first, so that the link stays one.  A
 * device or a FIFO must not be replaced by a file: it is written to.
 */
#include "grader/atomic_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

static int write_all(int fd, const char *data, size_t length)
{
	while (length) {
		ssize_t n = write(fd, data, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		length -= (size_t)n;
	}
	return 0;
}

static int write_special(
	const char *path, const void *data, size_t length, struct err *err)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int r = fd < 0 ? -errno : write_all(fd, data, length);

	return r ? err_errno(err, r, "cannot write '%s'", path) : 0;
}

static void sync_folder(const char *path)
{
	auto_free char *copy = xstrdup(path);
	auto_close int fd =
		open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* Not every file system can; the file itself is safe already. */
	if (fd >= 0 && fsync(fd) < 0)
		return;
}

/* Makes FD what a file of ours is like, and safe.  0 or a negative errno. */
static int settle(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	if (fchmod(fd, 0666 & ~mask) < 0 || fsync(fd) < 0)
		return -errno;
	return 0;
}

/* Fills and closes FD.  0 or a negative errno. */
static int fill(int fd, const void *data, size_t length)
{
	int r = write_all(fd, data, length);

	if (!r)
		r = settle(fd);
	if (close(fd) < 0 && !r)
		r = -errno;
	return r;
}

/*
 * Opens the temporary file for PATH: its descriptor, *TEMPORARY and *TARGET
 * owned by the caller.
 */
static int open_temporary(
	const char *path, char **temporary, char **target, struct err *err)
{
	struct stat status;
	int fd;

	if (!stat(path, &status) && S_ISDIR(status.st_mode))
		return err_set(err, -EISDIR,
			"cannot write '%s': it is a folder; give the name of a "
			"file",
			path);
	if (!*path)
		return err_set(err, -ENOENT, "the name of a file is empty");
	*target = realpath(path, NULL);
	if (!*target)
		*target = xstrdup(path);
	*temporary = xasprintf("%s.XXXXXX", *target);
	fd = mkostemp(*temporary, O_CLOEXEC);
	return fd < 0 ? err_errno(err, -errno, "cannot write '%s'", path) : fd;
}

static bool is_special(const char *path)
{
	struct stat status;

	return !stat(path, &status) && !S_ISREG(status.st_mode) &&
	       !S_ISDIR(status.st_mode);
}

int atomic_file_try(const char *path, struct err *err)
{
	auto_free char *temporary = NULL, *target = NULL;
	int fd;

	if (is_special(path))
		return 0;
	fd = open_temporary(path, &temporary, &target, err);
	if (fd < 0)
		return fd;
	assert(temporary);
	close(fd);
	unlink(temporary);
	return 0;
}

int atomic_file_write(
	const char *path, const void *data, size_t length, struct err *err)
{
	auto_free char *temporary = NULL, *target = NULL;
	int fd, r;

	if (is_special(path))
		return write_special(path, data, length, err);
	fd = open_temporary(path, &temporary, &target, err);
	if (fd < 0)
		return fd;
	assert(temporary);
	r = fill(fd, data, length);
	if (!r && rename(temporary, target) < 0)
		r = -errno;
	if (r) {
		unlink(temporary);
		return err_errno(err, r, "cannot write '%s'", path);
	}
	sync_folder(target);
	return 0;
}

int atomic_stream_begin(
	struct atomic_stream *stream, const char *path, struct err *err)
{
	int fd;

	*stream = (struct atomic_stream){0};
	fd = open_temporary(path, &stream->temporary, &stream->target, err);
	if (fd >= 0)
		stream->file = fdopen(fd, "w");
	if (fd >= 0 && stream->file)
		return 0;
	if (fd >= 0) {
		fd = err_errno(err, -errno, "cannot write '%s'", path);
		unlink(stream->temporary);
	}
	free(stream->temporary);
	free(stream->target);
	return fd;
}

int atomic_stream_end(struct atomic_stream *stream, int keep, struct err *err)
{
	auto_free char *temporary = stream->temporary;
	auto_free char *target = stream->target;
	int r = 0;

	if (keep && (fflush(stream->file) || ferror(stream->file)))
		r = errno ? -errno : -EIO;
	if (keep && !r)
		r = settle(fileno(stream->file));
	if (fclose(stream->file) && !r)
		r = -errno;
	*stream = (struct atomic_stream){0};
	if (keep && !r && rename(temporary, target) < 0)
		r = -errno;
	if (r || !keep)
		unlink(temporary);
	else
		sync_folder(target);
	return r ? err_errno(err, r, "cannot write '%s'", target) : 0;
}
