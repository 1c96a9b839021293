/*
 * Waiting: what a held task waits for, and what wakes it.
 */
#define _GNU_SOURCE
#include "tracer/wait.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

static const uint64_t ignored_by_default =
	SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGURG) | SIGNAL_BIT(SIGWINCH) |
	SIGNAL_BIT(SIGCONT);

/*
 * ptrace_peek_siginfo() of the kernel stops early when the caller itself has
 * a signal pending, so it is asked until it has no more.
 */
uint64_t signals_pending(const struct task *task)
{
	struct __ptrace_peeksiginfo_args which = {0, 0, 32};
	siginfo_t info[32];
	uint64_t pending = 0;
	long count, i;
	int queue;

	for (queue = 0; queue < 2; queue++) {
		which.flags = queue ? PTRACE_PEEKSIGINFO_SHARED : 0;
		which.off = 0;
		while ((count = ptrace(PTRACE_PEEKSIGINFO, task->tid, &which,
				info)) > 0) {
			for (i = 0; i < count; i++)
				pending |= SIGNAL_BIT(info[i].si_signo);
			which.off += (uint64_t)count;
		}
	}
	return pending;
}

bool signals_blocked(const struct task *task, uint64_t *blocked)
{
	*blocked = task->wait.mask;
	return task->wait.masked || ptrace(PTRACE_GETSIGMASK, task->tid,
					    sizeof(*blocked), blocked) >= 0;
}

bool signals_can_step(const struct task *task)
{
	const uint64_t trap = SIGNAL_BIT(SIGTRAP);
	uint64_t blocked;

	return !(task->process->ignored & trap) &&
	       signals_blocked(task, &blocked) && !(blocked & trap);
}

bool signals_deliverable(struct engine *engine, struct task *task)
{
	const struct process *process = task->process;
	uint64_t pending = signals_pending(task), blocked;

	(void)engine;
	if (task->stops)
		return true; /* another thread has taken the signal */
	if (!pending)
		return false;
	pending &= ~process->ignored;
	pending &= process->caught | ~ignored_by_default;
	if (!signals_blocked(task, &blocked))
		return false;
	blocked &= ~(SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP));
	return (pending & ~blocked) != 0;
}

bool signals_fatal(const struct task *task)
{
	const uint64_t harmless = ignored_by_default | SIGNAL_BIT(SIGSTOP) |
				  SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) |
				  SIGNAL_BIT(SIGTTOU);
	const struct process *process = task->process;
	uint64_t pending = signals_pending(task), blocked;

	pending &= ~(harmless | process->ignored | process->caught);
	return pending && signals_blocked(task, &blocked) &&
	       (pending & ~blocked);
}

static void wake_retry(struct engine *engine, struct wait *wait)
{
	engine->retries_left = true;
	if (wait->woken == WAKE_NOT)
		wait->woken = WAKE_READY;
	wait->doubtful = false;
}

void engine_wake_retries(struct engine *engine, unsigned classes)
{
	size_t i;

	engine->retries_left = true;
	for (i = 0; i < engine->alive_count; i++) {
		struct wait *wait = &engine->alive[i]->wait;

		if (wait->kind == WAIT_RETRY && (wait->retry & classes))
			wake_retry(engine, wait);
	}
}

static bool waits_for_key(
	const struct wait *wait, unsigned retry, uint64_t a, uint64_t b)
{
	if (wait->kind != WAIT_RETRY || !(wait->retry & retry))
		return false;
	return (wait->key[0] == a && wait->key[1] == b) ||
	       (wait->key[0] == 0 && wait->key[1] == 0);
}

void engine_wake_key(
	struct engine *engine, unsigned retry, uint64_t a, uint64_t b)
{
	size_t i;

	engine->retries_left = true;
	for (i = 0; i < engine->alive_count; i++)
		if (waits_for_key(&engine->alive[i]->wait, retry, a, b))
			wake_retry(engine, &engine->alive[i]->wait);
}

void engine_doubt_key(
	struct engine *engine, unsigned retry, uint64_t a, uint64_t b)
{
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct wait *wait = &engine->alive[i]->wait;

		if (!waits_for_key(wait, retry, a, b) ||
			wait->woken != WAKE_READY)
			continue;
		wait->woken = WAKE_NOT;
		wait->doubtful = true;
	}
}

bool engine_wake_doubtful(struct engine *engine)
{
	bool found = false;
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct wait *wait = &engine->alive[i]->wait;

		if (!wait->doubtful || wait->woken != WAKE_NOT)
			continue;
		wait->woken = WAKE_READY;
		wait->doubtful = false;
		found = true;
	}
	return found;
}

void wait_drop_polls(struct wait *wait)
{
	size_t i;

	for (i = 0; i < wait->poll_count; i++)
		if (wait->polls[i].fd >= 0)
			close(wait->polls[i].fd);
	free(wait->polls);
	wait->polls = NULL;
	wait->poll_count = 0;
}

void wait_clear(struct engine *engine, struct task *task)
{
	(void)engine;
	wait_drop_polls(&task->wait);
	memset(&task->wait, 0, sizeof(task->wait));
	task->wait.deadline_ns = CLOCK_NEVER;
	task->wait.holder = -1;
}

enum call_action wait_for(struct engine *engine, struct task *task,
	enum wait_kind kind, const char *object, int64_t deadline_ns)
{
	struct wait *wait = &task->wait;

	if (!wait->started) {
		wait->deadline_ns =
			task->resumes ? task->resume_ns : deadline_ns;
		wait->order = ++engine->next_order;
	}
	wait->kind = kind;
	wait->woken = WAKE_NOT;
	wait->doubtful = false;
	wait->object = object;
	return CALL_BLOCK;
}
