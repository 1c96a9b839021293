/*
 * A process for fuzz_calls.c whose memory, descriptors and pids the tracer's
 * handlers can look at, and which never runs.  It is stopped under ptrace, and
 * has no memory but one page of code and TRACEE_SIZE bytes at TRACEE_MEMORY,
 * which the fuzzer has too, at the same place.
 */
#ifndef TESTS_FUZZ_TRACEE_H
#define TESTS_FUZZ_TRACEE_H

#include <sys/types.h>

#define TRACEE_MEMORY 0x20000000UL
#define TRACEE_SIZE 8192UL

/* What its descriptors are, by number; the fuzzer's own are others. */
enum tracee_file {
	TRACEE_INPUT,
	TRACEE_STDOUT,
	TRACEE_STDERR,
	TRACEE_PIPE_EMPTY,
	TRACEE_PIPE_FULL,
	TRACEE_PIPE_WRITE,
	TRACEE_STREAM,
	TRACEE_PACKETS,
	TRACEE_COUNTER,
	TRACEE_EPOLL,
	TRACEE_TIMER,
	TRACEE_SIGNALS,
	TRACEE_FILE,
	TRACEE_SAME_FILE, /* another description of it */
	TRACEE_RANDOM,
	TRACEE_PIDFD,
	TRACEE_FILES
};

struct tracee {
	pid_t pid;
	int files[TRACEE_FILES]; /* ours, of the same descriptions */
};

/* Makes it, once; ends the program when it cannot. */
const struct tracee *tracee_get(void);

/* As tracee_get() left them: O_NONBLOCK, no locks, bytes in the pipe. */
void tracee_reset(const struct tracee *tracee);

#endif
