#include "tracee.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/rseq.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define CODE (TRACEE_MEMORY - 0x10000UL)
#define CODE_SIZE 4096UL
#define LOWEST 0x10000UL
#define HIGHEST 0x7ffffffff000UL
#define FIRST_OF_OURS 100

/*
 * munmap() of all below CODE, between it and the memory, and behind that; then
 * kill(getpid(), SIGSTOP).  It needs no stack, and is copied to CODE.
 */
__asm__(".text\n"
	"tracee_code:\n"
	"	movl $11, %eax\n"
	"	movl $0x10000, %edi\n"
	"	movl $0x1ffe0000, %esi\n"
	"	syscall\n"
	"	movl $11, %eax\n"
	"	movl $0x1fff1000, %edi\n"
	"	movl $0xf000, %esi\n"
	"	syscall\n"
	"	movl $11, %eax\n"
	"	movl $0x20002000, %edi\n"
	"	movabsq $0x7fffdfffd000, %rsi\n"
	"	syscall\n"
	"	movl $39, %eax\n"
	"	syscall\n"
	"	movl %eax, %edi\n"
	"	movl $19, %esi\n"
	"1:	movl $62, %eax\n"
	"	syscall\n"
	"	jmp 1b\n"
	"tracee_code_end:\n");
extern const char tracee_code[], tracee_code_end[];

_Static_assert(CODE == 0x1fff0000 && TRACEE_MEMORY + TRACEE_SIZE == 0x20002000,
	"the numbers in the code");

static void must(bool worked, const char *what)
{
	if (worked)
		return;
	perror(what);
	exit(1);
}

static void pair_of(int kind, int ends[2])
{
	must(socketpair(AF_UNIX, kind, 0, ends) == 0, "socketpair");
}

static void make_channels(int *files)
{
	int ends[2];

	must(pipe(ends) == 0, "pipe");
	files[TRACEE_STDOUT] = ends[1];
	must(pipe(ends) == 0, "pipe");
	files[TRACEE_STDERR] = ends[1];
	must(pipe(ends) == 0, "pipe");
	files[TRACEE_PIPE_EMPTY] = ends[0];
	must(pipe(ends) == 0, "pipe");
	files[TRACEE_PIPE_FULL] = ends[0];
	files[TRACEE_PIPE_WRITE] = ends[1];
	pair_of(SOCK_STREAM, ends);
	files[TRACEE_STREAM] = ends[0];
	pair_of(SOCK_SEQPACKET, ends);
	files[TRACEE_PACKETS] = ends[0];
	files[TRACEE_COUNTER] = eventfd(0, 0);
}

static void make_files(int *files)
{
	struct epoll_event event = {.events = EPOLLIN};
	char path[40];
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	files[TRACEE_SIGNALS] = signalfd(-1, &set, 0);
	files[TRACEE_TIMER] = timerfd_create(CLOCK_MONOTONIC, 0);
	files[TRACEE_EPOLL] = epoll_create1(0);
	epoll_ctl(files[TRACEE_EPOLL], EPOLL_CTL_ADD, files[TRACEE_PIPE_EMPTY],
		&event);
	files[TRACEE_FILE] = memfd_create("fuzz", 0);
	must(write(files[TRACEE_FILE], "{\"count\": 3}\n", 13) == 13, "write");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", files[TRACEE_FILE]);
	files[TRACEE_SAME_FILE] = open(path, O_RDWR);
	files[TRACEE_INPUT] = open("/dev/null", O_RDWR);
	files[TRACEE_RANDOM] = open("/dev/urandom", O_RDONLY);
	files[TRACEE_PIDFD] = (int)syscall(SYS_pidfd_open, getpid(), 0);
}

/* The kernel would write to it each time that the process is scheduled. */
static void leave_rseq(void)
{
	char *area = (char *)__builtin_thread_pointer() + __rseq_offset;

	if (__rseq_size > 0)
		syscall(SYS_rseq, area, 32, RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
}

static _Noreturn void become(const int *files)
{
	void (*code)(void);
	const void *place = (const void *)CODE;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	for (int i = 0; i < TRACEE_FILES; i++)
		dup2(files[i], i);
	close_range(TRACEE_FILES, ~0U, 0);
	memcpy(&code, &place, sizeof(code));
	leave_rseq();
	code();
	abort();
}

static void make_memory(void)
{
	const int where = MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
	void *memory = mmap((void *)TRACEE_MEMORY, TRACEE_SIZE,
		PROT_READ | PROT_WRITE, where | MAP_SHARED, -1, 0);
	void *code = mmap((void *)CODE, CODE_SIZE,
		PROT_READ | PROT_WRITE | PROT_EXEC, where | MAP_PRIVATE, -1, 0);

	must(memory == (void *)TRACEE_MEMORY && code == (void *)CODE, "mmap");
	memcpy(code, tracee_code, (size_t)(tracee_code_end - tracee_code));
}

const struct tracee *tracee_get(void)
{
	static struct tracee tracee;
	int status;

	if (tracee.pid)
		return &tracee;
	make_memory();
	make_channels(tracee.files);
	make_files(tracee.files);
	for (int i = 0; i < TRACEE_FILES; i++) {
		/* out of the way of dup2() */
		tracee.files[i] =
			fcntl(tracee.files[i], F_DUPFD, FIRST_OF_OURS);
		must(tracee.files[i] >= 0, "a descriptor");
	}
	tracee.pid = fork();
	must(tracee.pid >= 0, "fork");
	if (tracee.pid == 0)
		become(tracee.files);
	must(waitpid(tracee.pid, &status, 0) == tracee.pid &&
			WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP,
		"the tracee");
	ptrace(PTRACE_SETOPTIONS, tracee.pid, 0, PTRACE_O_EXITKILL);
	return &tracee;
}

void tracee_reset(const struct tracee *tracee)
{
	static const enum tracee_file changed[] = {TRACEE_PIPE_EMPTY,
		TRACEE_PIPE_WRITE, TRACEE_STREAM, TRACEE_PACKETS,
		TRACEE_COUNTER};
	struct pollfd full = {tracee->files[TRACEE_PIPE_FULL], POLLIN, 0};

	for (size_t i = 0; i < sizeof(changed) / sizeof(*changed); i++)
		fcntl(tracee->files[changed[i]], F_SETFL, 0);
	flock(tracee->files[TRACEE_FILE], LOCK_UN);
	flock(tracee->files[TRACEE_SAME_FILE], LOCK_UN);
	if (poll(&full, 1, 0) == 0)
		must(write(tracee->files[TRACEE_PIPE_WRITE], "0123456", 7) == 7,
			"write");
}
