/*
 * Writing.
 *
 * Standard output never enters the kernel: its text is taken from the
 * program's memory.  A write that may be larger than the room of its channel
 * is run with O_NONBLOCK borrowed on the open file description, in as many
 * pieces as it takes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/call_io.h"
#include "tracer/call_timer.h"
#include "tracer/calls.h"
#include "tracer/faults.h"
#include "tracer/memory.h"
#include "tracer/wait.h"
#include "tracer/watch.h"

static bool is_output(enum file_kind kind)
{
	return kind == FILE_STDOUT || kind == FILE_STDERR;
}

static enum call_action write_output(
	struct engine *engine, struct task *task, enum file_kind kind)
{
	const int stream = kind == FILE_STDERR;
	struct segments from;
	char *data;
	uint64_t done = 0;
	size_t got;

	task->result = -EFAULT;
	if (!segments_read(task, &from))
		return CALL_DONE;
	data = xmalloc(65536);
	while (done < from.total && !engine->stop) {
		got = segments_gather(
			task, &from, done, from.total - done, data, 65536);
		if (got == 0)
			break;
		output_add(engine, task, stream, data, got);
		done += got;
	}
	free(data);
	if (done > 0 || from.total == 0)
		task->result = (long)done;
	return CALL_DONE;
}

/*
 * What is left of a write from io_done on: the rest of the segment that was
 * cut, or all segments from there.  A socket is told not to send a signal
 * for it: a part has been sent, and that is the answer.
 */
static bool aim_write_at_rest(
	struct task *task, const struct file *file, const struct segments *from)
{
	const uint64_t flags = MSG_DONTWAIT | MSG_NOSIGNAL;
	const uint64_t scratch = task->regs.rsp - SCRATCH_BELOW;
	struct msghdr header = {0};
	uint64_t skip = task->io_done, rest;
	size_t i = 0;

	while (i < from->count && skip >= from->items[i].iov_len)
		skip -= from->items[i++].iov_len;
	if (skip > 0 || !from->address)
		return S_ISSOCK(file->mode)
			       ? io_aim_socket_at_rest(
					 task, from, SYS_sendto, flags)
			       : segments_aim_at_rest(task, from, SYS_write);
	rest = from->address + i * sizeof(struct iovec);
	task->run.orig_rax = SYS_writev;
	task->run.rsi = rest;
	task->run.rdx = from->count - i;
	task->run_changed = true;
	if (!S_ISSOCK(file->mode))
		return true;
	header.msg_iov = (struct iovec *)(uintptr_t)rest;
	header.msg_iovlen = from->count - i;
	task->run.orig_rax = SYS_sendmsg;
	task->run.rsi = scratch;
	task->run.rdx = flags;
	return memory_write(task, scratch, &header, sizeof(header));
}

/* The write, or what is left of it, as one call without waiting. */
static enum call_action write_piece(
	struct task *task, struct file *file, const struct segments *from)
{
	int flags = fcntl(file->fd, F_GETFL);

	if (task->io_done == 0 && task->io_short > 0)
		segments_cut(task, from, task->io_short);
	else if (task->io_done > 0 && !aim_write_at_rest(task, file, from))
		return CALL_RUN;
	fcntl(file->fd, F_SETFL, flags | O_NONBLOCK);
	task->io_fd = file->fd;
	file->fd = -1;
	return CALL_RUN;
}

/*
 * May a write of so many bytes be cut?  A packet is whole, and a pipe takes a
 * small write whole or not, also when it does not wait: pipe(7).
 */
static bool may_be_cut(
	const struct task *task, const struct file *file, uint64_t total)
{
	if (segments_plain_call(task->call->number) < 0)
		return false;
	if (file->kind == FILE_REGULAR)
		return true;
	return file->kind == FILE_CHANNEL &&
	       (io_is_stream(file) ||
		       (S_ISFIFO(file->mode) && total > PIPE_BUF));
}

static enum call_action write_channel(
	struct engine *engine, struct task *task, struct file *file)
{
	struct segments from;

	task->io_total = 0;
	if (!segments_read(task, &from) || from.total == 0)
		return CALL_RUN;
	/* poll() wants more room than a write needs: at a time-out we try;
	   and of a socket whose other end was shut it says nothing */
	if (task->wait.woken != WAKE_TIMEOUT && !task->wait.tries &&
		(task->wait.started || !S_ISSOCK(file->mode)) &&
		!file_ready(task, file, POLLOUT)) {
		if (task->io_done > 0 && signals_deliverable(engine, task)) {
			task->result = (long)task->io_done;
			return CALL_DONE;
		}
		return io_wait_for_file(engine, task, file, POLLOUT,
			socket_deadline(engine, file, SO_SNDTIMEO));
	}
	task->io_total = from.total;
	/* one page is free, and a small write is whole or not: pipe(7) */
	if (S_ISFIFO(file->mode) && from.total <= PIPE_BUF)
		return io_write_here(engine, task, file) ? CALL_DONE : CALL_RUN;
	if ((file->mode & S_IFMT) == 0)
		return CALL_RUN; /* eventfd */
	if (task->io_done == 0 && may_be_cut(task, file, from.total))
		task->io_short =
			faults_shorten(engine, task, file, true, from.total);
	return write_piece(task, file, &from);
}

/* A write that the kernel does in one piece: to a file, or without waiting. */
static enum call_action write_at_once(
	struct engine *engine, struct task *task, const struct file *file)
{
	struct segments from;
	uint64_t cut;

	if (engine->spec->fault_count == 0)
		return io_write_file_here(engine, task, file) ? CALL_DONE
							      : CALL_RUN;
	if (faults_fill_disk(engine, task, file)) {
		task->progressed = false;
		task->result = -ENOSPC;
		return CALL_DONE;
	}
	if (!segments_read(task, &from) || !may_be_cut(task, file, from.total))
		return CALL_RUN;
	/* the kernel may refuse all of it; what is cut is what it asks for */
	if (file->kind == FILE_CHANNEL && !file_ready(task, file, POLLOUT))
		return CALL_RUN;
	cut = faults_shorten(engine, task, file, true, from.total);
	if (cut > 0)
		segments_cut(task, &from, cut);
	return CALL_RUN;
}

enum call_action enter_write(struct engine *engine, struct task *task)
{
	int fd = (int)task->args[0];
	enum file_kind standard = FILE_NONE;
	enum call_action action = CALL_RUN;
	struct file file;

	/* the question is dear, and seldom worth it of other descriptors */
	if (fd == STDOUT_FILENO || fd == STDERR_FILENO)
		standard = file_std(engine, task, fd);
	if (is_output(standard))
		return write_output(engine, task, standard);
	file = file_open(engine, task, fd);
	if (is_output(file.kind)) {
		file_close(&file);
		return write_output(engine, task, file.kind);
	}
	io_note_file(task, &file);
	task->io_total = 0;
	if (task->io_done == 0)
		task->io_short = 0;
	if (timers_own(engine, &file)) {
		task->result = -EINVAL;
		action = CALL_DONE;
	} else if (file.kind == FILE_CHANNEL && !file.nonblocking &&
		   file.writable && !io_asks_not_to_wait(task))
		action = write_channel(engine, task, &file);
	else
		action = write_at_once(engine, task, &file);
	file_close(&file);
	return action;
}

static void note_full_disk(struct engine *engine, struct task *task)
{
	engine_note_limit(engine, task, "disk", engine->limits.disk_bytes);
}

static enum exit_action piece_written(
	struct engine *engine, struct task *task, long result)
{
	struct file file = {.kind = FILE_CHANNEL, .fd = task->io_fd};
	int flags = fcntl(task->io_fd, F_GETFL);
	int64_t deadline;
	struct stat status;
	const char *name;

	fcntl(task->io_fd, F_SETFL, flags & ~O_NONBLOCK);
	if (fstat(task->io_fd, &status) == 0) {
		file.mode = status.st_mode;
		file.dev = status.st_dev;
		file.ino = status.st_ino;
	}
	name = file_name(engine, &file);
	deadline = result == -EAGAIN
			   ? socket_deadline(engine, &file, SO_SNDTIMEO)
			   : CLOCK_NEVER;
	file_close(&file);
	task->io_fd = -1;
	if (result == -EAGAIN && task->wait.woken != WAKE_TIMEOUT &&
		!(task->io_done > 0 && signals_deliverable(engine, task))) {
		/* poll() was too hopeful: wait until somebody has read */
		task->wait.tries = false;
		task->wait.retry = RETRY_FIFO;
		wait_for(engine, task, WAIT_RETRY, name, deadline);
		return EXIT_BLOCK;
	}
	if (result > 0) {
		io_event(engine, task, EVENT_PUT, task->io_done, result);
		task->io_done += (uint64_t)result;
		task->wait.woken = WAKE_NOT; /* each piece has its own time */
		task->wait.tries = false;
		if (task->io_done < task->io_total && !task->io_short)
			return EXIT_AGAIN;
	}
	if (task->io_done > 0)
		task->result = (long)task->io_done;
	return EXIT_ON;
}

enum exit_action exit_write(
	struct engine *engine, struct task *task, long result)
{
	task->progressed = result != -EAGAIN;
	if (task->io_fd >= 0)
		return piece_written(engine, task, result);
	if (result == -ENOSPC || result == -EFBIG)
		note_full_disk(engine, task);
	if (result < 0)
		return EXIT_ON;
	if (task->file_kind == FILE_CHANNEL)
		io_event(engine, task, EVENT_PUT, 0, result);
	else if (task->file_kind == FILE_REGULAR)
		io_event(engine, task, EVENT_WRITE, 0, result);
	return EXIT_ON;
}

/* The descriptor that copy_file_range or fallocate writes to. */
static int changed_file(const struct task *task)
{
	bool copies = task->call->number == SYS_copy_file_range;

	return (int)task->args[copies ? 2 : 0];
}

enum call_action enter_file_write(struct engine *engine, struct task *task)
{
	struct file file = file_open(engine, task, changed_file(task));
	bool full = faults_fill_disk(engine, task, &file);

	file_close(&file);
	if (!full)
		return CALL_RUN;
	task->progressed = false;
	task->result = -ENOSPC;
	return CALL_DONE;
}

/* copy_file_range, fallocate: a watched file may be another now. */
enum exit_action exit_file_write(
	struct engine *engine, struct task *task, long result)
{
	struct event event = task_event(engine, EVENT_WRITE, task);
	struct file file;

	if (result == -ENOSPC)
		note_full_disk(engine, task);
	if (result < 0)
		return EXIT_ON;
	file = file_open(engine, task, changed_file(task));
	if (file.kind == FILE_REGULAR) {
		event.object = file_name(engine, &file);
		event.value = result;
		file_changed(engine, &event, NULL, 0, file.dev, file.ino);
	}
	file_close(&file);
	return EXIT_ON;
}
