/*
 * The calls at which a program without a schedule stops: all that the tracer
 * reads of its memory there, and what it writes into it.
 *
 * The input is what some tasks do: calls with any arguments and any memory,
 * answers of the kernel, and time that passes.  The tracee of fuzz_calls.c
 * never runs: what ptrace(2) would do to it is looked at instead.  Every stop
 * ends with the task going on or with the end of the run.
 */
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

#include "fuzz.h"
#include "jail/policy.h"
#include "tracee.h"

static struct {
	struct user_regs_struct regs; /* of the task that stands */
	unsigned long message;
	int resumed, signals;
} kernel;

static long fake_ptrace(int request, pid_t pid, void *address, void *data)
{
	(void)pid;
	(void)address;
	switch (request) {
	case PTRACE_GETREGS:
		memcpy(data, &kernel.regs, sizeof(kernel.regs));
		break;
	case PTRACE_SETREGS:
		memcpy(&kernel.regs, data, sizeof(kernel.regs));
		break;
	case PTRACE_GETEVENTMSG:
		memcpy(data, &kernel.message, sizeof(kernel.message));
		break;
	case PTRACE_CONT:
	case PTRACE_SYSCALL:
		kernel.resumed++;
		break;
	case PTRACE_INTERRUPT:
		break;
	default:
		assert(!"a request that is known");
	}
	return 0;
}

static int fake_kill(pid_t pid, int signal)
{
	assert(pid > 0 && signal == SIGALRM);
	kernel.signals++;
	return 0;
}

/* the two files, with their private functions; the library has its own */
#define ptrace(request, pid, address, data)                                    \
	fake_ptrace(request, pid, (void *)(uintptr_t)(address),                \
		(void *)(uintptr_t)(data))
#define kill fake_kill
#define parallel_go_on fuzzed_parallel_go_on
#define parallel_answer fuzzed_parallel_answer
#define parallel_call_entry fuzzed_parallel_call_entry
#define parallel_wait_entry fuzzed_parallel_wait_entry
#define parallel_call_exit fuzzed_parallel_call_exit
#define parallel_next_deadline fuzzed_parallel_next_deadline
#define parallel_fire fuzzed_parallel_fire
#include "tracer/parallel_call.c"
#include "tracer/parallel_wait.c"
#undef ptrace

#define TASKS 3
#define STEPS_MAX 12

struct input {
	const uint8_t *data;
	size_t left;
};

static uint8_t take_byte(struct input *input)
{
	uint8_t byte;

	fuzz_take(&input->data, &input->left, &byte, 1);
	return byte;
}

/* A small number, an address, a number of consequence, or any. */
static uint64_t take_word(struct input *input)
{
	static const uint64_t special[] = {0, UINT64_MAX, INT64_MAX,
		(uint64_t)INT64_MIN, INT32_MAX, (uint32_t)INT32_MIN, UINT32_MAX,
		64, 65, 1024, 999999999, 1000000, TCGETS, TIOCGWINSZ,
		CLOCK_REALTIME | FUTEX_CLOCK_REALTIME, 4096};
	uint8_t kind = take_byte(input);
	uint64_t word = 0;

	switch (kind % 4) {
	case 0:
		return (uint64_t)(int64_t)(int8_t)take_byte(input);
	case 1:
		fuzz_take(&input->data, &input->left, &word, 2);
		return TRACEE_MEMORY - 16 + word % (TRACEE_SIZE + 32);
	case 2:
		return special[kind / 4 % (sizeof(special) / sizeof(*special))];
	default:
		fuzz_take(&input->data, &input->left, &word, sizeof(word));
		return word;
	}
}

/* What filter.c stops there, and one that it does not. */
static const int numbers[] = {SYS_write, SYS_writev, SYS_sendfile, SYS_splice,
	SYS_ioctl, SYS_clock_gettime, SYS_gettimeofday, SYS_time, SYS_times,
	SYS_nanosleep, SYS_clock_nanosleep, SYS_alarm, SYS_setitimer,
	SYS_getitimer, SYS_timer_create, SYS_timerfd_settime, SYS_memfd_create,
	SYS_poll, SYS_ppoll, SYS_select, SYS_pselect6, SYS_epoll_wait,
	SYS_epoll_pwait, 441, SYS_futex, SYS_semop, SYS_semtimedop,
	SYS_rt_sigtimedwait, SYS_mq_timedsend, SYS_mq_timedreceive,
	SYS_setsockopt, SYS_recvmmsg, SYS_socket, SYS_socketpair, SYS_shmget,
	SYS_semget, SYS_msgget, SYS_read};

static void take_registers(struct input *input)
{
	struct user_regs_struct *regs = &kernel.regs;
	uint8_t which = take_byte(input);

	memset(regs, 0, sizeof(*regs));
	regs->orig_rax = (unsigned long long)
		numbers[which % (sizeof(numbers) / sizeof(*numbers))];
	regs->rdi = take_word(input);
	regs->rsi = take_word(input);
	regs->rdx = take_word(input);
	regs->r10 = take_word(input);
	regs->r8 = take_word(input);
	regs->r9 = take_word(input);
	/* a restarted call stands where it stood before */
	regs->rip = TRACEE_MEMORY + (which >> 6);
	kernel.message = POLICY_MODEL;
}

/* Now and then the call is one that the policy refuses. */
static void take_policy(struct input *input)
{
	uint8_t byte = take_byte(input);

	if (byte >= 16)
		return;
	kernel.regs.orig_rax = take_byte(input);
	kernel.message = byte % (POLICY_REMARK + 1);
	if (kernel.message == POLICY_REFUSE || kernel.message == POLICY_REMARK)
		kernel.message |= EPERM << POLICY_ERROR_SHIFT;
}

/* The kernel has answered a call that waits. */
static void leave(
	struct parallel *run, struct parallel_task *task, struct input *input)
{
	static const long results[] = {0, 1, -EINTR, -KERNEL_ERESTARTSYS,
		-KERNEL_ERESTARTNOHAND, -KERNEL_ERESTART_RESTARTBLOCK, -EAGAIN,
		-KERNEL_ERESTARTNOINTR};
	const uint64_t rip = task->wait.regs.rip;

	take_registers(input);
	kernel.regs.rip = rip;
	kernel.regs.rax = (unsigned long long)results[take_byte(input) % 8];
	parallel_call_exit(run, task);
	assert(!task->wait.on);
}

static void advance(struct parallel *run, struct input *input)
{
	int64_t next = parallel_next_deadline(run);

	if (take_byte(input) % 2)
		next = run->clock.now_ns + 1000000;
	/* what is later ends the run */
	if (next < run->clock.now_ns || next / 1000 > run->limits->virtual_us)
		return;
	clock_advance(&run->clock, next);
	parallel_fire(run);
	assert(parallel_next_deadline(run) > run->clock.now_ns);
}

static void step(struct parallel *run, struct input *input)
{
	uint8_t which = take_byte(input);
	struct parallel_task *task = run->tasks[which % TASKS];

	if (which >= 208) {
		advance(run, input);
		return;
	}
	kernel.resumed = 0;
	if (task->wait.on) {
		leave(run, task, input);
	} else {
		take_registers(input);
		take_policy(input);
		parallel_call_entry(run, task);
	}
	assert(run->stop ? kernel.resumed <= 1 : kernel.resumed == 1);
}

static void add_tasks(struct parallel *run, pid_t pid)
{
	static struct parallel_task tasks[TASKS];
	static struct parallel_task *list[TASKS];

	for (int i = 0; i < TASKS; i++) {
		tasks[i] = (struct parallel_task){
			.tid = pid, .tgid = i < 2 ? pid : pid + 1};
		tasks[i].number = trace_add_task(
			&run->out->trace, i - 1, i == 1, pid + i, 0);
		list[i] = &tasks[i];
	}
	run->tasks = list;
	run->count = run->live = TASKS;
}

/* Lines are whole, and of a stream. */
static void check_trace(const struct trace *trace)
{
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		assert(event->kind == EVENT_OUTPUT);
		assert(event->task >= 0 && event->task < TASKS);
		assert(!strcmp(event->object, "stdout") ||
			!strcmp(event->object, "stderr"));
		assert(event->text && !strchr(event->text, '\n'));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tracee *tracee = tracee_get();
	const struct run_limits limits = {.processes = 9,
		.virtual_us = INT64_C(1000000000000),
		.memory_bytes = 1 << 20,
		.output_bytes = 1 << 12};
	struct input input = {data, size};
	const uint8_t options = take_byte(&input);
	const struct run_spec spec = {
		.stdout_kind =
			options & 4 ? RUN_STDOUT_PIPE : RUN_STDOUT_TERMINAL,
	};
	struct run_outcome out = {0};
	struct parallel run = {
		.spec = &spec,
		.limits = &limits,
		.out = &out,
		.stdout_fd = tracee->files[TRACEE_STDOUT],
		.stderr_fd = tracee->files[TRACEE_STDERR],
	};
	uint8_t memory = take_byte(&input);

	memset((void *)TRACEE_MEMORY, options & 32 ? 0 : 'a', TRACEE_SIZE);
	fuzz_take(&input.data, &input.left, (void *)TRACEE_MEMORY, memory);
	memcpy((void *)(TRACEE_MEMORY + TRACEE_SIZE - memory),
		(void *)TRACEE_MEMORY, memory);
	add_tasks(&run, tracee->pid);
	for (int i = 0; i < STEPS_MAX && input.left > 0 && !run.stop; i++)
		step(&run, &input);
	check_trace(&out.trace);
	for (int i = 0; i < TASKS; i++)
		for (int stream = 0; stream < 2; stream++)
			buf_release(&run.tasks[i]->partial[stream]);
	clock_release(&run.clock);
	run_outcome_release(&out);
	return 0;
}
