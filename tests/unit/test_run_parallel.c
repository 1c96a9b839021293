/*
 * Runs without a schedule: the programs of tests/tracees print what they
 * print under the engine, in the same virtual time, and what cannot be run
 * so is said to be so.  See test_engine.c for how the programs are found.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "run.h"

#define RUNS 3

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

static struct jail_context *context;

static void make_context(void)
{
	struct err err = {""};

	if (jail_context_new(&context, &err) == 0 &&
		jail_layers(context)[JAIL_PID_NAMESPACE].on)
		return;
	if (getenv("GRADER_MUST_WORK") != NULL)
		cr_assert_fail("no jail: %s", err.text);
	cr_skip_test("no jail with namespaces: %s", err.text);
}

static void free_context(void)
{
	jail_context_free(context);
	context = NULL;
}

TestSuite(run_parallel, .init = make_context, .fini = free_context);

typedef int run_fn(const struct jail_context *, const struct run_spec *,
	struct run_outcome *, struct err *);

static void run_tracee(run_fn *function, const char *name, const char *argument,
	enum run_stdout kind, struct run_outcome *outcome)
{
	auto_free char *path = tracee_path(name);
	auto_close int program = open(path, O_RDONLY | O_CLOEXEC);
	const char *argv[] = {name, argument, NULL};
	const struct run_spec spec = {
		.program_fd = program,
		.argv = argv,
		.stdout_kind = kind,
		.limits = {.processes = 200,
			.virtual_us = 7200 * 1000000LL,
			.memory_bytes =
				argument && !strcmp(argument, "fill-memory")
					? 32 << 20
					: 0},
		.allow_unix_sockets = true,
	};
	struct err err = {""};

	cr_assert(program >= 0, "'%s': %s", path, strerror(errno));
	cr_assert(function(context, &spec, outcome, &err) == 0, "%s: %s", name,
		err.text);
}

static char *output_of(const struct run_outcome *outcome)
{
	struct buf output = {0};

	for (size_t i = 0; i < outcome->trace.event_count; i++) {
		const struct event *event = &outcome->trace.events[i];

		if (event->kind == EVENT_OUTPUT && event->text != NULL)
			buf_addf(&output, "%s: %s\n", event->object,
				event->text);
	}
	buf_adds(&output, "");
	return buf_detach(&output);
}

static char *lines_of(run_fn *function, const char *name, int64_t *end_us)
{
	struct run_outcome outcome = {0};
	char *output;

	run_tracee(function, name, NULL, RUN_STDOUT_TERMINAL, &outcome);
	cr_expect_eq(outcome.end, RUN_END_EXITED, "%s: end %d, call %s, %s",
		name, (int)outcome.end, outcome.call ? outcome.call : "none",
		outcome.limit ? outcome.limit : "no limit");
	cr_expect_eq(outcome.main_status, 0, "%s: status %d", name,
		outcome.main_status);
	*end_us = outcome.main_end_us;
	output = output_of(&outcome);
	run_outcome_release(&outcome);
	return output;
}

/* All but timers, sockets (own time-outs), and races for the same instant. */
static const char *const tracees[] = {"fcntl-locks", "fifo", "flock",
	"interrupt", "mutexes", "orphans", "pidfd", "pipe", "poll", "posix-mq",
	"semaphores", "sigchld", "signals", "sleep", "spawn", "stdio", "sysv",
	"threads", "wait"};

Test(run_parallel, prints_what_the_engine_prints_at_the_same_virtual_time,
	.timeout = 120)
{
	for (size_t i = 0; i < sizeof(tracees) / sizeof(*tracees); i++) {
		int64_t expected_us, end_us;
		auto_free char *expected =
			lines_of(run_program, tracees[i], &expected_us);

		for (int run = 0; run < RUNS; run++) {
			auto_free char *output =
				lines_of(run_parallel, tracees[i], &end_us);

			cr_expect_str_eq(output, expected, "%s", tracees[i]);
			cr_expect_eq(end_us, expected_us, "%s", tracees[i]);
		}
	}
}

static void run_control(const char *which, struct run_outcome *outcome)
{
	run_tracee(
		run_parallel, "controls", which, RUN_STDOUT_TERMINAL, outcome);
}

static int sum_of(run_fn *function)
{
	struct run_outcome outcome = {0};
	int sum = -1;
	char *output;

	run_tracee(function, "controls", "count-together", RUN_STDOUT_TERMINAL,
		&outcome);
	output = output_of(&outcome);
	cr_expect_eq(sscanf(output, "stdout: sum %d", &sum), 1, "%s", output);
	free(output);
	run_outcome_release(&outcome);
	return sum;
}

Test(run_parallel, really_is_parallel, .timeout = 60)
{
	cpu_set_t set;
	int lost = 0;

	cr_assert_eq(sched_getaffinity(0, sizeof(set), &set), 0);
	if (CPU_COUNT(&set) < 2)
		cr_skip_test("needs two processors");
	cr_expect_eq(sum_of(run_program), 20000000);
	for (int i = 0; i < 200 && !lost; i++)
		lost = sum_of(run_parallel) != 20000000;
	cr_expect(lost, "no increment was lost");
}

Test(run_parallel, a_deadlock_is_seen_without_waiting_for_it)
{
	static const char *const which[] = {"deadlock-pipe", "deadlock-flock",
		"deadlock-semaphore", "deadlock-child"};

	for (size_t i = 0; i < sizeof(which) / sizeof(*which); i++) {
		struct run_outcome outcome = {0};

		run_control(which[i], &outcome);
		cr_expect_eq(outcome.end, RUN_END_DEADLOCK, "%s: end %d",
			which[i], (int)outcome.end);
		cr_expect_not(outcome.main_ended, "%s", which[i]);
		cr_expect_lt(outcome.wall_us, RUN_PARALLEL_WALL_US / 2, "%s",
			which[i]);
		run_outcome_release(&outcome);
	}
}

Test(run_parallel, a_long_sleep_costs_nothing)
{
	struct run_outcome outcome = {0};
	auto_free char *output = NULL;

	run_control("say-at-last", &outcome);
	output = output_of(&outcome);
	cr_expect_str_eq(output, "stdout: before\nstdout: after\n");
	cr_expect_eq(outcome.main_end_us, 3600 * INT64_C(1000000));
	run_outcome_release(&outcome);
}

Test(run_parallel, a_busy_program_is_bounded)
{
	struct run_outcome outcome = {0};

	run_control("spin-for-ever", &outcome);
	cr_expect_eq(outcome.end, RUN_END_LIMIT);
	cr_expect(!strcmp(outcome.limit, RUN_LIMIT_BUSY) ||
			  !strcmp(outcome.limit, "wall"),
		"%s", outcome.limit);
	cr_expect_lt(outcome.wall_us, 4 * RUN_PARALLEL_WALL_US);
	run_outcome_release(&outcome);
	run_control("flood", &outcome);
	cr_expect_eq(outcome.end, RUN_END_LIMIT);
	cr_expect_lt(outcome.wall_us, 4 * RUN_PARALLEL_WALL_US);
	run_outcome_release(&outcome);
}

Test(run_parallel, who_lives_on_is_told)
{
	struct run_outcome outcome = {0};
	size_t left = 0;

	run_control("orphan", &outcome);
	cr_expect_eq(outcome.end, RUN_END_EXITED);
	for (size_t i = 0; i < outcome.trace.event_count; i++)
		left += outcome.trace.events[i].kind == EVENT_LEFT;
	cr_expect_eq(left, 1);
	run_outcome_release(&outcome);
}

Test(run_parallel, what_only_the_engine_models_is_named)
{
	struct run_outcome outcome = {0};

	run_control("own-timer", &outcome);
	cr_expect_eq(outcome.end, RUN_END_UNSUPPORTED);
	cr_expect_str_eq(outcome.call, "timer_create");
	run_outcome_release(&outcome);
}

Test(run_parallel, what_is_forbidden_stays_so)
{
	struct run_outcome outcome = {0};
	auto_free char *output = NULL;

	run_control("forbidden", &outcome);
	cr_expect_eq(outcome.end, RUN_END_DENIED);
	cr_expect_str_eq(outcome.call, "ptrace");
	output = output_of(&outcome);
	cr_expect_str_empty(output);
	run_outcome_release(&outcome);
}

Test(run_parallel, memory_is_bounded)
{
	struct run_outcome outcome = {0};

	run_control("fill-memory", &outcome);
	cr_expect_eq(outcome.end, RUN_END_LIMIT);
	cr_expect_str_eq(outcome.limit, "memory");
	run_outcome_release(&outcome);
}

Test(run_parallel, a_full_pipe_stops_nobody)
{
	struct run_outcome outcome = {0};

	run_tracee(
		run_parallel, "controls", "flood", RUN_STDOUT_PIPE, &outcome);
	cr_expect_eq(outcome.end, RUN_END_LIMIT, "end %d", (int)outcome.end);
	run_outcome_release(&outcome);
}

Test(run_parallel, without_namespaces_there_is_none)
{
	struct run_outcome outcome = {0};
	struct jail_context *weak = NULL;
	const char *argv[] = {"x", NULL};
	const struct run_spec spec = {.program_fd = -1, .argv = argv};
	struct err err = {""};

	cr_assert_eq(
		jail_context_new_without(1u << JAIL_PID_NAMESPACE, &weak, &err),
		0);
	cr_expect_eq(run_parallel(weak, &spec, &outcome, &err), -ENOTSUP);
	jail_context_free(weak);
}
