/*
 * Running the programs of tests/tracees under the engine.  They are looked
 * for in $TRACEES, else in ../tracees as seen from the test's own executable.
 */
#ifndef TESTS_TRACEES_H
#define TESTS_TRACEES_H

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/err.h"
#include "run.h"

static inline char *tracee_path(const char *name)
{
	const char *folder = getenv("TRACEES");
	char self[PATH_MAX];
	ssize_t length;

	if (folder != NULL)
		return xasprintf("%s/%s", folder, name);
	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	cr_assert(length > 0);
	self[length] = '\0';
	return xasprintf("%s/../tracees/%s", dirname(self), name);
}

/* A context, or the test is skipped where the machine cannot trace. */
static inline struct jail_context *context_or_skip(void)
{
	struct jail_context *context = NULL;
	struct err err = {""};

	if (jail_context_new(&context, &err) == 0)
		return context;
	if (getenv("GRADER_MUST_WORK") != NULL)
		cr_assert_fail("no jail: %s", err.text);
	cr_skip_test("no jail: %s", err.text);
	return NULL;
}

static inline void run_with_arguments(struct jail_context *context,
	const char *name, const char *first, const char *second,
	enum schedule_policy policy, uint64_t seed, struct run_outcome *outcome)
{
	auto_free char *path = tracee_path(name);
	auto_close int program = open(path, O_RDONLY | O_CLOEXEC);
	const char *argv[] = {name, first, second, NULL};
	struct run_spec spec = {
		.program_fd = program,
		.argv = argv,
		.limits = {.processes = 200,
			.steps = 1000000,
			.virtual_us = 3600 * 1000000LL,
			.wall_us = 60 * 1000000LL,
			.cpu_us = 30 * 1000000LL},
		.policy = policy,
		.seed = seed,
		.allow_unix_sockets = true,
	};
	struct err err = {""};

	cr_assert(program >= 0, "'%s': %s", path, strerror(errno));
	cr_assert(run_program(context, &spec, outcome, &err) == 0, "%s: %s",
		name, err.text);
}

static inline void run_tracee(struct jail_context *context, const char *name,
	const char *argument, enum schedule_policy policy, uint64_t seed,
	struct run_outcome *outcome)
{
	run_with_arguments(
		context, name, argument, NULL, policy, seed, outcome);
}

#endif
