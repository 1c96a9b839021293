/*
 * futex(2), wholly in the engine: the word is read from the program's
 * memory, waiters queue here, first come first served.  Semaphores, mutexes,
 * condition variables, barriers and pthread_join() all come down to it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include "tracer/calls.h"

static const char *futex_name(
	struct engine *engine, const struct futex_key *key)
{
	/* no other process can ever wake who waits on a private one */
	return names_get(&engine->names,
		key->space == 3 ? "futex" : "private-futex", key->a,
		key->b ^ ((uint64_t)key->space << 60), key->offset);
}

static bool same_key(const struct futex_key *a, const struct futex_key *b)
{
	return a->space == b->space && a->a == b->a && a->b == b->b &&
	       a->offset == b->offset;
}

/* The waiter that came first, or NULL. */
static struct task *first_waiter(
	const struct engine *engine, const struct futex_key *key, uint32_t bits)
{
	struct task *first = NULL;
	size_t i;

	for (i = 0; i < engine->count; i++) {
		struct task *task = engine->tasks[i];

		if (task->state != TASK_AT_CALL ||
			task->wait.kind != WAIT_FUTEX ||
			task->wait.woken != WAKE_NOT ||
			!(task->wait.futex_bits & bits) ||
			!same_key(&task->wait.futex, key))
			continue;
		if (!first || task->wait.order < first->wait.order)
			first = task;
	}
	return first;
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

static bool read_deadline(const struct engine *engine, const struct task *task,
	int operation, int64_t *deadline_ns)
{
	clockid_t clock = operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME
							   : CLOCK_MONOTONIC;
	struct timespec value;
	int64_t ns;

	*deadline_ns = CLOCK_NEVER;
	if (!task->args[3])
		return true;
	if (!memory_read(task, task->args[3], &value, sizeof(value)) ||
		!clock_from_timespec(&value, &ns))
		return false;
	if ((operation & FUTEX_CMD_MASK) == FUTEX_WAIT)
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
	if (!read_deadline(engine, task, (int)task->args[1], &deadline)) {
		task->result = -EINVAL;
		return CALL_DONE;
	}
	if (!memory_read(task, task->args[0], &word, sizeof(word)) ||
		word != (uint32_t)task->args[2]) {
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
	task->wait.holder = mutex_owner(engine, task, task->args[0]);
	return wait_for(
		engine, task, WAIT_FUTEX, futex_name(engine, key), deadline);
}

static enum call_action futex_requeue(struct engine *engine, struct task *task,
	const struct futex_key *from, bool compare)
{
	struct futex_key to;
	struct task *waiter;
	uint32_t word;
	int woken, moved = 0, limit = (int)task->args[3];
	bool is_private = task->args[1] & FUTEX_PRIVATE_FLAG;

	task->result = -EFAULT;
	if (!memory_futex_key(engine, task, task->args[4], is_private, &to) ||
		!memory_read(task, task->args[0], &word, sizeof(word)))
		return CALL_DONE;
	task->result = -EAGAIN;
	if (compare && word != (uint32_t)task->args[5])
		return CALL_DONE;
	woken = futex_wake_key(
		engine, from, (int)task->args[2], UINT32_MAX, task);
	while (moved < limit &&
		(waiter = first_waiter(engine, from, UINT32_MAX)) != NULL) {
		waiter->wait.futex = to;
		waiter->wait.order = ++engine->next_order;
		waiter->wait.object = futex_name(engine, &to);
		moved++;
	}
	task->result = compare ? woken + moved : woken;
	return CALL_DONE;
}

/* FUTEX_OP() of futex(2): a store and a comparison in one. */
static enum call_action futex_wake_op(
	struct engine *engine, struct task *task, const struct futex_key *key)
{
	uint32_t operation = (uint32_t)task->args[5], old, new;
	uint32_t argument = operation >> 12 & 0xfff;
	uint32_t compare = operation & 0xfff;
	struct futex_key second;
	bool wake = false;

	task->result = -EFAULT;
	if (!memory_futex_key(engine, task, task->args[4],
		    task->args[1] & FUTEX_PRIVATE_FLAG, &second) ||
		!memory_read(task, task->args[4], &old, sizeof(old)))
		return CALL_DONE;
	if (operation >> 28 & FUTEX_OP_OPARG_SHIFT)
		argument = UINT32_C(1) << (argument & 31);
	switch (operation >> 28 & 7) {
	case FUTEX_OP_SET:
		new = argument;
		break;
	case FUTEX_OP_ADD:
		new = old + argument;
		break;
	case FUTEX_OP_OR:
		new = old | argument;
		break;
	case FUTEX_OP_ANDN:
		new = old & ~argument;
		break;
	default:
		new = old ^ argument;
		break;
	}
	if (!memory_write(task, task->args[4], &new, sizeof(new)))
		return CALL_DONE;
	switch (operation >> 24 & 15) {
	case FUTEX_OP_CMP_EQ:
		wake = old == compare;
		break;
	case FUTEX_OP_CMP_NE:
		wake = old != compare;
		break;
	case FUTEX_OP_CMP_LT:
		wake = (int32_t)old < (int32_t)compare;
		break;
	case FUTEX_OP_CMP_LE:
		wake = (int32_t)old <= (int32_t)compare;
		break;
	case FUTEX_OP_CMP_GT:
		wake = (int32_t)old > (int32_t)compare;
		break;
	default:
		wake = (int32_t)old >= (int32_t)compare;
		break;
	}
	task->result = futex_wake_key(
		engine, key, (int)task->args[2], UINT32_MAX, task);
	if (wake)
		task->result += futex_wake_key(
			engine, &second, (int)task->args[3], UINT32_MAX, task);
	return CALL_DONE;
}

enum call_action enter_futex(struct engine *engine, struct task *task)
{
	int operation = (int)task->args[1];
	struct futex_key key;

	if (!memory_futex_key(engine, task, task->args[0],
		    operation & FUTEX_PRIVATE_FLAG, &key)) {
		task->result = -EFAULT;
		return CALL_DONE;
	}
	switch (operation & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
		return futex_wait(engine, task, &key, UINT32_MAX);
	case FUTEX_WAIT_BITSET:
		return futex_wait(engine, task, &key, (uint32_t)task->args[5]);
	case FUTEX_WAKE:
		task->result = futex_wake_key(
			engine, &key, (int)task->args[2], UINT32_MAX, task);
		return CALL_DONE;
	case FUTEX_WAKE_BITSET:
		task->result = futex_wake_key(engine, &key, (int)task->args[2],
			(uint32_t)task->args[5], task);
		return CALL_DONE;
	case FUTEX_REQUEUE:
		return futex_requeue(engine, task, &key, false);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(engine, task, &key, true);
	case FUTEX_WAKE_OP:
		return futex_wake_op(engine, task, &key);
	default:
		engine_unsupported(
			engine, task, "futex (priority inheritance)");
		task->result = -ENOSYS;
		return CALL_DONE;
	}
}
