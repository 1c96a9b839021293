/*
 * The engine against the kernel: each program of tests/tracees prints under
 * run_program() what it prints natively, whatever the schedule, and the same
 * seed gives the same trace.  See tests/tracees/README.md.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/err.h"
#include "printed.h"
#include "run.h"
#include "trace/trace_json.h"
#include "tracees.h"

#define SEEDS 10
#define NATIVE_RUNS 5

/* Test name, program name. */
#define TRACEES(X)                                                             \
	X(c11, "c11")                                                          \
	X(counting, "counting")                                                \
	X(descriptors, "descriptors")                                          \
	X(events, "events")                                                    \
	X(family, "family")                                                    \
	X(fcntl_locks, "fcntl-locks")                                          \
	X(fifo, "fifo")                                                        \
	X(flock, "flock")                                                      \
	X(futex, "futex")                                                      \
	X(interrupt, "interrupt")                                              \
	X(mq_notify, "mq-notify")                                              \
	X(mutexes, "mutexes")                                                  \
	X(orphans, "orphans")                                                  \
	X(pi, "pi")                                                            \
	X(pidfd, "pidfd")                                                      \
	X(pipe, "pipe")                                                        \
	X(poll, "poll")                                                        \
	X(posix_mq, "posix-mq")                                                \
	X(semaphores, "semaphores")                                            \
	X(sigchld, "sigchld")                                                  \
	X(sigio, "sigio")                                                      \
	X(signals, "signals")                                                  \
	X(sleep, "sleep")                                                      \
	X(sockets, "sockets")                                                  \
	X(spawn, "spawn")                                                      \
	X(spin, "spin")                                                        \
	X(stdio, "stdio")                                                      \
	X(stopped, "stopped")                                                  \
	X(sysv, "sysv")                                                        \
	X(sysv_several, "sysv-several")                                        \
	X(threads, "threads")                                                  \
	X(timers, "timers")                                                    \
	X(timers_more, "timers-more")                                          \
	X(transfer, "transfer")                                                \
	X(unix_sockets, "unix-sockets")                                        \
	X(wait, "wait")

/* Runs the program as it is, in a new folder; returns what it printed. */
static char *run_natively(const char *name)
{
	auto_free char *path = tracee_path(name);
	char folder[] = "/tmp/tracee-XXXXXX";
	struct buf output = {0};
	int fds[2], status;
	pid_t pid;

	cr_assert(pipe2(fds, O_CLOEXEC) == 0);
	cr_assert(mkdtemp(folder) != NULL);
	pid = fork();
	if (pid == 0) {
		auto_free char *full = realpath(path, NULL);

		dup2(fds[1], STDOUT_FILENO);
		if (full != NULL && chdir(folder) == 0)
			execl(full, name, (char *)NULL);
		_exit(126);
	}
	close(fds[1]);
	cr_assert(buf_read_fd(&output, fds[0], 1 << 20) >= 0);
	close(fds[0]);
	cr_assert(waitpid(pid, &status, 0) == pid);
	cr_assert(status == 0, "'%s' natively: status %x", path, status);
	cr_assert(rmdir(folder) == 0, "'%s' leaves files: %m", name);
	return buf_detach(&output);
}

/* Fails with the first line that differs. */
static void assert_same_lines(const char *name, const char *schedule,
	uint64_t seed, const char *engine, const char *native)
{
	const char *title = "";
	int title_length = 0;

	while (*engine != '\0' || *native != '\0') {
		int engine_length = (int)strcspn(engine, "\n");
		int native_length = (int)strcspn(native, "\n");

		if (strncmp(native, "== ", 3) == 0) {
			title = native;
			title_length = native_length;
		}
		if (engine_length != native_length ||
			memcmp(engine, native, (size_t)native_length) != 0)
			cr_assert_fail("%s, %s, seed %lu, %.*s:\n"
				       "  engine: %.*s\n  native: %.*s",
				name, schedule, (unsigned long)seed,
				title_length, title, engine_length, engine,
				native_length, native);
		engine += engine_length + (engine[engine_length] == '\n');
		native += native_length + (native[native_length] == '\n');
	}
}

static char *trace_text(const struct trace *trace)
{
	struct buf text = {0};

	trace_json_write(&text, trace, NULL, NULL);
	return buf_detach(&text);
}

/* The output under the engine; the run must end well. */
static char *engine_output(struct jail_context *context, const char *name,
	enum schedule_policy policy, uint64_t seed, const char *native)
{
	struct run_outcome outcome = {0};
	char *output;

	run_tracee(context, name, NULL, policy, seed, &outcome);
	output = output_of(&outcome.trace);
	if (outcome.end != RUN_END_EXITED || outcome.main_status != 0)
		assert_same_lines(name, schedule_policy_name(policy), seed,
			output, native);
	cr_assert(outcome.end == RUN_END_EXITED,
		"%s, %s, seed %lu: end %d, call %s, limit %s", name,
		schedule_policy_name(policy), (unsigned long)seed,
		(int)outcome.end, outcome.call != NULL ? outcome.call : "none",
		outcome.limit != NULL ? outcome.limit : "none");
	cr_assert(outcome.main_status == 0);
	run_outcome_release(&outcome);
	return output;
}

/*
 * A loaded machine may make the native run late, never the engine's: before
 * a difference counts, the native run is repeated.
 */
static void compare_run(struct jail_context *context, const char *name,
	enum schedule_policy policy, uint64_t seed, char **native)
{
	auto_free char *output =
		engine_output(context, name, policy, seed, *native);

	for (int i = 0; i < NATIVE_RUNS && strcmp(output, *native) != 0; i++) {
		free(*native);
		*native = run_natively(name);
	}
	assert_same_lines(
		name, schedule_policy_name(policy), seed, output, *native);
}

static void compare_with_native(const char *name)
{
	struct jail_context *context = context_or_skip();
	char *native = run_natively(name);

	compare_run(context, name, SCHEDULE_RUN_TO_BLOCK, 0, &native);
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		compare_run(context, name, SCHEDULE_RANDOM, seed, &native);
	free(native);
	jail_context_free(context);
}

static void compare_traces(const char *name)
{
	struct jail_context *context = context_or_skip();

	for (uint64_t seed = 0; seed < 3; seed++) {
		enum schedule_policy policy =
			seed == 0 ? SCHEDULE_RUN_TO_BLOCK : SCHEDULE_RANDOM;
		char *text[2];

		for (int i = 0; i < 2; i++) {
			struct run_outcome outcome = {0};

			run_tracee(context, name, NULL, policy, seed, &outcome);
			text[i] = trace_text(&outcome.trace);
			run_outcome_release(&outcome);
		}
		assert_same_lines(name, schedule_policy_name(policy), seed,
			text[0], text[1]);
		free(text[0]);
		free(text[1]);
	}
	jail_context_free(context);
}

#define X(test, name)                                                          \
	Test(engine, test##_prints_what_it_prints_natively, .timeout = 300)    \
	{                                                                      \
		compare_with_native(name);                                     \
	}                                                                      \
	Test(engine, test##_has_one_trace_a_seed, .timeout = 300)              \
	{                                                                      \
		compare_traces(name);                                          \
	}
TRACEES(X)
#undef X

/* Pids mean those of the host there, and must still be the run's alone. */
static void compare_without_namespaces(const char *name)
{
	struct jail_context *context;
	struct err err = {""};
	char *native = run_natively(name);

	jail_context_free(context_or_skip());
	cr_assert(jail_context_new_without(
			  1u << JAIL_USER_NAMESPACE, &context, &err) == 0,
		"%s", err.text);
	compare_run(context, name, SCHEDULE_RUN_TO_BLOCK, 0, &native);
	compare_run(context, name, SCHEDULE_RANDOM, 1, &native);
	free(native);
	jail_context_free(context);
}

Test(engine, pidfds_without_namespaces, .timeout = 300)
{
	compare_without_namespaces("pidfd");
}

Test(engine, sigio_without_namespaces, .timeout = 300)
{
	compare_without_namespaces("sigio");
}

/* The number before main's is the jail init's there. */
Test(engine, no_pid_of_the_host_means_anything, .timeout = 60)
{
	struct jail_context *context;
	struct run_outcome outcome = {0};
	struct err err = {""};
	char *output;

	jail_context_free(context_or_skip());
	cr_assert(jail_context_new_without(
			  1u << JAIL_USER_NAMESPACE, &context, &err) == 0,
		"%s", err.text);
	run_tracee(context, "controls", "outsiders", SCHEDULE_RUN_TO_BLOCK, 0,
		&outcome);
	output = output_of(&outcome.trace);
	cr_expect_str_eq(output,
		"init: there\nkill: ESRCH\npidfd: ESRCH\nowner: ESRCH\n"
		"group: ESRCH\nowner by struct: ESRCH\nfirst owner: EPERM\n"
		"first group: EPERM\n");
	free(output);
	run_outcome_release(&outcome);
	jail_context_free(context);
}

static bool is_listed(const char *name)
{
#define X(test, listed)                                                        \
	if (strcmp(name, listed) == 0)                                         \
		return true;
	TRACEES(X)
#undef X
	return strcmp(name, "controls") == 0 ||
	       strcmp(name, "deadlocks") == 0 || strcmp(name, "faults") == 0 ||
	       strcmp(name, "kept") == 0 || strcmp(name, "beyond") == 0;
}

Test(engine, compares_every_tracee)
{
	auto_free char *folder = tracee_path("");
	DIR *dir = opendir(folder);
	struct dirent *entry;

	cr_assert(dir != NULL, "'%s': %m", folder);
	while ((entry = readdir(dir)) != NULL)
		if (strchr(entry->d_name, '.') == NULL)
			cr_expect(is_listed(entry->d_name),
				"'%s' is not in the list", entry->d_name);
	closedir(dir);
}

/* Negative control: seeds do make a difference where the order is open. */
Test(engine, seeds_give_different_orders, .timeout = 120)
{
	struct jail_context *context = context_or_skip();
	char *outputs[20];
	int different = 0;

	for (int i = 0; i < 20; i++) {
		struct run_outcome outcome = {0};

		run_tracee(context, "controls", "order", SCHEDULE_RANDOM,
			(uint64_t)i + 1, &outcome);
		outputs[i] = output_of(&outcome.trace);
		different += strcmp(outputs[i], outputs[0]) != 0;
		run_outcome_release(&outcome);
	}
	cr_expect(different >= 10, "only %d of 19 differ", different);
	for (int i = 0; i < 20; i++)
		free(outputs[i]);
	jail_context_free(context);
}

static bool has_event(const struct trace *trace, enum event_kind kind)
{
	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == kind)
			return true;
	return false;
}

/* Nobody makes a call that he stood before when the signal came. */
Test(engine, who_is_ended_by_a_signal_does_nothing_more, .timeout = 120)
{
	struct jail_context *context = context_or_skip();
	int lines = 0;

	for (uint64_t seed = 1; seed <= 30; seed++) {
		struct run_outcome outcome = {0};
		bool sent = false;

		run_tracee(context, "controls", "ended-first", SCHEDULE_RANDOM,
			seed, &outcome);
		for (size_t i = 0; i < outcome.trace.event_count; i++) {
			const struct event *event = &outcome.trace.events[i];

			sent |= event->kind == EVENT_SIGNAL_SENT;
			lines += event->kind == EVENT_OUTPUT;
			cr_expect(!sent || event->kind != EVENT_OUTPUT);
		}
		cr_expect(sent);
		run_outcome_release(&outcome);
	}
	cr_expect(lines > 0 && lines < 30, "%d lines", lines);
	jail_context_free(context);
}

static void expect_deadlock(const char *which)
{
	struct jail_context *context = context_or_skip();

	for (uint64_t seed = 0; seed <= 3; seed++) {
		struct run_outcome outcome = {0};

		run_tracee(context, "controls", which,
			seed == 0 ? SCHEDULE_RUN_TO_BLOCK : SCHEDULE_RANDOM,
			seed, &outcome);
		cr_expect(outcome.end == RUN_END_DEADLOCK, "%s: end %d", which,
			(int)outcome.end);
		cr_expect(has_event(&outcome.trace, EVENT_DEADLOCK));
		cr_expect(!outcome.main_ended);
		run_outcome_release(&outcome);
	}
	jail_context_free(context);
}

Test(engine, proves_a_pipe_that_nobody_writes_to_a_deadlock, .timeout = 60)
{
	expect_deadlock("deadlock-pipe");
}

Test(engine, proves_locks_taken_crosswise_a_deadlock, .timeout = 60)
{
	expect_deadlock("deadlock-flock");
}

Test(engine, proves_semaphores_that_wait_in_a_circle_a_deadlock, .timeout = 60)
{
	expect_deadlock("deadlock-semaphore");
}

Test(engine, proves_waiting_for_a_child_that_hangs_a_deadlock, .timeout = 60)
{
	expect_deadlock("deadlock-child");
}

Test(engine, sleeps_in_virtual_time, .timeout = 60)
{
	struct jail_context *context = context_or_skip();
	struct run_outcome outcome = {0};

	run_tracee(context, "controls", "long-sleep", SCHEDULE_RUN_TO_BLOCK, 0,
		&outcome);
	cr_expect(outcome.end == RUN_END_EXITED);
	cr_expect(outcome.main_end_us / 100000 == 10000, "ended at %ld us",
		(long)outcome.main_end_us);
	cr_expect(outcome.wall_us < 20 * 1000000);
	run_outcome_release(&outcome);
	jail_context_free(context);
}

Test(engine, proves_that_a_program_that_sleeps_for_ever_goes_round)
{
	expect_deadlock("sleep-for-ever");
}

Test(engine, gets_over_a_program_that_spins_for_ever, .timeout = 120)
{
	struct jail_context *context = context_or_skip();
	struct run_outcome outcome = {0};

	run_tracee(context, "controls", "spin-for-ever", SCHEDULE_RUN_TO_BLOCK,
		0, &outcome);
	cr_expect(outcome.end != RUN_END_EXITED);
	cr_expect(!outcome.main_ended);
	run_outcome_release(&outcome);
	jail_context_free(context);
}

Test(engine, sees_an_orphan_that_is_left, .timeout = 60)
{
	struct jail_context *context = context_or_skip();
	struct run_outcome outcome = {0};

	run_tracee(context, "controls", "orphan", SCHEDULE_RUN_TO_BLOCK, 0,
		&outcome);
	cr_expect(outcome.main_ended);
	cr_expect(outcome.trace.task_count == 2);
	cr_expect(has_event(&outcome.trace, EVENT_LEFT));
	run_outcome_release(&outcome);
	jail_context_free(context);
}

Test(engine, a_subreaper_takes_the_zombies_of_its_descendants, .timeout = 60)
{
	struct jail_context *context = context_or_skip();
	struct run_outcome outcome = {0};

	run_tracee(context, "controls", "heir", SCHEDULE_RUN_TO_BLOCK, 0,
		&outcome);
	cr_assert(outcome.trace.task_count == 3);
	cr_expect_eq(outcome.trace.tasks[2].reaped_by, 0);
	cr_expect(!has_event(&outcome.trace, EVENT_ZOMBIE));
	run_outcome_release(&outcome);
	jail_context_free(context);
}

/* A random schedule made again from its departures from run-to-block. */
static void expect_same_from_departures(
	struct jail_context *context, const char *name, uint64_t seed)
{
	struct run_outcome first = {0}, again = {0};
	auto_free char *path = tracee_path(name);
	auto_close int program = open(path, O_RDONLY | O_CLOEXEC);
	const char *argv[] = {name, NULL};
	struct run_spec spec = {.program_fd = program,
		.argv = argv,
		.limits = {.processes = 200, .virtual_us = 3600 * 1000000LL},
		.policy = SCHEDULE_RUN_TO_BLOCK,
		.seed = seed};
	struct err err = {""};
	char *text[2];

	run_tracee(context, name, NULL, SCHEDULE_RANDOM, seed, &first);
	cr_expect(first.switch_count > 0, "%s makes no choice", name);
	spec.switches = first.switches;
	spec.switch_count = first.switch_count;
	cr_assert(
		run_program(context, &spec, &again, &err) == 0, "%s", err.text);
	free(again.trace.policy); /* they differ in that alone */
	again.trace.policy = xstrdup(first.trace.policy);
	text[0] = trace_text(&first.trace);
	text[1] = trace_text(&again.trace);
	assert_same_lines(name, "departures", seed, text[0], text[1]);
	cr_expect_eq(again.switch_count, first.switch_count);
	free(text[0]);
	free(text[1]);
	run_outcome_release(&first);
	run_outcome_release(&again);
}

Test(engine, departures_from_run_to_block_make_the_same_trace, .timeout = 120)
{
	static const char *const programs[] = {
		"pipe", "semaphores", "flock", "wait", "threads", "signals"};
	struct jail_context *context = context_or_skip();

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		for (uint64_t seed = 1; seed <= 3; seed++)
			expect_same_from_departures(context, programs[i], seed);
	jail_context_free(context);
}
