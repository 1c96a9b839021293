/*
 * A task that computes without system calls never gives the processor up by
 * itself.  After some CPU time it is interrupted and single-stepped: when
 * its registers come back to the same values and the memory that it may be
 * counting in has not changed, it can only go round and round until another
 * task does something: it is parked.  A long computation is not parked; it
 * is let run on, and only makes way now and then when others wait.
 */
#define _GNU_SOURCE
#include "tracer/spin.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "base/alloc.h"
#include "tracer/engine.h"
#include "tracer/memory.h"
#include "tracer/stops.h"
#include "tracer/wait.h"

#define STEPS_MAX 4000
#define STACK_BYTES 8192
#define DATA_BYTES_MAX (256 * 1024)
#define WORD sizeof(uint64_t)
#define FIRST_LOOK_NS 5000000
#define MAKE_WAY_NS 100000000

/* A word at a time, as much of it is looked at; mixed as by splitmix64. */
static uint64_t hash_bytes(uint64_t hash, const void *data, size_t length)
{
	const unsigned char *bytes = data;
	uint64_t word;
	size_t i;

	for (i = 0; i < length; i += WORD) {
		word = 0;
		memcpy(&word, bytes + i, length - i < WORD ? length - i : WORD);
		hash = (hash ^ word) * UINT64_C(0xbf58476d1ce4e5b9);
		hash ^= hash >> 29;
	}
	return hash;
}

enum part { PART_PRIVATE, PART_SHARED, PART_ALL };

/*
 * The task's private writable memory (data, bss, heap, near stack), what it
 * shares with other processes, or both.  *WHOLE, if asked for, is false when
 * there is more than is looked at.
 */
static uint64_t hash_memory(
	const struct task *task, uint64_t stack, enum part part, bool *whole)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	unsigned long long start, end, length, total = 0;
	char path[40], flags[8], *line = NULL, *data;
	size_t size = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", task->tid);
	maps = fopen(path, "re");
	if (!maps)
		return 0;
	data = xmalloc(DATA_BYTES_MAX);
	while (getline(&line, &size, maps) > 0) {
		if (sscanf(line, "%llx-%llx %7s", &start, &end, flags) != 3 ||
			(flags[1] != 'w' && flags[3] != 's') ||
			(part == PART_PRIVATE && flags[3] == 's') ||
			(part == PART_SHARED && flags[3] != 's'))
			continue;
		if (stack >= start && stack < end) {
			start = stack - 128;
			if (end - start > STACK_BYTES && part != PART_ALL)
				end = start + STACK_BYTES;
		}
		length = end - start;
		if (total + length > DATA_BYTES_MAX) {
			if (whole)
				*whole = false;
			continue;
		}
		total += length;
		if (memory_read(task, start, data, length))
			hash = hash_bytes(hash, data, length);
		else if (whole)
			*whole = false;
	}
	free(data);
	free(line);
	fclose(maps);
	return hash;
}

static bool same_registers(
	const struct user_regs_struct *a, const struct user_regs_struct *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/*
 * 1 when the task is proved to go round, 0 when not; -1 when something else
 * happened, which the caller then finds: a stop is never dropped, so one
 * that comes up in between is left pending by stepping no further.
 */
static int goes_round(struct engine *engine, struct task *task)
{
	struct user_regs_struct first, now;
	uint64_t memory;
	int step, status;

	if (!signals_can_step(task) ||
		ptrace(PTRACE_GETREGS, task->tid, 0, &first) < 0)
		return 0;
	memory = hash_memory(task, first.rsp, PART_PRIVATE, NULL);
	for (step = 0; step < STEPS_MAX; step++) {
		unsigned char code[2] = {0, 0};

		if (ptrace(PTRACE_GETREGS, task->tid, 0, &now) < 0)
			return 0;
		if (step > 0 && same_registers(&first, &now))
			return hash_memory(task, now.rsp, PART_PRIVATE, NULL) ==
			       memory;
		/* not into a system call: its stop belongs to the slice */
		memory_read(task, now.rip, code, sizeof(code));
		if (code[0] == 0x0f && (code[1] == 0x05 || code[1] == 0x31))
			return 0;
		memory_forget_stack(task);
		if (ptrace(PTRACE_SINGLESTEP, task->tid, 0, 0) < 0 ||
			stops_wait(engine, task, &status) < 0)
			return 0;
		if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP ||
			status >> 16)
			return -1;
	}
	return 0;
}

static bool others_wait(const struct engine *engine, const struct task *task)
{
	size_t i;

	for (i = 0; i < engine->count; i++) {
		const struct task *other = engine->tasks[i];

		if (other != task && other->state != TASK_DEAD &&
			other->state != TASK_ZOMBIE_LEADER)
			return true;
	}
	return false;
}

bool spin_examine(struct engine *engine, struct task *task)
{
	int64_t used = engine_task_cpu_ns(task) - task->slice_cpu_ns;
	struct event event;
	int round;

	engine->interrupted = true; /* no tick asks again meanwhile */
	round = goes_round(engine, task);
	engine->interrupted = false;

	if (round == 0 && ((used < MAKE_WAY_NS && task->parks == 0) ||
				  !others_wait(engine, task))) {
		engine->interrupt_at_ns = used * 2 + FIRST_LOOK_NS;
		return true;
	}
	if (round < 0)
		return true;
	task->state = TASK_PARKED;
	task->spin_proved = round == 1;
	task->parked_at = engine->progress;
	task->parks++;
	if (round == 1)
		task->parked_hash = hash_memory(task, 0, PART_SHARED, NULL);
	if (round == 1 && !task->idle.spinning) {
		task->idle.spinning = true;
		event = task_event(engine, EVENT_SPIN, task);
		event.call = "loop";
		engine_event(engine, &event);
	}
	return false;
}

bool spin_may_go_on(const struct engine *engine, const struct task *task)
{
	if (task->parked_at == engine->progress)
		return false;
	/* threads share all memory, a signal changes the registers */
	if (!task->spin_proved || task->process->threads > 1 ||
		signals_pending(task))
		return true;
	return hash_memory(task, 0, PART_SHARED, NULL) != task->parked_hash;
}

static void hold(struct engine *engine, struct task *task, bool quantum)
{
	task->idle_held = true;
	task->idle_mark = engine->changes;
	task->held_until_ns =
		quantum ? clock_after(engine->clock.now_ns, IDLE_QUANTUM_NS)
			: CLOCK_NEVER;
}

static void save_state(struct engine *engine, struct task *task)
{
	task->idle_saved_at = engine->changes;
	task->idle_registers = task->regs;
	task->idle_memory = hash_memory(task, task->regs.rsp, PART_ALL, NULL);
}

/*
 * True when the task is in the state that was remembered, and nobody has done
 * anything since, so that it gets the same answers again.
 */
static bool state_recurs(struct engine *engine, struct task *task)
{
	bool whole = true;

	if (engine->changes != task->idle_saved_at) {
		save_state(engine, task);
		return false;
	}
	if (!same_registers(&task->regs, &task->idle_registers))
		return false;
	if (hash_memory(task, task->regs.rsp, PART_ALL, &whole) ==
			task->idle_memory &&
		whole)
		return true;
	idle_differs(&task->idle);
	return false;
}

/* A sleep, or a wait for descriptors that its time-out has ended. */
static bool was_nap(const struct task *task)
{
	return task->wait.kind == WAIT_TIME ||
	       (task->wait.kind == WAIT_POLL &&
		       task->wait.woken == WAKE_TIMEOUT);
}

static enum idle_advice advice_for(struct task *task, bool reads_clock)
{
	uint64_t count = 1 + task->skipped;

	if (task->call->number != HOOKS_POINT &&
		task->call->number != HOOKS_NOTE)
		return idle_call(&task->idle, reads_clock);
	task->skipped = 0;
	return idle_access(&task->idle, count);
}

void spin_count_call(struct engine *engine, struct task *task)
{
	bool was = task->idle.spinning, reads_clock;
	struct event event;

	if (task->progressed) {
		engine->changes++;
		if (!was_nap(task)) {
			engine->effects++;
			task->own_effects++;
		}
		idle_progress(&task->idle);
		return;
	}
	/* who reads a clock in each round finds another time in each */
	reads_clock = !(task->call->flags & (CALL_VISIBLE | CALL_NO_CLOCK));
	if (reads_clock)
		task->own_effects++;
	switch (advice_for(task, reads_clock)) {
	case IDLE_GO_ON:
		break;
	case IDLE_SAVE:
		save_state(engine, task);
		break;
	case IDLE_COMPARE:
		if (!state_recurs(engine, task))
			break;
		idle_proved(&task->idle);
		hold(engine, task, task->idle.reads_time);
		break;
	case IDLE_SLEEP:
		hold(engine, task, true);
		break;
	}
	if (was || !task->idle.spinning)
		return;
	event = task_event(engine, EVENT_SPIN, task);
	event.value = task->idle.calls;
	event.call = task->call->name;
	engine_event(engine, &event);
}

void spin_stands(struct task *task)
{
	if (task->idle_held && task->held_until_ns == CLOCK_NEVER)
		task->idle_memory =
			hash_memory(task, task->regs.rsp, PART_ALL, NULL);
}

void spin_release(struct engine *engine, struct task *task)
{
	if (!task->idle_held)
		return;
	if (engine->changes != task->idle_mark ||
		task->held_until_ns == CLOCK_NEVER)
		idle_again(&task->idle);
	task->idle_held = false;
	task->held_until_ns = 0;
}

bool spin_sees_change(const struct engine *engine, const struct task *task)
{
	if (!task->idle_held || task->held_until_ns <= engine->clock.now_ns)
		return false;
	/* one that waits for time asks again soon anyway */
	return engine->changes != task->idle_mark ||
	       (task->held_until_ns == CLOCK_NEVER &&
		       hash_memory(task, task->regs.rsp, PART_ALL, NULL) !=
			       task->idle_memory);
}

/*
 * A loop that sleeps a little and looks again is no busy waiting, but to run
 * all its rounds is futile too: when it falls asleep in the very state in
 * which it fell asleep before, and nobody has done anything between, each
 * further round is the same until somebody does.  Then the clock need not stop
 * for it; engine.c lets it sleep on, in whole rounds, to the next moment at
 * which another can do something.
 */
#define NAP_MAX_NS 1000000000

/* The memory that somebody else can change under a sleeper. */
static uint64_t hash_of_others(const struct task *task)
{
	bool threads = task->process->threads > 1;

	return hash_memory(
		task, task->regs.rsp, threads ? PART_ALL : PART_SHARED, NULL);
}

void spin_note_nap(struct engine *engine, struct task *task)
{
	int64_t now_ns = engine->clock.now_ns;
	bool whole = true;
	uint64_t memory;

	task->nap_period_ns = 0;
	if (task->own_effects != task->nap_own_effects ||
		task->wait.deadline_ns - now_ns > NAP_MAX_NS) {
		/* the first of a row, or no poll at all: nothing to look at */
		task->nap_own_effects = task->own_effects;
		task->nap_saved = false;
		return;
	}
	memory = hash_memory(task, task->regs.rsp, PART_ALL, &whole);
	if (task->nap_saved && whole && memory == task->nap_memory &&
		task->nap_effects == engine->effects &&
		same_registers(&task->regs, &task->nap_registers))
		task->nap_period_ns = now_ns - task->nap_at_ns;
	task->nap_alone =
		task->nap_period_ns == task->wait.deadline_ns - now_ns;
	if (task->nap_period_ns > 0)
		task->nap_others = hash_of_others(task);
	task->nap_saved = true;
	task->nap_memory = memory;
	task->nap_registers = task->regs;
	task->nap_effects = engine->effects;
	task->nap_at_ns = now_ns;
}

/* Only what others can change is looked at, as it is done often. */
void spin_review_naps(struct engine *engine)
{
	size_t i;

	for (i = 0; i < engine->alive_count; i++) {
		struct task *task = engine->alive[i];

		task->nap_futile = task->nap_period_ns > 0 &&
				   task->state == TASK_AT_CALL &&
				   task->nap_effects == engine->effects &&
				   hash_of_others(task) == task->nap_others;
	}
}
