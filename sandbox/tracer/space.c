/*
 * Calls that make a name are counted; of those that may make a file larger
 * the file is looked at before and after.
 */
#define _GNU_SOURCE
#include "tracer/space.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/engine.h"
#include "tracer/files.h"
#include "tracer/segments.h"

#define NAMES_MAX 8192 /* as in the jail's own file system */
#define FIRST_CAPACITY 64

enum effect {
	EFFECT_NONE,
	EFFECT_NAME,   /* makes a folder, a link, a FIFO */
	EFFECT_OPEN,   /* may make a file */
	EFFECT_REMOVE, /* removes a name */
	EFFECT_WRITE,  /* makes a file longer, by what is written */
	EFFECT_SIZE,   /* gives it a size */
	EFFECT_COPY,   /* makes it longer, by what another has */
};

static enum effect effect_of(int number)
{
	switch (number) {
	case SYS_mkdir:
	case SYS_mkdirat:
	case SYS_mknod:
	case SYS_mknodat:
	case SYS_link:
	case SYS_linkat:
	case SYS_symlink:
	case SYS_symlinkat:
		return EFFECT_NAME;
	case SYS_open:
	case SYS_openat:
	case SYS_creat:
		return EFFECT_OPEN;
	case SYS_unlink:
	case SYS_unlinkat:
	case SYS_rmdir:
		return EFFECT_REMOVE;
	case SYS_write:
	case SYS_writev:
	case SYS_pwrite64:
	case SYS_pwritev:
	case SYS_pwritev2:
		return EFFECT_WRITE;
	case SYS_ftruncate:
	case SYS_fallocate:
		return EFFECT_SIZE;
	case SYS_copy_file_range:
	case SYS_sendfile:
	case SYS_splice:
		return EFFECT_COPY;
	default:
		return EFFECT_NONE;
	}
}

static int open_flags(const struct task *task)
{
	switch (task->call->number) {
	case SYS_creat:
		return O_CREAT | O_WRONLY;
	case SYS_open:
		return (int)task->args[1];
	default:
		return (int)task->args[2];
	}
}

/* The descriptor that the call writes to. */
static int target_fd(const struct task *task)
{
	int number = task->call->number;

	return (int)task->args
		[number == SYS_copy_file_range || number == SYS_splice ? 2 : 0];
}

bool space_counts(const struct engine *engine)
{
	return engine->jail->root_fd < 0 || engine->memfds > 0;
}

/* A regular file whose size STATUS tells, and that the engine has to count. */
static bool is_counted(const struct engine *engine, const struct file *file,
	struct stat *status)
{
	struct stat root;

	if (file->kind != FILE_REGULAR || fstat(file->fd, status) < 0)
		return false;
	return engine->jail->root_fd < 0 ||
	       fstat(engine->jail->root_fd, &root) < 0 ||
	       root.st_dev != status->st_dev;
}

static struct space_file *find(
	const struct space *space, uint64_t dev, uint64_t ino)
{
	size_t i = (ino * UINT64_C(0x9e3779b97f4a7c15) + dev) &
		   (space->capacity - 1);

	while (space->files[i].ino &&
		(space->files[i].ino != ino || space->files[i].dev != dev))
		i = (i + 1) & (space->capacity - 1);
	return &space->files[i];
}

static void grow(struct space *space)
{
	struct space old = *space;

	space->capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
	space->files = xcalloc(space->capacity, sizeof(*space->files));
	for (size_t i = 0; i < old.capacity; i++)
		if (old.files[i].ino)
			*find(space, old.files[i].dev, old.files[i].ino) =
				old.files[i];
	free(old.files);
}

/* The entry of the file; *FRESH when it is not known yet. */
static struct space_file *entry(
	struct space *space, const struct stat *status, bool *fresh)
{
	struct space_file *file;

	if (space->count * 2 >= space->capacity)
		grow(space);
	file = find(space, status->st_dev, status->st_ino);
	*fresh = !file->ino;
	if (*fresh) {
		file->dev = status->st_dev;
		file->ino = status->st_ino;
		space->count++;
	}
	return file;
}

static bool note_size(struct space *space, const struct stat *status)
{
	bool fresh;
	struct space_file *file = entry(space, status, &fresh);

	space->bytes += status->st_size - file->bytes;
	file->bytes = status->st_size;
	return fresh;
}

/* Where the file will end at the most; 0 = as long as it is. */
static int64_t end_of(const struct task *task, const struct file *file,
	const struct stat *status)
{
	struct segments from;
	int64_t at;

	switch (task->call->number) {
	case SYS_ftruncate:
		return (int64_t)task->args[1];
	case SYS_fallocate:
		return (int64_t)(task->args[2] + task->args[3]);
	case SYS_pwrite64:
	case SYS_pwritev:
	case SYS_pwritev2:
		at = (int64_t)task->args[3];
		break;
	default:
		at = fcntl(file->fd, F_GETFL) & O_APPEND
			     ? status->st_size
			     : lseek(file->fd, 0, SEEK_CUR);
		break;
	}
	if (at < 0 || !segments_read(task, &from) ||
		from.total > (uint64_t)INT64_MAX / 2)
		return 0;
	return at + (int64_t)from.total;
}

static bool has_no_room(
	struct engine *engine, const struct task *task, enum effect effect)
{
	struct file file = file_open(engine, task, target_fd(task));
	const int64_t limit = engine->limits.disk_bytes;
	int64_t end = 0;
	bool full = false, fresh;
	struct stat status;

	if (is_counted(engine, &file, &status)) {
		int64_t known = entry(&engine->space, &status, &fresh)->bytes;

		if (effect != EFFECT_COPY)
			end = end_of(task, &file, &status);
		/* too large for any file: the kernel has its own answer */
		if (effect == EFFECT_COPY)
			full = engine->space.bytes > limit;
		else if (end > known && end <= limit)
			full = engine->space.bytes + end - known > limit;
	}
	file_close(&file);
	return full;
}

bool space_refuses(struct engine *engine, struct task *task)
{
	enum effect effect = effect_of(task->call->number);
	bool full = false;

	if (effect == EFFECT_NONE || effect == EFFECT_REMOVE ||
		!space_counts(engine))
		return false;
	if (effect == EFFECT_NAME ||
		(effect == EFFECT_OPEN && (open_flags(task) & O_CREAT)))
		full = engine->space.names >= NAMES_MAX;
	else if (effect != EFFECT_OPEN)
		full = has_no_room(engine, task, effect);
	if (!full)
		return false;
	engine_note_limit(engine, task, "disk", engine->limits.disk_bytes);
	task->progressed = false;
	task->result = -ENOSPC;
	return true;
}

static void note_file(struct engine *engine, const struct task *task, int fd,
	bool may_be_made)
{
	struct file file = file_open(engine, task, fd);
	struct stat status;

	if (is_counted(engine, &file, &status) &&
		note_size(&engine->space, &status) && may_be_made)
		engine->space.names++;
	file_close(&file);
}

void space_note(struct engine *engine, struct task *task, long result)
{
	enum effect effect = effect_of(task->call->number);

	if (effect == EFFECT_NONE)
		return;
	if (result == -ENOSPC)
		engine_note_limit(
			engine, task, "disk", engine->limits.disk_bytes);
	if (result < 0 || !space_counts(engine))
		return;
	if (effect == EFFECT_NAME)
		engine->space.names++;
	else if (effect == EFFECT_REMOVE)
		engine->space.names -= engine->space.names > 0;
	else if (effect != EFFECT_OPEN)
		note_file(engine, task, target_fd(task), false);
	else if ((open_flags(task) & O_ACCMODE) != O_RDONLY ||
		 (open_flags(task) & O_CREAT))
		note_file(
			engine, task, (int)result, open_flags(task) & O_CREAT);
}

void space_release(struct space *space)
{
	free(space->files);
}
