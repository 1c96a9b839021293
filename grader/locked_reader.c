/*
 * The child is left with its memory, the answer as descriptor 0, the input as
 * 1 and the end of its life: a seccomp filter, other descriptors closed, limits
 * of memory and processor time.  All other calls fail, which the libraries
 * stand.  The number alone is looked at: a call by another calling convention
 * meets a process with two descriptors and nothing to gain.
 */
#define _GNU_SOURCE
#include "grader/locked_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"

#define DATA_MAX ((rlim_t)512 << 20)
#define CPU_MAX_S 2
#define WALL_MAX_MS 10000
#define ANSWER_FD 0

void locked_send(const void *data, size_t length)
{
	const char *at = data;
	ssize_t sent;

	while (length > 0) {
		sent = write(ANSWER_FD, at, length);
		if (sent <= 0)
			return;
		at += sent;
		length -= (size_t)sent;
	}
}

#define ALLOW(call)                                                            \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),                 \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static bool lock_in(unsigned cpu_s)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr)),
		ALLOW(write),
		ALLOW(pread64),
		ALLOW(lseek),
		ALLOW(fstat),
		ALLOW(newfstatat),
		ALLOW(exit_group),
		ALLOW(brk),
		ALLOW(mmap),
		ALLOW(munmap),
		ALLOW(mremap),
		ALLOW(mprotect),
		ALLOW(madvise),
		ALLOW(futex),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	const struct sock_fprog program = {
		sizeof(filter) / sizeof(filter[0]), filter};
	const struct rlimit cpu = {cpu_s, cpu_s};
#ifndef __SANITIZE_ADDRESS__
	const struct rlimit data = {DATA_MAX, DATA_MAX};
#else
	/* its shadow memory alone is beyond every limit */
	const struct rlimit data = {RLIM_INFINITY, RLIM_INFINITY};
#endif

	return !setrlimit(RLIMIT_CPU, &cpu) && !setrlimit(RLIMIT_DATA, &data) &&
	       !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* The two descriptors, and no other. */
static bool take_descriptors(int answer_fd, int input_fd)
{
	const unsigned beyond = input_fd < 0 ? 1 : 2;

	/* above what dup2() is going to replace */
	answer_fd = fcntl(answer_fd, F_DUPFD, 2);
	if (input_fd >= 0)
		input_fd = fcntl(input_fd, F_DUPFD, 2);
	if (dup2(answer_fd, ANSWER_FD) != ANSWER_FD ||
		(input_fd >= 0 &&
			dup2(input_fd, LOCKED_INPUT_FD) != LOCKED_INPUT_FD))
		return false;
	return !close_range(beyond, ~0U, 0);
}

static _Noreturn void child(const struct locked_reader *reader, int answer_fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (reader->prepare)
		reader->prepare(reader->context);
	if (!take_descriptors(answer_fd, reader->input_fd) ||
		!lock_in(reader->cpu_s ? reader->cpu_s : CPU_MAX_S))
		_exit(1);
	reader->read(reader->context);
	_exit(0);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool take(const struct locked_reader *reader, struct buf *answer)
{
	if (reader->take)
		return reader->take(reader->take_context, answer);
	return answer->length <= reader->max;
}

/* Reads to the end of file, but no more than an answer can be long. */
static void receive(
	const struct locked_reader *reader, int fd, struct buf *answer)
{
	const int64_t deadline =
		now_ms() + (reader->wall_ms ? reader->wall_ms : WALL_MAX_MS);
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	char chunk[65536];
	int64_t left;
	ssize_t got;

	do {
		left = deadline - now_ms();
		if (left <= 0 || poll(&ready, 1, (int)left) == 0)
			return;
		got = read(fd, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return;
		buf_add(answer, chunk, (size_t)got);
	} while (take(reader, answer));
}

bool locked_read(const struct locked_reader *reader, struct buf *answer)
{
	int ends[2], status = -1;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		child(reader, ends[1]);
	}
	close(ends[1]);
	if (pid > 0) {
		receive(reader, ends[0], answer);
		kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		errno = 0;
	}
	close(ends[0]);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
