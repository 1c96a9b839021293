/*
 * The table of jail/policy.def, read twice: once for the rows, once for the
 * rows that look at an argument.  The numbers are looked up by name when the
 * table is first used, so that a call which the installed headers do not
 * know yet is still in the table.
 */
#define _GNU_SOURCE
#include "jail/policy.h"

#include <asm/prctl.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "jail/filter.h"

/* The clocks below 0, to which the C library turns those of CPU time. */
#define CPU_TIME_CLOCK 0x80000000

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

/* ARCH_... of the same names, which not all headers have. */
#define CET_STATUS 0x3001
#define SHSTK_ENABLE 0x5001
#define SHSTK_DISABLE 0x5002
#define SHSTK_LOCK 0x5003
#define SHSTK_STATUS 0x5005

/* A SOCKET row is a REFUSE row with the flag set. */
#define POLICY_SOCKET POLICY_REFUSE
#define IS_SOCKET_ALLOW false
#define IS_SOCKET_MODEL false
#define IS_SOCKET_FORBID false
#define IS_SOCKET_ERRNO false
#define IS_SOCKET_REFUSE false
#define IS_SOCKET_REMARK false
#define IS_SOCKET_SOCKET true

static struct policy_row rows[] = {
#define POLICY(name, class, error, reason)                                     \
	{#name, -1, POLICY_##class, error, reason, IS_SOCKET_##class},
#define POLICY_WHEN(name, argument, test, value, class, error, reason)
#define POLICY_WHEN_SOCKET(name, argument, test, value, class, error, reason)
#include "jail/policy.def"
#undef POLICY
#undef POLICY_WHEN
#undef POLICY_WHEN_SOCKET
	{NULL, -1, POLICY_ALLOW, 0, NULL, false},
};

static struct policy_when whens[] = {
#define POLICY(name, class, error, reason)
#define POLICY_WHEN(name, argument, test, value, class, error, reason)         \
	{#name, -1, argument, POLICY_##test, value, POLICY_##class, error,     \
		reason, false, #name " " #value},
#define POLICY_WHEN_SOCKET(name, argument, test, value, class, error, reason)  \
	{#name, -1, argument, POLICY_##test, value, POLICY_##class, error,     \
		reason, true, #name " " #value},
#include "jail/policy.def"
#undef POLICY
#undef POLICY_WHEN
#undef POLICY_WHEN_SOCKET
	{NULL, -1, 0, POLICY_EQUAL, 0, POLICY_ALLOW, 0, NULL, false, NULL},
};

static bool numbered;

static void number_tables(void)
{
	if (numbered)
		return;
	for (struct policy_row *row = rows; row->name; row++)
		row->number = filter_call_number(row->name);
	for (struct policy_when *when = whens; when->name; when++)
		when->number = filter_call_number(when->name);
	numbered = true;
}

const struct policy_row *policy_rows(void)
{
	number_tables();
	return rows;
}

const struct policy_when *policy_whens(void)
{
	number_tables();
	return whens;
}

/*
 * The names are kept for ever, so that a trace can borrow them.  A number
 * beyond the cache can only be nonsense, and such numbers share one name.
 */
const char *policy_call_name(int number)
{
	static char *cache[1024];
	size_t index = (size_t)number;

	if (number < 0 || index >= sizeof(cache) / sizeof(*cache))
		return "syscall_unknown";
	if (!cache[index])
		cache[index] = filter_call_name(number);
	if (!cache[index] && asprintf(&cache[index], "syscall_%d", number) < 0)
		return "syscall_unknown";
	return cache[index];
}

static bool is_refusal(enum policy_class policy)
{
	return policy == POLICY_REFUSE || policy == POLICY_REMARK;
}

static bool passes(const struct policy_when *when, const uint64_t args[6])
{
	const uint64_t value = args[when->argument];

	switch (when->test) {
	case POLICY_EQUAL:
		return (uint32_t)value == when->value;
	case POLICY_ANY_BIT:
		return (value & when->value) != 0;
	case POLICY_ZERO:
		return value == 0;
	}
	return false;
}

const char *policy_refusal_name(int number, const uint64_t args[6])
{
	const struct policy_when *when = policy_whens();

	for (; when->name; when++)
		if (when->number == number && is_refusal(when->policy) &&
			passes(when, args))
			return when->label;
	return policy_call_name(number);
}

static enum policy_class base_class(int number)
{
	static unsigned char classes[1024]; /* 1 + class, by number */
	const struct policy_row *row;

	if (number < 0 || (size_t)number >= sizeof(classes))
		return POLICY_UNKNOWN;
	if (!classes[number]) {
		classes[number] = 1 + POLICY_UNKNOWN;
		for (row = policy_rows(); row->name; row++)
			if (row->number == number)
				classes[number] =
					(unsigned char)(1 + row->policy);
	}
	return (enum policy_class)(classes[number] - 1);
}

bool policy_models(int number, const uint64_t args[6])
{
	const struct policy_when *when = policy_whens();

	for (; when->name; when++)
		if (when->number == number && passes(when, args))
			return when->policy == POLICY_MODEL &&
			       !when->unix_sockets;
	return base_class(number) == POLICY_MODEL;
}

bool policy_refusal_matters(const char *name)
{
	for (const struct policy_row *row = policy_rows(); row->name; row++)
		if (!strcmp(row->name, name))
			return row->policy != POLICY_REMARK;
	return true;
}
