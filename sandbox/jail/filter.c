/*
 * The policy table as a search tree over the call's number.  The kernel
 * translates the program anew for each process that loads it, and follows it
 * once for each number that there is, so it is to be small, and no way through
 * it long: neighbours of one answer are one leaf, and a call whose arguments
 * are looked at has a leaf that leads to its tests.
 *
 *	load architecture; not ours -> kill
 *	load number; of another convention -> kill
 *	number >= middle? -> right half
 *		... left half ...
 *		return the answer, or -> tests of the call
 *	right half: ...
 *	tests of a call:
 *		load argument; equal? -> return the row's answer
 *		...
 *		return the answer of the table
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

#define CALL_LIMIT 1024 /* more than there are */

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
	"shmget", "semget", "msgget", "open", "openat", NULL};

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

static void emit_return(struct buf *code, uint32_t answer)
{
	emit(code, BPF_RET | BPF_K, answer, 0, 0);
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

/*
 * One row: test, and the answer when it holds.  LOADED: the argument whose low
 * half is loaded, -1 none.
 */
static void emit_when(struct buf *code, enum filter_profile profile,
	const struct policy_when *when, int *loaded)
{
	unsigned load = BPF_LD | BPF_W | BPF_ABS;
	unsigned equal = BPF_JMP | BPF_JEQ | BPF_K;

	if (*loaded != when->argument)
		emit(code, load, argument_offset(when->argument, false), 0, 0);
	*loaded = when->argument;
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
		*loaded = -1;
		break;
	}
	emit_return(code,
		answer_of(profile, when->name, when->policy, when->error));
}

static bool holds_in(
	const struct policy_when *when, enum filter_profile profile)
{
	return when->number >= 0 &&
	       (!when->unix_sockets || has_sockets(profile));
}

static void emit_rows(struct buf *code, enum filter_profile profile,
	const struct policy_when *when, int number)
{
	int loaded = -1;

	for (; when->name; when++)
		if (when->number == number && holds_in(when, profile))
			emit_when(code, profile, when, &loaded);
}

/* What looks at the arguments of call NUMBER. */
static void emit_tests(
	struct buf *code, enum filter_profile profile, int number)
{
	emit_rows(code, profile, policy_whens(), number);
	/* none of these calls has rows in the policy's own list */
	if (is_parallel(profile))
		emit_rows(code, profile, parallel_whens, number);
}

/* The leaf of all numbers from FIRST on, to the next one's. */
struct leaf {
	int first;
	uint32_t answer;
	struct buf tests; /* which come first, if there are any */
	size_t at;        /* its instruction */
};

struct tree {
	struct leaf *leaves;
	size_t count, capacity;
};

static void add_leaf(struct tree *tree, enum filter_profile profile, int number,
	uint32_t answer)
{
	const struct leaf *last =
		tree->count ? &tree->leaves[tree->count - 1] : NULL;
	struct leaf leaf = {.first = number, .answer = answer};

	emit_tests(&leaf.tests, profile, number);
	if (!leaf.tests.length && last && !last->tests.length &&
		last->answer == answer)
		return;
	grow_array(&tree->leaves, tree->count, &tree->capacity,
		sizeof(*tree->leaves));
	tree->leaves[tree->count++] = leaf;
}

static struct tree make_tree(enum filter_profile profile, uint32_t fallback)
{
	uint32_t answers[CALL_LIMIT + 1];
	struct tree tree = {NULL, 0, 0};

	for (int number = 0; number <= CALL_LIMIT; number++)
		answers[number] = fallback;
	for (const struct policy_row *row = policy_rows(); row->name; row++) {
		enum policy_class policy = row->policy;

		assert(row->number < CALL_LIMIT);
		if (row->unix_sockets && has_sockets(profile))
			policy = POLICY_MODEL;
		if (row->number >= 0)
			answers[row->number] = answer_of(
				profile, row->name, policy, row->error);
	}
	for (struct policy_when *row = parallel_whens; row->name; row++)
		row->number = filter_call_number(row->name);
	for (int number = 0; number <= CALL_LIMIT; number++)
		add_leaf(&tree, profile, number, answers[number]);
	return tree;
}

/* Of so few leaves the nodes reach all that they lead to. */
#define FEW 64
static_assert(2 * FEW <= UINT8_MAX, "the reach of a conditional jump");

/* Some leaves: the nodes that find the right one, then the ends of the ways. */
struct part {
	struct leaf *leaves;
	size_t ends[FEW]; /* where the way to each of them ends */
};

/* Says where COUNT leaves of PART end, from instruction AT on. */
static void place_ends(struct part *part, size_t count, size_t at)
{
	const struct leaf *leaf, *other;
	size_t i, j;

	for (i = 0; i < count; i++) {
		leaf = &part->leaves[i];
		for (j = 0; j < i; j++) {
			other = &part->leaves[j];
			if (!leaf->tests.length && !other->tests.length &&
				leaf->answer == other->answer)
				break;
		}
		part->ends[i] = j < i ? part->ends[j] : at++;
	}
}

/* COUNT leaves of PART from FIRST on, at least two. */
static void emit_nodes(
	struct buf *code, const struct part *part, size_t first, size_t count)
{
	const size_t half = count / 2, middle = first + half;
	const size_t next = emitted(code) + 1;
	/* the left half follows, a node less than it has leaves */
	size_t yes = half - 1, no = 0;

	if (half == 1)
		no = part->ends[first] - next;
	if (count - half == 1)
		yes = part->ends[middle] - next;
	emit(code, BPF_JMP | BPF_JGE | BPF_K,
		(uint32_t)part->leaves[middle].first, (unsigned)yes,
		(unsigned)no);
	if (half > 1)
		emit_nodes(code, part, first, half);
	if (count - half > 1)
		emit_nodes(code, part, middle, count - half);
}

static void emit_few(struct buf *code, struct leaf *leaves, size_t count)
{
	struct part part = {.leaves = leaves};
	size_t i;

	place_ends(&part, count, emitted(code) + count - 1);
	if (count > 1)
		emit_nodes(code, &part, 0, count);
	for (i = 0; i < count; i++) {
		if (part.ends[i] != emitted(code))
			continue;
		leaves[i].at = emitted(code);
		if (leaves[i].tests.length)
			emit(code, BPF_JMP | BPF_JA, 0, 0, 0);
		else
			emit_return(code, leaves[i].answer);
	}
}

static void set_jump(struct buf *code, size_t at, size_t to)
{
	const struct sock_filter jump = {
		.code = BPF_JMP | BPF_JA,
		.k = (uint32_t)(to - at - 1),
	};

	memcpy(code->data + at * sizeof(jump), &jump, sizeof(jump));
}

static void emit_leaves(struct buf *code, struct leaf *leaves, size_t count)
{
	const size_t half = count / 2;
	size_t jump;

	if (count <= FEW) {
		emit_few(code, leaves, count);
		return;
	}
	emit(code, BPF_JMP | BPF_JGE | BPF_K, (uint32_t)leaves[half].first, 0,
		1);
	jump = emitted(code);
	emit(code, BPF_JMP | BPF_JA, 0, 0, 0);
	emit_leaves(code, leaves, half);
	set_jump(code, jump, emitted(code));
	emit_leaves(code, leaves + half, count - half);
}

/* The tests of a call, to which its leaf then leads. */
static void emit_behind(struct buf *code, const struct leaf *leaf)
{
	if (!leaf->tests.length)
		return;
	set_jump(code, leaf->at, emitted(code));
	buf_add(code, leaf->tests.data, leaf->tests.length);
	emit_return(code, leaf->answer);
}

/* What is no call of this architecture is killed; else its number is loaded. */
static void emit_number(struct buf *code, uint32_t fallback)
{
	const unsigned load = BPF_LD | BPF_W | BPF_ABS;
	const unsigned equal = BPF_JMP | BPF_JEQ | BPF_K;

	emit(code, load, offsetof(struct seccomp_data, arch), 0, 0);
	emit(code, equal, NATIVE_ARCHITECTURE, 1, 0);
	emit_return(code, SECCOMP_RET_KILL_PROCESS);
	emit(code, load, offsetof(struct seccomp_data, nr), 0, 0);
#ifdef __x86_64__
	/* the calls of x32; -1 is how a tracer skips one */
	emit(code, BPF_JMP | BPF_JGE | BPF_K, __X32_SYSCALL_BIT, 0, 3);
	emit(code, equal, UINT32_MAX, 1, 0);
	emit_return(code, SECCOMP_RET_KILL_PROCESS);
	emit_return(code, fallback);
#else
	(void)fallback;
#endif
}

int filter_build(
	enum filter_profile profile, struct filter *filter, struct err *err)
{
	const uint32_t fallback = answer_of(profile, "", POLICY_UNKNOWN, 0);
	struct tree tree = make_tree(profile, fallback);
	struct buf code = {0};
	size_t count, i;
	int r = 0;

	emit_number(&code, fallback);
	emit_leaves(&code, tree.leaves, tree.count);
	for (i = 0; i < tree.count; i++) {
		emit_behind(&code, &tree.leaves[i]);
		buf_release(&tree.leaves[i].tests);
	}
	count = emitted(&code);
	if (count > BPF_MAXINSNS) {
		r = err_set(err, -E2BIG, "filter has %zu instructions", count);
	} else {
		filter->code = xmalloc(code.length);
		memcpy(filter->code, code.data, code.length);
		filter->length = (unsigned short)count;
	}
	free(tree.leaves);
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
