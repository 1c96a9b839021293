/*
 * Bytes that go from descriptor to descriptor: splice, tee, vmsplice,
 * sendfile.  They are run in the form that does not wait; when they would
 * have to, the end that is not ready is waited for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/calls.h"
#include "tracer/files.h"
#include "tracer/wait.h"
#include "tracer/watch.h"

/* Numbers of the arguments: where from, where to, flags; -1 none. */
struct ends {
	int in, out, flags;
};

static struct ends ends_of(const struct task *task)
{
	switch (task->call->number) {
	case SYS_splice:
		return (struct ends){0, 2, 5};
	case SYS_tee:
		return (struct ends){0, 1, 3};
	case SYS_vmsplice:
		return (struct ends){-1, 0, 3};
	default:
		return (struct ends){1, 0, -1};
	}
}

static struct file end_open(
	const struct engine *engine, const struct task *task, int argument)
{
	struct file file;

	if (argument < 0)
		return (struct file){.kind = FILE_NONE, .fd = -1};
	file = file_open(engine, task, (int)task->args[argument]);
	if (file.kind == FILE_REGULAR)
		file_read_flags(&file);
	return file;
}

static bool is_standard(const struct file *file)
{
	return file->kind == FILE_STDOUT || file->kind == FILE_STDERR;
}

/* What the trace could not show; NULL when there is nothing of the kind. */
static const char *not_modelled(const struct engine *engine,
	const struct task *task, const struct file *in, const struct file *out)
{
	if (task->call->number != SYS_sendfile && S_ISSOCK(out->mode))
		return "splice (to a socket)";
	if (file_is_watched(engine, in->dev, in->ino) ||
		file_is_watched(engine, out->dev, out->ino))
		return "splice (of a watched file)";
	return NULL;
}

enum call_action enter_splice(struct engine *engine, struct task *task)
{
	const struct ends ends = ends_of(task);
	struct file in = end_open(engine, task, ends.in);
	struct file out = end_open(engine, task, ends.out);
	const char *lacks = not_modelled(engine, task, &in, &out);
	enum call_action action = CALL_RUN;
	unsigned long long *flags =
		ends.flags == 5 ? &task->run.r9 : &task->run.r10;

	if (is_standard(&out)) {
		/* to the terminal: "use read and write" */
		task->result = -EINVAL;
		action = CALL_DONE;
	} else if (lacks) {
		engine_unsupported(engine, task, lacks);
	} else if (in.kind != FILE_NONE || out.kind != FILE_NONE) {
		*flags |= SPLICE_F_NONBLOCK;
		task->run_changed = true;
	}
	file_close(&in);
	file_close(&out);
	return action;
}

/* The ends of a pipe that is written to, or read by vmsplice(2). */
static enum exit_action hold_for_end(struct engine *engine, struct task *task)
{
	const struct ends ends = ends_of(task);
	struct file in = end_open(engine, task, ends.in);
	struct file out = end_open(engine, task, ends.out);
	struct file *awaited = &out;
	short events = POLLOUT;
	const char *name;

	if (in.fd >= 0 && in.kind == FILE_CHANNEL &&
		!file_ready(task, &in, POLLIN)) {
		awaited = &in;
		events = POLLIN;
	} else if (!out.writable) {
		events = POLLIN;
	}
	name = file_name(engine, awaited);
	if (file_ready(task, awaited, events)) {
		task->wait.retry = RETRY_FIFO;
		wait_for(engine, task, WAIT_RETRY, name, CLOCK_NEVER);
	} else {
		wait_on_fd(task, awaited, events);
		wait_for(engine, task, WAIT_POLL, name, CLOCK_NEVER);
	}
	file_close(&in);
	file_close(&out);
	return EXIT_BLOCK;
}

static void end_event(struct engine *engine, struct task *task, int argument,
	enum event_kind channel, enum event_kind regular, long length)
{
	struct file file = end_open(engine, task, argument);
	struct event event = task_event(
		engine, file.kind == FILE_REGULAR ? regular : channel, task);

	if (file.kind == FILE_REGULAR || file.kind == FILE_CHANNEL) {
		event.object = file_name(engine, &file);
		event.value = length;
		event.call = task->call->name;
		engine_event(engine, &event);
	}
	file_close(&file);
}

static void moved(struct engine *engine, struct task *task, long length)
{
	const struct ends ends = ends_of(task);

	if (task->call->number != SYS_tee) /* which leaves what it copies */
		end_event(engine, task, ends.in, EVENT_GET, EVENT_READ, length);
	end_event(engine, task, ends.out, EVENT_PUT, EVENT_WRITE, length);
	engine_wake_retries(engine, RETRY_FIFO);
}

static bool asked_not_to_wait(
	const struct engine *engine, const struct task *task)
{
	const struct ends ends = ends_of(task);
	struct file in, out;
	bool asked;

	if (task->args[ends.flags] & SPLICE_F_NONBLOCK)
		return true;
	in = end_open(engine, task, ends.in);
	out = end_open(engine, task, ends.out);
	asked = in.nonblocking || out.nonblocking;
	file_close(&in);
	file_close(&out);
	return asked;
}

enum exit_action exit_splice(
	struct engine *engine, struct task *task, long result)
{
	task->progressed = result > 0;
	if (result == -EAGAIN && !asked_not_to_wait(engine, task))
		return hold_for_end(engine, task);
	if (result > 0)
		moved(engine, task, result);
	return EXIT_ON;
}

/* To a channel: with O_NONBLOCK borrowed, and to a socket until all is sent. */
enum call_action enter_sendfile(struct engine *engine, struct task *task)
{
	struct file in = end_open(engine, task, 1);
	struct file out = end_open(engine, task, 0);
	const char *lacks = not_modelled(engine, task, &in, &out);
	enum call_action action = CALL_RUN;

	if (is_standard(&out)) {
		task->result = -EINVAL;
		action = CALL_DONE;
	} else if (lacks) {
		engine_unsupported(engine, task, lacks);
	} else if (out.kind == FILE_CHANNEL && !out.nonblocking) {
		fcntl(out.fd, F_SETFL, fcntl(out.fd, F_GETFL) | O_NONBLOCK);
		task->io_fd = out.fd;
		out.fd = -1;
		task->run.r10 = task->args[3] - task->io_done;
		task->run_changed = true;
	}
	file_close(&in);
	file_close(&out);
	return action;
}

enum exit_action exit_sendfile(
	struct engine *engine, struct task *task, long result)
{
	bool waits = task->io_fd >= 0;

	task->progressed = result > 0;
	if (waits)
		fcntl(task->io_fd, F_SETFL,
			fcntl(task->io_fd, F_GETFL) & ~O_NONBLOCK);
	if (waits)
		close(task->io_fd);
	task->io_fd = -1;
	if (waits && result == -EAGAIN &&
		!(task->io_done > 0 && signals_deliverable(engine, task)))
		return hold_for_end(engine, task);
	if (result > 0) {
		struct file out = end_open(engine, task, 0);
		bool goes_on = waits && S_ISSOCK(out.mode);

		file_close(&out);
		moved(engine, task, result);
		task->io_done += (uint64_t)result;
		if (goes_on && task->io_done < task->args[3])
			return EXIT_AGAIN;
	}
	if (task->io_done > 0)
		task->result = (long)task->io_done;
	return EXIT_ON;
}
