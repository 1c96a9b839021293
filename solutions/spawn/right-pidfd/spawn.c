/* A pidfd becomes readable when the child has ended. */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void child_process(const char *name, long seconds)
{
	int timer = timerfd_create(CLOCK_MONOTONIC, 0);
	struct itimerspec when = {.it_value = {.tv_sec = seconds}};
	unsigned long long times;

	dprintf(STDOUT_FILENO, "%s is running\n", name);
	if (seconds > 0) {
		timerfd_settime(timer, 0, &when, NULL);
		if (read(timer, &times, sizeof(times)) < 0)
			_exit(1);
	}
	dprintf(STDOUT_FILENO, "%s is done\n", name);
	_exit(0);
}

int main(int argc, char **argv)
{
	struct pollfd end = {.events = POLLIN};
	char *name = "大海", *rest;
	siginfo_t info;
	long seconds = 3;
	pid_t pid;

	if (argc == 3) {
		name = argv[1];
		seconds = strtol(argv[2], &rest, 10);
		if (rest == argv[2] || strlen(rest) > 0 || seconds < 0)
			argc = 0;
	}
	if (argc != 1 && argc != 3) {
		dprintf(STDERR_FILENO, "usage: spawn NAME SECONDS\n");
		exit(2);
	}
	pid = fork();
	if (pid == 0)
		child_process(name, seconds);
	end.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pid < 0 || end.fd < 0)
		return 1;
	dprintf(STDOUT_FILENO, "主\n");
	poll(&end, 1, -1);
	waitid(P_PID, (id_t)pid, &info, WEXITED);
	return 0;
}
