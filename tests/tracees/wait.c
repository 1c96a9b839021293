/* fork, wait4, waitid: who is taken when, and with what status. */
#include "tracee.h"

static void exit_with(int status)
{
	_exit(status);
}

static void nap_then_exit(int tenths)
{
	nap(tenths);
	_exit(tenths);
}

static void die_by(int sig)
{
	raise(sig);
}

static void exit_codes(void)
{
	int codes[] = {0, 1, 42, 255, 256 + 3};

	for (size_t i = 0; i < COUNT(codes); i++)
		show_status("child", reap(start(exit_with, codes[i])));
}

static void signals(void)
{
	int sigs[] = {SIGKILL, SIGTERM, SIGUSR1, SIGPIPE, SIGHUP, SIGALRM};

	for (size_t i = 0; i < COUNT(sigs); i++)
		show_status("child", reap(start(die_by, sigs[i])));
}

static void no_children(void)
{
	siginfo_t info;

	show("wait", wait(NULL));
	show("waitpid no hang", waitpid(-1, NULL, WNOHANG));
	show("waitpid of itself", waitpid(getpid(), NULL, 0));
	show("waitid", waitid(P_ALL, 0, &info, WEXITED));
	show("waitid without flags", waitid(P_ALL, 0, &info, 0));
	show("waitpid bad flags", waitpid(-1, NULL, 0x40));
}

static void no_hang(void)
{
	pid_t pid = start(nap_then_exit, 2);
	int status, polls = 0;

	show("at once", waitpid(pid, &status, WNOHANG));
	nap(1);
	show("later", waitpid(-1, &status, WNOHANG));
	while (waitpid(pid, &status, WNOHANG) == 0) {
		polls++;
		nap(2);
	}
	show_status("child", status);
	say("polls: %d", polls);
	show("again", waitpid(pid, &status, WNOHANG));
}

static void in_order_of_end(void)
{
	int status;

	start(nap_then_exit, 3);
	start(nap_then_exit, 1);
	start(nap_then_exit, 2);
	while (wait(&status) > 0)
		show_status("child", status);
	show("no more", wait(&status));
}

static void by_pid(void)
{
	pid_t slow = start(nap_then_exit, 3), fast = start(nap_then_exit, 1);
	int status;

	say("slow first: %d", waitpid(slow, &status, 0) == slow);
	show_status("slow", status);
	say("fast is there: %d", waitpid(fast, &status, 0) == fast);
	show_status("fast", status);
}

static void show_info(const char *what, int result, const siginfo_t *info)
{
	static const char *const codes[] = {"none", "exited", "killed",
		"dumped", "trapped", "stopped", "continued"};

	if (result < 0)
		show(what, result);
	else
		say("%s: %s %d, pid %d", what, codes[info->si_code],
			info->si_status, info->si_pid != 0);
}

static void leave_waitable(void)
{
	pid_t pid = start(nap_then_exit, 1);
	siginfo_t info = {0};
	int flags = WEXITED | WNOWAIT;

	show_info("no hang", waitid(P_PID, pid, &info, flags | WNOHANG), &info);
	show_info("look", waitid(P_PID, pid, &info, flags), &info);
	show_info("look again", waitid(P_ALL, 0, &info, flags), &info);
	show("it is a zombie", kill(pid, 0));
	show_info("take", waitid(P_ALL, 0, &info, WEXITED), &info);
	show("it is gone", kill(pid, 0));
	pid = start(die_by, SIGTERM);
	show_info("killed", waitid(P_PID, pid, &info, WEXITED), &info);
}

static void stop_then_exit(int unused)
{
	(void)unused;
	raise(SIGSTOP);
	nap(1);
	_exit(7);
}

static void stopped(void)
{
	pid_t pid = start(stop_then_exit, 0);
	int status;

	say("stopped: %d", waitpid(pid, &status, WUNTRACED) == pid);
	show_status("child", status);
	show("not twice", waitpid(pid, &status, WUNTRACED | WNOHANG));
	nap(1);
	show("still", waitpid(pid, &status, WNOHANG));
	kill(pid, SIGCONT);
	waitpid(pid, &status, WCONTINUED);
	show_status("child", status);
	waitpid(pid, &status, 0);
	show_status("child", status);
}

static void nap_twice(int tenths)
{
	nap(tenths);
	nap(tenths);
	_exit(tenths);
}

static void stopped_by_other(void)
{
	pid_t pid = start(nap_twice, 2);
	siginfo_t info = {0};

	nap(1);
	kill(pid, SIGSTOP);
	show_info("stop", waitid(P_PID, pid, &info, WSTOPPED), &info);
	nap(2);
	kill(pid, SIGCONT);
	show_info("continue", waitid(P_PID, pid, &info, WCONTINUED), &info);
	show_info("exit", waitid(P_PID, pid, &info, WEXITED), &info);
	pid = start(nap_then_exit, 5);
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	kill(pid, SIGKILL);
	show_status("killed while stopped", reap(pid));
}

static void groups(void)
{
	pid_t same = start(nap_then_exit, 1), other = start(nap_then_exit, 2);
	siginfo_t info = {0};
	int status;

	setpgid(other, other);
	say("own group: %d", waitpid(0, &status, 0) == same);
	show("no more in it", waitpid(0, &status, 0));
	say("the other group: %d", waitpid(-other, &status, 0) == other);
	other = start(nap_then_exit, 1);
	setpgid(other, other);
	show_info("group", waitid(P_PGID, other, &info, WEXITED), &info);
}

static void grandchild_ends(int out)
{
	pid_t pid = start(nap_then_exit, 1);

	if (write(out, &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
	show_status("grandchild", reap(pid));
	_exit(5);
}

static void not_my_child(void)
{
	int fds[2], status;
	pid_t grandchild;

	if (pipe(fds) < 0)
		_exit(1);
	start(grandchild_ends, fds[1]);
	if (read(fds[0], &grandchild, sizeof(pid_t)) != sizeof(pid_t))
		_exit(1);
	show("grandchild", waitpid(grandchild, NULL, 0));
	wait(&status);
	show_status("child", status);
}

static const struct tracee_case cases[] = {
	{"exit codes", exit_codes},
	{"signals", signals},
	{"no children", no_children},
	{"no hang", no_hang},
	{"in order of end", in_order_of_end},
	{"by pid", by_pid},
	{"leave waitable", leave_waitable},
	{"stopped", stopped},
	{"stopped by another", stopped_by_other},
	{"groups", groups},
	{"not my child", not_my_child},
};

TRACEE_MAIN(cases)
