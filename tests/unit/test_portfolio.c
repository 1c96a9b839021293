/*
 * The policies on real programs (tests/tracees): what a schedule prints does
 * not depend on the policy, the same seed gives the same trace, and the log of
 * a run gives its trace again under any other policy.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/err.h"
#include "run.h"
#include "scheduler/schedule.h"
#include "trace/trace_json.h"

/* Test name, program name; those that play with time are left to others. */
#define PROGRAMS(X)                                                            \
	X(fcntl_locks, "fcntl-locks")                                          \
	X(fifo, "fifo")                                                        \
	X(flock, "flock")                                                      \
	X(mutexes, "mutexes")                                                  \
	X(orphans, "orphans")                                                  \
	X(pipe, "pipe")                                                        \
	X(poll, "poll")                                                        \
	X(posix_mq, "posix-mq")                                                \
	X(semaphores, "semaphores")                                            \
	X(sigchld, "sigchld")                                                  \
	X(signals, "signals")                                                  \
	X(sockets, "sockets")                                                  \
	X(spawn, "spawn")                                                      \
	X(stdio, "stdio")                                                      \
	X(sysv, "sysv")                                                        \
	X(threads, "threads")                                                  \
	X(timers, "timers")                                                    \
	X(wait, "wait")

struct program {
	struct jail_context *jail;
	const char *name;
	int fd;
};

static char *tracee_path(const char *name)
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

static struct program open_program(const char *name)
{
	struct program program = {.name = name};
	auto_free char *path = tracee_path(name);
	struct err err = {""};

	if (jail_context_new(&program.jail, &err) != 0) {
		if (getenv("GRADER_MUST_WORK") != NULL)
			cr_assert_fail("no jail: %s", err.text);
		cr_skip_test("no jail: %s", err.text);
	}
	program.fd = open(path, O_RDONLY | O_CLOEXEC);
	cr_assert(program.fd >= 0, "'%s': %m", path);
	return program;
}

static void close_program(struct program *program)
{
	close(program->fd);
	jail_context_free(program->jail);
}

/* HOW: all but the program and its limits. */
static void run(const struct program *program, const struct run_spec *how,
	struct run_outcome *outcome)
{
	const char *argv[] = {program->name, NULL};
	struct run_spec spec = *how;
	struct err err = {""};

	spec.program_fd = program->fd;
	spec.argv = argv;
	spec.allow_unix_sockets = true;
	spec.limits = (struct run_limits){.processes = 200,
		.steps = 1000000,
		.virtual_us = 3600 * 1000000LL,
		.wall_us = 60 * 1000000LL,
		.cpu_us = 30 * 1000000LL};
	cr_assert(run_program(program->jail, &spec, outcome, &err) == 0,
		"%s: %s", program->name, err.text);
}

/* All but the header, which names policy and seed. */
static char *trace_body(const struct trace *trace)
{
	struct buf text = {0};
	char *body;

	trace_json_write(&text, trace, NULL, NULL);
	body = xstrdup(buf_text(&text) + strcspn(buf_text(&text), "\n"));
	buf_release(&text);
	return body;
}

/* Another run is the same one. */
static void expect_same(const struct program *program,
	const struct run_spec *how, const struct run_outcome *first)
{
	struct run_outcome second = {0};
	char *text[2];

	run(program, how, &second);
	text[0] = trace_body(&first->trace);
	text[1] = trace_body(&second.trace);
	cr_expect(strcmp(text[0], text[1]) == 0, "%s, %s, seed %lu%s",
		program->name, schedule_policy_name(how->policy),
		(unsigned long)how->seed, how->choices ? ", from a log" : "");
	cr_expect(!second.diverged);
	cr_expect_eq(first->choice_count, second.choice_count);
	free(text[0]);
	free(text[1]);
	run_outcome_release(&second);
}

/*
 * The log holds the order only; what else depends on the seed (numbers from
 * getrandom) is kept by keeping the seed.
 */
static void try_policy(const struct program *program,
	enum schedule_policy policy, const struct schedule_profile *profile)
{
	for (uint64_t seed = 1; seed <= 2; seed++) {
		struct run_spec how = {.policy = policy,
			.seed = seed,
			.profile = profile,
			.early_clock = true};
		struct run_outcome outcome = {0};

		run(program, &how, &outcome);
		expect_same(program, &how, &outcome);
		how.policy = (policy + seed) % SCHEDULE_POLICY_COUNT;
		how.choices = outcome.choices;
		how.choice_count = outcome.choice_count;
		expect_same(program, &how, &outcome);
		run_outcome_release(&outcome);
	}
}

static void try_all(const char *name)
{
	struct program program = open_program(name);
	const struct run_spec learning = {
		.policy = SCHEDULE_RUN_TO_BLOCK, .learn = true};
	struct run_outcome learnt = {0};

	run(&program, &learning, &learnt);
	cr_expect_gt(learnt.profile.tasks, 0);
	for (int policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++)
		try_policy(&program, (enum schedule_policy)policy,
			&learnt.profile);
	run_outcome_release(&learnt);
	close_program(&program);
}

#define X(test, name)                                                          \
	Test(portfolio, test##_is_the_same_again_under_each_policy,            \
		.timeout = 300)                                                \
	{                                                                      \
		try_all(name);                                                 \
	}
PROGRAMS(X)
#undef X

Test(portfolio, learning_changes_nothing, .timeout = 60)
{
	struct program program = open_program("semaphores");
	struct run_spec how = {.policy = SCHEDULE_RUN_TO_BLOCK, .seed = 5};
	struct run_outcome plain = {0};

	run(&program, &how, &plain);
	how.learn = true;
	expect_same(&program, &how, &plain);
	run_outcome_release(&plain);
	close_program(&program);
}
