/*
 * The calls at which a task stops in a run without a schedule.
 *
 * A clock is answered from the virtual one.  A sleep runs as pause(2); a wait
 * with a time-out runs without: its argument is changed in the registers
 * only, and put back at the exit.  When its moment has come, the task is
 * interrupted (PTRACE_INTERRUPT) and finds at the exit what a time-out
 * returns.  A signal that comes first is the kernel's business; should it
 * restart the call, then with the deadline that it had.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <linux/kcmp.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
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
#include "tracer/parallel.h"

#define KERNEL_ERESTARTSYS 512
#define KERNEL_ERESTARTNOINTR 513
#define KERNEL_ERESTARTNOHAND 514
#define KERNEL_ERESTART_RESTARTBLOCK 516

#define PIECES_MAX 64 /* of a writev() */
/* a task that reads clocks so often, and does nothing else, waits for one */
#define READINGS_FREE 64
#define READING_NS (10 * INT64_C(1000000))

static void set_registers(
	const struct parallel_task *task, const struct user_regs_struct *regs)
{
	ptrace(PTRACE_SETREGS, task->tid, 0, regs);
}

static void go_on(const struct parallel_task *task)
{
	ptrace(PTRACE_CONT, task->tid, 0, 0);
}

/* The call is not made; the task sees RESULT. */
static void answer(const struct parallel_task *task,
	const struct user_regs_struct *regs, long result)
{
	struct user_regs_struct changed = *regs;

	changed.orig_rax = (unsigned long long)-1;
	changed.rax = (unsigned long long)result;
	set_registers(task, &changed);
	go_on(task);
}

static void give(const struct parallel_task *task,
	const struct user_regs_struct *regs, uint64_t address, const void *data,
	size_t length, long result)
{
	if (address && !parallel_write(task, address, data, length))
		result = -EFAULT;
	answer(task, regs, result);
}

/* Whoever asks and asks waits for time to go on. */
static void count_reading(struct parallel *run, struct parallel_task *task)
{
	if (++task->readings <= READINGS_FREE)
		return;
	task->readings = 0;
	clock_advance(&run->clock, run->clock.now_ns + READING_NS);
	parallel_fire(run);
}

static bool is_clock_call(long number)
{
	return number == SYS_clock_gettime || number == SYS_gettimeofday ||
	       number == SYS_time || number == SYS_times;
}

static void clock_call(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	const int64_t real = CLOCK_REALTIME_BASE_NS + run->clock.now_ns;
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
			(CLOCK_MONOTONIC_BASE_NS + run->clock.now_ns) /
				10000000);
		return;
	default:
		break;
	}
	if (!clock_read(&run->clock, (clockid_t)regs->rdi,
		    run->clock.now_ns + 1000000, &ns)) {
		answer(task, regs, -EINVAL);
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
	go_on(task);
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
		go_on(task);
	else if (request == TCGETS)
		give(task, regs, regs->rdx, termios, sizeof(termios), 0);
	else
		give(task, regs, regs->rdx, size, sizeof(size), 0);
}

/* Lets the call in as REGS say, to be seen at its exit. */
static void let_in(struct parallel_task *task,
	const struct user_regs_struct *entry,
	const struct user_regs_struct *regs, int64_t deadline_ns)
{
	struct parallel_wait *wait = &task->wait;

	if (task->resumes)
		deadline_ns = task->resume_ns;
	wait->on = true;
	wait->fired = false;
	wait->regs = *entry;
	wait->deadline_ns = deadline_ns;
	set_registers(task, regs);
	ptrace(PTRACE_SYSCALL, task->tid, 0, 0);
}

static void sleep_call(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	bool by_clock = regs->orig_rax == SYS_clock_nanosleep;
	bool absolute = by_clock && (regs->rsi & TIMER_ABSTIME);
	struct user_regs_struct changed = *regs;
	struct timespec value;
	int64_t ns, moment = 0;

	if (!parallel_read(task, by_clock ? regs->rdx : regs->rdi, &value,
		    sizeof(value)) ||
		!clock_from_timespec(&value, &ns) ||
		(by_clock && !clock_moment_of(&run->clock, (clockid_t)regs->rdi,
				     ns, &moment))) {
		go_on(task); /* the kernel says what is wrong with it */
		return;
	}
	if (!absolute)
		moment = clock_after(run->clock.now_ns, ns);
	if (moment <= run->clock.now_ns) {
		answer(task, regs, 0);
		return;
	}
	task->wait = (struct parallel_wait){.is_sleep = true};
	if (!absolute)
		task->wait.left = by_clock ? regs->r10 : regs->rsi;
	changed.orig_rax = SYS_pause;
	let_in(task, regs, &changed, moment);
}

/* How a wait gives its time-out. */
enum form { FORM_MS, FORM_TIMESPEC, FORM_TIMEVAL, FORM_MOMENT, FORM_FUTEX };

static const struct timed_call {
	long number;
	int argument;
	enum form form;
	long result; /* when it runs out */
} timed_calls[] = {
	{SYS_poll, 2, FORM_MS, 0},
	{SYS_ppoll, 2, FORM_TIMESPEC, 0},
	{SYS_select, 4, FORM_TIMEVAL, 0},
	{SYS_pselect6, 4, FORM_TIMESPEC, 0},
	{SYS_epoll_wait, 3, FORM_MS, 0},
	{SYS_epoll_pwait, 3, FORM_MS, 0},
	{441 /* epoll_pwait2 */, 3, FORM_TIMESPEC, 0},
	{SYS_futex, 3, FORM_FUTEX, -ETIMEDOUT},
	{SYS_semtimedop, 3, FORM_TIMESPEC, -EAGAIN},
	{SYS_rt_sigtimedwait, 2, FORM_TIMESPEC, -EAGAIN},
	{SYS_mq_timedsend, 4, FORM_MOMENT, -ETIMEDOUT},
	{SYS_mq_timedreceive, 4, FORM_MOMENT, -ETIMEDOUT},
};

static unsigned long long *argument_of(
	struct user_regs_struct *regs, int argument)
{
	unsigned long long *const at[] = {&regs->rdi, &regs->rsi, &regs->rdx,
		&regs->r10, &regs->r8, &regs->r9};

	return at[argument];
}

static bool futex_moment(const struct parallel *run, uint64_t operation,
	int64_t ns, int64_t *moment)
{
	bool real = operation & FUTEX_CLOCK_REALTIME;

	switch (operation & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
		*moment = clock_after(run->clock.now_ns, ns);
		return true;
	case FUTEX_LOCK_PI:
		real = true;
		break;
	default:
		break;
	}
	return clock_moment_of(&run->clock,
		real ? CLOCK_REALTIME : CLOCK_MONOTONIC, ns, moment);
}

/* False for what the kernel refuses, or a time-out of zero. */
static bool find_deadline(const struct parallel *run,
	const struct parallel_task *task, const struct timed_call *call,
	struct user_regs_struct *regs, int64_t *moment)
{
	uint64_t value = *argument_of(regs, call->argument);
	struct timespec pair;
	int64_t ns;

	if (call->form == FORM_MS) {
		*moment = clock_after(
			run->clock.now_ns, (int64_t)(int32_t)value * 1000000);
		return (int32_t)value > 0;
	}
	if (!parallel_read(task, value, &pair, sizeof(pair)))
		return false;
	if (call->form == FORM_TIMEVAL)
		pair.tv_nsec *= 1000;
	if (!clock_from_timespec(&pair, &ns))
		return false;
	if (call->form == FORM_FUTEX)
		return futex_moment(run, regs->rsi, ns, moment);
	if (call->form == FORM_MOMENT)
		return clock_moment_of(&run->clock, CLOCK_REALTIME, ns, moment);
	*moment = clock_after(run->clock.now_ns, ns);
	return ns > 0;
}

static void timed_call(struct parallel *run, struct parallel_task *task,
	const struct timed_call *call, const struct user_regs_struct *regs)
{
	struct user_regs_struct changed = *regs;
	int64_t moment;

	if (!find_deadline(run, task, call, &changed, &moment)) {
		go_on(task);
		return;
	}
	task->wait = (struct parallel_wait){
		.result = call->result,
		.clears = call->form == FORM_TIMEVAL ||
			  call->number == SYS_pselect6,
	};
	*argument_of(&changed, call->argument) =
		call->form == FORM_MS ? (unsigned long long)-1 : 0;
	let_in(task, regs, &changed, moment);
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

static int64_t from_timeval(const struct timeval *value)
{
	return value->tv_sec * INT64_C(1000000000) +
	       value->tv_usec * INT64_C(1000);
}

static void alarm_call(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	struct clock_timer *timer = alarm_of(run, task);
	struct itimerval wanted = {0},
			 old = {
				 .it_interval = to_timeval(timer->interval_ns),
				 .it_value = to_timeval(until(run, timer)),
			 };
	long left = (long)((until(run, timer) + 999999999) / 1000000000);
	bool sets = regs->orig_rax == SYS_setitimer;

	if (regs->orig_rax == SYS_alarm) {
		set_timer(run, timer, (int64_t)(uint32_t)regs->rdi * 1000000000,
			0);
		answer(task, regs, left);
		return;
	}
	if ((int)regs->rdi != ITIMER_REAL) {
		parallel_end(run, RUN_END_UNSUPPORTED, "setitimer");
		return;
	}
	if (sets && regs->rsi &&
		!parallel_read(task, regs->rsi, &wanted, sizeof(wanted))) {
		answer(task, regs, -EFAULT);
		return;
	}
	if (sets)
		set_timer(run, timer, from_timeval(&wanted.it_value),
			from_timeval(&wanted.it_interval));
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
		answer(task, regs, -(long)(data >> POLICY_ERROR_SHIFT));
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
		go_on(task);
}

void parallel_call_entry(struct parallel *run, struct parallel_task *task)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, task->tid, 0, &regs) < 0 ||
		refuse(run, task, &regs))
		return;
	task->resumes = task->resume_rip == regs.rip;
	task->resume_rip = 0;
	for (size_t i = 0; i < sizeof(timed_calls) / sizeof(*timed_calls); i++)
		if (timed_calls[i].number == (long)regs.orig_rax) {
			timed_call(run, task, &timed_calls[i], &regs);
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
	case SYS_ioctl:
		terminal_call(run, task, &regs);
		return;
	case SYS_nanosleep:
	case SYS_clock_nanosleep:
		sleep_call(run, task, &regs);
		return;
	case SYS_alarm:
	case SYS_setitimer:
	case SYS_getitimer:
		alarm_call(run, task, &regs);
		return;
	default:
		/* timers with a signal or a descriptor of their own */
		parallel_end(run, RUN_END_UNSUPPORTED,
			policy_call_name((int)regs.orig_rax));
	}
}

static bool was_interrupted(long result)
{
	return result == -EINTR || result == -KERNEL_ERESTARTSYS ||
	       result == -KERNEL_ERESTARTNOINTR ||
	       result == -KERNEL_ERESTARTNOHAND ||
	       result == -KERNEL_ERESTART_RESTARTBLOCK;
}

static void clear_sets(const struct parallel_task *task)
{
	const struct user_regs_struct *regs = &task->wait.regs;
	const uint64_t sets[] = {regs->rsi, regs->rdx, regs->r10};
	const unsigned char none[128] = {0};
	size_t length = ((size_t)(uint32_t)regs->rdi + 63) / 64 * 8;

	for (size_t i = 0; i < 3; i++)
		if (sets[i] && length <= sizeof(none))
			parallel_write(task, sets[i], none, length);
}

/* select(2) says how much of its time-out is left, whatever ended it. */
static void tell_rest(
	const struct parallel *run, const struct parallel_task *task)
{
	const struct parallel_wait *wait = &task->wait;
	int64_t rest = wait->deadline_ns - run->clock.now_ns;
	struct timeval value = to_timeval(rest > 0 ? rest : 0);

	if (wait->regs.orig_rax == SYS_select)
		parallel_write(task, wait->regs.r8, &value, sizeof(value));
}

/* A signal came first: what is left of a sleep, and how it may be resumed. */
static long interrupted_by_signal(
	struct parallel *run, struct parallel_task *task, long result)
{
	struct parallel_wait *wait = &task->wait;
	struct timespec left = clock_to_timespec(
		wait->deadline_ns > run->clock.now_ns
			? wait->deadline_ns - run->clock.now_ns
			: 0);

	if (wait->left)
		parallel_write(task, wait->left, &left, sizeof(left));
	task->resume_rip = wait->regs.rip;
	task->resume_ns = wait->deadline_ns;
	/* restart_syscall(2) would go on without a deadline */
	return result == -KERNEL_ERESTART_RESTARTBLOCK ? -KERNEL_ERESTARTNOHAND
						       : result;
}

void parallel_call_exit(struct parallel *run, struct parallel_task *task)
{
	struct parallel_wait *wait = &task->wait;
	struct user_regs_struct now, back = wait->regs;
	long result;

	if (!wait->on || ptrace(PTRACE_GETREGS, task->tid, 0, &now) < 0) {
		go_on(task);
		return;
	}
	result = (long)now.rax;
	if (was_interrupted(result) && wait->fired) {
		result = wait->result;
		if (wait->clears)
			clear_sets(task);
	} else if (was_interrupted(result)) {
		result = interrupted_by_signal(run, task, result);
	}
	tell_rest(run, task);
	back.rax = (unsigned long long)result;
	back.rip = now.rip;
	back.rcx = now.rcx;
	back.r11 = now.r11;
	set_registers(task, &back);
	wait->on = false;
	go_on(task);
}

int64_t parallel_next_deadline(const struct parallel *run)
{
	int64_t next = clock_next_timer(&run->clock);

	for (size_t i = 0; i < run->count; i++) {
		const struct parallel_task *task = run->tasks[i];

		if (!task->dead && task->wait.on && !task->wait.fired &&
			task->wait.deadline_ns < next)
			next = task->wait.deadline_ns;
	}
	return next;
}

void parallel_fire(struct parallel *run)
{
	const struct clock_timer *timer;
	int id;

	while ((id = clock_expire_one(&run->clock)) != 0) {
		timer = clock_timer_find(&run->clock, id);
		kill(timer->owner, SIGALRM);
	}
	for (size_t i = 0; i < run->count; i++) {
		struct parallel_task *task = run->tasks[i];

		if (task->dead || !task->wait.on || task->wait.fired ||
			task->wait.deadline_ns > run->clock.now_ns)
			continue;
		task->wait.fired = true;
		ptrace(PTRACE_INTERRUPT, task->tid, 0, 0);
	}
}
