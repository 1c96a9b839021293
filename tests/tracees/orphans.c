/* Death signals, adoption of orphans, and what outlives a parent. */
#include <pthread.h>
#include <sys/prctl.h>

#include "tracee.h"

static int fds[2];
static pid_t parent;

/* Lets the case see when the last holder of the pipe has ended. */
static void wait_for_the_end(const char *what)
{
	char c;

	close(fds[1]);
	show(what, read(fds[0], &c, 1));
	reap_all();
}

static void watch_parent(int tenths)
{
	say("parent is known: %d", getppid() == parent);
	nap(tenths);
	say("parent has changed: %d", getppid() != parent);
}

static void leave_a_child(int tenths)
{
	parent = getpid();
	start(watch_parent, 2);
	nap(tenths);
	say("parent ends");
}

static void adopted(void)
{
	if (pipe(fds) < 0)
		_exit(1);
	show_status("child", reap(start(leave_a_child, 1)));
	show("not mine", wait(NULL));
	wait_for_the_end("grandchild has ended");
}

static void wait_to_be_told(int sig)
{
	siginfo_t info;
	sigset_t set;
	int now = -1;

	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_BLOCK, &set, NULL);
	show("prctl", prctl(PR_SET_PDEATHSIG, sig));
	prctl(PR_GET_PDEATHSIG, &now);
	say("set to it: %d", now == sig);
	nap(1);
	sigwaitinfo(&set, &info);
	nap(1);
	say("told by %s", sigabbrev_np(info.si_signo));
}

static void parent_of_told(int sig)
{
	start(wait_to_be_told, sig);
	nap(3);
	say("parent ends");
}

static void told(void)
{
	if (pipe(fds) < 0)
		_exit(1);
	show_status("child", reap(start(parent_of_told, SIGUSR1)));
	wait_for_the_end("grandchild has ended");
}

static void die_with_parent(int tenths)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	nap(tenths);
	say("outlived the parent");
}

static void parent_of_two(int sig)
{
	start(die_with_parent, 1);
	start(die_with_parent, 20);
	nap(3);
	if (sig != 0)
		kill(getpid(), sig);
}

static void killed(void)
{
	if (pipe(fds) < 0)
		_exit(1);
	show_status("child", reap(start(parent_of_two, 0)));
	wait_for_the_end("both have ended");
}

static void killed_by_kill(void)
{
	if (pipe(fds) < 0)
		_exit(1);
	show_status("child", reap(start(parent_of_two, SIGKILL)));
	wait_for_the_end("both have ended");
}

static void not_set(int unused)
{
	int sig = -1;

	(void)unused;
	prctl(PR_GET_PDEATHSIG, &sig);
	say("fork clears it: %d", sig == 0);
}

static void cleared(void)
{
	int sig = -1;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	reap(start(not_set, 0));
	prctl(PR_GET_PDEATHSIG, &sig);
	say("parent keeps it: %d", sig == SIGTERM);
	show("bad", prctl(PR_SET_PDEATHSIG, 99));
}

static void lifeline(int unused)
{
	char c;

	(void)unused;
	close(fds[1]);
	if (read(fds[0], &c, 1) != 0)
		_exit(1);
	nap(1);
	say("the parent is gone: %d", getppid() != parent);
}

static void hold_lifeline(int unused)
{
	(void)unused;
	parent = getpid();
	start(lifeline, 0);
	nap(2);
}

static void by_pipe(void)
{
	if (pipe(fds) < 0)
		_exit(1);
	parent = fork();
	if (parent == 0) {
		hold_lifeline(0);
		_exit(3);
	}
	close(fds[1]);
	show_status("child", reap(parent));
	nap(2);
}

static void arm_late(int tenths)
{
	nap(tenths);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	say("its parent is known: %d", getppid() == parent);
	nap(tenths);
	say("it lives on");
	nap(10);
	say("outlived the parent");
}

static void *start_and_end(void *tenths)
{
	start(arm_late, *(int *)tenths);
	return NULL;
}

static void *end_last(void *unused)
{
	(void)unused;
	nap(8);
	return NULL;
}

/* The child has passed from the thread that made it to the first. */
static void parent_by_thread(int tenths)
{
	pthread_t thread;

	parent = getpid();
	pthread_create(&thread, NULL, start_and_end, &tenths);
	pthread_join(thread, NULL);
	nap(6);
	say("parent ends");
}

static void passed_on(void)
{
	if (pipe(fds) < 0)
		_exit(1);
	show_status("child", reap(start(parent_by_thread, 2)));
	wait_for_the_end("grandchild has ended");
}

/* It passes to the first thread, and not to the second, which ends soon. */
static void *start_for_thread(void *tenths)
{
	pthread_t thread;

	pthread_create(&thread, NULL, start_and_end, tenths);
	pthread_join(thread, NULL);
	return end_last(NULL);
}

static void parent_by_threads(int tenths)
{
	pthread_t thread;

	parent = getpid();
	pthread_create(&thread, NULL, start_for_thread, &tenths);
	pthread_join(thread, NULL);
	nap(8);
	say("parent ends");
}

static void passed_to_first(void)
{
	if (pipe(fds) < 0)
		_exit(1);
	show_status("child", reap(start(parent_by_threads, 2)));
	wait_for_the_end("grandchild has ended");
}

/* Who has adopted it is a parent as well. */
static void leave_one_to_arm(int tenths)
{
	start(arm_late, tenths);
}

static void adopting_parent(int tenths)
{
	parent = getpid();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	reap(start(leave_one_to_arm, tenths));
	nap(6);
	say("adopting parent ends");
}

static void passed_to_adopter(void)
{
	if (pipe(fds) < 0)
		_exit(1);
	show_status("child", reap(start(adopting_parent, 2)));
	wait_for_the_end("grandchild has ended");
}

static const struct tracee_case cases[] = {
	{"adopted", adopted},
	{"told", told},
	{"killed", killed},
	{"killed by KILL", killed_by_kill},
	{"cleared", cleared},
	{"by pipe", by_pipe},
	{"passed on", passed_on},
	{"passed to the first", passed_to_first},
	{"passed to an adopter", passed_to_adopter},
};

TRACEE_MAIN(cases)
