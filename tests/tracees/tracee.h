/*
 * What the torture programs share; see README.md.
 *
 * A program is a list of cases.  Each case runs in a process of its own, all
 * at the same time, and what it says is kept in shared memory and printed by
 * main in the order of the list.  A line begins with the time since the
 * case's start in tenths of a second, rounded down with a tolerance of a
 * hundredth, so that a slow machine prints what a virtual clock prints.
 */
#ifndef TRACEES_TRACEE_H
#define TRACEES_TRACEE_H

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAYBE_UNUSED __attribute__((unused))
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct tracee_case {
	const char *name;
	void (*run)(void);
};

struct tracee_slot {
	int length;
	char text[4000];
};

static struct tracee_slot *tracee_slot;
static int64_t tracee_start_ms;
static int tracee_index MAYBE_UNUSED; /* of the case that runs */

static int64_t tracee_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tracee_emit(const char *line, int length)
{
	if (tracee_slot == NULL) {
		if (write(STDOUT_FILENO, line, length) != length)
			_exit(99);
		return;
	}
	if (tracee_slot->length + length > (int)sizeof(tracee_slot->text))
		_exit(98);
	memcpy(tracee_slot->text + tracee_slot->length, line, length);
	tracee_slot->length += length;
}

/* Says a line, with the time in front of it. */
MAYBE_UNUSED __attribute__((format(printf, 1, 2))) static void say(
	const char *format, ...)
{
	int64_t tenths = (tracee_now_ms() - tracee_start_ms + 10) / 100;
	char line[300];
	int length = snprintf(line, sizeof(line), "%d.%d ", (int)(tenths / 10),
		(int)(tenths % 10));
	va_list args;

	va_start(args, format);
	length += vsnprintf(
		line + length, sizeof(line) - length - 1, format, args);
	va_end(args);
	line[length++] = '\n';
	tracee_emit(line, length);
}

/* Says WHAT and the result of a call, or the name of errno if it failed. */
MAYBE_UNUSED static long show(const char *what, long result)
{
	int error = errno;

	if (result == -1)
		say("%s: %s", what, strerrorname_np(error));
	else
		say("%s: %ld", what, result);
	errno = error;
	return result;
}

/* As show(), of a call that returns an error number. */
MAYBE_UNUSED static int show_error(const char *what, int error)
{
	say("%s: %s", what, error == 0 ? "0" : strerrorname_np(error));
	return error;
}

/* Says how a child ended; status is wait's. */
MAYBE_UNUSED static void show_status(const char *what, int status)
{
	if (WIFEXITED(status))
		say("%s: exited with %d", what, WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		say("%s: killed by %s", what, sigabbrev_np(WTERMSIG(status)));
	else if (WIFSTOPPED(status))
		say("%s: stopped by %s", what, sigabbrev_np(WSTOPSIG(status)));
	else if (WIFCONTINUED(status))
		say("%s: continued", what);
	else
		say("%s: unknown status", what);
}

/* Sleeps that many tenths of a second, whatever signals come. */
MAYBE_UNUSED static void nap(int tenths)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += tenths % 10 * 100000000L;
	end.tv_sec += tenths / 10 + end.tv_nsec / 1000000000L;
	end.tv_nsec %= 1000000000L;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) ==
		EINTR)
		;
}

/* Waits for PID, whatever signals come; returns its status. */
MAYBE_UNUSED static int reap(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Waits for all children. */
MAYBE_UNUSED static void reap_all(void)
{
	while (wait(NULL) >= 0 || errno == EINTR)
		;
}

/* A process that runs ROLE(ARG) and exits with 0. */
MAYBE_UNUSED static pid_t start(void (*role)(int), int arg)
{
	pid_t pid = fork();

	if (pid == 0) {
		role(arg);
		_exit(0);
	}
	return pid;
}

MAYBE_UNUSED static void *share(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		_exit(97);
	return memory;
}

MAYBE_UNUSED static void handle(int sig, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigaction(sig, &action, NULL);
}

/* An absolute time so many tenths from now. */
MAYBE_UNUSED static struct timespec in_tenths(clockid_t clock, int tenths)
{
	struct timespec time;

	clock_gettime(clock, &time);
	time.tv_nsec += tenths % 10 * 100000000L;
	time.tv_sec += tenths / 10 + time.tv_nsec / 1000000000L;
	time.tv_nsec %= 1000000000L;
	return time;
}

/* Runs the cases and prints what they said; returns main's status. */
MAYBE_UNUSED static int run_cases(const struct tracee_case *cases, int count)
{
	struct tracee_slot *slots = share(sizeof(*slots) * count);
	pid_t pids[64];
	char line[100];

	for (int i = 0; i < count; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			tracee_slot = &slots[i];
			tracee_index = i;
			tracee_start_ms = tracee_now_ms();
			cases[i].run();
			_exit(0);
		}
	}
	for (int i = 0; i < count; i++) {
		int status = reap(pids[i]);
		int length = snprintf(line, sizeof(line), "== %s (%x)\n",
			cases[i].name, status);

		tracee_emit(line, length);
		for (char *text = slots[i].text; *text != '\0';) {
			char *end = strchr(text, '\n');

			tracee_emit(text, end + 1 - text);
			text = end + 1;
		}
	}
	return 0;
}

#define TRACEE_MAIN(cases)                                                     \
	int main(void)                                                         \
	{                                                                      \
		return run_cases(cases, COUNT(cases));                         \
	}

#endif
