/*
 * Builds the BPF program of a profile from the policy table and loads it.
 *
 * Building takes several hundred microseconds, so it is done once a profile
 * in the supervisor; loading is one system call in each child.
 */
#ifndef JAIL_FILTER_H
#define JAIL_FILTER_H

#include <linux/filter.h>
#include <stddef.h>

#include "base/err.h"

enum filter_profile {
	FILTER_RUN,              /* the table as it stands */
	FILTER_RUN_SOCKETS,      /* the same with unix sockets */
	FILTER_PARALLEL,         /* the program runs unscheduled: of what is
				    modelled only output, clocks and time-outs
				    stop, the rest runs free */
	FILTER_PARALLEL_SOCKETS, /* the same with unix sockets */
	FILTER_TOOL,             /* nobody traces: what is modelled runs free,
				    what is forbidden kills, the rest is ENOSYS */
	FILTER_PROFILE_COUNT
};

/* All zeroes is an empty filter. */
struct filter {
	struct sock_filter *code; /* owned */
	unsigned short length;    /* instructions */
};

/* *FILTER is untouched when it fails. */
int filter_build(
	enum filter_profile profile, struct filter *filter, struct err *err);
void filter_release(struct filter *filter);

/*
 * Loads the filter into the calling thread, which must have no_new_privs.
 * Async-signal-safe.  0 or a negative errno.
 */
int filter_load(const struct filter *filter);

/* Number of a call on this architecture, -1 = it has none. */
int filter_call_number(const char *name);
/* Name of a call, owned by the caller (free()); NULL = unknown. */
char *filter_call_name(int number);

#endif
