/*
 * Reading and writing: what both have in common.  Reading is call_read.c,
 * writing call_write.c.
 */
#define _GNU_SOURCE
#include "tracer/call_io.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/faults.h"
#include "tracer/memory.h"
#include "tracer/wait.h"
#include "tracer/watch.h"

static bool has_offset(const struct task *task)
{
	switch (task->call->number) {
	case SYS_pread64:
	case SYS_pwrite64:
	case SYS_preadv:
	case SYS_pwritev:
		return true;
	case SYS_preadv2:
	case SYS_pwritev2:
		return task->args[3] != UINT64_MAX; /* -1: where the file is */
	default:
		return false;
	}
}

void io_note_file(struct task *task, const struct file *file)
{
	task->file_kind = file->kind;
	task->file_dev = file->dev;
	task->file_ino = file->ino;
	task->file_offset = 0;
	if (file->kind != FILE_REGULAR)
		return;
	if (has_offset(task))
		task->file_offset = (int64_t)task->args[3];
	else
		task->file_offset = lseek(file->fd, 0, SEEK_CUR);
}

bool io_asks_not_to_wait(const struct task *task)
{
	switch (task->call->number) {
	case SYS_sendto:
	case SYS_recvfrom:
		return task->args[3] & MSG_DONTWAIT;
	case SYS_sendmsg:
	case SYS_recvmsg:
		return task->args[2] & MSG_DONTWAIT;
	case SYS_preadv2:
	case SYS_pwritev2:
		/* at an offset: the kernel says at once that it has none */
		return (task->args[5] & RWF_NOWAIT) || has_offset(task);
	default:
		return has_offset(task);
	}
}

bool io_aim_socket_at_rest(struct task *task, const struct segments *from,
	long number, uint64_t flags)
{
	if (!segments_aim_at_rest(task, from, number))
		return false;
	task->run.r10 = flags | MSG_DONTWAIT;
	task->run.r8 = task->run.r9 = 0;
	return true;
}

bool io_is_stream(const struct file *file)
{
	int type = 0;
	socklen_t size = sizeof(type);

	return S_ISSOCK(file->mode) &&
	       getsockopt(file->fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_STREAM;
}

int64_t socket_deadline(
	const struct engine *engine, const struct file *file, int option)
{
	struct timeval time = {0, 0};
	socklen_t size = sizeof(time);
	int64_t ns;

	if (!S_ISSOCK(file->mode) ||
		getsockopt(file->fd, SOL_SOCKET, option, &time, &size) < 0 ||
		(time.tv_sec == 0 && time.tv_usec == 0) ||
		!clock_from_timeval(&time, &ns))
		return CLOCK_NEVER;
	return clock_after(engine->clock.now_ns, ns);
}

enum call_action io_wait_for_file(struct engine *engine, struct task *task,
	struct file *file, short events, int64_t deadline_ns)
{
	const char *name = file_name(engine, file);

	wait_on_fd(task, file, events);
	return wait_for(engine, task, WAIT_POLL, name, deadline_ns);
}

/* GOT bytes of the LENGTH that were moved are in DATA. */
static void moved_event(struct engine *engine, struct task *task,
	enum event_kind kind, const struct file *file, long length,
	const char *data, size_t got)
{
	struct event event = task_event(engine, kind, task);

	event.object = file_name(engine, file);
	event.value = length;
	event.offset = task->file_offset;
	if (kind == EVENT_WRITE)
		file_changed(engine, &event, data, got, file->dev, file->ino);
	else
		engine_event_data(engine, &event, data, got, NULL, 0);
	if (kind == EVENT_READ)
		faults_file_read(engine, task, &event);
}

void io_event(struct engine *engine, struct task *task, enum event_kind kind,
	uint64_t from, long length)
{
	struct file file = file_open(engine, task, (int)task->args[0]);
	struct segments segments;
	char data[EVENT_TEXT_MAX];
	size_t got = 0;

	if (segments_read(task, &segments))
		got = segments_gather(task, &segments, from, (uint64_t)length,
			data, sizeof(data));
	moved_event(engine, task, kind, &file, length, data, got);
	file_close(&file);
}

#define HERE_MAX EVENT_TEXT_MAX

static_assert(HERE_MAX <= PIPE_BUF, "a write of so much is whole or not");

bool io_read_here(
	struct engine *engine, struct task *task, const struct file *file)
{
	const bool is_pipe = file->kind == FILE_CHANNEL && S_ISFIFO(file->mode);
	const uint64_t buffer = task->args[1], length = task->args[2];
	char data[HERE_MAX];
	ssize_t got;

	if (task->call->number != SYS_read || engine->spec->fault_count > 0 ||
		length == 0 || length > sizeof(data) ||
		(!is_pipe && file->kind != FILE_REGULAR))
		return false;
	/* what was read of a pipe could not be given back */
	if (is_pipe && !memory_read(task, buffer, data, length))
		return false;
	got = read(file->fd, data, length);
	if (got > 0 && !memory_give(task, buffer, data, (size_t)got)) {
		if (!is_pipe)
			lseek(file->fd, -got, SEEK_CUR);
		got = -1;
		errno = EFAULT;
	}
	task->result = got < 0 ? -errno : got;
	task->progressed = got > 0;
	if (got < 0)
		return true;
	moved_event(engine, task, is_pipe ? EVENT_GET : EVENT_READ, file, got,
		data, (size_t)got);
	if (is_pipe)
		engine_wake_retries(engine, RETRY_FIFO);
	return true;
}

/*
 * A file that the task could make so long itself, and that the kernel would
 * take no rights from for being written to.
 */
static bool takes_more(const struct engine *engine, const struct task *task,
	const struct file *file, uint64_t length)
{
	struct stat status;

	/* there are files that go by who writes to them, in /proc */
	if (fstat(file->fd, &status) < 0 || status.st_dev != engine->work_dev ||
		(status.st_mode & (S_ISUID | S_ISGID)))
		return false;
	return task->file_offset >= 0 &&
	       task->file_offset + (int64_t)length <=
		       engine->limits.disk_bytes &&
	       status.st_size + (int64_t)length <= engine->limits.disk_bytes;
}

bool io_write_file_here(
	struct engine *engine, struct task *task, const struct file *file)
{
	const uint64_t length = task->args[2];
	char data[HERE_MAX];
	ssize_t put;

	if (task->call->number != SYS_write || file->kind != FILE_REGULAR ||
		length == 0 || length > sizeof(data) || space_counts(engine) ||
		!takes_more(engine, task, file, length) ||
		!memory_read(task, task->args[1], data, length))
		return false;
	put = write(file->fd, data, length);
	if (put <= 0)
		return false; /* the task shall hear of it by the kernel */
	task->result = put;
	task->progressed = true;
	moved_event(engine, task, EVENT_WRITE, file, put, data, (size_t)put);
	return true;
}

bool io_write_here(
	struct engine *engine, struct task *task, const struct file *file)
{
	const uint64_t length = task->args[2];
	struct pollfd room = {file->fd, POLLOUT, 0};
	char data[HERE_MAX];

	if (task->call->number != SYS_write || engine->spec->fault_count > 0 ||
		!S_ISFIFO(file->mode) || length == 0 || length > sizeof(data) ||
		!memory_read(task, task->args[1], data, length))
		return false;
	/* a write without readers is a signal too, which the kernel makes */
	if (poll_now(&room, 1) != 1 || room.revents != POLLOUT ||
		write(file->fd, data, length) != (ssize_t)length)
		return false;
	task->result = (long)length;
	task->progressed = true;
	moved_event(engine, task, EVENT_PUT, file, task->result, data, length);
	return true;
}
