/*
 * vfork, posix_spawn and exec, mostly of this same program: a role is the
 * first argument.  /proc/self/exe is the program.
 */
#include <fcntl.h>
#include <spawn.h>

#include "tracee.h"

#define SELF "/proc/self/exe"

extern char **environ;

static char *role_argv(const char *role)
{
	static char text[20];

	strcpy(text, role);
	return text;
}

static void exit_codes(void)
{
	char *argv[] = {"spawn", role_argv("exit-7"), NULL};
	pid_t pid;

	show_error("spawn", posix_spawn(&pid, SELF, NULL, NULL, argv, environ));
	show_status("child", reap(pid));
	show_error("none",
		posix_spawn(&pid, "/no/such", NULL, NULL, argv, environ));
	show("no child", wait(NULL));
	pid = fork();
	if (pid == 0) {
		execl(SELF, "spawn", "exit-7", (char *)NULL);
		_exit(1);
	}
	show_status("fork and exec", reap(pid));
	show("exec nothing", execl("/no/such", "x", (char *)NULL));
	show("exec a folder", execl("/", "x", (char *)NULL));
}

static void suspended(void)
{
	volatile int shared = 1;
	pid_t pid = vfork();

	if (pid == 0) {
		nap(2);
		shared = 2;
		_exit(3);
	}
	say("after the child: %d", shared);
	show_status("vfork", reap(pid));
	pid = vfork();
	if (pid == 0) {
		nap(1);
		execl(SELF, "spawn", "nap-2", (char *)NULL);
		_exit(1);
	}
	say("after the exec");
	show_status("vfork and exec", reap(pid));
}

static void to_pipe(void)
{
	char *argv[] = {"spawn", role_argv("print"), NULL};
	posix_spawn_file_actions_t actions;
	char text[100];
	long length;
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		_exit(1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	show_error("spawn",
		posix_spawn(&pid, SELF, &actions, NULL, argv, environ));
	close(fds[1]);
	length = read(fds[0], text, sizeof(text));
	say("read: %.*s", (int)length - 1, text);
	show("end", read(fds[0], text, sizeof(text)));
	show_status("child", reap(pid));
}

static void environment(void)
{
	char *argv[] = {"spawn", role_argv("environment"), NULL};
	char *other[] = {"ROLE=other", NULL};
	pid_t pid;

	setenv("ROLE", "own", 1);
	posix_spawn(&pid, SELF, NULL, NULL, argv, environ);
	show_status("own", reap(pid));
	posix_spawn(&pid, SELF, NULL, NULL, argv, other);
	show_status("other", reap(pid));
}

static void closed_on_exec(void)
{
	int fds[2];
	pid_t pid;
	char c;

	if (pipe2(fds, O_CLOEXEC) < 0)
		_exit(1);
	pid = fork();
	if (pid == 0) {
		nap(1);
		execl(SELF, "spawn", "nap-2", (char *)NULL);
		_exit(1);
	}
	close(fds[1]);
	show("end of file at exec", read(fds[0], &c, 1));
	show_status("child", reap(pid));
}

static void attributes(void)
{
	char *argv[] = {"spawn", role_argv("group"), NULL};
	posix_spawnattr_t attr;
	sigset_t set;
	pid_t pid;

	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
						POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	posix_spawnattr_setsigmask(&attr, &set);
	posix_spawnattr_setsigdefault(&attr, &set);
	signal(SIGUSR1, SIG_IGN);
	posix_spawn(&pid, SELF, NULL, &attr, argv, environ);
	show_status("child", reap(pid));
}

static void ignored_over_exec(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGTERM, SIG_IGN);
		handle(SIGUSR1, nap, 0);
		execl(SELF, "spawn", "dispositions", (char *)NULL);
		_exit(1);
	}
	show_status("child", reap(pid));
}

static void shell_like(void)
{
	int fds[2];
	pid_t writer, reader;

	if (pipe(fds) < 0)
		_exit(1);
	writer = fork();
	if (writer == 0) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		execl(SELF, "spawn", "print", (char *)NULL);
		_exit(1);
	}
	reader = fork();
	if (reader == 0) {
		dup2(fds[0], STDIN_FILENO);
		close(fds[0]);
		close(fds[1]);
		execl(SELF, "spawn", "count", (char *)NULL);
		_exit(1);
	}
	close(fds[0]);
	close(fds[1]);
	show_status("writer", reap(writer));
	show_status("reader", reap(reader));
}

static const struct tracee_case cases[] = {
	{"exit codes", exit_codes},
	{"suspended", suspended},
	{"to a pipe", to_pipe},
	{"environment", environment},
	{"closed on exec", closed_on_exec},
	{"attributes", attributes},
	{"ignored over exec", ignored_over_exec},
	{"shell-like", shell_like},
};

static int count_input(void)
{
	int count = 0;

	while (getchar() != EOF)
		count++;
	return count;
}

static bool is_ignored(int sig)
{
	struct sigaction action;

	sigaction(sig, NULL, &action);
	return action.sa_handler == SIG_IGN;
}

static int play(const char *role)
{
	sigset_t set;

	if (strcmp(role, "exit-7") == 0)
		return 7;
	if (strcmp(role, "print") == 0)
		return puts("hello from the other") < 0;
	if (strcmp(role, "count") == 0)
		return count_input();
	if (strcmp(role, "environment") == 0)
		return strcmp(getenv("ROLE"), "own") == 0 ? 10 : 20;
	if (strcmp(role, "dispositions") == 0)
		return is_ignored(SIGTERM) + 2 * is_ignored(SIGUSR1);
	if (strcmp(role, "group") == 0) {
		sigprocmask(SIG_BLOCK, NULL, &set);
		return (getpgrp() == getpid()) +
		       2 * sigismember(&set, SIGUSR1) +
		       4 * !is_ignored(SIGUSR1);
	}
	nap(2);
	return 2;
}

int main(int argc, char *argv[])
{
	if (argc == 2)
		return play(argv[1]);
	return run_cases(cases, COUNT(cases));
}
