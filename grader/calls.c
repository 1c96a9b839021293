/*
 * The rows are printed as they are tried: those that look at an argument come
 * right before the row that holds for the call otherwise.  Nothing is said here
 * that the table does not say, so it cannot differ from the filter.
 */
#define _GNU_SOURCE
#include "grader/calls.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/message.h"
#include "jail/policy.h"

/* Owned by the caller. */
static char *answer_text(enum policy_class policy, int error, bool sockets)
{
	const char *name = error ? strerrorname_np(error) : "";

	switch (policy) {
	case POLICY_ALLOW:
		return xstrdup("allowed");
	case POLICY_MODEL:
		return xstrdup(sockets ? "modelled*" : "modelled");
	case POLICY_FORBID:
		return xstrdup("forbidden");
	case POLICY_UNKNOWN:
		return xstrdup("ENOSYS, told");
	case POLICY_ERRNO:
		return xstrdup(name);
	case POLICY_REFUSE:
		return xasprintf(sockets ? "%s, told*" : "%s, told", name);
	case POLICY_REMARK:
		return xasprintf("%s, remark", name);
	}
	return xstrdup("");
}

static void print_row(FILE *file, enum policy_class policy, int error,
	bool sockets, const char *call, const char *reason)
{
	auto_free char *answer = answer_text(policy, error, sockets);

	fprintf(file, "%-14s %-28s %s\n", answer, call, reason);
}

void calls_print(FILE *file)
{
	const struct policy_when *when;

	fputs(_("The answer of the jail to each system call of a program.\n\n"
		"  allowed    executed by the kernel, nobody looks\n"
		"  modelled   the engine carries it out, or lets the kernel\n"
		"  forbidden  the run ends, and the report names the call\n"
		"  ENAME      fails with that error at once\n"
		"  , told     the same, with an entry in the trace and a note; "
		"what then\n"
		"             fails waits for a person\n"
		"  , remark   the same, but it explains no failure\n"
		"  *          modelled where an exercise allows local sockets, "
		"else refused\n\n"),
		file);
	for (const struct policy_row *row = policy_rows(); row->name; row++) {
		for (when = policy_whens(); when->name; when++)
			if (!strcmp(when->name, row->name))
				print_row(file, when->policy, when->error,
					when->unix_sockets, when->label,
					when->reason);
		print_row(file, row->policy, row->error, row->unix_sockets,
			row->name, row->reason);
	}
	print_row(file, POLICY_UNKNOWN, 0, false, _("any other"),
		_("not in the table; x32 and ia32 calls kill"));
}
