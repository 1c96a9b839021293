/*
 * Calls that wait with a time-out, in a run without a schedule.
 *
 * A sleep runs as pause(2); a wait with a time-out runs without: its argument
 * is changed in the registers only, and put back at the exit.  When its moment
 * has come, the task is interrupted (PTRACE_INTERRUPT) and finds at the exit
 * what a time-out returns.  A signal that comes first is the kernel's
 * business; should it restart the call, then with the deadline that it had.
 *
 * To a traced task a signal is sent even when it is ignored, and wakes it: it
 * might concern the tracer.  Most calls are restarted then, and nobody is the
 * wiser; those that end with EINTR are made to be restarted as well, unless a
 * handler runs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#include "tracer/parallel.h"

#define KERNEL_ERESTARTSYS 512
#define KERNEL_ERESTARTNOINTR 513
#define KERNEL_ERESTARTNOHAND 514
#define KERNEL_ERESTART_RESTARTBLOCK 516

static void set_registers(
	const struct parallel_task *task, const struct user_regs_struct *regs)
{
	ptrace(PTRACE_SETREGS, task->tid, 0, regs);
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
		/* the kernel says what is wrong with it */
		parallel_go_on(task);
		return;
	}
	if (!absolute)
		moment = clock_after(run->clock.now_ns, ns);
	if (moment <= run->clock.now_ns) {
		parallel_answer(task, regs, 0);
		return;
	}
	task->wait = (struct parallel_wait){0};
	if (!absolute)
		task->wait.left = by_clock ? regs->r10 : regs->rsi;
	changed.orig_rax = SYS_pause;
	let_in(task, regs, &changed, moment);
}

/* How a wait gives its time-out. */
enum form {
	FORM_MS,
	FORM_TIMESPEC,
	FORM_TIMEVAL,
	FORM_MOMENT,
	FORM_FUTEX,
	FORM_NONE
};

static const struct timed_call {
	long number;
	int argument;
	enum form form;
	long result;  /* when it runs out */
	bool fragile; /* any signal ends it, never to be restarted */
} timed_calls[] = {
	{SYS_poll, 2, FORM_MS, 0, false},
	{SYS_ppoll, 2, FORM_TIMESPEC, 0, false},
	{SYS_select, 4, FORM_TIMEVAL, 0, false},
	{SYS_pselect6, 4, FORM_TIMESPEC, 0, false},
	{SYS_epoll_wait, 3, FORM_MS, 0, true},
	{SYS_epoll_pwait, 3, FORM_MS, 0, true},
	{441 /* epoll_pwait2 */, 3, FORM_TIMESPEC, 0, true},
	{SYS_futex, 3, FORM_FUTEX, -ETIMEDOUT, false},
	{SYS_semop, 0, FORM_NONE, 0, true},
	{SYS_semtimedop, 3, FORM_TIMESPEC, -EAGAIN, true},
	{SYS_rt_sigtimedwait, 2, FORM_TIMESPEC, -EAGAIN, true},
	{SYS_mq_timedsend, 4, FORM_MOMENT, -ETIMEDOUT, false},
	{SYS_mq_timedreceive, 4, FORM_MOMENT, -ETIMEDOUT, false},
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

/* PAIR is a timeval, of select(2), which takes more than a second's worth. */
static bool from_microseconds(struct timespec *pair)
{
	if (__builtin_add_overflow(
		    pair->tv_sec, pair->tv_nsec / 1000000, &pair->tv_sec))
		return false;
	pair->tv_nsec = pair->tv_nsec % 1000000 * 1000;
	return true;
}

/* False for what the kernel refuses, or a time-out of zero. */
static bool find_deadline(const struct parallel *run,
	const struct parallel_task *task, const struct timed_call *call,
	struct user_regs_struct *regs, int64_t *moment)
{
	uint64_t value = *argument_of(regs, call->argument);
	struct timespec pair;
	int64_t ns;

	if (call->form == FORM_NONE)
		return false;
	if (call->form == FORM_MS) {
		*moment = clock_after(
			run->clock.now_ns, (int64_t)(int32_t)value * 1000000);
		return (int32_t)value > 0;
	}
	if (!parallel_read(task, value, &pair, sizeof(pair)))
		return false;
	if (call->form == FORM_TIMEVAL && !from_microseconds(&pair))
		return false;
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
		task->wait = (struct parallel_wait){.fragile = call->fragile};
		if (call->fragile)
			let_in(task, regs, regs, CLOCK_NEVER);
		else
			parallel_go_on(task);
		return;
	}
	task->wait = (struct parallel_wait){
		.result = call->result,
		.fragile = call->fragile,
		.clears = call->form == FORM_TIMEVAL ||
			  call->number == SYS_pselect6,
	};
	*argument_of(&changed, call->argument) =
		call->form == FORM_MS ? (unsigned long long)-1 : 0;
	let_in(task, regs, &changed, moment);
}

bool parallel_wait_entry(struct parallel *run, struct parallel_task *task,
	const struct user_regs_struct *regs)
{
	task->resumes = task->resume_rip == regs->rip;
	task->resume_rip = 0;
	if (regs->orig_rax == SYS_nanosleep ||
		regs->orig_rax == SYS_clock_nanosleep) {
		task->readings = 0;
		sleep_call(run, task, regs);
		return true;
	}
	for (size_t i = 0; i < sizeof(timed_calls) / sizeof(*timed_calls); i++)
		if (timed_calls[i].number == (long)regs->orig_rax) {
			task->readings = 0;
			timed_call(run, task, &timed_calls[i], regs);
			return true;
		}
	return false;
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

/* These say how much of the time-out is left, whatever ended them. */
static void tell_rest(
	const struct parallel *run, const struct parallel_task *task)
{
	const struct user_regs_struct *regs = &task->wait.regs;
	int64_t rest = task->wait.deadline_ns - run->clock.now_ns;
	struct timespec exact = clock_to_timespec(rest > 0 ? rest : 0);
	const struct timeval value = {exact.tv_sec, exact.tv_nsec / 1000};

	if (regs->orig_rax == SYS_select)
		parallel_write(task, regs->r8, &value, sizeof(value));
	else if (regs->orig_rax == SYS_pselect6)
		parallel_write(task, regs->r8, &exact, sizeof(exact));
	else if (regs->orig_rax == SYS_ppoll)
		parallel_write(task, regs->rdx, &exact, sizeof(exact));
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
	/*
	 * restart_syscall(2) would go on without a deadline; and a futex with
	 * one, as the program sees it, is not restarted: signal(7)
	 */
	if (result == -KERNEL_ERESTART_RESTARTBLOCK || wait->fragile ||
		wait->regs.orig_rax == SYS_futex)
		return -KERNEL_ERESTARTNOHAND;
	return result;
}

void parallel_call_exit(struct parallel *run, struct parallel_task *task)
{
	struct parallel_wait *wait = &task->wait;
	struct user_regs_struct now, back = wait->regs;
	long result;

	if (!wait->on || ptrace(PTRACE_GETREGS, task->tid, 0, &now) < 0) {
		parallel_go_on(task);
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
	parallel_go_on(task);
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
