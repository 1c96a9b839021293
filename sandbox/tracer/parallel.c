/*
 * The loop of a run without a schedule.
 *
 * Every stop of every task is handled as it comes, and the task goes on at
 * once.  When none has anything to report, and all are asleep, it is time for
 * the clock to move.  Nothing tells that the last task fell asleep, so with
 * tasks still running the loop waits for the next report, a tick at most.
 *
 * SIGCHLD is blocked all the while: a report that comes between waitpid() and
 * the wait for the signal stays pending and ends that wait.
 */
#define _GNU_SOURCE
#include "tracer/parallel.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "model/lines.h"
#include "tracer/engine.h"
#include "tracer/memory.h"
#include "tracer/stops.h"

#define EVENT_OF(status) ((status) >> 16)
#define SILENT_TICKS 20   /* before all that sleep are called deadlocked */
#define CENSUS_NS 2000000 /* between two censuses of memory */

int64_t parallel_wall_ns(void)
{
	return engine_wall_ns();
}

/* The engine's functions for memory look at the number of the thread only. */
static struct task as_task(const struct parallel_task *task)
{
	return (struct task){.tid = task->tid};
}

bool parallel_read(const struct parallel_task *task, uint64_t address,
	void *data, size_t length)
{
	const struct task engine_task = as_task(task);

	return memory_read(&engine_task, address, data, length);
}

bool parallel_write(const struct parallel_task *task, uint64_t address,
	const void *data, size_t length)
{
	const struct task engine_task = as_task(task);

	return memory_write(&engine_task, address, data, length);
}

void parallel_end(struct parallel *run, enum run_end end, const char *name)
{
	if (run->stop)
		return;
	run->stop = true;
	run->out->end = end;
	if (end == RUN_END_LIMIT)
		run->out->limit = name;
	else
		run->out->call = name;
}

static int trouble(struct parallel *run, int error, const char *what)
{
	run->stop = true;
	run->error = err_errno(run->err, error, "%s", what);
	return run->error;
}

void parallel_event(struct parallel *run, enum event_kind kind, int task)
{
	struct event event = event_make(kind, task);

	event.time_us = run->clock.now_ns / 1000;
	trace_append(&run->out->trace, &event);
}

struct sink {
	struct parallel *run;
	struct event event;
};

static void emit_line(
	void *context, const char *line, size_t length, bool ended)
{
	struct sink *sink = context;

	sink->event.value = ended;
	trace_append_data(
		&sink->run->out->trace, &sink->event, line, length, NULL, 0);
}

static struct sink sink_of(
	struct parallel *run, const struct parallel_task *task, int stream)
{
	struct sink sink = {run, event_make(EVENT_OUTPUT, task->number)};

	sink.event.time_us = run->clock.now_ns / 1000;
	sink.event.object = stream ? "stderr" : "stdout";
	return sink;
}

void parallel_output(struct parallel *run, struct parallel_task *task,
	int stream, const char *data, size_t length)
{
	struct sink sink = sink_of(run, task, stream);

	run->output_bytes +=
		length < RUN_CALL_BYTES ? RUN_CALL_BYTES : (int64_t)length;
	if (run->output_bytes > run->limits->output_bytes) {
		parallel_end(run, RUN_END_LIMIT, "output");
		return;
	}
	lines_add(&parallel_leader(run, task)->partial[stream], data, length,
		emit_line, &sink);
}

static struct parallel_task *find_task(const struct parallel *run, pid_t tid)
{
	for (size_t i = run->count; i-- > 0;)
		if (run->tasks[i]->tid == tid)
			return run->tasks[i];
	return NULL;
}

struct parallel_task *parallel_leader(
	struct parallel *run, const struct parallel_task *task)
{
	struct parallel_task *leader = find_task(run, task->tgid);

	/* the first of the process that we heard of */
	for (size_t i = 0; !leader && i < run->count; i++)
		if (run->tasks[i]->tgid == task->tgid)
			leader = run->tasks[i];
	return leader;
}

/* The process that a thread belongs to, 0 when it has gone. */
static pid_t read_process(pid_t tid)
{
	char path[48], line[128];
	long process = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	status = fopen(path, "re");
	if (!status)
		return 0;
	while (!process && fgets(line, sizeof(line), status))
		if (!strncmp(line, "Tgid:", 5))
			process = strtol(line + 5, NULL, 10);
	fclose(status);
	return (pid_t)process;
}

/* Known from its own first stop or from its parent's, whichever is first. */
static void add_task(struct parallel *run, pid_t tid, int parent)
{
	pid_t process = find_task(run, tid) ? 0 : read_process(tid);
	struct parallel_task *task;

	if (!process)
		return;
	grow_array(
		&run->tasks, run->count, &run->capacity, sizeof(*run->tasks));
	task = xcalloc(1, sizeof(*task));
	task->tid = tid;
	task->tgid = process;
	task->number = trace_add_task(&run->out->trace, parent, tid != process,
		tid, run->clock.now_ns / 1000);
	parallel_open_proc(task);
	run->tasks[run->count++] = task;
	if (++run->live > (size_t)run->limits->processes)
		parallel_end(run, RUN_END_LIMIT, "processes");
}

static void process_ended(
	struct parallel *run, struct parallel_task *leader, int status)
{
	struct run_outcome *out = run->out;

	clock_timer_remove_owned(&run->clock, CLOCK_TIMER_ALARM, leader->tgid);
	for (int stream = 0; stream < 2; stream++) {
		struct sink sink = sink_of(run, leader, stream);

		lines_flush(&leader->partial[stream], emit_line, &sink);
	}
	if (leader != run->tasks[0] || run->stop)
		return;
	out->main_ended = true;
	out->main_end_us = run->clock.now_ns / 1000;
	if (WIFEXITED(status))
		out->main_status = WEXITSTATUS(status);
	else
		out->main_signal = WTERMSIG(status);
}

static void task_gone(
	struct parallel *run, struct parallel_task *task, int status)
{
	if (task->dead)
		return;
	task->dead = true;
	task->wait.on = false;
	run->live--;
	parallel_close_proc(task);
	if (task->tid == task->tgid)
		process_ended(run, task, status);
	/* who spins may be looking for just that: it has seen nothing yet */
	parallel_forgive(run);
}

/* Execution by another thread than the first: that one's number is taken. */
static void after_exec(struct parallel *run, struct parallel_task *task)
{
	const struct task engine_task = as_task(task);
	struct parallel_task *former;
	unsigned long tid = 0;

	ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &tid);
	former = find_task(run, (pid_t)tid);
	if (former && former != task)
		task_gone(run, former, 0);
	task->wait.on = false;
	task->resume_rip = 0;
	tame_image(&engine_task);
}

static bool is_caught(const struct parallel_task *task, int signal)
{
	char path[48], line[128];
	unsigned long long caught = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", task->tid);
	status = fopen(path, "re");
	if (!status)
		return false;
	while (fgets(line, sizeof(line), status))
		if (!strncmp(line, "SigCgt:", 7))
			caught = strtoull(line + 7, NULL, 16);
	fclose(status);
	return caught & SIGNAL_BIT(signal);
}

static void signal_stop(
	struct parallel *run, struct parallel_task *task, int signal)
{
	unsigned char code[2];
	struct user_regs_struct regs;

	/* a time stamp: it traps, and only the engine answers it */
	if (signal == SIGSEGV &&
		ptrace(PTRACE_GETREGS, task->tid, 0, &regs) == 0 &&
		parallel_read(task, regs.rip, code, sizeof(code)) &&
		code[0] == 0x0f && (code[1] == 0x31 || code[1] == 0x01)) {
		parallel_end(run, RUN_END_UNSUPPORTED, "rdtsc");
		return;
	}
	/* what it slept on for is over: a handler runs */
	if (task->resume_rip && is_caught(task, signal))
		task->resume_rip = 0;
	ptrace(PTRACE_CONT, task->tid, 0, (void *)(uintptr_t)signal);
}

static bool stops_its_process(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN ||
	       signal == SIGTTOU;
}

static void stopped(
	struct parallel *run, struct parallel_task *task, int status)
{
	int signal = WSTOPSIG(status);
	unsigned long child = 0;

	switch (EVENT_OF(status)) {
	case 0:
		if (signal == (SIGTRAP | 0x80))
			parallel_call_exit(run, task);
		else
			signal_stop(run, task, signal);
		return;
	case PTRACE_EVENT_SECCOMP:
		parallel_call_entry(run, task);
		return;
	case PTRACE_EVENT_STOP:
		if (stops_its_process(signal)) {
			ptrace(PTRACE_LISTEN, task->tid, 0, 0);
			return;
		}
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &child);
		add_task(run, (pid_t)child, task->number);
		break;
	case PTRACE_EVENT_EXEC:
		after_exec(run, task);
		break;
	default:
		break;
	}
	ptrace(PTRACE_CONT, task->tid, 0, 0);
}

static void dispatch(struct parallel *run, pid_t pid, int status)
{
	struct parallel_task *task = find_task(run, pid);

	if (pid == run->jail->init) {
		trouble(run, -ESRCH, "the jail has ended");
		return;
	}
	if (!task) {
		add_task(run, pid, 0);
		task = find_task(run, pid);
	}
	if (!task)
		return;
	if (WIFEXITED(status) || WIFSIGNALED(status))
		task_gone(run, task, status);
	else
		stopped(run, task, status);
}

/* Handles one report; false when there is none. */
static bool take_report(struct parallel *run)
{
	int status;
	pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);

	if (pid > 0) {
		run->silent = 0;
		dispatch(run, pid, status);
	}
	return pid > 0;
}

static void await_report(void)
{
	const struct timespec tick = {.tv_nsec = PARALLEL_TICK_NS};
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigtimedwait(&child, NULL, &tick);
}

/* Standard output's pipe never fills: its text was taken at the write. */
static void drain(const struct parallel *run)
{
	char bytes[4096];

	while (run->drain_fd >= 0 &&
		read(run->drain_fd, bytes, sizeof(bytes)) > 0)
		;
}

static void end_with_main(struct parallel *run)
{
	for (size_t i = 0; i < run->count; i++)
		if (!run->tasks[i]->dead &&
			run->tasks[i]->tid == run->tasks[i]->tgid)
			parallel_event(run, EVENT_LEFT, run->tasks[i]->number);
	parallel_end(run, RUN_END_EXITED, NULL);
}

/* Nobody does anything more at this moment of virtual time. */
static void at_rest(struct parallel *run, bool spinning)
{
	int64_t next = parallel_next_deadline(run);

	run->stuck = spinning && next == CLOCK_NEVER;
	if (run->out->main_ended) {
		end_with_main(run);
	} else if (next == CLOCK_NEVER) {
		/* the kernel's own delays, of an exit say, are over by then */
		if (!spinning && ++run->silent > SILENT_TICKS)
			parallel_end(run, RUN_END_DEADLOCK, NULL);
		else if (!spinning)
			await_report();
		else if (run->spun_ns > PARALLEL_STUCK_NS)
			parallel_end(run, RUN_END_LIMIT, RUN_LIMIT_BUSY);
	} else if (next / 1000 > run->limits->virtual_us) {
		parallel_end(run, RUN_END_LIMIT, "virtual-time");
	} else {
		if (next > run->clock.now_ns)
			clock_advance(&run->clock, next);
		parallel_forgive(run);
		parallel_fire(run);
	}
}

/* Who is stuck is waited for longer: its share of a loaded machine is small. */
static void check_limits(struct parallel *run)
{
	int64_t now_ns = parallel_wall_ns();
	int64_t limit_us = run->limits->wall_us * (run->stuck ? 3 : 1);

	if ((now_ns - run->started_ns) / 1000 > limit_us)
		parallel_end(run, RUN_END_LIMIT, "wall");
	if (now_ns - run->census_ns < CENSUS_NS)
		return;
	run->census_ns = now_ns;
	if (parallel_resident(run) > run->limits->memory_bytes)
		parallel_end(run, RUN_END_LIMIT, "memory");
}

static void loop(struct parallel *run)
{
	while (!run->stop) {
		enum parallel_stillness look;

		if (take_report(run)) {
			check_limits(run);
			continue;
		}
		if (run->live == 0) {
			parallel_end(run, RUN_END_EXITED, NULL);
			break;
		}
		drain(run);
		look = parallel_look(run);
		if (look != PARALLEL_BUSY)
			at_rest(run, look == PARALLEL_SPINNING);
		check_limits(run);
		if (!run->stop && look != PARALLEL_STILL)
			await_report();
	}
}

static int begin(struct parallel *run)
{
	const long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
			     PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD |
			     PTRACE_O_EXITKILL;
	pid_t main = run->jail->main;
	int status;

	if (ptrace(PTRACE_SEIZE, main, 0, options) < 0)
		return trouble(run, -errno, "cannot trace the program");
	add_task(run, main, -1);
	if (run->count == 0)
		return trouble(run, -ESRCH, "the program's process was lost");
	if (jail_release(run->jail, run->err) < 0)
		return run->error = -EIO;
	for (;;) {
		if (waitpid(main, &status, __WALL) != main) {
			if (errno == EINTR)
				continue;
			return trouble(run, -ESRCH, "main was lost");
		}
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			task_gone(run, run->tasks[0], status);
			return run->error = jail_failure(run->jail, run->err);
		}
		if (EVENT_OF(status) == PTRACE_EVENT_EXEC)
			break;
		/* the jail's own last calls, under its filter already */
		ptrace(PTRACE_CONT, main, 0, 0);
	}
	stopped(run, run->tasks[0], status);
	return 0;
}

/* Nothing of the program is left alive, and nothing of it unreaped. */
static void kill_all(struct parallel *run)
{
	run->stop = true;
	for (size_t i = 0; i < run->count; i++)
		if (!run->tasks[i]->dead)
			kill(run->tasks[i]->tgid, SIGKILL);
	while (run->live > 0) {
		int status;
		pid_t pid = waitpid(-1, &status, __WALL);
		struct parallel_task *task = find_task(run, pid);

		if (pid < 0 && errno != EINTR)
			break;
		if (pid <= 0 || pid == run->jail->init)
			continue;
		if (WIFSTOPPED(status)) {
			/* one that was being born */
			kill(pid, SIGKILL);
			ptrace(PTRACE_CONT, pid, 0, 0);
		} else if (task) {
			task_gone(run, task, status);
		}
	}
}

int parallel_main(struct parallel *run)
{
	sigset_t child, old;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &old);
	run->started_ns = parallel_wall_ns();
	run->clock.up_ns = run->spec->up_us * 1000;
	if (begin(run) == 0)
		loop(run);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return run->error;
}

void parallel_release(struct parallel *run)
{
	kill_all(run);
	for (size_t i = 0; i < run->count; i++) {
		buf_release(&run->tasks[i]->partial[0]);
		buf_release(&run->tasks[i]->partial[1]);
		free(run->tasks[i]);
	}
	free(run->tasks);
	clock_release(&run->clock);
}
