/*
 * Futexes with priority inheritance: FUTEX_LOCK_PI and its kin.
 *
 * The word holds its owner's thread number, so that here, unlike with other
 * futexes, the kernel takes and gives the lock itself: who waits first gets
 * it, while it is given back or when its owner ends.  As all tasks have the
 * same priority, there is none to inherit.  The numbers are those that the
 * program sees.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <unistd.h>

#include "tracer/call_futex.h"
#include "tracer/calls.h"
#include "tracer/memory.h"
#include "tracer/task.h"
#include "tracer/wait.h"

static bool read_word(const struct task *task, uint32_t *word)
{
	return memory_read(task, task->args[0], word, sizeof(*word));
}

static bool write_word(const struct task *task, uint64_t address, uint32_t word)
{
	return memory_write(task, address, &word, sizeof(word));
}

static bool waits_to_inherit(const struct task *task)
{
	return task->state == TASK_AT_CALL && task->wait.kind == WAIT_FUTEX &&
	       task->wait.inherits && task->wait.woken == WAKE_NOT;
}

/* Who came first of those that wait for the lock, or NULL. */
static struct task *first_heir(
	const struct engine *engine, const struct futex_key *key)
{
	struct task *first = NULL;
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct task *task = engine->alive[i];

		if (waits_to_inherit(task) &&
			futex_same_key(&task->wait.futex, key) &&
			(!first || task->wait.order < first->wait.order))
			first = task;
	}
	return first;
}

/* HEIR owns the lock; FLAGS remain in its word. */
static void hand_over(struct engine *engine, struct task *heir, uint32_t flags)
{
	size_t i;

	write_word(heir, heir->wait.futex_address,
		flags | (uint32_t)heir->inner_tid);
	heir->wait.woken = WAKE_READY;
	for (i = 0; i < engine->alive_count; i++) {
		struct task *task = engine->alive[i];

		if (waits_to_inherit(task) &&
			futex_same_key(&task->wait.futex, &heir->wait.futex))
			task->wait.holder = heir->number;
	}
}

void pi_owner_ended(struct engine *engine, const struct task *task)
{
	uint32_t word;
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct task *heir = engine->alive[i];

		if (!waits_to_inherit(heir) ||
			heir->wait.holder != task->number)
			continue;
		heir = first_heir(engine, &heir->wait.futex);
		assert(heir); /* there is the one that was found */
		if (!memory_read(heir, heir->wait.futex_address, &word,
			    sizeof(word)))
			word = FUTEX_WAITERS;
		hand_over(engine, heir,
			(word & FUTEX_WAITERS) | FUTEX_OWNER_DIED);
	}
}

/*
 * Does OWNER wait, by way of others, for what TASK owns?  The kernel looks
 * along the chain of such locks, and answers EDEADLK.
 */
static bool closes_circle(const struct engine *engine, const struct task *task,
	const struct task *owner)
{
	size_t round;

	for (round = 0; round < engine->count; round++) {
		if (owner == task)
			return true;
		if (!waits_to_inherit(owner) || owner->wait.holder < 0)
			return false;
		owner = engine->tasks[owner->wait.holder];
	}
	return false;
}

/*
 * Takes the lock if it is free; the answer in task->result, *OWNER set and
 * 0 as the result when somebody else has it.
 */
static bool take(struct engine *engine, struct task *task, struct task **owner)
{
	uint32_t word, tid;

	*owner = NULL;
	task->result = -EFAULT;
	if (!read_word(task, &word))
		return false;
	tid = word & FUTEX_TID_MASK;
	task->result = -EDEADLK;
	if (tid == (uint32_t)task->inner_tid)
		return false;
	if (tid == 0) {
		word = (word & FUTEX_OWNER_DIED) | (uint32_t)task->inner_tid;
		task->result =
			write_word(task, task->args[0], word) ? 0 : -EFAULT;
		return true;
	}
	/* its owner has to ask the kernel when it gives the lock back */
	if (!(word & FUTEX_WAITERS))
		write_word(task, task->args[0], word | FUTEX_WAITERS);
	*owner = task_by_inner(engine, (pid_t)tid);
	if (*owner && (*owner)->state == TASK_DEAD)
		*owner = NULL;
	task->result = *owner ? 0 : -ESRCH;
	return false;
}

/*
 * The C library makes a thread that would wait for its own circle, or for
 * one that is no more, wait on a word of its stack for ever: what for is
 * remembered until then.
 */
static enum call_action refused_for_ever(struct engine *engine,
	struct task *task, const struct futex_key *key,
	const struct task *owner)
{
	if (task->result == -EDEADLK || task->result == -ESRCH) {
		task->lost_object = futex_name(engine, key);
		task->lost_holder = owner && owner != task ? owner->number : -1;
	}
	return CALL_DONE;
}

enum call_action pi_lock(
	struct engine *engine, struct task *task, const struct futex_key *key)
{
	int64_t deadline;
	struct task *owner;

	if (task->wait.kind == WAIT_FUTEX) {
		/* here again: it is ours, timed out, or a signal came */
		task->result = task->wait.woken == WAKE_READY ? 0 : -ETIMEDOUT;
		if (task->wait.woken == WAKE_READY ||
			task->wait.woken == WAKE_TIMEOUT)
			return CALL_DONE;
		return wait_for(engine, task, WAIT_FUTEX, task->wait.object,
			CLOCK_NEVER);
	}
	task->result = -EINVAL;
	if (!futex_deadline(engine, task, &deadline))
		return CALL_DONE;
	if (take(engine, task, &owner) || !owner)
		return refused_for_ever(engine, task, key, owner);
	task->result = -EDEADLK;
	if (closes_circle(engine, task, owner))
		return refused_for_ever(engine, task, key, owner);
	task->result = -ETIMEDOUT;
	if (deadline <= engine->clock.now_ns)
		return CALL_DONE;
	task->wait.futex = *key;
	task->wait.futex_address = task->args[0];
	task->wait.inherits = true;
	task->wait.holder = owner->number;
	return wait_for(
		engine, task, WAIT_FUTEX, futex_name(engine, key), deadline);
}

enum call_action pi_try(
	struct engine *engine, struct task *task, const struct futex_key *key)
{
	struct task *owner;

	(void)key;
	if (!take(engine, task, &owner) && owner) {
		task->progressed = false;
		task->result = -EAGAIN;
	}
	return CALL_DONE;
}

enum call_action pi_unlock(
	struct engine *engine, struct task *task, const struct futex_key *key)
{
	struct task *heir = first_heir(engine, key);
	struct event event;
	uint32_t word;

	task->result = -EFAULT;
	if (!read_word(task, &word))
		return CALL_DONE;
	task->result = -EPERM;
	if ((word & FUTEX_TID_MASK) != (uint32_t)task->inner_tid)
		return CALL_DONE;
	task->result = 0;
	if (!heir) {
		write_word(task, task->args[0], 0);
		return CALL_DONE;
	}
	event = task_event(engine, EVENT_POST, task);
	event.object = futex_name(engine, key);
	event.value = 1;
	event.call = "futex";
	engine_event(engine, &event);
	hand_over(engine, heir, FUTEX_WAITERS);
	return CALL_DONE;
}
