/* Sessions and groups, daemons, programs that run others, and SIGCHLD. */
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>

#include "tracee.h"

static int ends[2];

static void make_pipe(void)
{
	if (pipe(ends) < 0)
		_exit(1);
}

static void show_line(const char *what)
{
	char text[200];
	ssize_t length = read(ends[0], text, sizeof(text) - 1);

	text[length < 0 ? 0 : length] = '\0';
	say("%s: '%s'", what, text);
}

static void tell(const char *text)
{
	if (write(ends[1], text, strlen(text)) < 0)
		_exit(1);
}

static volatile int signals;

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

static void hold_signal(int sig)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, sig);
	sigprocmask(SIG_BLOCK, &mask, NULL);
}

static void member(int group)
{
	setpgid(0, group);
	handle(SIGUSR1, on_signal, 0);
	nap(3);
	_exit(signals);
}

static void groups(void)
{
	pid_t leader, second, other;
	int status;

	handle(SIGUSR1, on_signal, 0);
	leader = start(member, 0);
	nap(1);
	second = start(member, leader);
	other = start(member, 0);
	nap(1);
	show("its group", getpgid(second) == leader);
	show("killpg", kill(-leader, SIGUSR1));
	show("there is one", kill(-leader, 0));
	nap(4);
	show("exec'd or gone", setpgid(leader, 0));
	for (int i = 0; i < 3; i++) {
		pid_t pid = i == 0 ? leader : i == 1 ? second : other;

		waitpid(pid, &status, 0);
		show_status("member", status);
	}
	show("none is left", kill(-leader, SIGUSR1));
	say("own signals %d", signals);
}

static void whole_group_child(int unused)
{
	(void)unused;
	setpgid(0, 0);
	handle(SIGUSR1, on_signal, 0);
	if (fork() == 0) {
		nap(5);
		_exit(0);
	}
	nap(1);
	show("kill the group", kill(0, SIGUSR1));
	say("own signals %d", signals);
	handle(SIGTERM, SIG_IGN, 0);
	kill(0, SIGTERM);
	say("survived");
	while (wait(NULL) >= 0)
		;
}

static void whole_group(void)
{
	reap(start(whole_group_child, 0));
	reap_all();
}

static void wait_by_group(void)
{
	pid_t leader = start(member, 0), second;
	siginfo_t info = {0};

	nap(1);
	second = start(member, leader);
	nap(1);
	show("none in mine", waitpid(0, NULL, WNOHANG));
	show("one", waitpid(-leader, NULL, 0) == leader);
	show("the other", waitid(P_PGID, leader, &info, WEXITED));
	say("right %d", info.si_pid == second);
	show("no more", waitpid(-leader, NULL, 0));
}

static void new_session(int unused)
{
	(void)unused;
	show("setsid", setsid() == getpid());
	show("group", getpgrp() == getpid());
	show("again", setsid());
	show("leave", setpgid(0, 0));
}

static void session(void)
{
	pid_t pid = start(new_session, 0);

	nap(1);
	reap(pid);
}

static void become_daemon(int unused)
{
	char text[100];

	(void)unused;
	if (daemon(1, 1) < 0)
		_exit(1);
	nap(1);
	snprintf(text, sizeof(text), "session of its own %d, leader %d",
		getsid(0) != getsid(getppid()) && getsid(0) == getpgrp(),
		getsid(0) == getpid());
	tell(text);
}

static void daemonise(void)
{
	make_pipe();
	show_status("parent of the daemon", reap(start(become_daemon, 0)));
	close(ends[1]);
	show_line("daemon");
	show_line("its end");
}

static void exit_at(int tenths)
{
	nap(tenths);
	_exit(tenths);
}

static void no_zombies(void)
{
	struct sigaction action = {
		.sa_handler = on_signal, .sa_flags = SA_NOCLDWAIT};

	sigaction(SIGCHLD, &action, NULL);
	start(exit_at, 1);
	start(exit_at, 2);
	show("interrupted", wait(NULL));
	show("waits for the last", wait(NULL));
	say("signals %d", signals);
	action.sa_flags |= SA_RESTART;
	sigaction(SIGCHLD, &action, NULL);
	start(exit_at, 1);
	show("restarted", wait(NULL));
	say("signals %d", signals);
}

/* The flag comes too late for a zombie that is there. */
static void set_late(void)
{
	struct sigaction action = {
		.sa_handler = on_signal, .sa_flags = SA_NOCLDWAIT};
	int status;

	start(exit_at, 1);
	nap(2);
	sigaction(SIGCHLD, &action, NULL);
	show("still there", wait(&status) > 0);
	show_status("it", status);
}

static void by_system(void)
{
	/* there is no shell in the jail, and may be none here: only the
	   signals of system() are looked at */
	struct sigaction now;
	sigset_t mask;

	hold_signal(SIGUSR1);
	handle(SIGINT, on_signal, 0);
	system("exit 3");
	sigaction(SIGINT, NULL, &now);
	say("handler is back %d", now.sa_handler == on_signal);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	say("masks %d %d", sigismember(&mask, SIGUSR1),
		sigismember(&mask, SIGCHLD));
	show("no children", wait(NULL));
}

static void usage_of(int unused)
{
	struct rusage usage;

	(void)unused;
	show("getrusage", getrusage(RUSAGE_SELF, &usage));
}

static void wait_with_usage(void)
{
	struct rusage usage;
	int status;
	pid_t pid = start(usage_of, 0);

	show("wait4", wait4(pid, &status, 0, &usage) == pid);
	pid = start(exit_at, 1);
	show("wait3", wait3(&status, 0, &usage) == pid);
	show_status("it", status);
}

static const struct tracee_case cases[] = {
	{"groups", groups},
	{"whole group", whole_group},
	{"wait by group", wait_by_group},
	{"session", session},
	{"daemon", daemonise},
	{"no zombies", no_zombies},
	{"set late", set_late},
	{"system", by_system},
	{"usage", wait_with_usage},
};

TRACEE_MAIN(cases)
