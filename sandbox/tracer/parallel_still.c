/*
 * Is everybody asleep?
 *
 * A state of "S" in /proc is no proof: a task may be preempted between
 * setting it and going to sleep, and a task looked at first may have been
 * woken by one looked at later.  /proc/TID/syscall says "running" for a task
 * that is on a run queue, whatever its state; but a task that has been woken
 * on another processor is on none until that one takes notice, and only its
 * state is "R" meanwhile.  And the kernel counts the turns that a task had on
 * a processor.  So all are looked at twice: a task that was off the queues and
 * not woken both times, and had no turn in between, slept all the while; and
 * all the whiles share the moment between the two rounds.  Nobody woke anybody
 * at that moment, and nobody will, but a timer or the tracer.
 *
 * A task in a stop sleeps too; it has something to report then, which is
 * asked for last.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/engine.h"
#include "tracer/parallel.h"

static int open_proc(pid_t tid, const char *name)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/%s", tid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

void parallel_open_proc(struct parallel_task *task)
{
	task->syscall_fd = open_proc(task->tid, "syscall");
	task->stat_fd = open_proc(task->tid, "stat");
	task->schedstat_fd = open_proc(task->tid, "schedstat");
}

void parallel_close_proc(struct parallel_task *task)
{
	int *const fds[] = {
		&task->syscall_fd, &task->stat_fd, &task->schedstat_fd};

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

static bool read_text(int fd, char *text, size_t size)
{
	ssize_t length = fd < 0 ? -1 : pread(fd, text, size - 1, 0);

	if (length < 0)
		return false;
	text[length] = '\0';
	return true;
}

/* Processor time and turns; false when it cannot be known. */
static bool read_use(
	const struct parallel_task *task, int64_t *cpu_ns, uint64_t *turns)
{
	int64_t waited;
	char text[96];

	return read_text(task->schedstat_fd, text, sizeof(text)) &&
	       sscanf(text, "%" SCNd64 " %" SCNd64 " %" SCNu64, cpu_ns, &waited,
		       turns) == 3;
}

/* The state in /proc/TID/stat; "R" when it cannot be known. */
static char read_state(const struct parallel_task *task)
{
	char text[192];
	const char *name_end;

	if (!read_text(task->stat_fd, text, sizeof(text)))
		return 'R';
	name_end = strrchr(text, ')');
	if (!name_end || name_end[1] != ' ')
		return 'R';
	return name_end[2];
}

/*
 * "R" is also the state of a task between sleep and queue.  "D" is a wait for
 * the machine, a page or a lock of the kernel, and ends by itself; but for the
 * parent of a vfork().
 */
static bool sleeps(const struct parallel_task *task)
{
	char call[192], state;

	if (!read_text(task->syscall_fd, call, sizeof(call)) ||
		!strncmp(call, "running", 7))
		return false;
	state = read_state(task);
	if (state == 'D')
		return strtol(call, NULL, 10) == SYS_vfork ||
		       strtol(call, NULL, 10) == SYS_clone;
	return state != 'R';
}

/* The first look, or the second, which compares with it. */
static enum parallel_stillness look_at(
	struct parallel *run, struct parallel_task *task, bool again)
{
	uint64_t turns;
	int64_t cpu_ns;
	bool asleep;

	if (again) {
		asleep = sleeps(task);
		if (!read_use(task, &cpu_ns, &turns))
			return PARALLEL_BUSY;
	} else {
		if (!read_use(task, &cpu_ns, &turns))
			return PARALLEL_BUSY;
		asleep = sleeps(task);
	}
	if (asleep && (!again || turns == task->turns)) {
		task->turns = turns;
		return PARALLEL_STILL;
	}
	task->turns = turns;
	if (cpu_ns - task->cpu_ns < run->spun_ns)
		run->spun_ns = cpu_ns - task->cpu_ns;
	return cpu_ns - task->cpu_ns > PARALLEL_SPIN_NS ? PARALLEL_SPINNING
							: PARALLEL_BUSY;
}

static bool has_something_to_report(void)
{
	siginfo_t info = {0};

	return waitid(P_ALL, 0, &info,
		       WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) == 0 &&
	       info.si_pid != 0;
}

enum parallel_stillness parallel_look(struct parallel *run)
{
	enum parallel_stillness all = PARALLEL_STILL;

	run->spun_ns = INT64_MAX;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < run->count; i++) {
			struct parallel_task *task = run->tasks[i];
			enum parallel_stillness one;

			if (task->dead)
				continue;
			one = look_at(run, task, round == 1);
			if (one == PARALLEL_BUSY)
				return PARALLEL_BUSY;
			if (one == PARALLEL_SPINNING)
				all = PARALLEL_SPINNING;
		}
	}
	return has_something_to_report() ? PARALLEL_BUSY : all;
}

static int64_t resident_bytes(pid_t process)
{
	auto_close int fd = open_proc(process, "statm");
	char text[96];

	return read_text(fd, text, sizeof(text)) ? usage_memory(text) : 0;
}

int64_t parallel_resident(const struct parallel *run)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < run->count; i++)
		if (!run->tasks[i]->dead &&
			run->tasks[i]->tid == run->tasks[i]->tgid)
			bytes += resident_bytes(run->tasks[i]->tid);
	return bytes;
}

void parallel_forgive(struct parallel *run)
{
	uint64_t turns;

	for (size_t i = 0; i < run->count; i++)
		if (!run->tasks[i]->dead)
			read_use(run->tasks[i], &run->tasks[i]->cpu_ns, &turns);
}
