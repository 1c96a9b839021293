/*
 * What the grader does to a program on purpose: each kind meets the call that
 * it is for, the program sees it, the trace says so, and the same seed gives
 * the same bytes.  The program is tests/tracees/faults.c.
 *
 * It is looked for in $TRACEES, else in ../tracees as seen from this test.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/err.h"
#include "run.h"
#include "trace/trace_json.h"

static struct jail_context *context;

static void begin(void)
{
	struct err err = {""};

	if (jail_context_new(&context, &err) == 0)
		return;
	context = NULL;
	if (getenv("GRADER_MUST_WORK") != NULL)
		cr_assert_fail("no jail: %s", err.text);
	cr_skip_test("no jail: %s", err.text);
}

static void end(void)
{
	jail_context_free(context);
}

TestSuite(faults, .init = begin, .fini = end, .timeout = 120);

static int open_tracee(void)
{
	const char *folder = getenv("TRACEES");
	auto_free char *path = NULL;
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	cr_assert(length > 0);
	self[length] = '\0';
	path = folder ? xasprintf("%s/faults", folder)
		      : xasprintf("%s/../tracees/faults", dirname(self));
	return open(path, O_RDONLY | O_CLOEXEC);
}

static void run_case(const char *name, const struct run_fault *faults,
	size_t count, enum schedule_policy policy, uint64_t seed,
	struct run_outcome *outcome)
{
	auto_close int program = open_tracee();
	const char *argv[] = {"faults", name, NULL};
	struct run_spec spec = {
		.program_fd = program,
		.argv = argv,
		.policy = policy,
		.seed = seed,
		.faults = faults,
		.fault_count = count,
		.allow_unix_sockets = true,
	};
	struct err err = {""};

	cr_assert(program >= 0, "the tracee: %m");
	cr_assert(run_program(context, &spec, outcome, &err) == 0, "%s: %s",
		name, err.text);
}

static char *output_of(const struct trace *trace)
{
	struct buf output = {0};

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_OUTPUT)
			buf_addf(&output, "%s\n", trace->events[i].text);
	buf_adds(&output, "");
	return buf_detach(&output);
}

/* "eintr wait4, short-read read 5": what the trace says was done. */
static char *faults_of(const struct trace *trace)
{
	struct buf text = {0};

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_FAULT)
			continue;
		cr_expect_eq(event->other, event->task);
		buf_addf(&text, "%s%s %s", text.length > 0 ? ", " : "",
			event->object, event->call ? event->call : "-");
		if (event->value != 0)
			buf_addf(&text, " %d", (int)event->value);
	}
	buf_adds(&text, "");
	return buf_detach(&text);
}

/* Run to block: the output, and what the trace says of faults. */
static void expect(const char *name, const struct run_fault *faults,
	size_t count, const char *output, const char *done)
{
	struct run_outcome outcome = {0};
	auto_free char *printed = NULL;
	auto_free char *told = NULL;

	run_case(name, faults, count, SCHEDULE_RUN_TO_BLOCK, 0, &outcome);
	printed = output_of(&outcome.trace);
	told = faults_of(&outcome.trace);
	cr_expect_str_eq(printed, output);
	cr_expect_str_eq(told, done);
	run_outcome_release(&outcome);
}

#define EXPECT(name, fault, output, done)                                      \
	expect(name, &(struct run_fault)fault, 1, output, done)
#define FAULT(...)                                                             \
	{                                                                      \
		__VA_ARGS__                                                    \
	}

Test(faults, eintr_meets_each_call_that_waits_once)
{
	struct run_fault faults[5] = {
		{.kind = RUN_FAULT_EINTR,
			.who = RUN_FAULT_MAIN,
			.call = "wait4"},
		{.kind = RUN_FAULT_EINTR, .call = "nanosleep"},
		{.kind = RUN_FAULT_EINTR,
			.call = "clock_nanosleep",
			.who = RUN_FAULT_MAIN},
		{.kind = RUN_FAULT_EINTR, .call = "read"},
		{.kind = RUN_FAULT_EINTR, .call = "poll"},
	};

	expect("interrupted", faults, 5,
		"wait: EINTR\nwait: 0\nsleep: EINTR\nleft: 3\nsleep: 0\n"
		"semaphore: ETIMEDOUT\nread: EINTR\nread: 1\npoll: EINTR\n"
		"poll: 0\n",
		"eintr wait4, eintr clock_nanosleep, eintr read, eintr poll");
}

/* Calls are counted over all that wait, and the file may be named. */
Test(faults, eintr_counts_its_chances)
{
	struct run_outcome outcome = {0};
	struct run_fault fault = {
		.kind = RUN_FAULT_EINTR, .who = RUN_FAULT_MAIN, .nth = 3};
	auto_free char *told = NULL;

	run_case("interrupted", &fault, 1, SCHEDULE_RUN_TO_BLOCK, 0, &outcome);
	told = faults_of(&outcome.trace);
	cr_expect_str_eq(told, "eintr read");
	cr_expect_eq(outcome.fault_chances[0], 7);
	run_outcome_release(&outcome);
}

Test(faults, eintr_leaves_what_is_restarted)
{
	struct run_fault faults[2] = {
		{.kind = RUN_FAULT_EINTR, .call = "read"},
		{.kind = RUN_FAULT_EINTR, .call = "poll"},
	};

	expect("restarted", faults, 2, "read: 1\npoll: EINTR\n", "eintr poll");
}

Test(faults, eintr_needs_a_handler_that_can_run)
{
	struct run_fault fault = {
		.kind = RUN_FAULT_EINTR, .call = "flock", .object = "lock"};

	expect("unhandled", &fault, 1, "flock: 0\nagain: 0\n", "");
	expect("blocked", &fault, 1, "flock: 0\nagain: 0\n", "");
	expect("lock", &fault, 1, "flock: EINTR\nagain: 0\n", "eintr flock");
	fault.object = "another";
	expect("lock", &fault, 1, "flock: 0\nagain: 0\n", "");
}

Test(faults, short_calls_transfer_fewer_bytes_of_a_file)
{
	EXPECT("file", FAULT(.kind = RUN_FAULT_SHORT_WRITE, .nth = 1),
		"write: 10\nwrite: 5\none byte: 1\nwritev: 20\nread: 20\n"
		"pread: 20\nreadv: 20\nend: 0\n",
		"short-write write 5");
	EXPECT("file",
		FAULT(.kind = RUN_FAULT_SHORT_WRITE, .call = "writev",
			.bytes = 10),
		"write: 10\nwrite: 10\none byte: 1\nwritev: 6\nread: 20\n"
		"pread: 20\nreadv: 20\nend: 0\n",
		"short-write writev 10");
	EXPECT("file",
		FAULT(.kind = RUN_FAULT_SHORT_READ, .repeat = true,
			.object = "file", .bytes = 3),
		"write: 10\nwrite: 10\none byte: 1\nwritev: 20\nread: 3\n"
		"pread: 3\nreadv: 3\nend: 0\n",
		"short-read read 3, short-read pread64 3, short-read readv 3");
}

/* Small writes into a pipe are atomic, packets are whole. */
Test(faults, short_calls_leave_alone_what_is_atomic)
{
	EXPECT("channel",
		FAULT(.kind = RUN_FAULT_SHORT_WRITE, .repeat = true,
			.bytes = 7),
		"small: 100\nread: 100\nlarge: 7\nread: 7\nstream: 7\n"
		"read: 7\npacket: 100\nread: 100\n",
		"short-write write 7, short-write write 7");
	EXPECT("channel", FAULT(.kind = RUN_FAULT_SHORT_READ, .repeat = true),
		"small: 100\nread: 50\nlarge: 4196\nread: 2098\n"
		"stream: 100\nread: 50\npacket: 100\nread: 100\n",
		"short-read read 50, short-read read 2098, short-read read 50");
}

Test(faults, fork_fails_once_or_from_then_on)
{
	EXPECT("forks", FAULT(.kind = RUN_FAULT_FORK_EAGAIN, .nth = 1),
		"fork: 0\nfork: EAGAIN\nfork: 0\nthread: 0\n",
		"fork-eagain clone");
	EXPECT("forks",
		FAULT(.kind = RUN_FAULT_FORK_EAGAIN, .nth = 2, .repeat = true),
		"fork: 0\nfork: 0\nfork: EAGAIN\nthread: EAGAIN\n",
		"fork-eagain clone, fork-eagain clone");
	EXPECT("forks",
		FAULT(.kind = RUN_FAULT_FORK_EAGAIN, .who = RUN_FAULT_CHILD,
			.repeat = true),
		"fork: 0\nfork: 0\nfork: 0\nthread: 0\n", "");
}

Test(faults, a_full_disk_stays_full)
{
	EXPECT("fills", FAULT(.kind = RUN_FAULT_ENOSPC, .nth = 1),
		"one: 1\ntwo: ENOSPC\none: ENOSPC\ntwo: ENOSPC\n"
		"space: ENOSPC\nread: 1\npipe: 1\n",
		"enospc write, enospc pwrite64, enospc write, "
		"enospc fallocate");
	EXPECT("fills", FAULT(.kind = RUN_FAULT_ENOSPC, .object = "two"),
		"one: 1\ntwo: ENOSPC\none: 1\ntwo: ENOSPC\nspace: 0\n"
		"read: 1\npipe: 1\n",
		"enospc write, enospc write");
}

/* The whole process ends with the thread that holds. */
Test(faults, a_holder_is_killed_with_its_threads)
{
	EXPECT("holders",
		FAULT(.kind = RUN_FAULT_KILL_HOLDER, .nth = 1, .object = "db"),
		"search: 1\nhold: 1\nlives on: 0\nsignal: 0\nsearch: 1\n"
		"signal: 9\n",
		"kill pread64");
}

/* Main gets no further than to the point before which it is killed. */
Test(faults, main_is_killed_at_every_scheduling_point)
{
	struct run_fault fault = {
		.kind = RUN_FAULT_KILL_MAIN_AT, .nth = INT_MAX};
	struct run_outcome outcome = {0};
	size_t chances, lines = 0;

	run_case("steps", &fault, 1, SCHEDULE_RUN_TO_BLOCK, 0, &outcome);
	cr_assert(outcome.main_status == 0);
	chances = outcome.fault_chances[0];
	cr_assert(chances > 5 && chances < 100, "%zu", chances);
	run_outcome_release(&outcome);
	for (size_t i = 0; i < chances; i++) {
		auto_free char *told = NULL;
		size_t seen = 0;

		fault.nth = (int)i;
		run_case(
			"steps", &fault, 1, SCHEDULE_RUN_TO_BLOCK, 0, &outcome);
		told = faults_of(&outcome.trace);
		cr_expect(strncmp(told, "kill ", 5) == 0, "%zu: '%s'", i, told);
		cr_expect_eq(outcome.main_signal, SIGKILL);
		for (size_t e = 0; e < outcome.trace.event_count; e++)
			seen += outcome.trace.events[e].kind == EVENT_OUTPUT;
		cr_expect(seen >= lines, "%zu: %zu lines", i, seen);
		lines = seen;
		run_outcome_release(&outcome);
	}
	cr_expect_eq(lines, 3);
}

/* At once, and not when the child would have woken up. */
Test(faults, who_is_told_of_a_killed_main_by_sigio_ends_with_it)
{
	const struct run_fault fault = {
		.kind = RUN_FAULT_KILL_MAIN, .at_us = 500000};
	struct run_outcome outcome = {0};
	bool ended = false;

	run_case("sigio", &fault, 1, SCHEDULE_RUN_TO_BLOCK, 0, &outcome);
	for (size_t i = 0; i < outcome.trace.event_count; i++) {
		const struct event *event = &outcome.trace.events[i];

		cr_expect(event->kind != EVENT_LEFT &&
			  event->kind != EVENT_OUTPUT);
		ended |= event->kind == EVENT_EXIT && event->task == 1 &&
			 event->signal == SIGIO && event->time_us == 500000;
	}
	cr_expect(ended);
	run_outcome_release(&outcome);
}

/* Main comes to its only sleep, until 1 s, and makes it 5 s later. */
Test(faults, a_slow_call_is_made_later)
{
	const struct run_fault slow[] = {
		{.kind = RUN_FAULT_SLOW_CALL,
			.who = RUN_FAULT_MAIN,
			.call = "clock_nanosleep",
			.for_us = 5000000},
		{.kind = RUN_FAULT_SLOW_CALL,
			.who = RUN_FAULT_MAIN,
			.call = "clock_nanosleep",
			.nth = 1,
			.for_us = 5000000},
	};
	const int64_t ends[] = {5, 1};

	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		struct run_outcome outcome = {0};
		auto_free char *told = NULL;
		int64_t last = -1;

		run_case("steps", &slow[i], 1, SCHEDULE_RUN_TO_BLOCK, 0,
			&outcome);
		told = faults_of(&outcome.trace);
		cr_expect_str_eq(told, i == 0 ? "slow clock_nanosleep" : "");
		cr_expect_eq(outcome.fault_chances[0], 1);
		for (size_t e = 0; e < outcome.trace.event_count; e++)
			if (outcome.trace.events[e].kind == EVENT_OUTPUT)
				last = outcome.trace.events[e].time_us;
		cr_expect_eq(last, ends[i] * 1000000, "%" PRId64, last);
		run_outcome_release(&outcome);
	}
}

/* Every kind at once, in two policies. */
Test(faults, the_same_seed_gives_the_same_bytes)
{
	static const char *const cases[] = {"interrupted", "file", "channel",
		"forks", "fills", "holders", "steps"};
	const struct run_fault faults[] = {
		{.kind = RUN_FAULT_EINTR, .nth = 1},
		{.kind = RUN_FAULT_SHORT_READ, .nth = 1},
		{.kind = RUN_FAULT_SHORT_WRITE, .repeat = true},
		{.kind = RUN_FAULT_FORK_EAGAIN, .nth = 2},
		{.kind = RUN_FAULT_ENOSPC, .nth = 3},
		{.kind = RUN_FAULT_KILL_HOLDER},
		{.kind = RUN_FAULT_SLOW_CALL, .nth = 5, .for_us = 300000},
		{.kind = RUN_FAULT_KILL_MAIN_AT, .nth = 40},
	};

	for (size_t i = 0; i < 4 * sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf text[2] = {{0}, {0}};

		for (int j = 0; j < 2; j++) {
			struct run_outcome outcome = {0};

			run_case(cases[i / 4], faults,
				sizeof(faults) / sizeof(faults[0]),
				i % 4 == 0 ? SCHEDULE_RUN_TO_BLOCK
					   : SCHEDULE_RANDOM,
				i % 4, &outcome);
			trace_json_write(&text[j], &outcome.trace, NULL, NULL);
			run_outcome_release(&outcome);
		}
		cr_expect_str_eq(buf_text(&text[0]), buf_text(&text[1]));
		buf_release(&text[0]);
		buf_release(&text[1]);
	}
}
