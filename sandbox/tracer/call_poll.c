/*
 * poll, select, epoll_wait and their kin.  Readiness is looked at from
 * outside; only a call that will not wait enters the kernel.  Time-outs are
 * virtual, and a call that timed out is answered here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/calls.h"
#include "tracer/files.h"
#include "tracer/memory.h"
#include "tracer/wait.h"

#define POLLS_MAX 256

/* Looks at all; true when at least one is ready (or is no descriptor). */
static bool any_ready(const struct engine *engine, struct task *task,
	const struct pollfd *wanted, size_t count)
{
	bool ready = false;
	size_t i;

	for (i = 0; i < count; i++) {
		struct file file;

		if (wanted[i].fd < 0)
			continue;
		file = file_open(engine, task, wanted[i].fd);
		if (file.kind == FILE_NONE ||
			file_ready(task, &file, wanted[i].events))
			ready = true;
		else
			wait_on_fd(task, &file, wanted[i].events);
		file_close(&file);
	}
	/* what was there already is no news: a loop may ask for ever */
	if (ready)
		task->progressed = task->wait.started;
	return ready;
}

static bool from_timespec(const struct engine *engine, const struct task *task,
	uint64_t address, int64_t *deadline_ns)
{
	struct timespec value;
	int64_t ns;

	*deadline_ns = CLOCK_NEVER;
	if (!address)
		return true;
	if (!memory_read(task, address, &value, sizeof(value)) ||
		!clock_from_timespec(&value, &ns))
		return false;
	*deadline_ns = clock_after(engine->clock.now_ns, ns);
	return true;
}

static int64_t from_milliseconds(const struct engine *engine, int timeout_ms)
{
	if (timeout_ms < 0)
		return CLOCK_NEVER;
	return clock_after(engine->clock.now_ns, timeout_ms * INT64_C(1000000));
}

static bool timed_out(const struct engine *engine, const struct task *task,
	int64_t deadline_ns)
{
	return task->wait.woken == WAKE_TIMEOUT ||
	       (!task->wait.started && deadline_ns <= engine->clock.now_ns);
}

/* ppoll and epoll_pwait: the mask that holds while waiting. */
static void read_mask(struct task *task, uint64_t address)
{
	task->wait.masked =
		address && memory_words(task, address, &task->wait.mask, 1);
}

static void nothing_happened(struct task *task)
{
	task->progressed = task->wait.started;
	task->result = 0;
}

enum call_action enter_poll(struct engine *engine, struct task *task)
{
	struct pollfd wanted[POLLS_MAX];
	size_t count = task->args[1], i;
	int64_t deadline;

	if (count > POLLS_MAX || !memory_read(task, task->args[0], wanted,
					 count * sizeof(*wanted)))
		return CALL_RUN_FREE; /* EINVAL, EFAULT */
	if (task->call->number == SYS_ppoll) {
		if (!from_timespec(engine, task, task->args[2], &deadline))
			return CALL_RUN_FREE;
	} else {
		deadline = from_milliseconds(engine, (int)task->args[2]);
	}
	task->wait.saved[0] = (uint64_t)(deadline - engine->clock.now_ns);
	if (any_ready(engine, task, wanted, count))
		return task->call->number == SYS_ppoll ? CALL_RUN
						       : CALL_RUN_FREE;
	if (task->call->number == SYS_ppoll)
		read_mask(task, task->args[3]);
	if (!timed_out(engine, task, deadline))
		return wait_for(engine, task, WAIT_POLL, "poll", deadline);
	for (i = 0; i < count; i++)
		wanted[i].revents = 0;
	memory_write(task, task->args[0], wanted, count * sizeof(*wanted));
	nothing_happened(task);
	return CALL_DONE;
}

static bool read_sets(const struct task *task, int nfds, fd_set sets[3])
{
	int i;

	memset(sets, 0, 3 * sizeof(*sets));
	for (i = 0; i < 3; i++)
		if (task->args[1 + i] &&
			!memory_read(task, task->args[1 + i], &sets[i],
				(size_t)(nfds + 63) / 64 * 8))
			return false;
	return true;
}

static bool select_deadline(const struct engine *engine,
	const struct task *task, int64_t *deadline_ns)
{
	struct timeval value;
	int64_t ns;

	if (task->call->number == SYS_pselect6)
		return from_timespec(engine, task, task->args[4], deadline_ns);
	*deadline_ns = CLOCK_NEVER;
	if (!task->args[4])
		return true;
	if (!memory_read(task, task->args[4], &value, sizeof(value)) ||
		!clock_from_timeval(&value, &ns))
		return false;
	*deadline_ns = clock_after(engine->clock.now_ns, ns);
	return true;
}

static size_t sets_to_polls(
	const fd_set sets[3], int nfds, struct pollfd *wanted)
{
	static const short events[3] = {POLLIN, POLLOUT, POLLPRI};
	size_t count = 0;
	int fd, i;

	for (fd = 0; fd < nfds; fd++) {
		short mask = 0;

		for (i = 0; i < 3; i++)
			if (FD_ISSET(fd, &sets[i]))
				mask = (short)(mask | events[i]);
		if (mask && count < POLLS_MAX)
			wanted[count++] = (struct pollfd){fd, mask, 0};
	}
	return count;
}

/* All sets empty, no time left: what select(2) answers at a time-out. */
static void select_timed_out(struct task *task, int nfds)
{
	static const fd_set empty;
	static const char zeroes[16];
	int i;

	for (i = 0; i < 3; i++)
		if (task->args[1 + i])
			memory_write(task, task->args[1 + i], &empty,
				(size_t)(nfds + 63) / 64 * 8);
	if (task->args[4])
		memory_write(task, task->args[4], zeroes, sizeof(zeroes));
	nothing_happened(task);
}

enum call_action enter_select(struct engine *engine, struct task *task)
{
	struct pollfd wanted[POLLS_MAX];
	uint64_t mask[2] = {0, 0};
	int nfds = (int)task->args[0];
	int64_t deadline;
	fd_set sets[3];
	size_t count;

	if (nfds < 0 || nfds > FD_SETSIZE || !read_sets(task, nfds, sets) ||
		!select_deadline(engine, task, &deadline))
		return CALL_RUN_FREE;
	task->wait.saved[0] = (uint64_t)(deadline - engine->clock.now_ns);
	count = sets_to_polls(sets, nfds, wanted);
	if (any_ready(engine, task, wanted, count))
		return CALL_RUN;
	if (task->call->number == SYS_pselect6 && task->args[5] &&
		memory_words(task, task->args[5], mask, 2))
		read_mask(task, mask[0]);
	if (!timed_out(engine, task, deadline))
		return wait_for(engine, task, WAIT_POLL, "select", deadline);
	select_timed_out(task, nfds);
	return CALL_DONE;
}

static bool is_epoll_wait(const struct engine *engine, const struct task *task)
{
	struct file file = file_open(engine, task, (int)task->args[0]);
	bool is_so = file_is_epoll(&file) && (int)task->args[2] > 0;

	file_close(&file);
	return is_so;
}

enum call_action enter_epoll_wait(struct engine *engine, struct task *task)
{
	const struct pollfd wanted = {(int)task->args[0], POLLIN, 0};
	int64_t deadline = from_milliseconds(engine, (int)task->args[3]);

	if (!is_epoll_wait(engine, task))
		return CALL_RUN_FREE; /* the kernel finds the error */
	if (task->call->number == SYS_epoll_pwait2 &&
		!from_timespec(engine, task, task->args[3], &deadline))
		return CALL_RUN_FREE;
	if (any_ready(engine, task, &wanted, 1)) {
		if (task->call->number == SYS_epoll_pwait2)
			return CALL_RUN;
		task->run.r10 = 0;
		task->run_changed = true;
		return CALL_RUN;
	}
	if (task->call->number != SYS_epoll_wait)
		read_mask(task, task->args[4]);
	if (!timed_out(engine, task, deadline))
		return wait_for(engine, task, WAIT_POLL, "epoll", deadline);
	nothing_happened(task);
	return CALL_DONE;
}

/*
 * Nothing, though something looked ready: what is in the set was told of
 * before (EPOLLET, EPOLLONESHOT).  Held until the set itself is ready.
 */
enum exit_action exit_epoll_wait(
	struct engine *engine, struct task *task, long result)
{
	int64_t deadline = from_milliseconds(engine, (int)task->args[3]);
	struct file file;

	if (result != 0 || task->args[3] == 0 ||
		task->wait.woken == WAKE_TIMEOUT ||
		task->call->number == SYS_epoll_pwait2)
		return EXIT_ON;
	file = file_open(engine, task, (int)task->args[0]);
	wait_on_fd(task, &file, POLLIN);
	file_close(&file);
	wait_for(engine, task, WAIT_POLL, "epoll", deadline);
	return EXIT_BLOCK;
}

/*
 * The system calls leave the time that was not waited (the C library hides
 * it for some); it is virtual here.
 */
static void write_time_left(struct task *task, int64_t left_ns)
{
	uint64_t address = task->args[task->call->number == SYS_ppoll ? 2 : 4];
	struct timespec spec = clock_to_timespec(left_ns);
	struct timeval value = {spec.tv_sec, spec.tv_nsec / 1000};

	if (!address)
		return;
	if (task->call->number == SYS_select)
		memory_write(task, address, &value, sizeof(value));
	else
		memory_write(task, address, &spec, sizeof(spec));
}

enum exit_action exit_select(
	struct engine *engine, struct task *task, long result)
{
	int64_t left = (int64_t)task->wait.saved[0];

	if (task->wait.started)
		left = task->wait.deadline_ns - engine->clock.now_ns;
	if (result >= 0)
		write_time_left(task, left);
	return EXIT_ON;
}

void interrupted_select(struct engine *engine, struct task *task)
{
	/* a time that is for ever is none that the program has given */
	if (task->wait.deadline_ns != CLOCK_NEVER)
		write_time_left(
			task, task->wait.deadline_ns - engine->clock.now_ns);
}
