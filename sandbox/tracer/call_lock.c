/*
 * File locks.  They are the kernel's own, taken with the non-blocking form:
 * flock belongs to the open file description (and is inherited by fork),
 * fcntl locks to the process (and drop at any close of the file by it);
 * what we keep is only who holds what, for the explanation.
 */
#define _GNU_SOURCE
#include "tracer/call_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/calls.h"
#include "tracer/files.h"
#include "tracer/memory.h"
#include "tracer/wait.h"

#define BLOCKER_DEPTH 8

static void note_holder(struct engine *engine, const struct task *task,
	bool is_flock, bool exclusive)
{
	struct lock_holder *lock;

	engine->locks_used = true;
	grow_array(&engine->locks, engine->lock_count, &engine->lock_capacity,
		sizeof(*engine->locks));
	lock = &engine->locks[engine->lock_count++];
	lock->dev = task->file_dev;
	lock->ino = task->file_ino;
	lock->process = task->process->number;
	lock->fd = (int)task->args[0];
	lock->flock = is_flock;
	lock->exclusive = exclusive;
}

/* Forgets the holder; true when there was one. */
static bool drop_holder(
	struct engine *engine, const struct task *task, bool is_flock)
{
	size_t i;

	for (i = 0; i < engine->lock_count; i++) {
		const struct lock_holder *lock = &engine->locks[i];

		/* a flock may be dropped by whoever shares the description */
		if (lock->dev != task->file_dev ||
			lock->ino != task->file_ino ||
			lock->flock != is_flock ||
			(!is_flock && lock->process != task->process->number))
			continue;
		if (is_flock && lock->process != task->process->number &&
			i + 1 < engine->lock_count)
			continue;
		engine->locks[i] = engine->locks[--engine->lock_count];
		return true;
	}
	return false;
}

static int find_holder(
	const struct engine *engine, const struct task *task, bool is_flock)
{
	size_t i;

	for (i = 0; i < engine->lock_count; i++)
		if (engine->locks[i].dev == task->file_dev &&
			engine->locks[i].ino == task->file_ino &&
			engine->locks[i].flock == is_flock &&
			(is_flock || engine->locks[i].process !=
					     task->process->number))
			return engine->locks[i].process;
	return -1;
}

static const char *lock_name(struct engine *engine, struct task *task, int fd)
{
	struct file file = file_open(engine, task, fd);
	const char *name = NULL;

	if (file.kind != FILE_NONE) {
		name = file_name(engine, &file);
		task->file_dev = file.dev;
		task->file_ino = file.ino;
	}
	file_close(&file);
	return name;
}

static void lock_event(struct engine *engine, struct task *task,
	enum event_kind kind, const char *name, bool shared)
{
	struct event event = task_event(engine, kind, task);

	event.object = name;
	event.value = shared;
	event.call = task->call->name;
	engine_event(engine, &event);
}

/* A lock by flock(2) is that of the open file description, kcmp(2). */
static bool shares_lock(const struct task *one, const struct task *other)
{
	return !file_differs(one->process, (int)one->args[0], other->process,
		       (int)other->args[0]) &&
	       syscall(SYS_kcmp, one->process->tgid, other->process->tgid,
		       KCMP_FILE, one->args[0], other->args[0]) == 0;
}

/*
 * TASK has got the file for itself by flock: who was woken for it and has not
 * asked yet would ask in vain, and is woken again when it is given back.  Not
 * so who shares the lock by inheritance, or asks for it otherwise.
 */
static void turn_away(struct engine *engine, const struct task *task)
{
	size_t i;

	for (i = 0; i < engine->count; i++) {
		struct task *other = engine->tasks[i];
		struct wait *wait = &other->wait;

		if (wait->kind == WAIT_RETRY && wait->woken == WAKE_READY &&
			(wait->retry & RETRY_LOCK) &&
			wait->key[0] == task->file_dev &&
			wait->key[1] == task->file_ino &&
			other->call->number == SYS_flock &&
			!shares_lock(task, other))
			wait->woken = WAKE_NOT;
	}
}

/* The file's lock was given back, shared, or TAKEN for one alone. */
static void lock_changed(
	struct engine *engine, const struct task *task, bool taken)
{
	uint64_t dev = task->file_dev, ino = task->file_ino;

	if (taken && task->call->number == SYS_flock)
		turn_away(engine, task);
	if (taken)
		engine_doubt_key(engine, RETRY_LOCK, dev, ino);
	else
		engine_wake_key(engine, RETRY_LOCK, dev, ino);
}

/*
 * The lock was not to be had: hold, or let the program know.  BLOCKER is who
 * has it, -1 if only we may know.
 */
static enum exit_action refused(
	struct engine *engine, struct task *task, bool would_wait, int blocker)
{
	const char *name;

	if (!would_wait) {
		task->progressed = false;
		return EXIT_ON;
	}
	name = lock_name(engine, task, (int)task->args[0]);
	if (blocker < 0)
		blocker = find_holder(engine, task,
			task->call->number == SYS_flock ||
				(int)task->args[1] == F_OFD_SETLKW);
	task->wait.holder = blocker;
	task->wait.retry = RETRY_LOCK;
	task->wait.key[0] = task->file_dev;
	task->wait.key[1] = task->file_ino;
	wait_for(engine, task, WAIT_RETRY, name, CLOCK_NEVER);
	return EXIT_BLOCK;
}

static void flock_done(struct engine *engine, struct task *task, int operation)
{
	const char *name = lock_name(engine, task, (int)task->args[0]);

	if (operation == LOCK_UN) {
		if (drop_holder(engine, task, true))
			lock_event(engine, task, EVENT_UNLOCK, name, false);
	} else {
		drop_holder(engine, task, true);
		note_holder(engine, task, true, operation == LOCK_EX);
		lock_event(
			engine, task, EVENT_LOCK, name, operation == LOCK_SH);
	}
	lock_changed(engine, task, operation == LOCK_EX);
}

/*
 * The lock belongs to the open file description, which our duplicate of the
 * descriptor shares: so we ask for it, and the task need not go and come back.
 */
enum call_action enter_flock(struct engine *engine, struct task *task)
{
	int operation = (int)task->args[1];
	struct file file = file_open(engine, task, (int)task->args[0]);

	if (file.fd < 0)
		task->result = -EBADF;
	else if (flock(file.fd, operation | LOCK_NB) < 0)
		task->result = -errno;
	else
		task->result = 0;
	file_close(&file);
	if (task->result == -EWOULDBLOCK &&
		refused(engine, task, !(operation & LOCK_NB), -1) == EXIT_BLOCK)
		return CALL_BLOCK;
	if (task->result == 0)
		flock_done(engine, task, operation & ~LOCK_NB);
	return CALL_DONE;
}

static bool sets_lock(int command)
{
	return command == F_SETLK || command == F_SETLKW ||
	       command == F_OFD_SETLK || command == F_OFD_SETLKW;
}

enum call_action enter_fcntl(struct engine *engine, struct task *task)
{
	if ((int)task->args[1] == F_SETOWN || (int)task->args[1] == F_SETOWN_EX)
		return set_owner(engine, task);
	if ((int)task->args[1] == F_GETLK ||
		(int)task->args[1] == F_OFD_GETLK) {
		task->progressed = false;
		engine->out->looked |= engine->locks_used;
	}
	if ((int)task->args[1] == F_SETLKW) {
		task->run.rsi = F_SETLK;
		task->run_changed = true;
	} else if ((int)task->args[1] == F_OFD_SETLKW) {
		task->run.rsi = F_OFD_SETLK;
		task->run_changed = true;
	}
	return sets_lock((int)task->args[1]) ? CALL_RUN : CALL_RUN_FREE;
}

static struct process *process_by_tgid(const struct engine *engine, pid_t tgid)
{
	size_t i;

	for (i = 0; i < engine->count; i++)
		if (engine->tasks[i]->process->tgid == tgid &&
			!engine->tasks[i]->process->dead)
			return engine->tasks[i]->process;
	return NULL;
}

/*
 * Who of the others has a lock that is in the way of RANGE: asked for by us,
 * to whom the task's own locks are in the way as well; then on both sides of
 * those.  The number of its process, or -1.
 */
static int find_blocker(const struct engine *engine, const struct task *task,
	int fd, struct flock range, int depth)
{
	struct flock lock = range, side = range;
	const struct process *process;
	off_t end;
	int found = -1;

	if (depth == 0 || fcntl(fd, F_GETLK, &lock) < 0 ||
		lock.l_type == F_UNLCK)
		return -1;
	process = process_by_tgid(engine, lock.l_pid);
	if (process != task->process)
		return process ? process->number : -1;
	if (lock.l_start > range.l_start) {
		side.l_len = lock.l_start - range.l_start;
		found = find_blocker(engine, task, fd, side, depth - 1);
	}
	end = lock.l_start + lock.l_len;
	if (found >= 0 || lock.l_len == 0 ||
		(range.l_len != 0 && end >= range.l_start + range.l_len))
		return found;
	side.l_start = end;
	side.l_len = range.l_len ? range.l_start + range.l_len - end : 0;
	return find_blocker(engine, task, fd, side, depth - 1);
}

/*
 * Makes RANGE one from SEEK_SET on, of a length that is not negative.  False
 * when there is no such range: the memory may be another since the kernel saw
 * it.
 */
static bool make_absolute(struct flock *range, int fd)
{
	off_t from = 0, end;
	struct stat status;

	if (range->l_whence == SEEK_CUR)
		from = lseek(fd, 0, SEEK_CUR);
	else if (range->l_whence == SEEK_END)
		from = fstat(fd, &status) == 0 ? status.st_size : -1;
	range->l_whence = SEEK_SET;
	if (from < 0 ||
		__builtin_add_overflow(range->l_start, from, &range->l_start) ||
		__builtin_add_overflow(range->l_start, range->l_len, &end) ||
		range->l_start < 0 || end < 0)
		return false;
	if (range->l_len < 0) {
		range->l_len = range->l_start - end;
		range->l_start = end;
	}
	return true;
}

/* Whom the fcntl() of the task waits for, or would; -1 unknown. */
static int record_blocker(const struct engine *engine, const struct task *task)
{
	struct file file = file_open(engine, task, (int)task->args[0]);
	struct flock range;
	int found = -1;

	if (file.fd >= 0 &&
		memory_read(task, task->args[2], &range, sizeof(range)) &&
		make_absolute(&range, file.fd))
		found = find_blocker(
			engine, task, file.fd, range, BLOCKER_DEPTH);
	file_close(&file);
	return found;
}

static bool waits_for_record(const struct task *task)
{
	return task->state == TASK_AT_CALL && task->wait.kind == WAIT_RETRY &&
	       (task->wait.retry & RETRY_LOCK) &&
	       task->call->number == SYS_fcntl &&
	       (int)task->args[1] == F_SETLKW;
}

/*
 * Would waiting for BLOCKER close a circle of waiting processes?  The kernel
 * answers EDEADLK then, for locks of processes: fcntl(2).
 */
static bool closes_circle(
	const struct engine *engine, const struct task *task, int blocker)
{
	size_t round, i;

	for (round = 0; round < engine->count && blocker >= 0; round++) {
		int next = -1;

		if (blocker == task->process->number)
			return true;
		for (i = 0; i < engine->count && next < 0; i++)
			if (engine->tasks[i]->process->number == blocker &&
				waits_for_record(engine->tasks[i]))
				next = record_blocker(engine, engine->tasks[i]);
		blocker = next;
	}
	return blocker == task->process->number;
}

enum exit_action exit_fcntl(
	struct engine *engine, struct task *task, long result)
{
	int command = (int)task->args[1];
	bool waits = command == F_SETLKW || command == F_OFD_SETLKW;
	bool posix = command == F_SETLKW || command == F_SETLK;
	const char *name;
	struct flock lock;
	int blocker;

	if (!sets_lock(command))
		return EXIT_ON;
	if (result == -EAGAIN || result == -EACCES) {
		blocker = waits ? record_blocker(engine, task) : -1;
		if (command == F_SETLKW &&
			closes_circle(engine, task, blocker)) {
			task->result = -EDEADLK;
			return EXIT_ON;
		}
		return refused(engine, task, waits, blocker);
	}
	if (result != 0 ||
		!memory_read(task, task->args[2], &lock, sizeof(lock)))
		return EXIT_ON;
	name = lock_name(engine, task, (int)task->args[0]);
	if (lock.l_type == F_UNLCK) {
		if (drop_holder(engine, task, !posix))
			lock_event(engine, task, EVENT_UNLOCK, name, false);
	} else {
		note_holder(engine, task, !posix, lock.l_type == F_WRLCK);
		lock_event(
			engine, task, EVENT_LOCK, name, lock.l_type == F_RDLCK);
	}
	/* one on a part of the file leaves the rest to others */
	if (lock.l_type != F_WRLCK || (lock.l_start == 0 && lock.l_len == 0))
		lock_changed(engine, task, lock.l_type == F_WRLCK);
	return EXIT_ON;
}

/*
 * Closing any descriptor of a file drops the process' fcntl locks of it, but a
 * flock only when it is one of the description that was locked.
 */
static bool keeps_lock(
	const struct task *task, const struct lock_holder *lock, int closed)
{
	return closed >= 0 && lock->flock && lock->fd != closed &&
	       (file_differs(task->process, lock->fd, task->process, closed) ||
		       syscall(SYS_kcmp, task->process->tgid,
			       task->process->tgid, KCMP_FILE, lock->fd,
			       closed) != 0);
}

/* Another process that has the locked description, by inheritance, or -1. */
static int heir_of(const struct engine *engine, const struct task *task,
	const struct lock_holder *lock)
{
	size_t i;

	for (i = 0; i < engine->count; i++) {
		const struct process *other = engine->tasks[i]->process;

		if (other != task->process && !other->dead &&
			!file_differs(
				task->process, lock->fd, other, lock->fd) &&
			syscall(SYS_kcmp, task->process->tgid, other->tgid,
				KCMP_FILE, lock->fd, lock->fd) == 0)
			return other->number;
	}
	return -1;
}

/* CLOSED: the descriptor about to be closed, -1 when all are. */
static void drop_locks(struct engine *engine, struct task *task, uint64_t dev,
	uint64_t ino, int closed, const char *name, const char *how)
{
	size_t i = 0;

	while (i < engine->lock_count) {
		struct lock_holder *lock = &engine->locks[i];
		struct event event;
		int heir;

		if (lock->process != task->process->number ||
			(ino && (lock->dev != dev || lock->ino != ino)) ||
			keeps_lock(task, lock, closed)) {
			i++;
			continue;
		}
		heir = closed >= 0 && lock->flock ? heir_of(engine, task, lock)
						  : -1;
		if (heir >= 0) {
			lock->process = heir;
			i++;
			continue;
		}
		event = task_event(engine, EVENT_UNLOCK, task);
		event.object = name ? name
				    : names_find(&engine->names, "inode",
					      lock->dev, lock->ino, 0);
		event.call = how;
		*lock = engine->locks[--engine->lock_count];
		engine_event(engine, &event);
	}
}

void locks_closed(struct engine *engine, struct task *task, uint64_t dev,
	uint64_t ino, int fd, const char *name)
{
	drop_locks(engine, task, dev, ino, fd, name, "close");
}

void locks_ended(struct engine *engine, struct task *leader)
{
	drop_locks(engine, leader, 0, 0, -1, NULL, "exit");
}
