/*
 * libseccomp turns the rows of the policy table into a search tree over the
 * call's number.  It cannot say "this call, any other argument": a rule
 * without arguments swallows the rules with arguments.  So the rows that look
 * at an argument are written by hand in front of its program:
 *
 *	load architecture; not ours -> to the end (libseccomp kills)
 *	load number
 *	not prctl -> next call
 *		load argument; equal? -> return the row's answer
 *		...
 *		-> to the end
 *	next call: ...
 *	end: libseccomp's program
 *
 * The jumps of BPF are relative, so the two are simply put together.
 */
#define _GNU_SOURCE
#include "jail/filter.h"

#include <assert.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "jail/policy.h"

#if defined(__x86_64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the filter knows x86_64 and aarch64"
#endif

/* Calls newer than the oldest libseccomp; one number on all architectures. */
static const struct {
	const char *name;
	int number;
} new_calls[] = {
	{"epoll_pwait2", 441},
	{"mount_setattr", 442},
	{"quotactl_fd", 443},
	{"landlock_create_ruleset", 444},
	{"landlock_add_rule", 445},
	{"landlock_restrict_self", 446},
	{"memfd_secret", 447},
	{"process_mrelease", 448},
	{"futex_waitv", 449},
	{"set_mempolicy_home_node", 450},
	{"cachestat", 451},
	{"fchmodat2", 452},
	{"map_shadow_stack", 453},
	{"futex_wake", 454},
	{"futex_wait", 455},
	{"futex_requeue", 456},
	{"statmount", 457},
	{"listmount", 458},
	{"lsm_get_self_attr", 459},
	{"lsm_set_self_attr", 460},
	{"lsm_list_modules", 461},
	{"mseal", 462},
	{"setxattrat", 463},
	{"getxattrat", 464},
	{"listxattrat", 465},
	{"removexattrat", 466},
	{"open_tree_attr", 467},
	{"file_getattr", 468},
	{"file_setattr", 469},
};

#define NEW_CALL_COUNT (sizeof(new_calls) / sizeof(*new_calls))

int filter_call_number(const char *name)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number >= 0)
		return number;
	for (size_t i = 0; i < NEW_CALL_COUNT; i++)
		if (!strcmp(new_calls[i].name, name))
			return new_calls[i].number;
	return -1;
}

char *filter_call_name(int number)
{
	char *name;

	name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
	if (name)
		return name;
	for (size_t i = 0; i < NEW_CALL_COUNT; i++)
		if (new_calls[i].number == number)
			return xstrdup(new_calls[i].name);
	return NULL;
}

/*
 * What a program without a schedule must stop at all the same: what it
 * prints is put together a process at a time, and time is ours (see
 * tracer/parallel.h).
 */
static const char *const parallel_stops[] = {"write", "writev", "sendfile",
	"splice", "ioctl", "clock_gettime", "gettimeofday", "time", "times",
	"nanosleep", "clock_nanosleep", "alarm", "setitimer", "getitimer",
	"timer_create", "timerfd_settime", "memfd_create", "poll", "ppoll",
	"select", "pselect6", "epoll_wait", "epoll_pwait", "epoll_pwait2",
	"futex", "semop", "semtimedop", "rt_sigtimedwait", "mq_timedsend",
	"mq_timedreceive", "setsockopt", "recvmmsg", "socket", "socketpair",
	"shmget", "semget", "msgget", NULL};

/*
 * Of those, what has no time-out; in the order in which they are tried.  Calls
 * that a signal ends with EINTR stop all the same, see parallel_wait.c.
 */
#define FREE_WHEN(name, argument, test, value)                                 \
	{                                                                      \
#name, -1, argument, POLICY_##test, (uint32_t)(value),         \
			POLICY_ALLOW, 0, "no time-out", false,                 \
			#name " " #value                                       \
	}
#define FREE_FUTEX(operation)                                                  \
	FREE_WHEN(futex, 1, EQUAL, operation),                                 \
		FREE_WHEN(futex, 1, EQUAL, operation##_PRIVATE)
static struct policy_when parallel_whens[] = {
	FREE_WHEN(poll, 2, EQUAL, 0),
	FREE_WHEN(poll, 2, EQUAL, -1),
	FREE_WHEN(ppoll, 2, ZERO, 0),
	FREE_WHEN(select, 4, ZERO, 0),
	FREE_WHEN(pselect6, 4, ZERO, 0),
	FREE_WHEN(epoll_wait, 3, EQUAL, 0),
	FREE_WHEN(epoll_pwait, 3, EQUAL, 0),
	/* here the fourth argument is a number, or rubbish */
	FREE_FUTEX(FUTEX_WAKE),
	FREE_FUTEX(FUTEX_REQUEUE),
	FREE_FUTEX(FUTEX_CMP_REQUEUE),
	FREE_FUTEX(FUTEX_WAKE_OP),
	FREE_FUTEX(FUTEX_UNLOCK_PI),
	FREE_FUTEX(FUTEX_TRYLOCK_PI),
	FREE_FUTEX(FUTEX_WAKE_BITSET),
	FREE_FUTEX(FUTEX_CMP_REQUEUE_PI),
	FREE_WHEN(futex, 3, ZERO, 0),
	FREE_WHEN(mq_timedsend, 4, ZERO, 0),
	FREE_WHEN(mq_timedreceive, 4, ZERO, 0),
	{NULL, -1, 0, POLICY_EQUAL, 0, POLICY_ALLOW, 0, NULL, false, NULL},
};

static bool is_parallel(enum filter_profile profile)
{
	return profile == FILTER_PARALLEL || profile == FILTER_PARALLEL_SOCKETS;
}

static bool has_sockets(enum filter_profile profile)
{
	return profile == FILTER_RUN_SOCKETS ||
	       profile == FILTER_PARALLEL_SOCKETS;
}

static bool stops_in_parallel(const char *name)
{
	for (size_t i = 0; parallel_stops[i]; i++)
		if (!strcmp(parallel_stops[i], name))
			return true;
	return false;
}

/* The kernel's answer (SECCOMP_RET_*) of call NAME's class in a profile. */
static uint32_t answer_of(enum filter_profile profile, const char *name,
	enum policy_class policy, int error)
{
	bool tool = profile == FILTER_TOOL;

	switch (policy) {
	case POLICY_ALLOW:
		return SECCOMP_RET_ALLOW;
	case POLICY_MODEL:
		if (tool || (is_parallel(profile) && !stops_in_parallel(name)))
			return SECCOMP_RET_ALLOW;
		return SECCOMP_RET_TRACE | POLICY_MODEL;
	case POLICY_FORBID:
		return tool ? SECCOMP_RET_KILL_PROCESS
			    : SECCOMP_RET_TRACE | POLICY_FORBID;
	case POLICY_UNKNOWN:
		return tool ? SECCOMP_RET_ERRNO | ENOSYS
			    : SECCOMP_RET_TRACE | POLICY_UNKNOWN;
	case POLICY_ERRNO:
		return SECCOMP_RET_ERRNO | (uint32_t)error;
	case POLICY_REFUSE:
	case POLICY_REMARK:
		return tool ? SECCOMP_RET_ERRNO | (uint32_t)error
			    : SECCOMP_RET_TRACE | (uint32_t)policy |
				       (uint32_t)error << POLICY_ERROR_SHIFT;
	}
	assert(!"a class of the policy");
	return SECCOMP_RET_KILL_PROCESS;
}

/* libseccomp's action values are the kernel's. */
static_assert(SCMP_ACT_TRACE(3) == (SECCOMP_RET_TRACE | 3), "TRACE");
static_assert(SCMP_ACT_ERRNO(9) == (SECCOMP_RET_ERRNO | 9), "ERRNO");
static_assert(SCMP_ACT_ALLOW == SECCOMP_RET_ALLOW, "ALLOW");
static_assert(SCMP_ACT_KILL_PROCESS == SECCOMP_RET_KILL_PROCESS, "KILL");

static int add_rows(scmp_filter_ctx context, enum filter_profile profile,
	uint32_t fallback, struct err *err)
{
	for (const struct policy_row *row = policy_rows(); row->name; row++) {
		enum policy_class policy = row->policy;
		uint32_t answer;
		int r;

		if (row->unix_sockets && has_sockets(profile))
			policy = POLICY_MODEL;
		answer = answer_of(profile, row->name, policy, row->error);
		/* libseccomp refuses a rule that equals the default. */
		if (row->number < 0 || answer == fallback)
			continue;
		r = seccomp_rule_add_exact(context, answer, row->number, 0);
		if (r < 0)
			return err_errno(
				err, r, "filter rule for '%s'", row->name);
	}
	return 0;
}

/* The table without arguments, as libseccomp compiles it, in BYTES. */
static int export_table(
	enum filter_profile profile, struct buf *bytes, struct err *err)
{
	uint32_t fallback = answer_of(profile, "", POLICY_UNKNOWN, 0);
	scmp_filter_ctx context;
	auto_close int fd = -1;
	int r;

	context = seccomp_init(fallback);
	if (!context)
		return err_set(err, -ENOMEM, "seccomp_init failed");
	r = seccomp_attr_set(
		context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (!r)
		r = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (r < 0) {
		err_errno(err, r, "filter attributes");
		goto out;
	}
	r = add_rows(context, profile, fallback, err);
	if (r < 0)
		goto out;
	fd = memfd_create("filter", MFD_CLOEXEC);
	r = fd < 0 ? -errno : seccomp_export_bpf(context, fd);
	if (r >= 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = -errno;
	if (r >= 0)
		r = buf_read_fd(bytes, fd,
			sizeof(struct sock_filter) * (size_t)BPF_MAXINSNS);
	if (r < 0)
		err_errno(err, r, "export of the filter");
out:
	seccomp_release(context);
	return r < 0 ? r : 0;
}

static void emit(
	struct buf *code, unsigned op, uint32_t k, unsigned yes, unsigned no)
{
	struct sock_filter instruction = {
		.code = (uint16_t)op,
		.jt = (uint8_t)yes,
		.jf = (uint8_t)no,
		.k = k,
	};

	buf_add(code, &instruction, sizeof(instruction));
}

static size_t emitted(const struct buf *code)
{
	return code->length / sizeof(struct sock_filter);
}

static uint32_t argument_offset(int argument, bool high)
{
	size_t offset = offsetof(struct seccomp_data, args) +
			(size_t)argument * sizeof(uint64_t);

	return (uint32_t)(offset + (high ? 4 : 0)); /* little endian */
}

/* One row: test, and the answer when it holds. */
static void emit_when(struct buf *code, enum filter_profile profile,
	const struct policy_when *when)
{
	unsigned load = BPF_LD | BPF_W | BPF_ABS;
	unsigned equal = BPF_JMP | BPF_JEQ | BPF_K;

	emit(code, load, argument_offset(when->argument, false), 0, 0);
	switch (when->test) {
	case POLICY_EQUAL:
		emit(code, equal, when->value, 0, 1);
		break;
	case POLICY_ANY_BIT:
		emit(code, BPF_JMP | BPF_JSET | BPF_K, when->value, 0, 1);
		break;
	case POLICY_ZERO:
		emit(code, equal, 0, 0, 3);
		emit(code, load, argument_offset(when->argument, true), 0, 0);
		emit(code, equal, 0, 0, 1);
		break;
	}
	emit(code, BPF_RET | BPF_K,
		answer_of(profile, when->name, when->policy, when->error), 0,
		0);
}

static bool holds_in(
	const struct policy_when *when, enum filter_profile profile)
{
	return when->number >= 0 &&
	       (!when->unix_sockets || has_sockets(profile));
}

/* The rows of the call that FIRST begins; returns the row behind them. */
static const struct policy_when *emit_call(struct buf *code,
	enum filter_profile profile, const struct policy_when *first)
{
	const struct policy_when *when = first;
	struct buf body = {0};

	for (; when->name && !strcmp(when->name, first->name); when++)
		if (holds_in(when, profile))
			emit_when(&body, profile, when);
	if (body.length) {
		size_t skip = emitted(&body) + 1;

		/* A conditional jump reaches 255 instructions only. */
		emit(code, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)first->number,
			1, 0);
		emit(code, BPF_JMP | BPF_JA, (uint32_t)skip, 0, 0);
		buf_add(code, body.data, body.length);
		/* To the table; link_tails() finds it by its k. */
		emit(code, BPF_JMP | BPF_JA, UINT32_MAX, 0, 0);
	}
	buf_release(&body);
	return when;
}

/* Turns each jump "to the table" into the distance to the code's end. */
static void link_tails(struct buf *code)
{
	size_t count = emitted(code);

	for (size_t i = 0; i < count; i++) {
		struct sock_filter instruction;
		char *at = code->data + i * sizeof(instruction);

		memcpy(&instruction, at, sizeof(instruction));
		if (instruction.code == (BPF_JMP | BPF_JA) &&
			instruction.k == UINT32_MAX)
			instruction.k = (uint32_t)(count - i - 1);
		memcpy(at, &instruction, sizeof(instruction));
	}
}

/* None of these calls has rows in the policy's own list. */
static void emit_parallel(struct buf *code, enum filter_profile profile)
{
	const struct policy_when *when = parallel_whens;

	for (struct policy_when *row = parallel_whens; row->name; row++)
		row->number = filter_call_number(row->name);
	while (when->name)
		when = emit_call(code, profile, when);
}

static void emit_arguments(struct buf *code, enum filter_profile profile)
{
	const struct policy_when *when = policy_whens();

	emit(code, BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, arch), 0, 0);
	emit(code, BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCHITECTURE, 1, 0);
	emit(code, BPF_JMP | BPF_JA, UINT32_MAX, 0, 0);
	emit(code, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr),
		0, 0);
	while (when->name)
		when = emit_call(code, profile, when);
	if (is_parallel(profile))
		emit_parallel(code, profile);
	link_tails(code);
}

int filter_build(
	enum filter_profile profile, struct filter *filter, struct err *err)
{
	struct buf code = {0}, table = {0};
	size_t count;
	int r;

	emit_arguments(&code, profile);
	r = export_table(profile, &table, err);
	if (r < 0)
		goto out;
	buf_add(&code, table.data, table.length);
	count = emitted(&code);
	if (count > BPF_MAXINSNS) {
		r = err_set(err, -E2BIG, "filter has %zu instructions", count);
		goto out;
	}
	filter->code = xmalloc(code.length);
	memcpy(filter->code, code.data, code.length);
	filter->length = (unsigned short)count;
out:
	buf_release(&table);
	buf_release(&code);
	return r;
}

void filter_release(struct filter *filter)
{
	free(filter->code);
	*filter = (struct filter){0};
}

int filter_load(const struct filter *filter)
{
	struct sock_fprog program = {
		.len = filter->length,
		.filter = filter->code,
	};
	/* SPEC_ALLOW: no store-bypass mitigation, which slows every load. */
	long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);

	if (r < 0 && errno == EINVAL)
		r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
	return r < 0 ? -errno : 0;
}
