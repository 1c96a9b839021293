/*
 * Reading and writing.
 *
 * Standard output never enters the kernel: its text is taken from the
 * program's memory.  Regular files are the kernel's business, looked at
 * afterwards.  Channels (pipes, sockets, eventfds) are entered when they are
 * ready; a write that may be larger than the room is run with O_NONBLOCK
 * borrowed on the open file description, in as many pieces as it takes.
 *
 * A socket may have a time-out of its own (SO_RCVTIMEO, SO_SNDTIMEO), asked
 * for at the moment when a call has to wait: it is virtual here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/calls.h"
#include "tracer/segments.h"

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

static enum call_action write_output(
	struct engine *engine, struct task *task, int stream)
{
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

static void note_file(struct task *task, const struct file *file)
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

static bool asks_not_to_wait(const struct task *task)
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

static enum call_action read_random(struct engine *engine, struct task *task)
{
	const uint64_t fd = task->args[0];
	enum call_action action;

	task->args[0] = task->args[1];
	task->args[1] = task->args[2];
	action = enter_getrandom(engine, task);
	task->args[1] = task->args[0];
	task->args[0] = fd;
	return action;
}

/* The same for a socket, where there are flags, and no address. */
static bool aim_socket_at_rest(struct task *task, const struct segments *from,
	long number, uint64_t flags)
{
	if (!segments_aim_at_rest(task, from, number))
		return false;
	task->run.r10 = flags | MSG_DONTWAIT;
	task->run.r8 = task->run.r9 = 0;
	return true;
}

static bool is_stream(const struct file *file)
{
	int type = 0;
	socklen_t size = sizeof(type);

	return S_ISSOCK(file->mode) &&
	       getsockopt(file->fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_STREAM;
}

/*
 * What a read could get at once of a regular file, a pipe or a stream, 0 of
 * anything else: there fewer bytes are an error, or lose the rest.
 */
static uint64_t bytes_there(const struct task *task, const struct file *file)
{
	struct stat status;
	int waiting = 0;

	if (file->kind == FILE_REGULAR && task->file_offset >= 0 &&
		fstat(file->fd, &status) == 0 &&
		status.st_size > task->file_offset)
		return (uint64_t)(status.st_size - task->file_offset);
	if (file->kind == FILE_CHANNEL &&
		(S_ISFIFO(file->mode) || is_stream(file)) &&
		ioctl(file->fd, FIONREAD, &waiting) == 0 && waiting > 0)
		return (uint64_t)waiting;
	return 0;
}

/* A fault may let the read, which will not wait, get less than it could. */
static void shorten_read(
	struct engine *engine, struct task *task, const struct file *file)
{
	uint64_t total = bytes_there(task, file), cut;
	struct segments to;

	if (engine->spec->fault_count == 0 || total == 0 ||
		segments_plain_call(task->call->number) < 0 ||
		!segments_read(task, &to))
		return;
	if (total > to.total)
		total = to.total;
	cut = faults_shorten(engine, task, file, false, total);
	if (cut > 0)
		segments_cut(task, &to, cut);
}

static uint64_t socket_flags(const struct task *task)
{
	bool message = task->call->number == SYS_sendmsg ||
		       task->call->number == SYS_recvmsg;

	return task->args[message ? 2 : 3];
}

/* When the call gives up; OPTION is the socket's time-out for it. */
int64_t socket_deadline(
	const struct engine *engine, const struct file *file, int option)
{
	struct timeval time = {0, 0};
	socklen_t size = sizeof(time);

	if (!S_ISSOCK(file->mode) ||
		getsockopt(file->fd, SOL_SOCKET, option, &time, &size) < 0 ||
		(time.tv_sec == 0 && time.tv_usec == 0))
		return CLOCK_NEVER;
	return clock_after(engine->clock.now_ns,
		time.tv_sec * INT64_C(1000000000) + time.tv_usec * 1000);
}

static enum call_action wait_for_file(struct engine *engine, struct task *task,
	struct file *file, short events, int64_t deadline_ns)
{
	const char *name = file_name(engine, file);

	wait_on_fd(task, file, events);
	return wait_for(engine, task, WAIT_POLL, name, deadline_ns);
}

static void io_event(struct engine *engine, struct task *task,
	enum event_kind kind, uint64_t from, long length)
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

/* MSG_WAITALL on a stream: in as many pieces as it takes, see recv(2). */
static bool asks_for_all(const struct task *task, const struct file *file)
{
	return (task->call->number == SYS_recvfrom ||
		       task->call->number == SYS_recvmsg) &&
	       (socket_flags(task) & MSG_WAITALL) && is_stream(file);
}

static enum call_action read_piece(struct task *task)
{
	struct segments to;

	/* to look ahead for all is to look at what there is */
	if (socket_flags(task) & MSG_PEEK) {
		if (task->call->number == SYS_recvmsg)
			task->run.rdx |= MSG_DONTWAIT;
		else
			task->run.r10 |= MSG_DONTWAIT;
		task->run_changed = true;
		return CALL_RUN;
	}
	if (!segments_read(task, &to))
		return CALL_RUN;
	task->io_total = to.total;
	if (task->call->number == SYS_recvmsg && task->io_done == 0) {
		/* with its control data and flags; the rest has none */
		task->run.rdx =
			(task->args[2] & ~(uint64_t)MSG_WAITALL) | MSG_DONTWAIT;
		task->run_changed = true;
		return CALL_RUN;
	}
	aim_socket_at_rest(task, &to, SYS_recvfrom,
		socket_flags(task) & ~(uint64_t)MSG_WAITALL);
	return CALL_RUN;
}

static enum exit_action piece_read(
	struct engine *engine, struct task *task, long result)
{
	if (result > 0) {
		io_event(engine, task, EVENT_GET, task->io_done, result);
		engine_wake_retries(engine, RETRY_FIFO);
		task->io_done += (uint64_t)result;
		if (task->io_done < task->io_total &&
			!socket_passed_rights(task))
			return EXIT_AGAIN;
	}
	if (task->io_done > 0)
		task->result = (long)task->io_done;
	return EXIT_ON;
}

/* read(2) of no bytes does not wait, nor one of a counter with too few. */
static bool reads_nothing(const struct task *task, const struct file *file)
{
	struct segments to;

	if ((file->mode & S_IFMT) == 0 && segments_read(task, &to) &&
		to.total < sizeof(uint64_t))
		return true;

	/* recv(2) of no bytes waits for a message */
	return (task->call->number == SYS_read ||
		       task->call->number == SYS_readv) &&
	       segments_read(task, &to) && to.total == 0;
}

/* Held until there is something, or the socket's time-out is over. */
static enum call_action hold_reader(
	struct engine *engine, struct task *task, struct file *file)
{
	if (task->io_done > 0 && signals_deliverable(engine, task)) {
		task->result = (long)task->io_done;
		return CALL_DONE;
	}
	if (task->wait.woken != WAKE_TIMEOUT)
		return wait_for_file(engine, task, file, POLLIN,
			socket_deadline(engine, file, SO_RCVTIMEO));
	task->result = task->io_done > 0 ? (long)task->io_done : -EAGAIN;
	return CALL_DONE;
}

enum call_action enter_read(struct engine *engine, struct task *task)
{
	struct file file = file_open(engine, task, (int)task->args[0]);
	enum call_action action = CALL_RUN;

	note_file(task, &file);
	task->io_total = 0;
	if (file.kind == FILE_RANDOM && task->call->number == SYS_read)
		action = read_random(engine, task);
	else if (file.kind == FILE_CHANNEL && !file.nonblocking &&
		 file.readable && !reads_nothing(task, &file) &&
		 !asks_not_to_wait(task) && !file_ready(task, &file, POLLIN))
		action = hold_reader(engine, task, &file);
	else if (file.kind == FILE_CHANNEL && !file.nonblocking &&
		 asks_for_all(task, &file))
		action = read_piece(task);
	else
		shorten_read(engine, task, &file);
	file_close(&file);
	return action;
}

enum exit_action exit_read(
	struct engine *engine, struct task *task, long result)
{
	task->progressed = result > 0; /* the end of a file is no news */
	if (task->io_total > 0)
		return piece_read(engine, task, result);
	if (result < 0)
		return EXIT_ON;
	if (task->file_kind == FILE_CHANNEL) {
		io_event(engine, task, EVENT_GET, 0, result);
		engine_wake_retries(engine, RETRY_FIFO);
	} else if (task->file_kind == FILE_REGULAR) {
		io_event(engine, task, EVENT_READ, 0, result);
	}
	return EXIT_ON;
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
			       ? aim_socket_at_rest(
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
	       (is_stream(file) || (S_ISFIFO(file->mode) && total > PIPE_BUF));
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
		return wait_for_file(engine, task, file, POLLOUT,
			socket_deadline(engine, file, SO_SNDTIMEO));
	}
	task->io_total = from.total;
	/* one page is free, and a small write is whole or not: pipe(7) */
	if (S_ISFIFO(file->mode) && from.total <= PIPE_BUF)
		return CALL_RUN;
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
		return CALL_RUN;
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
	enum file_kind standard = file_std(engine, task, fd);
	enum call_action action = CALL_RUN;
	struct file file;

	if (standard == FILE_STDOUT)
		return write_output(engine, task, 0);
	if (standard == FILE_STDERR)
		return write_output(engine, task, 1);
	file = file_open(engine, task, fd);
	note_file(task, &file);
	task->io_total = 0;
	if (task->io_done == 0)
		task->io_short = 0;
	if (timers_own(engine, &file)) {
		task->result = -EINVAL;
		action = CALL_DONE;
	} else if (file.kind == FILE_CHANNEL && !file.nonblocking &&
		   file.writable && !asks_not_to_wait(task))
		action = write_channel(engine, task, &file);
	else
		action = write_at_once(engine, task, &file);
	file_close(&file);
	return action;
}

static void note_full_disk(struct engine *engine, struct task *task)
{
	struct event event = task_event(engine, EVENT_LIMIT, task);

	if (engine->out->limit)
		return;
	event.object = engine->out->limit = "disk";
	event.value = engine->limits.disk_bytes;
	engine_event(engine, &event);
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
