/*
 * Reading and writing: what both have in common.  Reading is call_read.c,
 * writing call_write.c.
 */
#define _GNU_SOURCE
#include "tracer/call_io.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/faults.h"
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

void io_event(struct engine *engine, struct task *task, enum event_kind kind,
	uint64_t from, long length)
{
	struct event event = task_event(engine, kind, task);
	struct file file = file_open(engine, task, (int)task->args[0]);
	struct segments segments;
	char data[EVENT_TEXT_MAX];
	size_t got = 0;

	event.object = file_name(engine, &file);
	event.value = length;
	event.offset = task->file_offset;
	if (segments_read(task, &segments))
		got = segments_gather(task, &segments, from, (uint64_t)length,
			data, sizeof(data));
	if (kind == EVENT_WRITE)
		file_changed(engine, &event, data, got, file.dev, file.ino);
	else
		engine_event_data(engine, &event, data, got, NULL, 0);
	if (kind == EVENT_READ)
		faults_file_read(engine, task, &event);
	file_close(&file);
}
