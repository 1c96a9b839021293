/*
 * A task that computes without system calls never gives the processor up by
 * itself.  After some CPU time it is interrupted and single-stepped: when
 * its registers come back to the same values and the memory that it may be
 * counting in has not changed, it can only go round and round until another
 * task does something: it is parked.  A long computation is not parked; it
 * is let run on, and only makes way now and then when others wait.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "base/alloc.h"
#include "tracer/engine.h"

#define STEPS_MAX 4000
#define STACK_BYTES 8192
#define DATA_BYTES_MAX (256 * 1024)
#define FIRST_LOOK_NS 5000000
#define MAKE_WAY_NS 100000000

/* FNV-1a */
static uint64_t hash_bytes(uint64_t hash, const void *data, size_t length)
{
	const unsigned char *bytes = data;
	size_t i;

	for (i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/*
 * The task's private writable memory (data, bss, heap, near stack), or what
 * it shares with other processes.
 */
static uint64_t hash_memory(
	const struct task *task, uint64_t stack, bool shared)
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
			flags[1] != 'w' || (flags[3] == 's') != shared)
			continue;
		if (stack >= start && stack < end) {
			start = stack - 128;
			if (end - start > STACK_BYTES)
				end = start + STACK_BYTES;
		}
		length = end - start;
		if (total + length > DATA_BYTES_MAX)
			continue;
		total += length;
		if (memory_read(task, start, data, length))
			hash = hash_bytes(hash, data, length);
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

	if (ptrace(PTRACE_GETREGS, task->tid, 0, &first) < 0)
		return 0;
	memory = hash_memory(task, first.rsp, false);
	for (step = 0; step < STEPS_MAX; step++) {
		unsigned char code[2] = {0, 0};

		if (ptrace(PTRACE_GETREGS, task->tid, 0, &now) < 0)
			return 0;
		if (step > 0 && same_registers(&first, &now))
			return hash_memory(task, now.rsp, false) == memory;
		/* not into a system call: its stop belongs to the slice */
		memory_read(task, now.rip, code, sizeof(code));
		if (code[0] == 0x0f && (code[1] == 0x05 || code[1] == 0x31))
			return 0;
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
		task->parked_hash = hash_memory(task, 0, true);
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
	return hash_memory(task, 0, true) != task->parked_hash;
}
