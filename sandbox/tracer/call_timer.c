/*
 * Timers of the program, kept in the virtual clock.  Their signals are sent
 * by us with what the kernel would put into siginfo (SI_TIMER may be sent
 * from outside, rt_sigqueueinfo(2)).  A timerfd is an eventfd in disguise:
 * same reading, same polling; an expiry adds one to it.
 */
#define _GNU_SOURCE
#include "tracer/call_timer.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tracer/calls.h"
#include "tracer/files.h"
#include "tracer/memory.h"
#include "tracer/task.h"

#define TIMERFDS_MAX 400 /* made in a run */
#define TIMERS_MAX 1024  /* at once */

static int64_t from_timeval(const struct timeval *value)
{
	int64_t ns = 0;

	clock_from_timeval(value, &ns);
	return ns;
}

static struct timeval to_timeval(int64_t ns)
{
	return (struct timeval){ns / 1000000000, ns / 1000 % 1000000};
}

static int64_t left_ns(
	const struct engine *engine, const struct clock_timer *timer)
{
	if (!timer || timer->deadline_ns == CLOCK_NEVER)
		return 0;
	return timer->deadline_ns - engine->clock.now_ns;
}

static struct clock_timer *interval_timer(
	struct engine *engine, struct process *process)
{
	if (!process->itimer)
		process->itimer = clock_timer_add(
			&engine->clock, CLOCK_TIMER_ALARM, process->number);
	return clock_timer_find(&engine->clock, process->itimer);
}

static void arm(const struct engine *engine, struct clock_timer *timer,
	int64_t value_ns, int64_t interval_ns)
{
	timer->interval_ns = interval_ns;
	timer->overruns = 0;
	timer->deadline_ns =
		value_ns == 0 ? CLOCK_NEVER
			      : clock_after(engine->clock.now_ns, value_ns);
}

enum call_action enter_alarm(struct engine *engine, struct task *task)
{
	struct clock_timer *timer = interval_timer(engine, task->process);
	int64_t left = left_ns(engine, timer);

	task->result = (long)(left / 1000000000 + (left % 1000000000 > 0));
	arm(engine, timer, (int64_t)(unsigned)task->args[0] * 1000000000, 0);
	return CALL_DONE;
}

enum call_action enter_getitimer(struct engine *engine, struct task *task)
{
	struct clock_timer *timer = interval_timer(engine, task->process);
	struct itimerval old;

	if (task->args[0] != ITIMER_REAL)
		return CALL_RUN_FREE;
	old.it_interval = to_timeval(timer->interval_ns);
	old.it_value = to_timeval(left_ns(engine, timer));
	task->result = 0;
	if (!memory_write(task, task->args[1], &old, sizeof(old)))
		task->result = -EFAULT;
	return CALL_DONE;
}

static bool is_good(const struct timeval *value)
{
	return value->tv_sec >= 0 && value->tv_usec >= 0 &&
	       value->tv_usec <= 999999;
}

enum call_action enter_setitimer(struct engine *engine, struct task *task)
{
	struct clock_timer *timer = interval_timer(engine, task->process);
	struct itimerval new;

	if (task->args[0] != ITIMER_REAL)
		return CALL_RUN_FREE;
	memset(&new, 0, sizeof(new));
	task->result = -EFAULT;
	if (task->args[1] &&
		!memory_read(task, task->args[1], &new, sizeof(new)))
		return CALL_DONE;
	if (task->args[2]) {
		struct itimerval old = {to_timeval(timer->interval_ns),
			to_timeval(left_ns(engine, timer))};

		if (!memory_write(task, task->args[2], &old, sizeof(old)))
			return CALL_DONE;
	}
	task->result = 0;
	if (!is_good(&new.it_value) || !is_good(&new.it_interval))
		task->result = -EINVAL;
	else
		arm(engine, timer, from_timeval(&new.it_value),
			from_timeval(&new.it_interval));
	return CALL_DONE;
}

static struct program_timer *add_timer(
	struct engine *engine, int kind, const struct task *task)
{
	struct program_timer *timer;

	grow_array(&engine->timers, engine->timer_count,
		&engine->timer_capacity, sizeof(*engine->timers));
	timer = &engine->timers[engine->timer_count++];
	memset(timer, 0, sizeof(*timer));
	timer->id =
		clock_timer_add(&engine->clock, kind, task->process->number);
	timer->process = task->process->number;
	timer->fd = -1;
	return timer;
}

/* timer_t as the program sees it: index in engine.timers. */
static struct program_timer *posix_timer(
	struct engine *engine, const struct task *task, uint64_t id)
{
	struct program_timer *timer;

	if (id >= engine->timer_count)
		return NULL;
	timer = &engine->timers[id];
	if (timer->id == 0 || timer->fd >= 0 ||
		timer->process != task->process->number)
		return NULL;
	return timer;
}

/* What sigev_notify and its signal may be. */
static bool is_valid(const struct engine *engine, const struct task *task,
	const struct sigevent *how)
{
	const struct task *thread;

	if (how->sigev_notify == SIGEV_NONE)
		return true;
	if (how->sigev_notify & SIGEV_THREAD_ID) {
		thread = task_by_inner(engine, how->_sigev_un._tid);
		if (!thread || thread->state == TASK_DEAD ||
			thread->process != task->process)
			return false;
	}
	if ((how->sigev_notify & ~SIGEV_THREAD_ID) != SIGEV_SIGNAL &&
		how->sigev_notify != SIGEV_THREAD)
		return false;
	return how->sigev_signo > 0 && how->sigev_signo <= SIGRTMAX;
}

static size_t live_timers(const struct engine *engine)
{
	size_t live = 0, i;

	for (i = 0; i < engine->timer_count; i++)
		live += engine->timers[i].id != 0;
	return live;
}

enum call_action enter_timer_create(struct engine *engine, struct task *task)
{
	struct sigevent how;
	struct program_timer *timer;
	int32_t id = (int32_t)engine->timer_count;
	int64_t ns;

	memset(&how, 0, sizeof(how));
	how.sigev_notify = SIGEV_SIGNAL;
	how.sigev_signo = SIGALRM;
	how.sigev_value.sival_int = id;
	task->result = -EFAULT;
	if (task->args[1] &&
		!memory_read(task, task->args[1], &how, sizeof(how)))
		return CALL_DONE;
	task->result = -EINVAL;
	if (!clock_moment_of(
		    &engine->clock, (clockid_t)task->args[0], 0, &ns) ||
		!is_valid(engine, task, &how))
		return CALL_DONE;
	task->result = -EFAULT;
	if (!memory_write(task, task->args[2], &id, sizeof(id)))
		return CALL_DONE;
	task->result = -EAGAIN;
	if (live_timers(engine) >= TIMERS_MAX)
		return CALL_DONE;
	timer = add_timer(engine, CLOCK_TIMER_POSIX, task);
	timer->clock = (clockid_t)task->args[0];
	timer->notify = how.sigev_notify;
	timer->signal = how.sigev_signo;
	memcpy(&timer->value, &how.sigev_value, sizeof(timer->value));
	if (how.sigev_notify & SIGEV_THREAD_ID) {
		timer->tid = task_by_inner(engine, how._sigev_un._tid)->tid;
	}
	task->result = 0;
	return CALL_DONE;
}

static bool read_itimerspec(const struct task *task, uint64_t address,
	int64_t *value_ns, int64_t *interval_ns)
{
	struct itimerspec spec;

	return memory_read(task, address, &spec, sizeof(spec)) &&
	       clock_from_timespec(&spec.it_value, value_ns) &&
	       clock_from_timespec(&spec.it_interval, interval_ns);
}

static bool write_itimerspec(const struct engine *engine,
	const struct task *task, uint64_t address,
	const struct clock_timer *timer)
{
	struct itimerspec spec;

	if (!address)
		return true;
	spec.it_interval = clock_to_timespec(timer ? timer->interval_ns : 0);
	spec.it_value = clock_to_timespec(left_ns(engine, timer));
	return memory_write(task, address, &spec, sizeof(spec));
}

/*
 * To an absolute MOMENT that may be past: what would have expired by now is
 * counted at once, the latest of it expires next.
 */
static void arm_at(const struct engine *engine, struct program_timer *program,
	struct clock_timer *timer, int64_t moment_ns, int64_t interval_ns)
{
	int64_t missed = 0;
	uint64_t count;

	if (moment_ns < engine->clock.now_ns && interval_ns > 0)
		missed = (engine->clock.now_ns - moment_ns) / interval_ns;
	arm(engine, timer, 1, interval_ns);
	timer->deadline_ns = moment_ns + missed * interval_ns;
	count = (uint64_t)missed;
	if (missed > 0 && program->fd < 0)
		program->overrun = (int)missed;
	else if (missed > 0 && write(program->fd, &count, sizeof(count)) < 0)
		program->overrun = 0; /* the counter is full */
}

/* timer_settime(2) and timerfd_settime(2) have the same arguments. */
static enum call_action set_timer(
	struct engine *engine, struct task *task, struct program_timer *program)
{
	struct clock_timer *timer =
		clock_timer_find(&engine->clock, program->id);
	int64_t value = 0, interval = 0, moment;

	task->result = -EINVAL;
	if (!read_itimerspec(task, task->args[2], &value, &interval))
		return CALL_DONE;
	task->result = -EFAULT;
	if (!write_itimerspec(engine, task, task->args[3], timer))
		return CALL_DONE;
	task->result = 0;
	program->overrun = 0;
	if (value != 0 && (task->args[1] & TIMER_ABSTIME) &&
		clock_moment_of(&engine->clock, program->clock, value, &moment))
		arm_at(engine, program, timer, moment, interval);
	else
		arm(engine, timer, value, interval);
	return CALL_DONE;
}

enum call_action enter_timer_settime(struct engine *engine, struct task *task)
{
	struct program_timer *timer = posix_timer(engine, task, task->args[0]);

	task->result = -EINVAL;
	return timer ? set_timer(engine, task, timer) : CALL_DONE;
}

enum call_action enter_timer_gettime(struct engine *engine, struct task *task)
{
	struct program_timer *timer = posix_timer(engine, task, task->args[0]);

	task->result = -EINVAL;
	if (timer)
		task->result =
			write_itimerspec(engine, task, task->args[1],
				clock_timer_find(&engine->clock, timer->id))
				? 0
				: -EFAULT;
	return CALL_DONE;
}

enum call_action enter_timer_getoverrun(
	struct engine *engine, struct task *task)
{
	const struct program_timer *timer =
		posix_timer(engine, task, task->args[0]);

	task->result = timer ? timer->last : -EINVAL;
	return CALL_DONE;
}

enum call_action enter_timer_delete(struct engine *engine, struct task *task)
{
	struct program_timer *timer = posix_timer(engine, task, task->args[0]);

	task->result = -EINVAL;
	if (timer) {
		clock_timer_remove(&engine->clock, timer->id);
		timer->id = 0;
		task->result = 0;
	}
	return CALL_DONE;
}

enum call_action enter_timerfd_create(struct engine *engine, struct task *task)
{
	const clockid_t clock = (clockid_t)task->args[0];

	task->result = -EINVAL;
	if (clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM)
		task->result = -EPERM; /* who may wake the machine */
	if ((task->args[1] & ~(uint64_t)(TFD_NONBLOCK | TFD_CLOEXEC)) ||
		(clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC &&
			clock != CLOCK_BOOTTIME))
		return CALL_DONE;
	/* we keep a duplicate of each until the run ends */
	task->result = -EMFILE;
	if (engine->timerfds == TIMERFDS_MAX) {
		engine_note_limit(engine, task, "timerfds", TIMERFDS_MAX);
		return CALL_DONE;
	}
	engine->timerfds++;
	/* TFD_ and EFD_ flags are the same numbers: O_NONBLOCK, O_CLOEXEC */
	task->run.orig_rax = SYS_eventfd2;
	task->run.rdi = 0;
	task->run.rsi = task->args[1];
	task->run_changed = true;
	return CALL_RUN;
}

enum exit_action exit_timerfd_create(
	struct engine *engine, struct task *task, long result)
{
	struct program_timer *timer;
	int fd;

	if (result < 0)
		return EXIT_ON;
	fd = (int)syscall(
		SYS_pidfd_getfd, task->process->pidfd, (int)result, 0);
	if (fd < 0) {
		engine_trouble(engine, -errno, "pidfd_getfd");
		return EXIT_ON;
	}
	timer = add_timer(engine, CLOCK_TIMER_FD, task);
	timer->fd = fd;
	timer->fd_id = file_eventfd_id(fd);
	timer->clock = (clockid_t)task->args[0];
	return EXIT_ON;
}

bool timers_own(const struct engine *engine, const struct file *file)
{
	uint64_t id;
	size_t i;

	if ((file->mode & S_IFMT) != 0 || engine->timer_count == 0)
		return false;
	id = file_eventfd_id(file->fd);
	for (i = 0; i < engine->timer_count; i++)
		if (engine->timers[i].fd >= 0 && engine->timers[i].fd_id == id)
			return true;
	return false;
}

/* The timer, or NULL with the error as the call's result. */
static struct program_timer *fd_timer(
	struct engine *engine, struct task *task, int fd)
{
	int ours = (int)syscall(SYS_pidfd_getfd, task->process->pidfd, fd, 0);
	uint64_t id;
	size_t i;

	task->result = -EBADF;
	if (ours < 0)
		return NULL;
	task->result = -EINVAL;
	id = file_eventfd_id(ours);
	close(ours);
	for (i = 0; i < engine->timer_count; i++)
		if (engine->timers[i].fd >= 0 && engine->timers[i].fd_id == id)
			return &engine->timers[i];
	return NULL;
}

enum call_action enter_timerfd_settime(struct engine *engine, struct task *task)
{
	struct program_timer *timer =
		fd_timer(engine, task, (int)task->args[0]);
	int64_t value, interval;
	struct pollfd ready;
	uint64_t count;

	if (!timer || !read_itimerspec(task, task->args[2], &value, &interval))
		return CALL_DONE;
	/* setting it forgets expiries that nobody has read */
	ready = (struct pollfd){timer->fd, POLLIN, 0};
	if (poll_now(&ready, 1) == 1 &&
		read(timer->fd, &count, sizeof(count)) < 0)
		engine_trouble(engine, -errno, "timerfd");
	return set_timer(engine, task, timer);
}

enum call_action enter_timerfd_gettime(struct engine *engine, struct task *task)
{
	struct program_timer *timer =
		fd_timer(engine, task, (int)task->args[0]);

	if (timer)
		task->result =
			write_itimerspec(engine, task, task->args[1],
				clock_timer_find(&engine->clock, timer->id))
				? 0
				: -EFAULT;
	return CALL_DONE;
}

/* Is the signal of the timer in the queue of the process, or the thread? */
static bool is_queued(
	const struct engine *engine, const struct program_timer *timer)
{
	struct __ptrace_peeksiginfo_args which = {0, 0, 1};
	const struct task *leader = engine->tasks[timer->process];
	pid_t tid = timer->tid ? timer->tid : leader->tid;
	siginfo_t info;

	which.flags = timer->tid ? 0 : PTRACE_PEEKSIGINFO_SHARED;
	for (;; which.off++) {
		long got = ptrace(PTRACE_PEEKSIGINFO, tid, &which, &info);

		if (got < 0)
			return timer->queued; /* stopped by job control */
		if (got == 0)
			return false;
		if (info.si_code == SI_TIMER &&
			info.si_timerid == (int)(timer - engine->timers))
			return true;
	}
}

static void forget_taken(struct program_timer *timer)
{
	timer->last = timer->overrun;
	timer->overrun = 0;
	timer->queued = false;
}

bool timers_signal_taken(
	struct engine *engine, const struct task *task, siginfo_t *info)
{
	struct program_timer *timer;

	if (info->si_code != SI_TIMER)
		return false;
	timer = posix_timer(engine, task, (uint64_t)info->si_timerid);
	if (!timer)
		return false;
	info->si_overrun = timer->overrun;
	forget_taken(timer);
	return true;
}

void timers_ended(struct engine *engine, const struct process *process)
{
	size_t i;

	clock_timer_remove_owned(
		&engine->clock, CLOCK_TIMER_POSIX, process->number);
	for (i = 0; i < engine->timer_count; i++)
		if (engine->timers[i].fd < 0 &&
			engine->timers[i].process == process->number)
			engine->timers[i].id = 0;
}

static void expire(struct engine *engine, struct program_timer *timer)
{
	struct process *process = engine->tasks[timer->process]->process;
	const uint64_t one = 1;
	siginfo_t info;

	if (timer->fd >= 0) {
		if (write(timer->fd, &one, sizeof(one)) < 0)
			return; /* counter full: nobody ever reads it */
		return;
	}
	if (process->dead || (timer->notify & ~SIGEV_THREAD_ID) == SIGEV_NONE)
		return;
	/* one signal of a timer at a time: it counts what it misses */
	if (timer->queued && is_queued(engine, timer)) {
		timer->overrun++;
		return;
	}
	if (timer->queued)
		forget_taken(timer);
	timer->queued = true;
	memset(&info, 0, sizeof(info));
	info.si_signo = timer->signal;
	info.si_code = SI_TIMER;
	memcpy(&info.si_value, &timer->value, sizeof(info.si_value));
	info.si_timerid = (int)(timer - engine->timers);
	if (timer->tid)
		syscall(SYS_rt_tgsigqueueinfo, process->tgid, timer->tid,
			timer->signal, &info);
	else
		syscall(SYS_rt_sigqueueinfo, process->tgid, timer->signal,
			&info);
	engine->signals_dirty = true;
}

void timers_expire(struct engine *engine)
{
	bool is_first = true;
	int id;
	size_t i;

	while ((id = clock_expire_one(&engine->clock)) != 0) {
		const struct clock_timer *timer =
			clock_timer_find(&engine->clock, id);
		struct process *process = engine->tasks[timer->owner]->process;

		engine->changes++;
		engine->effects++;
		/* many at once are as many moves of the clock, see engine.c */
		engine->clock_moves += !is_first;
		is_first = false;
		if (timer->kind == CLOCK_TIMER_ALARM) {
			if (!process->dead)
				kill(process->tgid, SIGALRM);
			engine->signals_dirty = true;
			continue;
		}
		for (i = 0; i < engine->timer_count; i++)
			if (engine->timers[i].id == id)
				expire(engine, &engine->timers[i]);
	}
}

void timers_free(struct engine *engine)
{
	size_t i;

	for (i = 0; i < engine->timer_count; i++)
		if (engine->timers[i].fd >= 0)
			close(engine->timers[i].fd);
	free(engine->timers);
}
