/*
 * The parent waits for SIGCHLD until the moment of its own death, so it
 * reaps a short-lived child at once; a child that is left is killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static unsigned seconds(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0) {
		fprintf(stderr, "daemon: bad number of seconds '%s'\n", text);
		exit(2);
	}
	return value;
}

/* True if the child ended, and was reaped, within LIMIT seconds. */
static bool child_ends_within(pid_t child, unsigned limit)
{
	struct timespec timeout = {.tv_sec = limit};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigtimedwait(&set, NULL, &timeout) < 0)
		return false;
	waitpid(child, NULL, 0);
	return true;
}

static void sleep_until(const struct timespec *moment)
{
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, moment, NULL) ==
		EINTR)
		;
}

int main(int argc, char **argv)
{
	unsigned child_seconds = 3, parent_seconds = 1;

	if (argc == 3) {
		child_seconds = seconds(argv[1]);
		parent_seconds = seconds(argv[2]);
	} else if (argc != 1) {
		fprintf(stderr, "usage: daemon CHILD_SECONDS PARENT_SECONDS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);

	struct timespec end;
	sigset_t set;
	pid_t child;
	bool gone;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += parent_seconds;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	child = fork();
	if (child < 0) {
		perror("fork");
		return 1;
	}
	if (child == 0) {
		puts("老太监活着");
		sleep(child_seconds);
		puts("老太监正常死亡");
		return 0;
	}
	gone = child_ends_within(child, parent_seconds);
	sleep_until(&end);
	puts("皇帝正在死亡");
	if (!gone) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	return 0;
}
