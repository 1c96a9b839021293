/* SIGCHLD handled, waited for, blocked, and ignored (nobody reaps then). */
#include "tracee.h"

static volatile sig_atomic_t handled, reaped;

static void take_all(int sig)
{
	int error = errno;

	(void)sig;
	handled++;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped++;
	errno = error;
}

static void nap_and_exit(int tenths)
{
	nap(tenths);
	_exit(tenths);
}

static void handler(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &old);
	handle(SIGCHLD, take_all, SA_RESTART);
	for (int i = 1; i <= 3; i++)
		start(nap_and_exit, i);
	while (reaped < 3)
		sigsuspend(&old);
	say("reaped %d", (int)reaped);
	show("wait", wait(NULL));
}

static void handler_interrupts_sleep(void)
{
	struct timespec time = {0, 500000000}, left;

	handle(SIGCHLD, take_all, 0);
	start(nap_and_exit, 2);
	show("nanosleep", nanosleep(&time, &left));
	say("left %ld, reaped %d", (left.tv_nsec + 50000000) / 100000000,
		(int)reaped);
}

static void ignored(void)
{
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	pid = start(nap_and_exit, 1);
	start(nap_and_exit, 3);
	nap(2);
	show("no zombie", kill(pid, 0));
	show("no hang", waitpid(-1, NULL, WNOHANG));
	show("wait for all", wait(NULL));
	show("wait", wait(NULL));
}

static void ignored_one(void)
{
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	pid = start(nap_and_exit, 1);
	start(nap_and_exit, 2);
	show("waitpid", waitpid(pid, NULL, 0));
	signal(SIGCHLD, SIG_DFL);
	show("the other", wait(NULL) > 0 ? 1 : -1);
}

static void only_count(int sig)
{
	(void)sig;
	handled++;
}

static void no_wait_flag(void)
{
	pid_t pid;

	handle(SIGCHLD, only_count, SA_NOCLDWAIT | SA_RESTART);
	pid = start(nap_and_exit, 1);
	nap(2);
	show("no zombie", kill(pid, 0));
	say("handled %d", (int)handled);
	show("wait", wait(NULL));
}

static void waited_for(void)
{
	siginfo_t info;
	sigset_t set;
	pid_t pid;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pid = start(nap_and_exit, 1);
	show("sigwaitinfo", sigwaitinfo(&set, &info));
	say("it is %d, status %d", info.si_pid == pid, info.si_status);
	show_status("child", reap(pid));
}

static void stop_and_go(int unused)
{
	(void)unused;
	raise(SIGSTOP);
	nap(1);
}

static void stops(void)
{
	pid_t pid;

	handle(SIGCHLD, only_count, SA_RESTART);
	pid = start(stop_and_go, 0);
	nap(1);
	say("told of the stop: %d", (int)handled);
	kill(pid, SIGCONT);
	nap(2);
	show_status("child", reap(pid));
	handled = 0;
	handle(SIGCHLD, only_count, SA_RESTART | SA_NOCLDSTOP);
	pid = start(stop_and_go, 0);
	nap(1);
	say("told of the stop: %d", (int)handled);
	kill(pid, SIGCONT);
	nap(2);
	say("told of the end: %d", (int)handled);
	show_status("child", reap(pid));
}

static void at_once(int unused)
{
	(void)unused;
}

static void storm(void)
{
	handle(SIGCHLD, take_all, SA_RESTART);
	for (int i = 0; i < 20; i++)
		start(at_once, 0);
	nap(2);
	say("reaped %d", (int)reaped);
	show("wait", wait(NULL));
}

static const struct tracee_case cases[] = {
	{"handler", handler},
	{"handler interrupts sleep", handler_interrupts_sleep},
	{"ignored", ignored},
	{"ignored one", ignored_one},
	{"no wait flag", no_wait_flag},
	{"waited for", waited_for},
	{"stops", stops},
	{"storm", storm},
};

TRACEE_MAIN(cases)
