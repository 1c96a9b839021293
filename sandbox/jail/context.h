/*
 * What the parts of the jail share: the probed layers and the filters.
 * Private to jail/.
 */
#ifndef JAIL_CONTEXT_H
#define JAIL_CONTEXT_H

#include <stdbool.h>
#include <sys/types.h>

#include "jail/filter.h"
#include "jail/jail.h"
#include "jail/keep.h"

struct jail_context {
	struct jail_layer_state layers[JAIL_LAYER_COUNT];
	char grade;
	struct filter filters[FILTER_PROFILE_COUNT];
	unsigned namespaces;      /* CLONE_NEW* flags that may be used */
	int landlock_abi;         /* 0 = no Landlock */
	const char *proc_options; /* static; NULL = no /proc inside */
	bool large_pages;         /* tmpfs knows huge=within_size */
	struct jail_keep *keep;   /* the jail of the last run, if it stands */
};

static inline bool layer_on(
	const struct jail_context *context, enum jail_layer layer)
{
	return context->layers[layer].on;
}

/* The last component of ARGV0, under which the program is in the jail. */
const char *jail_program_name(const char *argv0);

#endif
