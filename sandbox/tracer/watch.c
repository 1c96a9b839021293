/*
 * Watched files: what is in them after every change.
 */
#define _GNU_SOURCE
#include "tracer/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/engine.h"
#include "tracer/faults.h"

#define WATCHED_BYTES_MAX EVENT_TEXT_MAX

static void load(const struct engine *engine, struct watched *watched)
{
	struct stat status;
	ssize_t got;
	int fd;

	free(watched->content);
	watched->content = NULL;
	watched->length = 0;
	watched->exists = false;
	watched->dev = watched->ino = 0;
	fd = openat(engine->jail->work_fd, watched->name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
		watched->exists = true;
		watched->dev = status.st_dev;
		watched->ino = status.st_ino;
		watched->content = xmalloc(WATCHED_BYTES_MAX);
		got = pread(fd, watched->content, WATCHED_BYTES_MAX, 0);
		watched->length = got > 0 ? (size_t)got : 0;
	}
	close(fd);
}

/*
 * The name stands for the same file as when it was last read, and the change
 * is not to that: a look at the name is enough.
 */
static bool is_untouched(const struct engine *engine,
	const struct watched *watched, uint64_t ino)
{
	struct stat status;

	if (engine->watched_mapped || (ino && watched->ino == ino))
		return false;
	if (fstatat(engine->jail->work_fd, watched->name, &status,
		    AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT && !watched->exists;
	return watched->exists && status.st_dev == watched->dev &&
	       status.st_ino == watched->ino && S_ISREG(status.st_mode) &&
	       (status.st_mode & S_IRUSR);
}

void file_watch_start(struct engine *engine)
{
	size_t i;

	engine->watched =
		xcalloc(engine->spec->file_count, sizeof(*engine->watched));
	for (i = 0; i < engine->spec->file_count; i++) {
		struct watched *watched;

		if (!engine->spec->files[i].watched)
			continue;
		watched = &engine->watched[engine->watched_count++];
		watched->name = engine->spec->files[i].name;
		load(engine, watched);
		if (watched->exists)
			names_set(&engine->names, "inode", watched->dev,
				watched->ino, 0, watched->name);
	}
}

void file_watch_end(struct engine *engine)
{
	size_t i;

	for (i = 0; i < engine->watched_count; i++)
		free(engine->watched[i].content);
	free(engine->watched);
}

void file_changed(struct engine *engine, struct event *event, const void *data,
	size_t length, uint64_t dev, uint64_t ino)
{
	struct watched *shown = NULL;
	size_t i;

	for (i = 0; i < engine->watched_count; i++) {
		struct watched *watched = &engine->watched[i];
		uint64_t old_dev = watched->dev, old_ino = watched->ino;

		if (!is_untouched(engine, watched, ino))
			load(engine, watched);
		if ((watched->dev == dev && watched->ino == ino && ino) ||
			watched->dev != old_dev || watched->ino != old_ino)
			shown = watched;
		if (watched->exists)
			names_set(&engine->names, "inode", watched->dev,
				watched->ino, 0, watched->name);
	}
	engine_event_data(engine, event, data, length,
		shown ? (shown->exists ? shown->content : "") : NULL,
		shown ? shown->length : 0);
	/* a rename changes what the new name stands for: its DATA */
	faults_file_changed(engine, event,
		event->kind == EVENT_RENAME ? data : event->object);
}

bool file_is_watched(const struct engine *engine, uint64_t dev, uint64_t ino)
{
	size_t i;

	for (i = 0; i < engine->watched_count; i++)
		if (engine->watched[i].exists &&
			engine->watched[i].dev == dev &&
			engine->watched[i].ino == ino)
			return true;
	return false;
}

static void touch(const struct engine *engine, const struct task *task,
	struct touch *touch)
{
	touch->anew = touch->task != task->number ||
		      touch->slice + 1 != engine->slices;
	touch->task = task->number;
	touch->slice = engine->slices;
}

void file_watch_touch(struct engine *engine, struct task *task, uint64_t dev,
	uint64_t ino, bool store)
{
	struct event event;
	size_t i;

	for (i = 0; i < engine->watched_count; i++) {
		struct watched *watched = &engine->watched[i];

		if (watched->dev != dev || watched->ino != ino)
			continue;
		touch(engine, task,
			store ? &watched->stored : &watched->loaded);
		if (store || !watched->loaded.anew)
			continue;
		event = task_event(engine, EVENT_READ, task);
		event.object = watched->name;
		event.value = (int64_t)watched->length;
		engine_event_data(engine, &event, watched->content,
			watched->length, NULL, 0);
	}
}

static bool is_stored_anew(
	const struct engine *engine, const struct watched *watched)
{
	return watched->stored.anew && watched->stored.slice == engine->slices;
}

void file_watch_mapped(struct engine *engine, struct task *task)
{
	size_t i;

	for (i = 0; engine->watched_mapped && i < engine->watched_count; i++) {
		struct watched *watched = &engine->watched[i];
		char *old = watched->content;
		size_t length = watched->length;
		struct event event;

		watched->content = NULL;
		load(engine, watched);
		if (is_stored_anew(engine, watched) ||
			watched->length != length ||
			(length && memcmp(watched->content, old, length))) {
			event = task_event(engine, EVENT_WRITE, task);
			event.object = watched->name;
			event.value = (int64_t)watched->length;
			engine_event_data(engine, &event, watched->content,
				watched->length, watched->content,
				watched->length);
			faults_file_changed(engine, &event, watched->name);
		}
		free(old);
	}
}
