/* Descriptors of processes: readiness, waiting, signals, errors. */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

#include "tracee.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

static int open_pidfd(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static long send_signal(int pidfd, int sig)
{
	return syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
}

static void nap_and_exit(int tenths)
{
	nap(tenths);
	_exit(7);
}

static void show_poll(const char *what, int pidfd, int timeout_ms)
{
	struct pollfd end = {pidfd, POLLIN, 0};

	show(what, poll(&end, 1, timeout_ms));
	say("readable: %d", (end.revents & POLLIN) != 0);
}

static void child_ends(void)
{
	pid_t pid = start(nap_and_exit, 2);
	int pidfd = open_pidfd(pid), status;

	say("opened: %d", pidfd >= 0);
	show_poll("not yet", pidfd, 100);
	show_poll("ends", pidfd, -1);
	show_poll("a zombie", pidfd, 0);
	show("signal to a zombie", send_signal(pidfd, SIGTERM));
	say("reaped: %d", waitpid(pid, &status, 0) == pid);
	show_status("child", status);
	show_poll("gone", pidfd, 0);
	show("signal to nobody", send_signal(pidfd, SIGTERM));
	show("opened again", open_pidfd(pid));
	show("read", read(pidfd, &status, 1));
}

/* Polls for its parent's end; tells its brother's reader how it went. */
static int report[2];

static void watch_parent(int pidfd)
{
	struct pollfd end = {pidfd, POLLIN, 0};
	char answer = poll(&end, 1, 1000) == 1 ? 'y' : 'n';

	if (write(report[1], &answer, 1) != 1)
		_exit(1);
}

static void die_early(int how)
{
	int pidfd = open_pidfd(getpid());

	start(watch_parent, pidfd);
	nap(2);
	if (how == 1)
		raise(SIGKILL);
}

static void parent_ends(int how)
{
	char answer = '?';

	if (pipe(report) != 0)
		_exit(1);
	start(die_early, how);
	close(report[1]);
	show("told", read(report[0], &answer, 1));
	say("noticed: %c", answer);
	show("end", read(report[0], &answer, 1));
	reap_all();
}

static void parent_exits(void)
{
	parent_ends(0);
}

static void parent_is_killed(void)
{
	parent_ends(1);
}

static void time_out(void)
{
	int pidfd = open_pidfd(getppid());

	say("opened: %d", pidfd >= 0);
	show_poll("time-out", pidfd, 300);
}

static void waited(void)
{
	pid_t pid = start(nap_and_exit, 1);
	int pidfd = open_pidfd(pid);
	siginfo_t info = {0};

	show("not yet", waitid(P_PIDFD, pidfd, &info, WEXITED | WNOHANG));
	say("signal %d", info.si_signo);
	show("waitid", waitid(P_PIDFD, pidfd, &info, WEXITED));
	say("it: %d, status %d", info.si_pid == pid, info.si_status);
	show("again", waitid(P_PIDFD, pidfd, &info, WEXITED));
	pid = start(nap_and_exit, 1);
	pidfd = (int)syscall(SYS_pidfd_open, pid, 04000);
	show("does not wait", waitid(P_PIDFD, pidfd, &info, WEXITED));
	reap_all();
}

static volatile sig_atomic_t handled;

static void on_signal(int sig)
{
	handled = sig;
}

static void signal_parent(int pidfd)
{
	nap(1);
	send_signal(pidfd, SIGUSR1);
}

static void signals(void)
{
	struct timespec long_time = {5, 0};
	pid_t pid = start(nap_and_exit, 90);
	int pidfd = open_pidfd(pid), me = open_pidfd(getpid()), status;

	handle(SIGUSR1, on_signal, 0);
	show("exists", send_signal(pidfd, 0));
	show("bad signal", send_signal(pidfd, 99));
	show("bad flags",
		syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0x1000));
	show("bad descriptor", send_signal(63, SIGTERM));
	show("no pidfd", send_signal(STDOUT_FILENO, SIGTERM));
	show("kill", send_signal(pidfd, SIGKILL));
	say("reaped: %d", waitpid(pid, &status, 0) == pid);
	show_status("child", status);
	show("to itself", send_signal(me, SIGUSR1));
	say("handled %d", handled == SIGUSR1);
	start(signal_parent, me);
	show("interrupted", nanosleep(&long_time, NULL));
	reap_all();
}

static void errors(void)
{
	if (geteuid() == 0 && setuid(65534) != 0)
		say("still root");
	show("nobody", open_pidfd(999999));
	show("zero", open_pidfd(0));
	show("negative", open_pidfd(-1));
	say("the first of all: %d", open_pidfd(1) >= 0);
	show("signal to it", send_signal(open_pidfd(1), SIGTERM));
	show("flags", syscall(SYS_pidfd_open, getpid(), 1));
}

static void with_epoll(void)
{
	struct epoll_event event = {EPOLLIN, {.u64 = 9}};
	int epoll = epoll_create1(0);
	pid_t pid = start(nap_and_exit, 1);

	show("add", epoll_ctl(epoll, EPOLL_CTL_ADD, open_pidfd(pid), &event));
	event.data.u64 = 0;
	show("wait", epoll_wait(epoll, &event, 1, -1));
	say("data %d", (int)event.data.u64);
	reap_all();
}

static const struct tracee_case cases[] = {
	{"child ends", child_ends},
	{"parent exits", parent_exits},
	{"parent is killed", parent_is_killed},
	{"time-out", time_out},
	{"waited", waited},
	{"signals", signals},
	{"errors", errors},
	{"epoll", with_epoll},
};

TRACEE_MAIN(cases)
