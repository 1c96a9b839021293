/*
 * Reading: a channel that has nothing yet holds its reader; a read that asks
 * for all of its bytes gets them in as many pieces as it takes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/call_io.h"
#include "tracer/calls.h"
#include "tracer/faults.h"
#include "tracer/wait.h"

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
		(S_ISFIFO(file->mode) || io_is_stream(file)) &&
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

/* MSG_WAITALL on a stream: in as many pieces as it takes, see recv(2). */
static bool asks_for_all(const struct task *task, const struct file *file)
{
	return (task->call->number == SYS_recvfrom ||
		       task->call->number == SYS_recvmsg) &&
	       (socket_flags(task) & MSG_WAITALL) && io_is_stream(file);
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
	io_aim_socket_at_rest(task, &to, SYS_recvfrom,
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

/*
 * An empty FIFO that nobody has open for writing: the end of file.  poll(2)
 * tells so once a writer has gone, not while there has been none yet, so the
 * question is a read of ours; all tasks stand, and what poll(2) did not see is
 * not there to be taken.  Who waits has met a writer, and poll(2) tells.
 */
static bool has_no_writer(const struct task *task, const struct file *file)
{
	int flags;
	ssize_t got;
	char byte;

	if (!S_ISFIFO(file->mode) || file->writable || task->wait.started)
		return false;
	flags = fcntl(file->fd, F_GETFL);
	if (flags < 0 || fcntl(file->fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return false;
	got = read(file->fd, &byte, sizeof(byte));
	fcntl(file->fd, F_SETFL, flags);
	return got == 0;
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
		return io_wait_for_file(engine, task, file, POLLIN,
			socket_deadline(engine, file, SO_RCVTIMEO));
	task->result = task->io_done > 0 ? (long)task->io_done : -EAGAIN;
	return CALL_DONE;
}

enum call_action enter_read(struct engine *engine, struct task *task)
{
	struct file file = file_open(engine, task, (int)task->args[0]);
	enum call_action action = CALL_RUN;

	io_note_file(task, &file);
	task->io_total = 0;
	if (file.kind == FILE_RANDOM && task->call->number == SYS_read)
		action = read_random(engine, task);
	else if (file.kind == FILE_CHANNEL && !file.nonblocking &&
		 file.readable && !reads_nothing(task, &file) &&
		 !io_asks_not_to_wait(task) &&
		 !file_ready(task, &file, POLLIN) &&
		 !has_no_writer(task, &file))
		action = hold_reader(engine, task, &file);
	else if (file.kind == FILE_CHANNEL && !file.nonblocking &&
		 asks_for_all(task, &file))
		action = read_piece(task);
	else if (io_read_here(engine, task, &file))
		action = CALL_DONE;
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
