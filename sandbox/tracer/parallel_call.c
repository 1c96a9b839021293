/*
 * The calls at which a task stops in a run without a schedule.
 *
 * A clock is answered from the virtual one, alarms are timers of it, and
 * output is taken from the memory of who writes it; what waits is in
 * parallel_wait.c.  Timers with a signal or a descriptor of their own, and
 * sockets with a time-out, are for the engine only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "jail/policy.h"
#include "tracer/engine.h"
#include "tracer/missing.h"
#include "tracer/parallel.h"

#define PIECES_MAX 64 /* of a writev() */
/* a task that reads clocks so often, and does nothing else, waits for one */
#define SOCKETS_MADE_MAX 256 /* calls, of one socket or a pair */
#define READINGS_FREE 64
#define READING_NS (10 * INT64_C(1000000))

void parallel_go_on(const struct parallel_task *task)
{
	ptrace(PTRACE_CONT, task->tid, 0, 0);
}

/* The call is not made; the task sees RESULT. */
void parallel_answer(const struct parallel_task *task,
	const struct user_regs_struct *regs, long result)
{
	struct user_regs_struct changed = *regs;

	changed.orig_rax = (unsigned long long)-1;
	changed.rax = (unsigned long long)result;
	ptrace(PTRACE_SETREGS, task->tid, 0, &changed);
	parallel_go_on(task);
}

static void give(const struct parallel_task *task,
	const struct user_regs_struct *regs, uint64_t address, const void *data,
	size_t length, long result)
{
	if (address && !parallel_write(task, address, data, length))
		result = -EFAULT;
	parallel_answer(task, regs, result);
}

/*
 * Whoever asks and asks waits for time to go on; but it stands still as long as
 * anybody else does something, be it that it waits for a processor.
 */
static void count_reading(struct parallel *run, struct parallel_task *task)
{
	if (++task->readings <= READINGS_FREE)
		return;
	task->readings = 0;
	if (parallel_look(run) == PARALLEL_BUSY)
		return;
	clock_advance(&run->clock, run->clock.now_ns + READING_NS);
	if (parallel_next_deadline(run) <= run->clock.now_ns)
		parallel_forgive(run);
	parallel_fire(run);
}

static bool is_clock_call(long number)
{
	return number == SYS_clock_gettime || number == SYS_gettimeofday ||
	       number == SYS_time || number == SYS_times;
}

/* What a process used of a processor, which nobody else measures here. */
static bool is_cpu_clock(const struct user_regs_struct *regs)
{
	return regs->orig_rax == SYS_clock_gettime &&
	       ((clockid_t)regs->rdi < 0 ||
		       (clockid_t)regs->rdi == CLOCK_PROCESS_CPUTIME_ID ||
		       (clockid_t)regs->rdi == CLOCK_THREAD_CPUTIME_ID);
}

static void clock_call(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	const int64_t real = clock_time_of_day(&run->clock);
	const int64_t seconds = real / 1000000000;
	const struct timeval value = {seconds, real / 1000 % 1000000};
	const struct tms used = {0};
	struct timespec shown;
	int64_t ns;

	count_reading(run, task);
	switch (regs->orig_rax) {
	case SYS_time:
		give(task, regs, regs->rdi, &seconds, sizeof(seconds), seconds);
		return;
	case SYS_gettimeofday:
		give(task, regs, regs->rdi, &value, sizeof(value), 0);
		return;
	case SYS_times:
		give(task, regs, regs->rdi, &used, sizeof(used),
			clock_since_boot(&run->clock) / 10000000);
		return;
	default:
		break;
	}
	if (!clock_read(&run->clock, (clockid_t)regs->rdi,
		    run->clock.now_ns + 1000000, &ns)) {
		parallel_answer(task, regs, -EINVAL);
		return;
	}
	shown = clock_to_timespec(ns);
	give(task, regs, regs->rsi, &shown, sizeof(shown), 0);
}

static bool is_ours(const struct parallel_task *task, uint64_t fd, int ours)
{
	return syscall(SYS_kcmp, getpid(), task->tid, KCMP_FILE, ours,
		       (int)fd) == 0;
}

/* 0 standard output, 1 standard error, -1 neither. */
static int stream_of(const struct parallel *run,
	const struct parallel_task *task, uint64_t fd)
{
	if (is_ours(task, fd, run->stdout_fd))
		return 0;
	return is_ours(task, fd, run->stderr_fd) ? 1 : -1;
}

static void take_text(struct parallel *run, struct parallel_task *task,
	int stream, uint64_t address, uint64_t length)
{
	auto_free char *text = NULL;

	if (length > (uint64_t)run->limits->output_bytes)
		length = (uint64_t)run->limits->output_bytes;
	text = xmalloc((size_t)length + 1);
	if (parallel_read(task, address, text, (size_t)length))
		parallel_output(run, task, stream, text, (size_t)length);
}

static void write_call(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	int stream = stream_of(run, task, regs->rdi);
	struct iovec pieces[PIECES_MAX];
	size_t count = (size_t)regs->rdx;

	if (stream >= 0 && regs->orig_rax == SYS_write) {
		take_text(run, task, stream, regs->rsi, regs->rdx);
	} else if (stream >= 0 && count <= PIECES_MAX &&
		   parallel_read(
			   task, regs->rsi, pieces, count * sizeof(*pieces))) {
		for (size_t i = 0; i < count; i++)
			take_text(run, task, stream,
				(uint64_t)(uintptr_t)pieces[i].iov_base,
				pieces[i].iov_len);
	}
	parallel_go_on(task);
}

/* As the engine answers it: standard output looks like a terminal. */
static void terminal_call(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	static const unsigned char termios[36] = {0x00, 0x45, 0, 0, 0x05, 0, 0,
		0, 0xbf, 0, 0, 0, 0x3b, 0x8a, 0, 0, 0, 3, 28, 127, 21, 4, 0, 1,
		0, 17, 19, 26, 0, 18, 15, 23, 22};
	static const unsigned short size[4] = {24, 80, 0, 0};
	unsigned request = (unsigned)regs->rsi;

	if (run->spec->stdout_kind != RUN_STDOUT_TERMINAL ||
		(request != TCGETS && request != TIOCGWINSZ) ||
		stream_of(run, task, regs->rdi) < 0)
		parallel_go_on(task);
	else if (request == TCGETS)
		give(task, regs, regs->rdx, termios, sizeof(termios), 0);
	else
		give(task, regs, regs->rdx, size, sizeof(size), 0);
}

/* The one timer of a process that alarm(2) and setitimer(2) share. */
static struct clock_timer *alarm_of(
	struct parallel *run, const struct parallel_task *task)
{
	for (size_t i = 0; i < run->clock.count; i++)
		if (run->clock.timers[i].owner == task->tgid)
			return &run->clock.timers[i];
	return clock_timer_find(&run->clock,
		clock_timer_add(&run->clock, CLOCK_TIMER_ALARM, task->tgid));
}

static int64_t until(
	const struct parallel *run, const struct clock_timer *timer)
{
	return timer->deadline_ns == CLOCK_NEVER
		       ? 0
		       : timer->deadline_ns - run->clock.now_ns;
}

static void set_timer(const struct parallel *run, struct clock_timer *timer,
	int64_t value_ns, int64_t interval_ns)
{
	timer->interval_ns = interval_ns;
	timer->deadline_ns = value_ns ? clock_after(run->clock.now_ns, value_ns)
				      : CLOCK_NEVER;
}

static struct timeval to_timeval(int64_t ns)
{
	return (struct timeval){ns / 1000000000, ns / 1000 % 1000000};
}

/* False when setitimer(2) would not take it. */
static bool from_timeval(const struct timeval *value, int64_t *ns)
{
	struct timespec time = {value->tv_sec, 0};

	if (value->tv_usec < 0 || value->tv_usec > 999999)
		return false;
	time.tv_nsec = value->tv_usec * 1000;
	return clock_from_timespec(&time, ns);
}

static void alarm_call(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	struct clock_timer *timer = alarm_of(run, task);
	struct itimerval wanted = {{0, 0}, {0, 0}},
			 old = {
				 .it_interval = to_timeval(timer->interval_ns),
				 .it_value = to_timeval(until(run, timer)),
			 };
	long left = (long)((until(run, timer) + 999999999) / 1000000000);
	bool sets = regs->orig_rax == SYS_setitimer;
	int64_t value, interval;

	if (regs->orig_rax == SYS_alarm) {
		set_timer(run, timer, (int64_t)(uint32_t)regs->rdi * 1000000000,
			0);
		parallel_answer(task, regs, left);
		return;
	}
	if ((int)regs->rdi != ITIMER_REAL) {
		parallel_end(run, RUN_END_UNSUPPORTED, "setitimer");
		return;
	}
	if (sets && regs->rsi &&
		!parallel_read(task, regs->rsi, &wanted, sizeof(wanted))) {
		parallel_answer(task, regs, -EFAULT);
		return;
	}
	if (!from_timeval(&wanted.it_value, &value) ||
		!from_timeval(&wanted.it_interval, &interval)) {
		parallel_answer(task, regs, -EINVAL);
		return;
	}
	if (sets)
		set_timer(run, timer, value, interval);
	give(task, regs, sets ? regs->rdx : regs->rsi, &old, sizeof(old), 0);
}

/* What a call that is not modelled here, or not allowed, gets. */
static bool refuse(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	unsigned long data = POLICY_MODEL;
	const char *name = policy_call_name((int)regs->orig_rax);

	ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &data);
	switch (data & POLICY_CLASS_MASK) {
	case POLICY_REFUSE:
	case POLICY_REMARK:
		parallel_answer(
			task, regs, -(long)(data >> POLICY_ERROR_SHIFT));
		return true;
	case POLICY_FORBID:
		parallel_end(run, RUN_END_DENIED, name);
		return true;
	case POLICY_UNKNOWN:
		parallel_end(run, RUN_END_UNSUPPORTED, name);
		return true;
	default:
		return false;
	}
}

/* Bytes that reach standard output without passing through the program. */
static void copy_call(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	bool is_splice = regs->orig_rax == SYS_splice;

	if (stream_of(run, task, is_splice ? regs->rdx : regs->rdi) >= 0)
		parallel_end(run, RUN_END_UNSUPPORTED,
			policy_call_name((int)regs->orig_rax));
	else
		parallel_go_on(task);
}

/* A stream of the run that is opened by name: see missing.h. */
static void open_call(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	uint64_t address = regs->orig_rax == SYS_open ? regs->rdi : regs->rsi;
	char path[32];
	int fd = -1;

	/* a page ends where it will */
	for (size_t i = 0; i < sizeof(path); i++) {
		if (!parallel_read(task, address + i, path + i, 1))
			break;
		if (path[i])
			continue;
		fd = missing_named_descriptor(path, task->tgid);
		break;
	}
	if (fd == STDIN_FILENO || (fd > 0 && stream_of(run, task, fd) >= 0))
		parallel_end(run, RUN_END_UNSUPPORTED,
			policy_call_name((int)regs->orig_rax));
	else
		parallel_go_on(task);
}

/* A socket with a time-out of its own wakes its user behind our back. */
static void socket_call(struct parallel *run, const struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	if ((int)regs->rsi == SOL_SOCKET &&
		((int)regs->rdx == SO_RCVTIMEO ||
			(int)regs->rdx == SO_SNDTIMEO))
		parallel_end(run, RUN_END_UNSUPPORTED, "setsockopt");
	else
		parallel_go_on(task);
}

/* Nobody counts here which of them were closed again. */
static void new_socket(struct parallel *run, const struct parallel_task *task)
{
	if (++run->sockets > SOCKETS_MADE_MAX)
		parallel_end(run, RUN_END_LIMIT, "memory");
	else
		parallel_go_on(task);
}

/* What they hold is nobody's resident memory: see call_sysv.c. */
static void sysv_call(struct parallel *run, const struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	run->sysv_bytes += sysv_cost((int)regs->orig_rax, regs->rsi);
	if (run->sysv_bytes > run->limits->memory_bytes)
		parallel_end(run, RUN_END_LIMIT, "memory");
	else
		parallel_go_on(task);
}

void parallel_call_entry(struct parallel *run, struct parallel_task *task)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, task->tid, 0, &regs) < 0 ||
		refuse(run, task, &regs))
		return;
	if (parallel_wait_entry(run, task, &regs))
		return;
	if (is_cpu_clock(&regs)) {
		parallel_go_on(task);
		return;
	}
	if (is_clock_call((long)regs.orig_rax)) {
		clock_call(run, task, &regs);
		return;
	}
	task->readings = 0;
	switch (regs.orig_rax) {
	case SYS_write:
	case SYS_writev:
		write_call(run, task, &regs);
		return;
	case SYS_sendfile:
	case SYS_splice:
		copy_call(run, task, &regs);
		return;
	case SYS_open:
	case SYS_openat:
		open_call(run, task, &regs);
		return;
	case SYS_setsockopt:
		socket_call(run, task, &regs);
		return;
	case SYS_socket:
	case SYS_socketpair:
		new_socket(run, task);
		return;
	case SYS_shmget:
	case SYS_semget:
	case SYS_msgget:
		sysv_call(run, task, &regs);
		return;
	case SYS_ioctl:
		terminal_call(run, task, &regs);
		return;
	case SYS_alarm:
	case SYS_setitimer:
	case SYS_getitimer:
		alarm_call(run, task, &regs);
		return;
	default:
		parallel_end(run, RUN_END_UNSUPPORTED,
			policy_call_name((int)regs.orig_rax));
	}
}
