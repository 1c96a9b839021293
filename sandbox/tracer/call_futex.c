/*
 * futex(2), wholly in the engine: the word is read from the program's
 * memory, waiters queue here, first come first served.  Semaphores, mutexes,
 * condition variables, barriers and pthread_join() all come down to it.
 */
#define _GNU_SOURCE
#include "tracer/call_futex.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/calls.h"
#include "tracer/memory.h"
#include "tracer/perform.h"
#include "tracer/task.h"
#include "tracer/wait.h"

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif

const char *futex_name(struct engine *engine, const struct futex_key *key)
{
	/* private memory is one place, whatever the call takes it for, and no
	   other process can ever wake who waits there */
	uint64_t space = key->space == 2 ? 1 : (uint64_t)key->space;

	return names_get(&engine->names, space == 3 ? "futex" : "private-futex",
		key->a, key->b ^ (space << 60), key->offset);
}

bool futex_same_key(const struct futex_key *a, const struct futex_key *b)
{
	return a->space == b->space && a->a == b->a && a->b == b->b &&
	       a->offset == b->offset;
}

static bool waits_here(
	const struct task *task, const struct futex_key *key, uint32_t bits)
{
	return task->state == TASK_AT_CALL && task->wait.kind == WAIT_FUTEX &&
	       !task->wait.inherits && task->wait.woken == WAKE_NOT &&
	       (task->wait.futex_bits & bits) &&
	       futex_same_key(&task->wait.futex, key);
}

/* The waiter that came first, or NULL. */
static struct task *first_waiter(
	const struct engine *engine, const struct futex_key *key, uint32_t bits)
{
	struct task *first = NULL;
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct task *task = engine->alive[i];

		if (waits_here(task, key, bits) &&
			(!first || task->wait.order < first->wait.order))
			first = task;
	}
	return first;
}

/* The key of a word that the call names, or a negative errno. */
static int futex_key_of(const struct engine *engine, const struct task *task,
	uint64_t address, struct futex_key *key)
{
	bool is_private = task->args[1] & FUTEX_PRIVATE_FLAG;

	if (address % sizeof(uint32_t) != 0)
		return -EINVAL;
	return memory_futex_key(engine, task, address, is_private, key)
		       ? 0
		       : -EFAULT;
}

int futex_wake_key(struct engine *engine, const struct futex_key *key,
	int count, uint32_t bits, const struct task *by)
{
	struct task *waiter;
	struct event event;
	int woken = 0;

	while (woken < count &&
		(waiter = first_waiter(engine, key, bits)) != NULL) {
		waiter->wait.woken = WAKE_READY;
		woken++;
	}
	if (woken > 0 && by) {
		event = task_event(engine, EVENT_POST, by);
		event.object = futex_name(engine, key);
		event.value = woken;
		event.call = "futex";
		engine_event(engine, &event);
	}
	return woken;
}

/*
 * A mutex of the C library that is locked and waited for holds 2 and, two
 * words on, its owner's tid; a robust one holds the tid itself and the flag
 * of waiters.  Whatever else a futex is, nobody is named.
 */
static int mutex_owner(
	const struct engine *engine, const struct task *task, uint64_t address)
{
	const struct task *owner;
	uint32_t words[3];
	pid_t tid = 0;

	if (!memory_read(task, address, words, sizeof(words)))
		return -1;
	if (words[0] & FUTEX_WAITERS)
		tid = (pid_t)(words[0] & FUTEX_TID_MASK);
	else if (words[0] == 2)
		tid = (pid_t)words[2];
	owner = tid ? task_by_inner(engine, tid) : NULL;
	return owner && owner != task ? owner->number : -1;
}

bool futex_deadline(const struct engine *engine, const struct task *task,
	int64_t *deadline_ns)
{
	const int operation = (int)task->args[1];
	const int command = operation & FUTEX_CMD_MASK;
	clockid_t clock = CLOCK_MONOTONIC;
	struct timespec value;
	int64_t ns;

	*deadline_ns = CLOCK_NEVER;
	if (!task->args[3])
		return true;
	if ((operation & FUTEX_CLOCK_REALTIME) || command == FUTEX_LOCK_PI)
		clock = CLOCK_REALTIME;
	if (!memory_read(task, task->args[3], &value, sizeof(value)) ||
		!clock_from_timespec(&value, &ns))
		return false;
	if (command == FUTEX_WAIT)
		*deadline_ns = clock_after(engine->clock.now_ns, ns);
	else
		clock_moment_of(&engine->clock, clock, ns, deadline_ns);
	return true;
}

static enum call_action futex_wait(struct engine *engine, struct task *task,
	const struct futex_key *key, uint32_t bits)
{
	int64_t deadline;
	uint32_t word;

	if (task->wait.kind == WAIT_FUTEX) {
		/* here again: woken, timed out, or a signal came */
		if (task->wait.woken == WAKE_READY ||
			task->wait.woken == WAKE_TIMEOUT) {
			task->result =
				task->wait.woken == WAKE_READY ? 0 : -ETIMEDOUT;
			return CALL_DONE;
		}
		return wait_for(engine, task, WAIT_FUTEX, task->wait.object,
			CLOCK_NEVER);
	}
	task->result = -EINVAL;
	if (bits == 0 || !futex_deadline(engine, task, &deadline))
		return CALL_DONE;
	task->result = -EFAULT;
	if (!memory_read(task, task->args[0], &word, sizeof(word)))
		return CALL_DONE;
	if (word != (uint32_t)task->args[2]) {
		task->progressed = false;
		task->result = -EAGAIN;
		return CALL_DONE;
	}
	if (deadline <= engine->clock.now_ns) {
		task->result = -ETIMEDOUT;
		return CALL_DONE;
	}
	task->wait.futex = *key;
	task->wait.futex_bits = bits;
	task->wait.futex_address = task->args[0];
	if (task->lost_object && deadline == CLOCK_NEVER) {
		task->wait.holder = task->lost_holder;
		return wait_for(
			engine, task, WAIT_FUTEX, task->lost_object, deadline);
	}
	task->wait.holder = mutex_owner(engine, task, task->args[0]);
	return wait_for(
		engine, task, WAIT_FUTEX, futex_name(engine, key), deadline);
}

/* FUTEX_WAKE of 0, or of less, wakes one as well: the kernel counts late. */
static enum call_action futex_wake(struct engine *engine, struct task *task,
	const struct futex_key *key, uint32_t bits)
{
	int count = (int)task->args[2];

	task->result = -EINVAL;
	if (bits != 0)
		task->result = futex_wake_key(
			engine, key, count < 1 ? 1 : count, bits, task);
	return CALL_DONE;
}

static int count_waiters(
	const struct engine *engine, const struct futex_key *key)
{
	int count = 0;
	size_t i;

	for (i = 0; i < engine->count; i++)
		count += waits_here(engine->tasks[i], key, UINT32_MAX);
	return count;
}

/* To another queue, or to the end of the same. */
static int move_waiters(struct engine *engine, const struct futex_key *from,
	const struct futex_key *to, int limit)
{
	int count = count_waiters(engine, from), moved;

	for (moved = 0; moved < count && moved < limit; moved++) {
		struct task *waiter = first_waiter(engine, from, UINT32_MAX);

		waiter->wait.futex = *to;
		waiter->wait.order = ++engine->next_order;
		waiter->wait.object = futex_name(engine, to);
	}
	return moved;
}

static enum call_action futex_requeue(struct engine *engine, struct task *task,
	const struct futex_key *from, bool compare)
{
	int wakes = (int)task->args[2], limit = (int)task->args[3];
	struct futex_key to;
	uint32_t word;

	task->result = -EINVAL;
	if (wakes < 0 || limit < 0)
		return CALL_DONE;
	task->result = futex_key_of(engine, task, task->args[4], &to);
	if (task->result < 0)
		return CALL_DONE;
	task->result = -EFAULT;
	if (compare && !memory_read(task, task->args[0], &word, sizeof(word)))
		return CALL_DONE;
	task->result = -EAGAIN;
	if (compare && word != (uint32_t)task->args[5])
		return CALL_DONE;
	task->result = futex_wake_key(engine, from, wakes, UINT32_MAX, task);
	task->result += move_waiters(engine, from, &to, limit);
	return CALL_DONE;
}

/* The value that FUTEX_OP() of futex(2) leaves; false when there is none. */
static bool operate(uint32_t operation, uint32_t old, uint32_t *new)
{
	/* both are signed numbers of twelve bits */
	int32_t argument = (int32_t)(operation << 8) >> 20;
	uint32_t value = (uint32_t)argument;

	if (operation >> 28 & FUTEX_OP_OPARG_SHIFT)
		value = UINT32_C(1) << (value & 31);
	switch (operation >> 28 & 7) {
	case FUTEX_OP_SET:
		*new = value;
		return true;
	case FUTEX_OP_ADD:
		*new = old + value;
		return true;
	case FUTEX_OP_OR:
		*new = old | value;
		return true;
	case FUTEX_OP_ANDN:
		*new = old & ~value;
		return true;
	case FUTEX_OP_XOR:
		*new = old ^ value;
		return true;
	default:
		return false;
	}
}

/* Its comparison: 1 true, 0 false, -1 there is none of that number. */
static int compare(uint32_t operation, uint32_t old)
{
	int32_t value = (int32_t)(operation << 20) >> 20;
	int32_t found = (int32_t)old;

	switch (operation >> 24 & 15) {
	case FUTEX_OP_CMP_EQ:
		return found == value;
	case FUTEX_OP_CMP_NE:
		return found != value;
	case FUTEX_OP_CMP_LT:
		return found < value;
	case FUTEX_OP_CMP_LE:
		return found <= value;
	case FUTEX_OP_CMP_GT:
		return found > value;
	case FUTEX_OP_CMP_GE:
		return found >= value;
	default:
		return -1;
	}
}

static enum call_action futex_wake_op(
	struct engine *engine, struct task *task, const struct futex_key *key)
{
	uint32_t operation = (uint32_t)task->args[5], old, new;
	int wakes = (int)task->args[3], holds;
	struct futex_key second;

	task->result = futex_key_of(engine, task, task->args[4], &second);
	if (task->result < 0)
		return CALL_DONE;
	task->result = -EFAULT;
	if (!memory_read(task, task->args[4], &old, sizeof(old)))
		return CALL_DONE;
	task->result = -ENOSYS;
	if (!operate(operation, old, &new))
		return CALL_DONE;
	task->result = -EFAULT;
	if (!memory_write(task, task->args[4], &new, sizeof(new)))
		return CALL_DONE;
	holds = compare(operation, old);
	task->result = -ENOSYS;
	if (holds < 0)
		return CALL_DONE;
	futex_wake(engine, task, key, UINT32_MAX);
	if (holds)
		task->result += futex_wake_key(engine, &second,
			wakes < 1 ? 1 : wakes, UINT32_MAX, task);
	return CALL_DONE;
}

static enum call_action perform_futex(
	struct engine *engine, struct task *task, const struct futex_key *key)
{
	switch ((int)task->args[1] & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
		return futex_wait(engine, task, key, UINT32_MAX);
	case FUTEX_WAIT_BITSET:
		return futex_wait(engine, task, key, (uint32_t)task->args[5]);
	case FUTEX_WAKE:
		return futex_wake(engine, task, key, UINT32_MAX);
	case FUTEX_WAKE_BITSET:
		return futex_wake(engine, task, key, (uint32_t)task->args[5]);
	case FUTEX_REQUEUE:
		return futex_requeue(engine, task, key, false);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(engine, task, key, true);
	case FUTEX_WAKE_OP:
		return futex_wake_op(engine, task, key);
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return pi_lock(engine, task, key);
	case FUTEX_TRYLOCK_PI:
		return pi_try(engine, task, key);
	default:
		return pi_unlock(engine, task, key);
	}
}

enum call_action enter_futex(struct engine *engine, struct task *task)
{
	int operation = (int)task->args[1];
	int command = operation & FUTEX_CMD_MASK;
	struct futex_key key;

	if (command == FUTEX_WAIT_REQUEUE_PI ||
		command == FUTEX_CMP_REQUEUE_PI) {
		/* no C library of today asks for it */
		engine_unsupported(
			engine, task, "futex (requeue, priority inheritance)");
		return CALL_DONE;
	}
	task->result = -ENOSYS;
	if (command > FUTEX_LOCK_PI2 || command == FUTEX_FD ||
		((operation & FUTEX_CLOCK_REALTIME) &&
			command != FUTEX_WAIT_BITSET &&
			command != FUTEX_LOCK_PI2))
		return CALL_DONE;
	task->result = futex_key_of(engine, task, task->args[0], &key);
	if (task->result < 0)
		return CALL_DONE;
	return perform_futex(engine, task, &key);
}

void futex_note_robust_list(struct engine *engine, struct task *task)
{
	uint64_t head = 0, words[3], entry, address;
	size_t length = 0;
	struct futex_key key;

	task->robust_count = 0;
	if (syscall(SYS_get_robust_list, task->tid, &head, &length) < 0 ||
		!head || !memory_words(task, head, words, 3))
		return;
	/* about to be taken or given: the kernel passes its wake on */
	if (words[2] &&
		memory_futex_key(engine, task,
			(words[2] & ~UINT64_C(1)) + words[1], false, &key))
		task->robust[task->robust_count++] = key;
	entry = words[0];
	while ((entry & ~UINT64_C(1)) != head && task->robust_count < 16) {
		address = (entry & ~UINT64_C(1)) + words[1];
		if (memory_futex_key(engine, task, address, false, &key))
			task->robust[task->robust_count++] = key;
		if (!memory_words(task, entry & ~UINT64_C(1), &entry, 1))
			break;
	}
}
