/*
 * Limits, and what the tasks use of them: time and memory.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tracer/engine.h"

int64_t engine_wall_ns(void)
{
	struct timespec now;

	/* the vDSO reads the time stamp counter, which traps: see run.c */
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* The clock of CPU time of another process, as clock_getcpuclockid(3). */
#define PROCESS_CLOCK(pid) ((clockid_t)((~(unsigned)(pid) << 3) | 2u))

/*
 * CPU time of one thread in nanoseconds, exact: its process' where that has
 * never had another, else from its schedstat, which takes ten times as long.
 */
int64_t engine_task_cpu_ns(const struct task *task)
{
	struct timespec used;
	char path[48], text[64];
	ssize_t got;
	int fd;

	if (!task->process->had_threads &&
		syscall(SYS_clock_gettime, PROCESS_CLOCK(task->process->tgid),
			&used) == 0)
		return used.tv_sec * INT64_C(1000000000) + used.tv_nsec;
	snprintf(path, sizeof(path), "/proc/%d/schedstat", task->tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (got <= 0)
		return 0;
	text[got] = '\0';
	return strtoll(text, NULL, 10);
}

/*
 * Page tables are nobody's pages: the most that they can take is counted, a
 * page of them for so many that are mapped.
 */
#define PAGES_A_TABLE 512

int64_t usage_memory(const char *statm)
{
	long mapped, resident;

	if (sscanf(statm, "%ld %ld", &mapped, &resident) != 2)
		return 0;
	return (resident + mapped / PAGES_A_TABLE) * sysconf(_SC_PAGESIZE);
}

static int64_t process_resident(const struct process *process)
{
	char path[48], text[96];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/statm", process->tgid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (got <= 0)
		return 0;
	text[got] = '\0';
	return usage_memory(text);
}

bool engine_tell_limit(struct engine *engine, struct task *task,
	const char *name, int64_t value)
{
	struct event event = task_event(engine, EVENT_LIMIT, task);
	int i;

	for (i = 0; i < LIMIT_NAMES && engine->noted[i]; i++)
		if (!strcmp(engine->noted[i], name))
			return false;
	if (i == LIMIT_NAMES)
		return false;
	engine->noted[i] = name;
	event.object = name;
	event.value = value;
	engine_event(engine, &event);
	return true;
}

void engine_note_limit(struct engine *engine, struct task *task,
	const char *name, int64_t value)
{
	if (engine_tell_limit(engine, task, name, value))
		engine->out->limit = name;
}

/* A limit that ends the run. */
void engine_limit(struct engine *engine, const char *name, int64_t value)
{
	if (engine->stop)
		return;
	if (engine->left_noted) { /* no more to see of what main left */
		engine_stop(engine, RUN_END_EXITED, NULL);
		return;
	}
	engine_note_limit(engine, engine->running, name, value);
	engine->out->limit = name;
	engine_stop(engine, RUN_END_LIMIT, NULL);
}

/*
 * On each tick of real time.  Limits that are real (CPU, memory, wall) are
 * far from what a homework needs: where exactly they strike may differ from
 * run to run, that they strike may not.
 */
void engine_check_usage(struct engine *engine, bool runs)
{
	int64_t cpu_ns = engine->cpu_ns, resident = 0, slice_ns;
	size_t i;

	engine->checked_ns = engine_wall_ns();
	for (i = 0; i < engine->count; i++) {
		const struct task *task = engine->tasks[i];

		if (task->state == TASK_DEAD || task->exiting)
			continue;
		cpu_ns += engine_task_cpu_ns(task);
		if (task->number == task->process->number)
			resident += process_resident(task->process);
	}
	if (cpu_ns / 1000 > engine->limits.cpu_us)
		engine_limit(engine, "cpu", engine->limits.cpu_us);
	else if (resident > engine->limits.memory_bytes)
		engine_limit(engine, "memory", engine->limits.memory_bytes);
	else if ((engine->checked_ns - engine->started_ns) / 1000 >
		 engine->limits.wall_us)
		engine_limit(engine, "wall", engine->limits.wall_us);
	if (!engine->running || engine->running->state == TASK_DEAD ||
		engine->running->exiting)
		return;
	if (engine->stop && runs) {
		/* whatever it is doing: its end is all that we wait for */
		engine->running->process->doomed = true;
		kill(engine->running->process->tgid, SIGKILL);
	}
	if (engine->stop)
		return;
	slice_ns = engine_task_cpu_ns(engine->running);
	if (engine->running->slice_seen != engine->slices) {
		engine->running->slice_seen = engine->slices;
		engine->running->slice_cpu_ns = slice_ns;
		return;
	}
	slice_ns -= engine->running->slice_cpu_ns;
	if (slice_ns > engine->interrupt_at_ns && !engine->interrupted) {
		engine->interrupted = true;
		ptrace(PTRACE_INTERRUPT, engine->running->tid, 0, 0);
	}
}
