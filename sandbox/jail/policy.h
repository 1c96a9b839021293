/*
 * The system-call policy of the run jail: one table, jail/policy.def, from
 * which the filter, the documentation and the tests come.
 */
#ifndef JAIL_POLICY_H
#define JAIL_POLICY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What the filter does with a call.  SECCOMP_RET_DATA is the class, and for
 * the last two the errno in the bits from POLICY_ERROR_SHIFT on.
 */
enum policy_class {
	POLICY_ALLOW = 0,   /* runs free, the tracer never sees it */
	POLICY_MODEL = 1,   /* SECCOMP_RET_TRACE: the engine models it */
	POLICY_FORBID = 2,  /* SECCOMP_RET_TRACE: reported, then killed */
	POLICY_UNKNOWN = 3, /* SECCOMP_RET_TRACE: every call not in the table:
			       reported as not supported, gets ENOSYS */
	POLICY_ERRNO = 4,   /* fails at once with the row's errno, silently */
	POLICY_REFUSE = 5,  /* SECCOMP_RET_TRACE: the tracer records it and
			       answers with the row's errno; a failure of the
			       program may be due to it */
	POLICY_REMARK = 6,  /* the same, but no failure is due to it */
};

#define POLICY_CLASS_MASK 0xffu
#define POLICY_ERROR_SHIFT 8

struct policy_row {
	const char *name; /* system call */
	int number;       /* on this architecture, -1 = not there */
	enum policy_class policy;
	int error; /* for POLICY_ERRNO, POLICY_REFUSE, POLICY_REMARK */
	const char *reason;
	bool unix_sockets; /* POLICY_MODEL instead where these are allowed */
};

enum policy_test {
	POLICY_EQUAL,   /* the low 32 bits are the value */
	POLICY_ANY_BIT, /* a bit of the value is set in the low 32 bits */
	POLICY_ZERO,    /* all 64 bits are 0 */
};

/* An answer that depends on an argument; it comes before the call's row. */
struct policy_when {
	const char *name;
	int number;   /* -1 = not there */
	int argument; /* 0 to 5 */
	enum policy_test test;
	uint32_t value;
	enum policy_class policy;
	int error;
	const char *reason;
	bool unix_sockets; /* holds only where these are allowed */
	const char *label; /* "fcntl F_SETSIG" */
};

/* Static; each ends with name == NULL. */
const struct policy_row *policy_rows(void);
const struct policy_when *policy_whens(void);

/*
 * Name of a call, in the table or not: static; "syscall_999" for a number
 * that nobody knows.
 */
const char *policy_call_name(int number);

/*
 * What a refused call is called in a trace: the label of the row that refuses
 * these arguments, else the call's name.  Static.
 */
const char *policy_refusal_name(int number, const uint64_t args[6]);

/*
 * Is it sure, whatever sockets the run may have, that the filter hands a call
 * with these arguments, as they are in the registers, to the engine's model?
 */
bool policy_models(int number, const uint64_t args[6]);

/* May a failure of the program be due to this refusal (by its name)? */
bool policy_refusal_matters(const char *name);

#endif
