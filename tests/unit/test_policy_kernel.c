/*
 * The kernel itself is asked what it does with each system call under each
 * filter, and nothing is ever executed: in front of the profile's filter a
 * child loads one that answers every call with SECCOMP_RET_TRACE and PASSED.
 * Of two filters the stricter answer counts, and of two answers to trace the
 * later filter's data.  So what the profile allows stops as PASSED, what it
 * traces stops with its own data, and the tracer skips both; an errno and a
 * death are seen as they are.
 *
 * What is expected is read from the table of jail/policy.def, by the words of
 * its own comment, and not from filter.c.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail/filter.h"
#include "jail/policy.h"

/* No kernel has numbers beyond 470 yet. */
#define NUMBERS 1024
#define CASES_MAX 8192
#define PASSED 0xffffu
#define X32_BIT 0x40000000
#define RUBBISH (UINT64_C(0x5a5a5a5a) << 32)

enum answer_kind { UNASKED, PASSES, TRACED, FAILED, KILLED };

struct answer {
	enum answer_kind kind;
	unsigned data; /* SECCOMP_RET_DATA, or the errno */
};

struct question {
	uint64_t number; /* the whole register */
	uint64_t args[6];
	bool ia32; /* by int $0x80 */
	struct answer answer;
};

/* Shared by the test, which traces, and the child, which asks. */
struct interview {
	volatile size_t at;
	volatile bool asking;
	size_t count;
	struct question questions[CASES_MAX];
};

static struct interview *interview;

static void share(void)
{
	interview = mmap(NULL, sizeof(*interview), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(interview, MAP_FAILED);
}

static void unshare_memory(void)
{
	munmap(interview, sizeof(*interview));
}

TestSuite(policy_kernel, .init = share, .fini = unshare_memory, .timeout = 60);

static struct question *add(uint64_t number)
{
	struct question *question = &interview->questions[interview->count++];

	cr_assert_leq(interview->count, CASES_MAX);
	*question = (struct question){.number = number};
	return question;
}

static long call_native(const struct question *question)
{
	register uint64_t r10 __asm__("r10") = question->args[3];
	register uint64_t r8 __asm__("r8") = question->args[4];
	register uint64_t r9 __asm__("r9") = question->args[5];
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(question->number), "D"(question->args[0]),
			 "S"(question->args[1]), "d"(question->args[2]),
			 "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static long call_ia32(const struct question *question)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(question->number), "b"(0L), "c"(0L), "d"(0L),
			 "S"(0L), "D"(0L)
			 : "r8", "r9", "r10", "r11", "memory");
	return result;
}

static int load_outer_filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE | PASSED)};
	struct sock_fprog program = {1, code};

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static _Noreturn void ask_all(const struct filter *filter)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(98);
	raise(SIGSTOP);
	if (load_outer_filter() || filter_load(filter))
		_exit(99);
	for (; interview->at < interview->count; interview->at++) {
		struct question *question =
			&interview->questions[interview->at];
		long result;

		interview->asking = true;
		result = question->ia32 ? call_ia32(question)
					: call_native(question);
		interview->asking = false;
		if (question->answer.kind == UNASKED)
			question->answer =
				(struct answer){FAILED, (unsigned)-result};
	}
	_exit(0);
}

/* A stop by a filter: notes the answer and skips the call. */
static void note_stop(pid_t pid)
{
	struct user_regs_struct regs;
	unsigned long data = 0;

	if (!interview->asking)
		return; /* the child's own calls, between two questions */
	cr_assert_eq(ptrace(PTRACE_GETEVENTMSG, pid, NULL, &data), 0);
	interview->questions[interview->at].answer =
		(struct answer){data == PASSED ? PASSES : TRACED,
			data == PASSED ? 0 : (unsigned)data};
	cr_assert_eq(ptrace(PTRACE_GETREGS, pid, NULL, &regs), 0);
	regs.orig_rax = UINT64_MAX;
	regs.rax = 0;
	cr_assert_eq(ptrace(PTRACE_SETREGS, pid, NULL, &regs), 0);
}

/* Traces one child to its end. */
static int interview_child(const struct filter *filter)
{
	const long options = PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;
	int status;
	pid_t pid = fork();

	if (!pid)
		ask_all(filter);
	cr_assert_gt(pid, 0);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFSTOPPED(status), "the child could not begin");
	cr_assert_eq(ptrace(PTRACE_SETOPTIONS, pid, NULL, options), 0);
	while (WIFSTOPPED(status)) {
		long signal = WSTOPSIG(status);

		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
			note_stop(pid);
		if (signal == SIGTRAP || signal == SIGSTOP)
			signal = 0;
		cr_assert_eq(ptrace(PTRACE_CONT, pid, NULL, signal), 0);
		cr_assert_eq(waitpid(pid, &status, 0), pid);
	}
	return status;
}

/* All questions; a death is an answer, and another child goes on behind it. */
static void hold_interview(enum filter_profile profile)
{
	struct filter filter = {0};
	struct err err = {""};
	int status = -1;

	cr_assert_eq(filter_build(profile, &filter, &err), 0, "%s", err.text);
	interview->at = 0;
	while (interview->at < interview->count) {
		interview->asking = false;
		status = interview_child(&filter);
		if (WIFEXITED(status))
			break;
		cr_assert(interview->asking, "died of %d between questions",
			WTERMSIG(status));
		interview->questions[interview->at].answer =
			(struct answer){KILLED, (unsigned)WTERMSIG(status)};
		interview->at++;
	}
	filter_release(&filter);
	if (WIFEXITED(status) && WEXITSTATUS(status) >= 98)
		cr_skip_test("this kernel loads no filter");
	cr_assert_eq(interview->at, interview->count);
}

static bool has_sockets(enum filter_profile profile)
{
	return profile == FILTER_RUN_SOCKETS ||
	       profile == FILTER_PARALLEL_SOCKETS;
}

static bool passes(const struct policy_when *when, const uint64_t args[6])
{
	const uint64_t value = args[when->argument];

	if (when->test == POLICY_ZERO)
		return value == 0;
	if (when->test == POLICY_ANY_BIT)
		return ((uint32_t)value & when->value) != 0;
	return (uint32_t)value == when->value;
}

/* What the kernel has to say to a class of the table. */
static struct answer answer_to(
	enum filter_profile profile, enum policy_class class, int error)
{
	const bool tool = profile == FILTER_TOOL;
	const unsigned data = (unsigned)class | (unsigned)error
							<< POLICY_ERROR_SHIFT;

	if (class == POLICY_ALLOW || (class == POLICY_MODEL && tool))
		return (struct answer){PASSES, 0};
	if (class == POLICY_FORBID && tool)
		return (struct answer){KILLED, SIGSYS};
	if (class == POLICY_UNKNOWN && tool)
		return (struct answer){FAILED, ENOSYS};
	if (class == POLICY_ERRNO || tool)
		return (struct answer){FAILED, (unsigned)error};
	return (struct answer){
		TRACED, class == POLICY_REFUSE || class == POLICY_REMARK
				? data
				: (unsigned)class};
}

/* The table's answer to a call of this architecture. */
static struct answer table_answer(
	enum filter_profile profile, int number, const uint64_t args[6])
{
	for (const struct policy_when *w = policy_whens(); w->name; w++)
		if (w->number == number &&
			(!w->unix_sockets || has_sockets(profile)) &&
			passes(w, args))
			return answer_to(profile, w->policy, w->error);
	for (const struct policy_row *row = policy_rows(); row->name; row++) {
		if (row->number != number)
			continue;
		if (row->unix_sockets && has_sockets(profile))
			return answer_to(profile, POLICY_MODEL, 0);
		return answer_to(profile, row->policy, row->error);
	}
	return answer_to(profile, POLICY_UNKNOWN, 0);
}

/* Without a schedule what is modelled may run free, and nothing else differs.
 */
static bool may_differ(
	enum filter_profile profile, struct answer want, struct answer got)
{
	return (profile == FILTER_PARALLEL ||
		       profile == FILTER_PARALLEL_SOCKETS) &&
	       want.kind == TRACED && want.data == POLICY_MODEL &&
	       got.kind == PASSES;
}

/*
 * Since Linux 6.14 no filter sees uretprobe(2) and uprobe(2), which the kernel
 * itself puts into programs that are probed.  In any other program the one is
 * SIGILL and the other ENXIO.
 */
static bool passes_by_the_filter(int number, struct answer got)
{
	return (number == 335 && got.kind == KILLED && got.data == SIGILL) ||
	       (number == 336 && got.kind == FAILED && got.data == ENXIO);
}

static void compare_with_table(enum filter_profile profile)
{
	for (size_t i = 0; i < interview->count; i++) {
		const struct question *q = &interview->questions[i];
		int number = (int)(uint32_t)q->number;
		struct answer want = table_answer(profile, number, q->args);

		if (may_differ(profile, want, q->answer) ||
			passes_by_the_filter(number, q->answer))
			continue;
		cr_expect(want.kind == q->answer.kind &&
				  want.data == q->answer.data,
			"profile %d, %s (%#llx), case %zu: wanted %d:%#x, "
			"the kernel said %d:%#x",
			profile, policy_call_name(number),
			(unsigned long long)q->number, i, want.kind, want.data,
			q->answer.kind, q->answer.data);
	}
}

static void ask_numbers(uint64_t argument, uint64_t high)
{
	for (uint64_t number = 0; number < NUMBERS; number++) {
		struct question *question = add(number | high);

		for (int i = 0; i < 6; i++)
			question->args[i] = argument;
	}
}

/* Every value that a row looks at, plain and with rubbish in its high half. */
static void ask_arguments(void)
{
	static const uint64_t highs[] = {
		0, RUBBISH, UINT64_C(0xffffffff) << 32};

	for (const struct policy_when *w = policy_whens(); w->name; w++) {
		uint64_t values[40] = {0, 1, UINT32_MAX, w->value, w->value + 1,
			w->value ^ 0x80000000};
		size_t count = 6;

		if (w->number < 0)
			continue;
		for (int bit = 0; bit < 32; bit++)
			if (w->test == POLICY_ANY_BIT && w->value >> bit & 1)
				values[count++] = UINT64_C(1) << bit;
		for (size_t i = 0; i < count; i++)
			for (int high = 0; high < 3; high++)
				add((uint64_t)w->number)->args[w->argument] =
					values[i] | highs[high];
		/* the value in the wrong half */
		add((uint64_t)w->number)->args[w->argument] = (uint64_t)w->value
							      << 32;
	}
}

/* All numbers, all arguments that the table looks at, in one profile. */
static void walk(enum filter_profile profile)
{
	ask_numbers(0, 0);
	ask_numbers(UINT64_MAX, 0);
	ask_numbers(0, RUBBISH); /* the kernel takes the low half only */
	ask_arguments();
	hold_interview(profile);
	compare_with_table(profile);
}

Test(policy_kernel, every_number_and_argument_in_a_run)
{
	walk(FILTER_RUN);
}

Test(policy_kernel, every_number_and_argument_in_a_run_with_sockets)
{
	walk(FILTER_RUN_SOCKETS);
}

Test(policy_kernel, every_number_and_argument_without_a_schedule)
{
	walk(FILTER_PARALLEL);
}

Test(policy_kernel, every_number_and_argument_without_a_schedule_with_sockets)
{
	walk(FILTER_PARALLEL_SOCKETS);
}

Test(policy_kernel, every_number_and_argument_of_a_tool)
{
	walk(FILTER_TOOL);
}

static void expect_all_killed(const char *abi)
{
	for (size_t i = 0; i < interview->count; i++) {
		const struct question *q = &interview->questions[i];

		cr_expect(q->answer.kind == KILLED && q->answer.data == SIGSYS,
			"%s %#llx: %d:%u", abi, (unsigned long long)q->number,
			q->answer.kind, q->answer.data);
	}
}

Test(policy_kernel, x32_kills_whatever_the_number)
{
	static const int profiles[] = {FILTER_RUN, FILTER_TOOL};

	for (size_t i = 0; i < 2; i++) {
		interview->count = 0;
		for (uint64_t number = 0; number < 480; number++)
			add(number | X32_BIT);
		/* where x32 has numbers of its own, and the far ends */
		for (uint64_t number = 512; number < 550; number++)
			add(number | X32_BIT);
		add(INT_MAX);
		add((uint32_t)INT_MIN);
		add(UINT32_MAX - 1);
		hold_interview(profiles[i]);
		expect_all_killed("x32");
	}
}

/* int $0x80 in a kernel without ia32 is a fault of its own. */
static bool has_ia32(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct question getpid_of_ia32 = {.number = 20};

		_exit(call_ia32(&getpid_of_ia32) == getpid() ? 0 : 1);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

Test(policy_kernel, ia32_kills_whatever_the_number)
{
	if (!has_ia32())
		cr_skip_test("this kernel has no ia32 calls to be killed for");
	for (uint64_t number = 0; number < 480; number++)
		add(number)->ia32 = true;
	hold_interview(FILTER_RUN);
	expect_all_killed("ia32");
}

/* The C library falls back to clone(), whose flags the filter sees. */
Test(policy_kernel, clone3_falls_back)
{
	static const int profiles[] = {
		FILTER_RUN, FILTER_RUN_SOCKETS, FILTER_PARALLEL};
	struct question *question;

	for (size_t i = 0; i < 3; i++) {
		interview->count = 0;
		question = add(SYS_clone3);
		hold_interview(profiles[i]);
		cr_expect_eq(question->answer.kind, TRACED);
		cr_expect_eq(question->answer.data,
			POLICY_REFUSE | ENOSYS << POLICY_ERROR_SHIFT);
	}
	interview->count = 0;
	question = add(SYS_clone3);
	hold_interview(FILTER_TOOL);
	cr_expect_eq(question->answer.kind, FAILED);
	cr_expect_eq(question->answer.data, ENOSYS);
}

/* The negative control: an answer that is not the table's would be seen. */
Test(policy_kernel, another_filter_is_told_apart)
{
	size_t different = 0;

	ask_numbers(0, 0);
	hold_interview(FILTER_TOOL);
	for (size_t i = 0; i < interview->count; i++) {
		const struct question *q = &interview->questions[i];
		struct answer want =
			table_answer(FILTER_RUN, (int)q->number, q->args);

		different += want.kind != q->answer.kind ||
			     want.data != q->answer.data;
	}
	cr_expect_gt(different, 100);
}
