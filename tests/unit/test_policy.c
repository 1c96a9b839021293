/*
 * The filter's program is run here, over every call number, on a small BPF
 * machine, so that all answers are seen without being killed by them; a few
 * calls are then made under the real filter to check the machine itself.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail/filter.h"
#include "jail/policy.h"

#define NUMBERS 600
#define X32_BIT 0x40000000

static struct filter filters[FILTER_PROFILE_COUNT];

static void build(void)
{
	struct err err = {""};

	for (int i = 0; i < FILTER_PROFILE_COUNT; i++)
		cr_assert_eq(
			filter_build(i, &filters[i], &err), 0, "%s", err.text);
}

static void release(void)
{
	for (int i = 0; i < FILTER_PROFILE_COUNT; i++)
		filter_release(&filters[i]);
}

TestSuite(policy, .init = build, .fini = release);

static bool jumps(const struct sock_filter *at, uint32_t value)
{
	switch (BPF_OP(at->code)) {
	case BPF_JEQ:
		return value == at->k;
	case BPF_JGT:
		return value > at->k;
	case BPF_JGE:
		return value >= at->k;
	case BPF_JSET:
		return value & at->k;
	}
	cr_assert_fail("jump %#x", at->code);
	return false;
}

static uint32_t run_filter(
	const struct filter *filter, const struct seccomp_data *data)
{
	uint32_t value = 0;

	for (size_t i = 0; i < filter->length; i++) {
		const struct sock_filter *at = &filter->code[i];

		switch (BPF_CLASS(at->code)) {
		case BPF_LD:
			memcpy(&value, (const char *)data + at->k, 4);
			break;
		case BPF_ALU:
			cr_assert_eq(BPF_OP(at->code), BPF_AND);
			value &= at->k;
			break;
		case BPF_JMP:
			if (BPF_OP(at->code) == BPF_JA)
				i += at->k;
			else
				i += jumps(at, value) ? at->jt : at->jf;
			break;
		case BPF_RET:
			return at->k;
		default:
			cr_assert_fail("instruction %#x", at->code);
		}
	}
	cr_assert_fail("the filter has no end");
	return 0;
}

static uint32_t ask(
	enum filter_profile profile, long number, int argument, uint64_t value)
{
	struct seccomp_data data = {
		.nr = (int)number,
		.arch = AUDIT_ARCH_X86_64,
	};

	data.args[argument] = value;
	return run_filter(&filters[profile], &data);
}

#define TRACE(class) (SECCOMP_RET_TRACE | (class))
#define ERRNO(error) (SECCOMP_RET_ERRNO | (error))

#define REFUSE(class, error)                                                   \
	(TRACE(class) | (uint32_t)(error) << POLICY_ERROR_SHIFT)

static bool looks_at_arguments(int number)
{
	for (const struct policy_when *w = policy_whens(); w->name; w++)
		if (w->number == number)
			return true;
	return false;
}

static uint32_t expected(const struct policy_row *row)
{
	switch (row->policy) {
	case POLICY_ALLOW:
		return SECCOMP_RET_ALLOW;
	case POLICY_ERRNO:
		return ERRNO((uint32_t)row->error);
	case POLICY_REFUSE:
	case POLICY_REMARK:
		return REFUSE(row->policy, row->error);
	default:
		return TRACE(row->policy);
	}
}

Test(policy, every_row_gets_its_answer)
{
	int seen = 0;

	for (const struct policy_row *row = policy_rows(); row->name; row++) {
		if (row->number < 0 || looks_at_arguments(row->number))
			continue;
		cr_expect_eq(ask(FILTER_RUN, row->number, 0, 0), expected(row),
			"%s", row->name);
		seen++;
	}
	cr_assert_gt(seen, 300);
}

Test(policy, no_call_has_two_rows)
{
	static bool seen[NUMBERS];

	for (const struct policy_row *row = policy_rows(); row->name; row++) {
		if (row->number < 0)
			continue;
		cr_assert_lt(row->number, NUMBERS);
		cr_expect_not(seen[row->number], "%s", row->name);
		seen[row->number] = true;
	}
}

/* But for uretprobe and uprobe, which no filter sees. */
Test(policy, every_call_up_to_linux_6_17_has_a_row)
{
	static bool seen[NUMBERS];

	for (const struct policy_row *row = policy_rows(); row->name; row++)
		if (row->number >= 0)
			seen[row->number] = true;
	for (int i = 0; i < 470; i++) {
		char *name = i == 335 || i == 336 ? NULL : filter_call_name(i);

		cr_expect(!name || seen[i], "%d: %s", i, name);
		free(name);
	}
}

Test(policy, a_call_without_a_row_is_unknown)
{
	static bool seen[NUMBERS];

	for (const struct policy_row *row = policy_rows(); row->name; row++)
		if (row->number >= 0)
			seen[row->number] = true;
	for (int i = 0; i < NUMBERS; i++)
		if (!seen[i])
			cr_expect_eq(ask(FILTER_RUN, i, 0, 0),
				TRACE(POLICY_UNKNOWN), "%d", i);
}

Test(policy, other_architectures_are_killed)
{
	struct seccomp_data data = {.arch = AUDIT_ARCH_I386};

	for (int profile = 0; profile < FILTER_PROFILE_COUNT; profile++)
		for (int i = 0; i < NUMBERS; i++) {
			data.nr = i;
			cr_expect_eq(run_filter(&filters[profile], &data),
				SECCOMP_RET_KILL_PROCESS, "ia32 %d", i);
			cr_expect_eq(ask(profile, X32_BIT | i, 0, 0),
				SECCOMP_RET_KILL_PROCESS, "x32 %d", i);
		}
}

Test(policy, what_must_be_forbidden_is)
{
	static const char *const names[] = {"ptrace", "mount", "umount2",
		"pivot_root", "move_mount", "fsopen", "io_uring_setup",
		"io_uring_enter", "io_uring_register", "bpf", "userfaultfd",
		"perf_event_open", "keyctl", "add_key", "request_key",
		"kexec_load", "init_module", "finit_module", "delete_module",
		"name_to_handle_at", "open_by_handle_at", "seccomp",
		"landlock_create_ruleset", "landlock_add_rule",
		"landlock_restrict_self", "pidfd_getfd", "process_vm_readv",
		"process_vm_writev", "modify_ldt"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int number = filter_call_number(names[i]);

		cr_assert_geq(number, 0, "%s", names[i]);
		cr_expect_eq(ask(FILTER_RUN, number, 0, 0),
			TRACE(POLICY_FORBID), "%s", names[i]);
		cr_expect_eq(ask(FILTER_TOOL, number, 0, 0),
			SECCOMP_RET_KILL_PROCESS, "%s", names[i]);
	}
}

/* Without a schedule nothing is allowed that is not with one. */
Test(policy, a_parallel_run_allows_nothing_more)
{
	for (int i = 0; i < NUMBERS; i++) {
		uint32_t run = ask(FILTER_RUN, i, 0, 0);
		uint32_t parallel = ask(FILTER_PARALLEL, i, 0, 0);

		if (run == TRACE(POLICY_MODEL))
			cr_expect(parallel == run ||
					  parallel == SECCOMP_RET_ALLOW,
				"%d", i);
		else
			cr_expect_eq(parallel, run, "%d", i);
		if (ask(FILTER_RUN_SOCKETS, i, 0, 0) != TRACE(POLICY_MODEL))
			cr_expect_eq(ask(FILTER_PARALLEL_SOCKETS, i, 0, 0),
				ask(FILTER_RUN_SOCKETS, i, 0, 0), "%d", i);
	}
}

Test(policy, a_parallel_run_stops_at_time_outs_only)
{
	const uint64_t none = UINT32_MAX;

	cr_expect_eq(
		ask(FILTER_PARALLEL, SYS_poll, 2, 10), TRACE(POLICY_MODEL));
	cr_expect_eq(
		ask(FILTER_PARALLEL, SYS_poll, 2, none), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask(FILTER_PARALLEL, SYS_futex, 3, 0x1000),
		TRACE(POLICY_MODEL));
	cr_expect_eq(ask(FILTER_PARALLEL, SYS_futex, 3, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask(FILTER_PARALLEL, SYS_futex, 1, 129 /* private wake */),
		SECCOMP_RET_ALLOW);
	cr_expect_eq(ask(FILTER_PARALLEL, SYS_read, 0, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(
		ask(FILTER_PARALLEL, SYS_write, 0, 1), TRACE(POLICY_MODEL));
}

Test(policy, clone_makes_no_namespace_and_hides_from_no_tracer)
{
	static const unsigned bad[] = {CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID,
		CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP,
		CLONE_UNTRACED, CLONE_PTRACE, CLONE_PARENT};
	unsigned fork_flags = CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | 17;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_expect_eq(ask(FILTER_RUN, SYS_clone, 0, bad[i] | fork_flags),
			REFUSE(POLICY_REFUSE, EPERM), "%#x", bad[i]);
	cr_expect_eq(
		ask(FILTER_RUN, SYS_clone, 0, fork_flags), TRACE(POLICY_MODEL));
	cr_expect_eq(ask(FILTER_RUN, SYS_clone3, 0, 0),
		REFUSE(POLICY_REFUSE, ENOSYS));
}

Test(policy, the_high_half_of_an_int_does_not_count)
{
	uint64_t high = UINT64_C(0x5a5a5a5a) << 32;

	cr_expect_eq(ask(FILTER_RUN, SYS_ioctl, 1, high | TIOCSTI),
		REFUSE(POLICY_REFUSE, ENOTTY));
	cr_expect_eq(ask(FILTER_RUN, SYS_ioctl, 1, high | TCGETS),
		TRACE(POLICY_MODEL));
	cr_expect_eq(ask(FILTER_RUN, SYS_clone, 0, high | CLONE_NEWUSER),
		REFUSE(POLICY_REFUSE, EPERM));
	cr_expect_eq(ask(FILTER_RUN, SYS_clone, 0,
			     (uint64_t)CLONE_NEWUSER << 32 | 17),
		TRACE(POLICY_MODEL));
}

Test(policy, prctl_and_prlimit_allow_what_is_listed)
{
	cr_expect_eq(ask(FILTER_RUN, SYS_prctl, 0, PR_SET_NAME),
		TRACE(POLICY_MODEL));
	for (unsigned option = 0; option < 80; option++)
		if (option == PR_SET_SECCOMP || option == PR_SET_DUMPABLE ||
			option == PR_SET_PTRACER || option == PR_SET_MM ||
			option == PR_SET_NO_NEW_PRIVS || option == PR_SET_TSC)
			cr_expect_eq(ask(FILTER_RUN, SYS_prctl, 0, option),
				REFUSE(POLICY_REFUSE, EPERM), "%u", option);
	cr_expect_eq(ask(FILTER_RUN, SYS_prlimit64, 2, 0), SECCOMP_RET_ALLOW);
	cr_expect_eq(ask(FILTER_RUN, SYS_prlimit64, 2, 0x1000),
		REFUSE(POLICY_REFUSE, EPERM));
	/* A pointer whose low half is 0 is not a null pointer. */
	cr_expect_eq(ask(FILTER_RUN, SYS_prlimit64, 2, UINT64_C(7) << 32),
		REFUSE(POLICY_REFUSE, EPERM));
}

Test(policy, sockets_need_permission_and_are_local_even_then)
{
	cr_expect_eq(ask(FILTER_RUN, SYS_socket, 0, AF_UNIX),
		REFUSE(POLICY_REFUSE, EACCES));
	cr_expect_eq(ask(FILTER_RUN, SYS_socketpair, 0, AF_UNIX),
		REFUSE(POLICY_REFUSE, EACCES));
	cr_expect_eq(ask(FILTER_RUN_SOCKETS, SYS_socketpair, 0, AF_UNIX),
		TRACE(POLICY_MODEL));
	cr_expect_eq(ask(FILTER_RUN_SOCKETS, SYS_socket, 0, AF_UNIX),
		TRACE(POLICY_MODEL));
	for (unsigned family = 0; family < 64; family++)
		if (family != AF_UNIX)
			cr_expect_eq(
				ask(FILTER_RUN_SOCKETS, SYS_socket, 0, family),
				REFUSE(POLICY_REFUSE, EACCES), "family %u",
				family);
	cr_expect_eq(ask(FILTER_RUN, SYS_connect, 0, 3),
		REFUSE(POLICY_REFUSE, EACCES));
	cr_expect_eq(ask(FILTER_RUN_SOCKETS, SYS_connect, 0, 3),
		TRACE(POLICY_MODEL));
	cr_expect_eq(ask(FILTER_TOOL, SYS_socket, 0, AF_UNIX), ERRNO(EACCES));
}

Test(policy, a_tool_is_never_traced)
{
	for (int i = 0; i < NUMBERS; i++)
		cr_expect_neq(ask(FILTER_TOOL, i, 0, 0) & 0xffff0000,
			SECCOMP_RET_TRACE, "%d", i);
}

Test(policy, refusals_have_names_and_a_weight)
{
	const uint64_t signal[6] = {3, F_SETSIG}, none[6] = {3, F_GETFL};

	cr_expect_eq(ask(FILTER_RUN, SYS_fcntl, 1, F_SETSIG),
		REFUSE(POLICY_REFUSE, EPERM));
	cr_expect_str_eq(
		policy_refusal_name(SYS_fcntl, signal), "fcntl F_SETSIG");
	cr_expect_str_eq(policy_refusal_name(SYS_fcntl, none), "fcntl");
	cr_expect_str_eq(
		policy_refusal_name(SYS_inotify_init1, none), "inotify_init1");
	cr_expect(policy_refusal_matters("inotify_init1"));
	cr_expect(policy_refusal_matters("fcntl F_SETSIG"));
	cr_expect(policy_refusal_matters("chown"));
	cr_expect_not(policy_refusal_matters("chroot"));
	cr_expect_not(policy_refusal_matters("setpriority"));
	cr_expect_not(policy_refusal_matters("sched_setscheduler"));
}

Test(policy, calls_have_names)
{
	cr_expect_str_eq(policy_call_name(SYS_read), "read");
	cr_expect_str_eq(policy_call_name(425), "io_uring_setup");
	cr_expect_str_eq(policy_call_name(999), "syscall_999");
	cr_expect_str_eq(policy_call_name(-1), "syscall_unknown");
	cr_expect_eq(policy_call_name(999), policy_call_name(999));
}

/* Exit status of a child that loads the filter; 99 = the kernel has none. */
static int under_filter(int (*body)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
			filter_load(&filters[FILTER_TOOL]))
			_exit(99);
		_exit(body());
	}
	cr_assert_gt(pid, 0);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int harmless(void)
{
	if (getpid() <= 0)
		return 1;
	if (prctl(PR_SET_DUMPABLE, 0) != -1 || errno != EPERM)
		return 2;
	if (socket(AF_INET, SOCK_STREAM, 0) != -1 || errno != EACCES)
		return 3;
	if (syscall(SYS_clone3, NULL, 0) != -1 || errno != ENOSYS)
		return 4;
	return 0;
}

static int forbidden(void)
{
	return (int)syscall(SYS_bpf, 0, NULL, 0);
}

Test(policy, the_kernel_answers_as_the_table_says)
{
	int status = under_filter(harmless);

	if (status == 99)
		cr_skip_test("this kernel loads no filter");
	cr_expect_eq(status, 0, "step %d", status);
	cr_expect_eq(under_filter(forbidden), 128 + SIGSYS);
}

Test(policy, knows_which_calls_are_surely_modelled)
{
	const uint64_t none[6] = {0};
	const uint64_t namespace[6] = {CLONE_NEWNS};

	cr_assert(policy_models(SYS_write, none));
	cr_assert(policy_models(SYS_clone, none));
	cr_assert_not(policy_models(SYS_clone, namespace));
	/* only where sockets are allowed, and never */
	cr_assert_not(policy_models(SYS_socket, none));
	cr_assert_not(policy_models(SYS_ptrace, none));
	cr_assert_not(policy_models(SYS_getpid, none));
	cr_assert_not(policy_models(-1, none));
	cr_assert_not(policy_models(5000, none));
}
