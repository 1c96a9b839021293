/*
 * Opening, closing and naming files.
 *
 * A FIFO: open(2) blocks until the other side is opened too.  Once the
 * program has made one, every open is run with O_NONBLOCK.  A reader gets in
 * and is held behind the call until a writer is there; a writer that finds
 * no reader (ENXIO) is held before it.  O_NONBLOCK is then taken back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/call_lock.h"
#include "tracer/calls.h"
#include "tracer/faults.h"
#include "tracer/files.h"
#include "tracer/hooks.h"
#include "tracer/memory.h"
#include "tracer/missing.h"
#include "tracer/wait.h"
#include "tracer/watch.h"

#define MEMFDS_MAX 256 /* made in a run */
#define PATH_BYTES 4096

static uint64_t path_argument(const struct task *task)
{
	switch (task->call->number) {
	case SYS_open:
	case SYS_creat:
	case SYS_truncate:
	case SYS_unlink:
	case SYS_rename:
	case SYS_mknod:
		return task->args[0];
	default:
		return task->args[1];
	}
}

static int open_flags(const struct task *task)
{
	if (task->call->number == SYS_open)
		return (int)task->args[1];
	if (task->call->number == SYS_creat)
		return O_CREAT | O_WRONLY | O_TRUNC;
	return (int)task->args[2];
}

/*
 * A terminal or a pipe that is opened once more is the same as a copy of the
 * descriptor: there is no place in it, and the program cannot tell.
 */
static enum call_action open_stream(struct task *task, int stream, int flags)
{
	task->run.orig_rax = SYS_fcntl;
	task->run.rdi = (unsigned)stream;
	task->run.rsi = flags & O_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD;
	task->run.rdx = 0;
	task->run_changed = true;
	return CALL_RUN;
}

enum call_action enter_open(struct engine *engine, struct task *task)
{
	int flags = open_flags(task);
	int stream =
		missing_named_stream(engine, task, path_argument(task), flags);

	task->file_fresh = false;
	if (stream >= 0)
		return open_stream(task, stream, flags);
	if (!engine->fifos || task->call->number == SYS_creat ||
		(flags & (O_NONBLOCK | O_PATH | O_DIRECTORY)))
		return CALL_RUN;
	task->file_fresh = true; /* O_NONBLOCK is ours */
	if (task->call->number == SYS_open)
		task->run.rsi = (unsigned)flags | O_NONBLOCK;
	else
		task->run.rdx = (unsigned)flags | O_NONBLOCK;
	task->run_changed = true;
	return CALL_RUN;
}

static void open_events(
	struct engine *engine, struct task *task, const struct file *file)
{
	struct event event = task_event(engine, EVENT_OPEN, task);
	char path[PATH_BYTES];
	int flags = open_flags(task);

	if (!memory_string(task, path_argument(task), path, sizeof(path)))
		strcpy(path, "?");
	if (file->kind == FILE_REGULAR)
		names_set(&engine->names, "inode", file->dev, file->ino, 0,
			file_path_shown(path));
	event.object = file_path_shown(path);
	event.value = flags;
	event.call = task->call->name;
	engine_event(engine, &event);
	if (file->kind == FILE_REGULAR && (flags & O_TRUNC)) {
		struct event cut = task_event(engine, EVENT_TRUNCATE, task);

		cut.object = event.object;
		file_changed(engine, &cut, NULL, 0, file->dev, file->ino);
	}
}

/*
 * Somebody has the FIFO open for writing, or has had since we opened it.  That
 * was with O_NONBLOCK, but another thread may have taken it away.
 */
static bool has_writer(int fd)
{
	struct pollfd ready = {fd, POLLIN, 0};
	int flags = fcntl(fd, F_GETFL), waiting = 0;
	char byte;

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return true;

	if (poll_now(&ready, 1) > 0)
		return true;
	if (ioctl(fd, FIONREAD, &waiting) == 0 && waiting > 0)
		return true;
	return read(fd, &byte, 1) < 0 && errno == EAGAIN;
}

static void clear_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

/* The FIFO was opened; true when the task has to wait for a writer. */
static bool fifo_opened(
	struct engine *engine, struct task *task, struct file *file)
{
	int mode = open_flags(task) & O_ACCMODE;

	engine_wake_retries(engine, RETRY_FIFO);
	if (mode != O_RDONLY || has_writer(file->fd)) {
		clear_nonblocking(file->fd);
		return false;
	}
	task->io_fd = file->fd;
	file->fd = -1;
	task->wait.retry = RETRY_FIFO;
	wait_for(engine, task, WAIT_RETRY,
		names_get(&engine->names, "pipe", file->dev, file->ino, 0),
		CLOCK_NEVER);
	return true;
}

enum exit_action exit_open(
	struct engine *engine, struct task *task, long result)
{
	struct file file;
	bool held = false;

	if (result == -ENXIO && task->file_fresh) {
		task->wait.retry = RETRY_FIFO;
		wait_for(engine, task, WAIT_RETRY, "fifo", CLOCK_NEVER);
		return EXIT_BLOCK;
	}
	/* to open a file for reading is to look at it */
	task->progressed = result >= 0 && (open_flags(task) & ~O_CLOEXEC) != 0;
	if (result < 0) {
		missing_note_open(engine, task, path_argument(task),
			open_flags(task), result);
		return EXIT_ON;
	}
	file = file_open(engine, task, (int)result);
	file_opened(task, (int)result, ++engine->openings);
	open_events(engine, task, &file);
	if (task->file_fresh && S_ISFIFO(file.mode))
		held = fifo_opened(engine, task, &file);
	else if (task->file_fresh)
		clear_nonblocking(file.fd);
	file_close(&file);
	return held ? EXIT_HOLD : EXIT_ON;
}

/* A held reader of a FIFO: may its open return now? */
bool fifo_reader_released(struct task *task)
{
	if (!has_writer(task->io_fd))
		return false;
	clear_nonblocking(task->io_fd);
	close(task->io_fd);
	task->io_fd = -1;
	return true;
}

/* With CLOSE_RANGE_UNSHARE a thread gets descriptors of its own. */
static void close_many(struct engine *engine, const struct task *task)
{
	file_forget_all(task->process);
	engine->files_shared |= task->process->had_threads;
}

enum call_action enter_close(struct engine *engine, struct task *task)
{
	int number = task->call->number;
	struct file file;
	bool closes;
	int closed;

	if (number == SYS_dup2 || number == SYS_dup3) {
		/* the same twice, or no descriptor: nothing is closed */
		file = file_open(engine, task, (int)task->args[0]);
		closes = file.fd >= 0 &&
			 (int)task->args[0] != (int)task->args[1];
		file_close(&file);
		if (!closes)
			return CALL_RUN_FREE;
	}
	/* nobody else runs before it is done, so waking may come first */
	if (number == SYS_close_range) {
		close_many(engine, task);
		engine_wake_retries(engine, RETRY_LOCK | RETRY_FIFO);
		return CALL_RUN_FREE;
	}
	closed = (int)task->args[number == SYS_close ? 0 : 1];
	file = file_open(engine, task, closed);
	if (file.kind == FILE_CHANNEL)
		engine_wake_retries(engine, RETRY_FIFO);
	else
		engine_wake_key(engine, RETRY_LOCK, file.dev, file.ino);
	if (file.kind == FILE_REGULAR) {
		struct event event = task_event(engine, EVENT_CLOSE, task);

		/* the last close of a locked file lets others in */
		task->progressed = engine->locks_used;
		event.object = file_name(engine, &file);
		engine_event(engine, &event);
		locks_closed(
			engine, task, file.dev, file.ino, closed, event.object);
	}
	file_close(&file);
	file_forget(task->process, closed);
	return CALL_RUN_FREE;
}

enum exit_action exit_pipe(
	struct engine *engine, struct task *task, long result)
{
	int32_t ends[2];
	struct file file;

	if (result < 0 || !memory_read(task, task->args[0], ends, sizeof(ends)))
		return EXIT_ON;
	file = file_open(engine, task, ends[0]);
	file_name(engine, &file);
	file_close(&file);
	return EXIT_ON;
}

/* Both ends get one name, so that a put at one is got at the other. */
enum exit_action exit_socketpair(
	struct engine *engine, struct task *task, long result)
{
	const char *name = NULL;
	int32_t ends[2];
	int i;

	if (result < 0 || !memory_read(task, task->args[3], ends, sizeof(ends)))
		return EXIT_ON;
	for (i = 0; i < 2; i++) {
		struct file file = file_open(engine, task, ends[i]);

		if (!name)
			name = names_get(&engine->names, "socket", file.dev,
				file.ino, 0);
		names_set(&engine->names, "inode", file.dev, file.ino, 0, name);
		file_close(&file);
	}
	return EXIT_ON;
}

/* A terminal's answers, given for standard output and error. */
enum call_action enter_ioctl(struct engine *engine, struct task *task)
{
	/* struct termios of the kernel: four words of flags, line, keys */
	static const unsigned char termios[36] = {0x00, 0x45, 0, 0, 0x05, 0, 0,
		0, 0xbf, 0, 0, 0, 0x3b, 0x8a, 0, 0, 0, 3, 28, 127, 21, 4, 0, 1,
		0, 17, 19, 26, 0, 18, 15, 23, 22};
	static const unsigned short size[4] = {24, 80, 0, 0};
	enum file_kind kind;
	unsigned request = (unsigned)task->args[1];

	if (engine->spec->stdout_kind != RUN_STDOUT_TERMINAL ||
		(request != TCGETS && request != TIOCGWINSZ))
		return CALL_RUN_FREE;
	kind = file_std(engine, task, (int)task->args[0]);
	if (kind == FILE_NONE)
		return CALL_RUN_FREE;
	task->result = 0;
	if (!memory_write(task, task->args[2],
		    request == TCGETS ? (const void *)termios
				      : (const void *)size,
		    request == TCGETS ? sizeof(termios) : sizeof(size)))
		task->result = -EFAULT;
	return CALL_DONE;
}

static bool rename_paths(const struct task *task, char *from, char *to)
{
	bool at = task->call->number != SYS_rename;

	return memory_string(task, task->args[at ? 1 : 0], from, PATH_BYTES) &&
	       memory_string(task, task->args[at ? 3 : 1], to, PATH_BYTES);
}

enum exit_action exit_rename(
	struct engine *engine, struct task *task, long result)
{
	char from[PATH_BYTES], to[PATH_BYTES];
	struct event event;
	const char *shown;

	task->progressed = result == 0;
	if (result < 0 || !rename_paths(task, from, to))
		return EXIT_ON;
	event = task_event(engine, EVENT_RENAME, task);
	event.object = file_path_shown(from);
	shown = file_path_shown(to);
	file_changed(engine, &event, shown, strlen(shown), 0, 0);
	return EXIT_ON;
}

enum exit_action exit_unlink(
	struct engine *engine, struct task *task, long result)
{
	char path[PATH_BYTES];
	struct event event;

	task->progressed = result == 0;
	if (result < 0 ||
		!memory_string(task, path_argument(task), path, sizeof(path)))
		return EXIT_ON;
	event = task_event(engine, EVENT_UNLINK, task);
	event.object = file_path_shown(path);
	file_changed(engine, &event, NULL, 0, 0, 0);
	return EXIT_ON;
}

static void map_watched(struct engine *engine, struct task *task)
{
	engine->watched_mapped = true;
	hooks_file(engine, task);
}

/*
 * A watched file that is mapped is read there and then, as far as we can see:
 * a program that maps a file of some bytes reads it at once.  What it writes
 * into a shared mapping is seen after its slice.
 */
enum exit_action exit_mmap(
	struct engine *engine, struct task *task, long result)
{
	char data[EVENT_TEXT_MAX];
	struct event event;
	struct file file;
	ssize_t got;

	if (result < 0 && result > -4096)
		return EXIT_ON;
	memory_remapped(engine, task);
	if (task->args[3] & MAP_SHARED)
		hooks_share(engine, task, (uint64_t)result, task->args[1]);
	file = file_open(engine, task, (int)task->args[4]);
	if (file.kind == FILE_REGULAR &&
		file_is_watched(engine, file.dev, file.ino)) {
		file_read_flags(&file);
		got = pread(file.fd, data, sizeof(data), (off_t)task->args[5]);
		event = task_event(engine, EVENT_READ, task);
		event.object = file_name(engine, &file);
		event.value = got > 0 ? got : 0;
		event.offset = (int64_t)task->args[5];
		event.call = task->call->name;
		engine_event_data(engine, &event, data,
			got > 0 ? (size_t)got : 0, NULL, 0);
		faults_file_read(engine, task, &event);
		if (task->args[3] & MAP_SHARED)
			map_watched(engine, task);
	}
	file_close(&file);
	return EXIT_ON;
}

/* What they hold counts as disk space (space.c), until the run ends. */
enum call_action enter_memfd_create(struct engine *engine, struct task *task)
{
	const uint64_t flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;

	if (task->args[1] & ~flags) {
		task->result = -EINVAL;
		return CALL_DONE;
	}
	if (engine->memfds == MEMFDS_MAX) {
		engine_note_limit(engine, task, "memfds", MEMFDS_MAX);
		task->result = -ENFILE;
		return CALL_DONE;
	}
	engine->memfds++;
	return CALL_RUN;
}

enum exit_action exit_shmat(
	struct engine *engine, struct task *task, long result)
{
	if (result < 0 && result > -4096)
		return EXIT_ON;
	memory_remapped(engine, task);
	hooks_share(engine, task, (uint64_t)result, 0);
	return EXIT_ON;
}

enum exit_action exit_truncate(
	struct engine *engine, struct task *task, long result)
{
	struct event event = task_event(engine, EVENT_TRUNCATE, task);
	char path[PATH_BYTES];
	struct file file;
	struct stat status;

	if (result < 0)
		return EXIT_ON;
	event.value = (int64_t)task->args[1];
	if (task->call->number == SYS_ftruncate) {
		file = file_open(engine, task, (int)task->args[0]);
		event.object = file_name(engine, &file);
		file_changed(engine, &event, NULL, 0, file.dev, file.ino);
		file_close(&file);
		return EXIT_ON;
	}
	if (!memory_string(task, task->args[0], path, sizeof(path)))
		return EXIT_ON;
	event.object = file_path_shown(path);
	if (fstatat(engine->jail->work_fd, event.object, &status,
		    AT_SYMLINK_NOFOLLOW) < 0)
		memset(&status, 0, sizeof(status));
	file_changed(engine, &event, NULL, 0, status.st_dev, status.st_ino);
	return EXIT_ON;
}

enum exit_action exit_mknod(
	struct engine *engine, struct task *task, long result)
{
	unsigned mode =
		(unsigned)task->args[task->call->number == SYS_mknod ? 1 : 2];

	task->progressed = result == 0;
	if (result == 0 && S_ISFIFO(mode))
		engine->fifos = true;
	return EXIT_ON;
}

/* mkdir, rmdir, link, symlink: failing is no progress (locks of a kind). */
enum exit_action exit_path(
	struct engine *engine, struct task *task, long result)
{
	(void)engine;
	task->progressed = result == 0;
	return EXIT_ON;
}
