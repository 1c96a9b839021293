/*
 * The two processes that a jail begins with: its init, and main up to the
 * program's first instruction.
 */
#ifndef JAIL_START_H
#define JAIL_START_H

#include <stdbool.h>
#include <sys/types.h>

#include "jail/child.h"
#include "jail/context.h"
#include "jail/jail.h"
#include "jail/root.h"

/* Prepared by the supervisor; only read by the processes of the jail. */
struct start {
	const struct jail_context *context;
	const struct jail_spec *spec;
	const struct filter *filter;
	unsigned namespaces; /* CLONE_NEW* flags of this jail */
	struct child_identity identity;
	int main_end, init_end; /* the jail's ends of the two channels */
	struct root_plan plan;
	char program_path[320]; /* for execve() */
	char home[320];         /* "HOME=/work", as the program sees it */
};

/* Entry of the init, for child_clone(); ARGUMENT is a struct start. */
void start_init(void *argument);

#endif
