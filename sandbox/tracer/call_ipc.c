/*
 * System V semaphores and messages, POSIX message queues: the kernel's own,
 * entered only in their non-blocking form.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/syscall.h>

#include "tracer/calls.h"
#include "tracer/files.h"
#include "tracer/memory.h"
#include "tracer/wait.h"

#define SEMOPS_MAX 64 /* bits of wait.saved[0] */
#define KERNEL_SEMOPS_MAX 500

static const char *ipc_name(
	struct engine *engine, const char *prefix, uint64_t id)
{
	return names_get(&engine->names, prefix, id, 0, 0);
}

static bool read_semops(
	const struct task *task, struct sembuf *ops, size_t *count)
{
	*count = task->args[2];
	return *count > 0 && *count <= SEMOPS_MAX &&
	       memory_read(task, task->args[1], ops, *count * sizeof(*ops));
}

/* The deadline of semtimedop(2) and mq_timed*(2), CLOCK_NEVER if none. */
static int64_t relative_deadline(
	const struct engine *engine, const struct task *task, uint64_t address)
{
	struct timespec value;
	int64_t ns;

	if (!address || !memory_read(task, address, &value, sizeof(value)) ||
		!clock_from_timespec(&value, &ns))
		return CLOCK_NEVER;
	return clock_after(engine->clock.now_ns, ns);
}

static int64_t absolute_deadline(
	const struct engine *engine, const struct task *task, uint64_t address)
{
	struct timespec value;
	int64_t ns, moment;

	if (!address || !memory_read(task, address, &value, sizeof(value)) ||
		!clock_from_timespec(&value, &ns) ||
		!clock_moment_of(&engine->clock, CLOCK_REALTIME, ns, &moment))
		return CLOCK_NEVER;
	return moment;
}

/*
 * Some of the operations wait, others do not, and not all could be done: it
 * is the first that could not which decides.  The kernel is asked for the
 * value that each has met, one call after the other (saved[1] is its number
 * plus one).
 */
static enum call_action ask_for_value(
	struct task *task, const struct sembuf *ops, size_t count)
{
	size_t i = task->wait.saved[1] - 1;

	if (i >= count)
		return CALL_RUN;
	task->run.orig_rax = SYS_semctl;
	task->run.rsi = ops[i].sem_num;
	task->run.rdx = GETVAL;
	task->run_changed = true;
	return CALL_RUN;
}

/* A time-out that is none: the kernel says so before all else. */
static bool is_bad_time(const struct task *task, uint64_t address)
{
	struct timespec value;
	int64_t ns;

	return address && (!memory_read(task, address, &value, sizeof(value)) ||
				  !clock_from_timespec(&value, &ns));
}

enum call_action enter_semop(struct engine *engine, struct task *task)
{
	struct sembuf ops[SEMOPS_MAX], quick[SEMOPS_MAX];
	size_t count, i;

	if (task->wait.woken == WAKE_TIMEOUT) {
		task->result = -EAGAIN;
		return CALL_DONE;
	}
	if (task->call->number == SYS_semtimedop &&
		is_bad_time(task, task->args[3]))
		return CALL_RUN;
	if (!read_semops(task, ops, &count)) {
		if (task->args[2] > SEMOPS_MAX &&
			task->args[2] <= KERNEL_SEMOPS_MAX)
			engine_unsupported(
				engine, task, "semop (over 64 operations)");
		return CALL_RUN; /* the kernel finds the error */
	}
	if (task->wait.saved[1] > 0)
		return ask_for_value(task, ops, count);
	memcpy(quick, ops, count * sizeof(*ops));
	for (i = 0; i < count; i++)
		quick[i].sem_flg |= IPC_NOWAIT;
	memory_write(task, task->args[1], quick, count * sizeof(*ops));
	/* the flags as they were, for the way out */
	task->wait.saved[0] = 0;
	for (i = 0; i < count; i++)
		if (ops[i].sem_flg & IPC_NOWAIT)
			task->wait.saved[0] |= UINT64_C(1) << i;
	if (task->call->number == SYS_semtimedop) {
		task->run.r10 = 0;
		task->run_changed = true;
	}
	return CALL_RUN;
}

static void semop_events(struct engine *engine, struct task *task,
	const struct sembuf *ops, size_t count)
{
	char name[64];
	size_t i;

	for (i = 0; i < count; i++) {
		struct event event = task_event(engine,
			ops[i].sem_op > 0 ? EVENT_POST : EVENT_GET, task);

		if (ops[i].sem_op == 0)
			continue;
		snprintf(name, sizeof(name), "%s.%u",
			ipc_name(engine, "sysv-sem", task->args[0]),
			ops[i].sem_num);
		event.object = name;
		event.value =
			ops[i].sem_op > 0 ? ops[i].sem_op : -ops[i].sem_op;
		event.call = task->call->name;
		engine_event(engine, &event);
	}
}

/* Kinds of wait.key; the second word is the object's id. */
#define KEY_SEMAPHORE 1
#define KEY_QUEUE 2

static void wait_for_ipc(struct task *task, uint64_t kind)
{
	task->wait.retry = RETRY_SYSV;
	task->wait.key[0] = kind;
	task->wait.key[1] = (uint32_t)task->args[0];
}

static void wake_ipc(
	struct engine *engine, const struct task *task, uint64_t kind)
{
	engine_wake_key(engine, RETRY_SYSV, kind, (uint32_t)task->args[0]);
}

/* Removed while it was waiting: the kernel would have said so. */
static void note_removal(struct task *task, long result)
{
	if (result == -EINVAL && task->wait.started)
		task->result = -EIDRM;
}

static enum exit_action hold_semop(struct engine *engine, struct task *task,
	const struct sembuf *ops, size_t count)
{
	int64_t deadline = CLOCK_NEVER;
	size_t i;

	task->result = -EAGAIN;
	task->wait.saved[1] = 0;
	if (task->call->number == SYS_semtimedop)
		deadline = relative_deadline(engine, task, task->args[3]);
	if (deadline <= engine->clock.now_ns)
		return EXIT_ON;
	wait_for_ipc(task, KEY_SEMAPHORE);
	for (i = 0; i < count; i++)
		engine->zero_waits |= ops[i].sem_op == 0;
	wait_for(engine, task, WAIT_RETRY,
		ipc_name(engine, "sysv-sem", task->args[0]), deadline);
	return EXIT_BLOCK;
}

/* What ask_for_value() has got: is it this operation that cannot be done? */
static enum exit_action value_known(struct engine *engine, struct task *task,
	const struct sembuf *ops, size_t count, long value)
{
	size_t i = task->wait.saved[1] - 1, before;
	bool fails;

	task->result = -EAGAIN;
	task->progressed = false;
	if (i >= count || value < 0)
		return EXIT_ON;
	for (before = 0; before < i; before++)
		if (ops[before].sem_num == ops[i].sem_num)
			value += ops[before].sem_op;
	fails = ops[i].sem_op == 0 ? value != 0 : value + ops[i].sem_op < 0;
	if (!fails) {
		task->wait.saved[1]++;
		return EXIT_AGAIN;
	}
	if (ops[i].sem_flg & IPC_NOWAIT)
		return EXIT_ON;
	return hold_semop(engine, task, ops, count);
}

enum exit_action exit_semop(
	struct engine *engine, struct task *task, long result)
{
	struct sembuf ops[SEMOPS_MAX];
	size_t count, i;

	if (!read_semops(task, ops, &count))
		return EXIT_ON;
	if (task->wait.saved[1] > 0)
		return value_known(engine, task, ops, count, result);
	for (i = 0; i < count; i++)
		if (!(task->wait.saved[0] >> i & 1))
			ops[i].sem_flg &= (short)~IPC_NOWAIT;
	memory_write(task, task->args[1], ops, count * sizeof(*ops));
	if (result == -EAGAIN && task->wait.saved[0] == 0)
		return hold_semop(engine, task, ops, count);
	if (result == -EAGAIN &&
		task->wait.saved[0] != UINT64_MAX >> (64 - count)) {
		task->wait.saved[1] = 1;
		return EXIT_AGAIN;
	}
	task->progressed = result == 0;
	note_removal(task, result);
	if (result != 0)
		return EXIT_ON;
	semop_events(engine, task, ops, count);
	for (i = 0; i < count; i++)
		if (ops[i].sem_op > 0 || engine->zero_waits)
			break;
	if (i < count) /* taking alone lets nobody on */
		wake_ipc(engine, task, KEY_SEMAPHORE);
	return EXIT_ON;
}

/*
 * GETNCNT and GETZCNT: how many wait for more, or for zero.  They are held
 * here, and the kernel knows of none.
 */
enum call_action enter_semctl(struct engine *engine, struct task *task)
{
	const int command = (int)task->args[2] & ~0x100; /* IPC_64 */
	const uint64_t number = task->args[1];
	struct sembuf ops[SEMOPS_MAX];
	size_t count, i;
	long waiting = 0;

	if (command != GETNCNT && command != GETZCNT)
		return CALL_RUN;
	for (i = 0; i < engine->count; i++) {
		const struct task *other = engine->tasks[i];

		if (other->state != TASK_AT_CALL ||
			other->wait.kind != WAIT_RETRY ||
			other->wait.key[0] != KEY_SEMAPHORE ||
			other->wait.key[1] != (uint32_t)task->args[0] ||
			!read_semops(other, ops, &count))
			continue;
		if (count > 1) { /* which it waits for is not known here */
			engine_unsupported(engine, task,
				"semctl (GETNCNT, several operations)");
			return CALL_DONE;
		}
		waiting += ops[0].sem_num == number &&
			   (ops[0].sem_op == 0) == (command == GETZCNT);
	}
	task->progressed = false;
	task->result = waiting;
	return waiting > 0 ? CALL_DONE : CALL_RUN;
}

/* semctl, msgctl: a value set, an object removed. */
enum exit_action exit_sem_change(
	struct engine *engine, struct task *task, long result)
{
	int command = (int)task->args[task->call->number == SYS_semctl ? 2 : 1];

	if (command == GETVAL || command == GETALL || command == GETNCNT ||
		command == GETZCNT || command == GETPID ||
		command == IPC_STAT) {
		task->progressed = false;
		return EXIT_ON;
	}
	if (command == IPC_RMID && result >= 0)
		sysv_removed(engine,
			task->call->number == SYS_semctl ? SYSV_SEMAPHORES
							 : SYSV_QUEUE,
			(int)task->args[0]);
	task->progressed = result >= 0;
	engine_wake_retries(engine, RETRY_SYSV);
	return EXIT_ON;
}

static void message_event(struct engine *engine, struct task *task,
	enum event_kind kind, const char *object, uint64_t text, size_t length)
{
	struct event event = task_event(engine, kind, task);
	char data[EVENT_TEXT_MAX];

	event.object = object;
	event.value = 1;
	if (length > sizeof(data))
		length = sizeof(data);
	if (!memory_read(task, text, data, length))
		length = 0;
	engine_event_data(engine, &event, data, length, NULL, 0);
}

enum call_action enter_msgsnd(struct engine *engine, struct task *task)
{
	(void)engine;
	task->run.r10 = task->args[3] | IPC_NOWAIT;
	task->run_changed = true;
	return CALL_RUN;
}

static enum exit_action hold_message(struct engine *engine, struct task *task)
{
	wait_for_ipc(task, KEY_QUEUE);
	wait_for(engine, task, WAIT_RETRY,
		ipc_name(engine, "sysv-msg", task->args[0]), CLOCK_NEVER);
	return EXIT_BLOCK;
}

enum exit_action exit_msgsnd(
	struct engine *engine, struct task *task, long result)
{
	if (result == -EAGAIN && !(task->args[3] & IPC_NOWAIT))
		return hold_message(engine, task);
	task->progressed = result == 0;
	note_removal(task, result);
	if (result != 0)
		return EXIT_ON;
	message_event(engine, task, EVENT_PUT,
		ipc_name(engine, "sysv-msg", task->args[0]), task->args[1] + 8,
		task->args[2]);
	wake_ipc(engine, task, KEY_QUEUE);
	return EXIT_ON;
}

enum call_action enter_msgrcv(struct engine *engine, struct task *task)
{
	(void)engine;
	task->run.r8 = task->args[4] | IPC_NOWAIT;
	task->run_changed = true;
	return CALL_RUN;
}

enum exit_action exit_msgrcv(
	struct engine *engine, struct task *task, long result)
{
	if (result == -ENOMSG && !(task->args[4] & IPC_NOWAIT))
		return hold_message(engine, task);
	task->progressed = result >= 0;
	note_removal(task, result);
	if (result < 0)
		return EXIT_ON;
	message_event(engine, task, EVENT_GET,
		ipc_name(engine, "sysv-msg", task->args[0]), task->args[1] + 8,
		(size_t)result);
	wake_ipc(engine, task, KEY_QUEUE);
	return EXIT_ON;
}

enum exit_action exit_mq_open(
	struct engine *engine, struct task *task, long result)
{
	char name[256], shown[260];
	struct file file;
	struct event event;

	if (result < 0 ||
		!memory_string(task, task->args[0], name, sizeof(name)))
		return EXIT_ON;
	/* the C library hands the name over without its slash */
	snprintf(shown, sizeof(shown), "mq:/%s", name);
	file = file_open(engine, task, (int)result);
	event = task_event(engine, EVENT_OPEN, task);
	event.object = names_set(
		&engine->names, "inode", file.dev, file.ino, 0, shown);
	event.call = task->call->name;
	event.value = (int64_t)task->args[1];
	file_close(&file);
	engine_event(engine, &event);
	return EXIT_ON;
}

/* Ready queues are entered; the kernel does not block then. */
static enum call_action enter_queue(
	struct engine *engine, struct task *task, short events)
{
	struct file file = file_open(engine, task, (int)task->args[0]);
	struct pollfd ready = {file.fd, events, 0};
	struct mq_attr attributes;
	const char *name;
	int64_t deadline;

	if (file.kind == FILE_REGULAR)
		file_read_flags(&file); /* of mqueue(7) */
	if (file.kind == FILE_NONE || file.nonblocking ||
		is_bad_time(task, task->args[4]) || poll_now(&ready, 1) != 0) {
		file_close(&file);
		return CALL_RUN;
	}
	/* a buffer of the wrong size is an error before it is a wait */
	if (mq_getattr(file.fd, &attributes) == 0 &&
		((events == POLLIN) ==
				((long)task->args[2] < attributes.mq_msgsize) &&
			(long)task->args[2] != attributes.mq_msgsize)) {
		file_close(&file);
		return CALL_RUN;
	}
	deadline = absolute_deadline(engine, task, task->args[4]);
	if (task->wait.woken == WAKE_TIMEOUT ||
		deadline <= engine->clock.now_ns) {
		file_close(&file);
		task->result = -ETIMEDOUT;
		return CALL_DONE;
	}
	name = file_name(engine, &file);
	wait_on_fd(task, &file, events);
	return wait_for(engine, task, WAIT_POLL, name, deadline);
}

static const char *queue_name(struct engine *engine, struct task *task)
{
	struct file file = file_open(engine, task, (int)task->args[0]);
	const char *name = file_name(engine, &file);

	file_close(&file);
	return name;
}

enum call_action enter_mq_notify(struct engine *engine, struct task *task)
{
	(void)task;
	engine->notifies = true;
	return CALL_RUN_FREE;
}

/*
 * A message that somebody waits for is none to notify of, but our waiters
 * are not in the kernel, which would.
 */
static bool is_awaited(struct engine *engine, struct task *task)
{
	const char *name = queue_name(engine, task);
	size_t i;

	for (i = 0; i < engine->count; i++) {
		const struct task *other = engine->tasks[i];

		if (other->state == TASK_AT_CALL &&
			other->wait.kind == WAIT_POLL &&
			other->call->number == SYS_mq_timedreceive &&
			strcmp(other->wait.object, name) == 0)
			return true;
	}
	return false;
}

enum call_action enter_mq_timedsend(struct engine *engine, struct task *task)
{
	if (engine->notifies && is_awaited(engine, task)) {
		engine_unsupported(
			engine, task, "mq_notify (and somebody waits)");
		return CALL_DONE;
	}
	return enter_queue(engine, task, POLLOUT);
}

enum exit_action exit_mq_timedsend(
	struct engine *engine, struct task *task, long result)
{
	task->progressed = result == 0;
	engine->signals_dirty = true; /* mq_notify(2) */
	if (result == 0)
		message_event(engine, task, EVENT_PUT, queue_name(engine, task),
			task->args[1], task->args[2]);
	return EXIT_ON;
}

enum call_action enter_mq_timedreceive(struct engine *engine, struct task *task)
{
	return enter_queue(engine, task, POLLIN);
}

enum exit_action exit_mq_timedreceive(
	struct engine *engine, struct task *task, long result)
{
	task->progressed = result >= 0;
	if (result >= 0)
		message_event(engine, task, EVENT_GET, queue_name(engine, task),
			task->args[1], (size_t)result);
	return EXIT_ON;
}
