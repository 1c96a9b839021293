/*
 * What surrounds the program of a run: its three streams and its jail.
 */
#ifndef SANDBOX_RUN_HOME_H
#define SANDBOX_RUN_HOME_H

#include <stdbool.h>

#include "base/err.h"
#include "jail/jail.h"
#include "run.h"

struct streams {
	int in, out, err;
	int drain; /* our end of standard output's pipe */
};

/* Also after an error home_close_streams() is needed. */
int home_open_streams(
	struct streams *to, const struct run_spec *spec, struct err *err);
void home_close_streams(struct streams *streams);

/* A run's jail and how it was asked for. */
struct home {
	struct jail jail;
	struct jail_spec spec;
	struct jail_file *files;
};

/* CPU: see struct jail_spec.  SPEC must live until home_leave(). */
int home_take(const struct jail_context *context, const struct run_spec *spec,
	const struct run_limits *limits, const struct streams *streams, int cpu,
	bool parallel, struct home *home, struct err *err);

/* What was left goes to OUT.  CLEAN: see jail_leave(). */
int home_leave(const struct jail_context *context, struct home *home,
	bool clean, struct run_outcome *out, struct err *err);

#endif
