/*
 * Rubbish in the halves that the kernel does not look at, in calls that wait
 * and set timers: they are what they are without it, in the same time.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <linux/futex.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HIGH (0x5a5a5a5aL << 32)

static double now(void)
{
	struct timespec value;

	clock_gettime(CLOCK_MONOTONIC, &value);
	return (double)value.tv_sec + (double)value.tv_nsec / 1e9;
}

/* Each of them waits for 20 s. */
static void expect(const char *what, long result, long wanted, double since)
{
	double waited = now() - since;

	if (result != wanted || waited < 19.9 || waited > 20.2)
		leak("%s: %ld in %.1f s, errno %d", what, result, waited,
			errno);
}

static void wake(int signal)
{
	(void)signal;
}

static void wait_for_calls(void)
{
	struct timespec span = {20, 0};
	struct sembuf down = {0, -1, 0};
	int word = 0, set = semget(IPC_PRIVATE, 1, 0600);
	double since = now();

	expect("poll", syscall(SYS_poll, NULL, HIGH, HIGH | 20000), 0, since);
	since = now();
	expect("ppoll", syscall(SYS_ppoll, NULL, HIGH, &span, NULL, 8), 0,
		since);
	since = now();
	span = (struct timespec){20, 0};
	expect("futex",
		syscall(SYS_futex, &word, HIGH | FUTEX_WAIT_PRIVATE, HIGH,
			&span, NULL, 0),
		-1, since);
	since = now();
	expect("semtimedop",
		syscall(SYS_semtimedop, HIGH | set, &down, HIGH | 1, &span), -1,
		since);
	syscall(SYS_semctl, HIGH | set, HIGH, HIGH | IPC_RMID);
	since = now();
	expect("select",
		syscall(SYS_select, HIGH, NULL, NULL, NULL,
			&(struct timeval){20, 0}),
		0, since);
}

static void set_timers(void)
{
	struct itimerval interval = {.it_value = {20, 0}};
	struct itimerspec value = {.it_value = {20, 0}};
	double since = now();
	int timer = -1;

	signal(SIGALRM, wake);
	syscall(SYS_setitimer, HIGH | ITIMER_REAL, &interval, NULL);
	expect("setitimer", syscall(SYS_pause), -1, since);
	since = now();
	syscall(SYS_timer_create, HIGH | CLOCK_REALTIME, NULL, &timer);
	syscall(SYS_timer_settime, HIGH | timer, HIGH, &value, NULL);
	expect("timer_settime", syscall(SYS_pause), -1, since);
	syscall(SYS_timer_delete, HIGH | timer);
	since = now();
	syscall(SYS_alarm, HIGH | 20);
	expect("alarm", syscall(SYS_pause), -1, since);
}

static void wait_for_children(void)
{
	double since = now();
	siginfo_t info;
	pid_t pid = fork();

	if (pid == 0) {
		sleep(20);
		_exit(0);
	}
	expect("waitid",
		syscall(SYS_waitid, HIGH | P_PID, HIGH | pid, &info,
			HIGH | WEXITED, NULL),
		0, since);
	since = now();
	pid = fork();
	if (pid == 0) {
		sleep(20);
		_exit(0);
	}
	expect("wait4", syscall(SYS_wait4, HIGH | pid, NULL, HIGH, NULL), pid,
		since);
}

int main(void)
{
	wait_for_calls();
	set_timers();
	wait_for_children();
	return finish();
}
