/*
 * Waiting under the engine: what is for ever is a deadlock, by name, in each
 * class of waiting; what is only slow is none; what cannot be modelled is
 * refused by name.
 */
#include <stdio.h>

#include "tracees.h"

/* Class of waiting, what main waits for, by which call, and task 1 has it. */
#define WAITING(X)                                                             \
	X(pipe, "pipe", "pipe:1", "read", 1)                                   \
	X(full_pipe, "full-pipe", "pipe:1", "write", -1)                       \
	X(fifo_reader, "fifo-reader", "pipe:2", "openat", -1)                  \
	X(fifo_writer, "fifo-writer", "fifo", "openat", -1)                    \
	X(flock, "flock", "file", "flock", 1)                                  \
	X(record_lock, "record-lock", "file", "fcntl", 1)                      \
	X(description_lock, "description-lock", "file", "fcntl", 1)            \
	X(wait, "wait", "child", "wait4", 1)                                   \
	X(stopped_child, "stopped", "child", "wait4", 1)                       \
	X(mutex, "mutex", "futex:1", "futex", 1)                               \
	X(inheriting_mutex, "inheriting-mutex", "futex:1", "futex", 1)         \
	X(circle, "circle", "futex:1", "futex", 1)                             \
	X(read_lock, "read-lock", "futex:1", "futex", -1)                      \
	X(condition, "condition", "futex:1", "futex", -1)                      \
	X(barrier, "barrier", "futex:1", "futex", -1)                          \
	X(semaphore, "semaphore", "futex:1", "futex", -1)                      \
	X(sysv_semaphore, "sysv-semaphore", "sysv-sem:1", "semtimedop", -1)    \
	X(sysv_receive, "sysv-receive", "sysv-msg:1", "msgrcv", -1)            \
	X(sysv_send, "sysv-send", "sysv-msg:1", "msgsnd", -1)                  \
	X(receive, "receive", "mq:/queue", "mq_timedreceive", -1)              \
	X(send, "send", "mq:/queue", "mq_timedsend", -1)                       \
	X(sigwait, "sigwait", "signal", "rt_sigtimedwait", -1)                 \
	X(sigsuspend, "sigsuspend", "signal", "rt_sigsuspend", -1)             \
	X(join, "join", "private-futex:1", "futex", 1)                         \
	X(socket, "socket", "socket:1", "read", -1)                            \
	X(full_socket, "full-socket", "socket:1", "write", -1)                 \
	X(accept, "accept", "socket:1", "accept", -1)                          \
	X(connect, "connect", "connection", "connect", -1)                     \
	X(eventfd, "eventfd", "eventfd:1", "read", -1)                         \
	X(poll, "poll", "poll", "poll", 1)                                     \
	X(epoll, "epoll", "epoll", "epoll_wait", -1)

static const struct event *find_deadlock(const struct trace *trace, int task)
{
	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_DEADLOCK &&
			trace->events[i].task == task)
			return &trace->events[i];
	return NULL;
}

static void expect_named_deadlock(
	const char *class, const char *object, const char *call, int holder)
{
	struct jail_context *context = context_or_skip();

	for (uint64_t seed = 0; seed <= 3; seed++) {
		struct run_outcome outcome = {0};
		const struct event *event;

		run_with_arguments(context, "deadlocks", class, "hang",
			seed == 0 ? SCHEDULE_RUN_TO_BLOCK : SCHEDULE_RANDOM,
			seed, &outcome);
		cr_assert(outcome.end == RUN_END_DEADLOCK, "%s: end %d", class,
			(int)outcome.end);
		event = find_deadlock(&outcome.trace, 0);
		cr_assert(event != NULL && event->object != NULL);
		cr_expect_str_eq(event->object, object);
		cr_expect_str_eq(event->call, call);
		cr_expect(event->other == holder, "%s: held by %d", class,
			event->other);
		run_outcome_release(&outcome);
	}
	jail_context_free(context);
}

static void expect_slow_end(const char *class)
{
	struct jail_context *context = context_or_skip();

	for (uint64_t seed = 0; seed <= 1; seed++) {
		struct run_outcome outcome = {0};

		run_with_arguments(context, "deadlocks", class, "slow",
			seed == 0 ? SCHEDULE_RUN_TO_BLOCK : SCHEDULE_RANDOM,
			seed, &outcome);
		cr_expect(outcome.end == RUN_END_EXITED &&
				  outcome.main_status == 0 &&
				  outcome.main_end_us >= 100000000,
			"%s: end %d, status %d at %ld us", class,
			(int)outcome.end, outcome.main_status,
			(long)outcome.main_end_us);
		run_outcome_release(&outcome);
	}
	jail_context_free(context);
}

#define X(test, class, object, call, holder)                                   \
	Test(engine_waits, names_a_deadlock_of_##test, .timeout = 60)          \
	{                                                                      \
		expect_named_deadlock(class, object, call, holder);            \
	}                                                                      \
	Test(engine_waits, takes_no_slow_##test##_for_a_deadlock,              \
		.timeout = 60)                                                 \
	{                                                                      \
		expect_slow_end(class);                                        \
	}
WAITING(X)
#undef X

/* The kernel has refused it the lock, and the C library hides that. */
Test(engine_waits, names_what_who_closes_a_circle_waits_for, .timeout = 60)
{
	struct jail_context *context = context_or_skip();
	struct run_outcome outcome = {0};
	const struct event *event;

	run_with_arguments(context, "deadlocks", "circle", "hang",
		SCHEDULE_RUN_TO_BLOCK, 0, &outcome);
	event = find_deadlock(&outcome.trace, 1);
	cr_assert(event != NULL && event->object != NULL);
	cr_expect_str_eq(event->call, "futex");
	cr_expect_str_eq(event->object, "futex:2");
	cr_expect(event->other == 0);
	run_outcome_release(&outcome);
	jail_context_free(context);
}

/* What is not modelled ends the run, or is in the trace, by name. */
static void expect_refusal(const char *which, enum run_end end,
	enum event_kind kind, const char *call)
{
	struct jail_context *context = context_or_skip();
	struct run_outcome outcome = {0};
	bool found = false;

	run_tracee(
		context, "controls", which, SCHEDULE_RUN_TO_BLOCK, 0, &outcome);
	cr_expect(outcome.end == end, "%s: end %d", which, (int)outcome.end);
	for (size_t i = 0; i < outcome.trace.event_count; i++)
		found |= outcome.trace.events[i].kind == kind &&
			 strcmp(outcome.trace.events[i].call, call) == 0;
	cr_expect(found, "%s: no refusal of '%s'", which, call);
	run_outcome_release(&outcome);
	jail_context_free(context);
}

Test(engine_waits, refuses_timers_of_cpu_time_by_name, .timeout = 60)
{
	expect_refusal("cpu-timer", RUN_END_EXITED, EVENT_DENIED,
		"setitimer ITIMER_PROF");
	expect_refusal("cpu-timer", RUN_END_EXITED, EVENT_DENIED,
		"timer_create CPU_TIME_CLOCK");
	expect_refusal("cpu-timer", RUN_END_EXITED, EVENT_DENIED,
		"clock_nanosleep CPU_TIME_CLOCK");
}

Test(engine_waits, refuses_what_the_kernel_would_decide_by_its_waiters,
	.timeout = 60)
{
	expect_refusal("notify-awaited", RUN_END_UNSUPPORTED, EVENT_UNSUPPORTED,
		"mq_notify (and somebody waits)");
	expect_refusal("many-semops", RUN_END_UNSUPPORTED, EVENT_UNSUPPORTED,
		"semop (over 64 operations)");
	expect_refusal("requeue-pi", RUN_END_UNSUPPORTED, EVENT_UNSUPPORTED,
		"futex (requeue, priority inheritance)");
}

/* The run ends as it would: what the program makes of EMFILE is its own. */
static void expect_open_files(struct jail_context *context, int wanted)
{
	const int most = wanted ? wanted : RUN_LIMITS_DEFAULT.open_files;
	auto_free char *path = tracee_path("controls");
	auto_close int program = open(path, O_RDONLY | O_CLOEXEC);
	auto_free char *line = xasprintf("%d", most);
	const char *argv[] = {"controls", "fill-descriptors", NULL};
	struct run_spec spec = {.program_fd = program,
		.argv = argv,
		.limits = {.open_files = wanted}};
	struct run_outcome outcome = {0};
	struct err err = {""};
	int told = 0, said = 0;

	cr_assert_eq(
		run_program(context, &spec, &outcome, &err), 0, "%s", err.text);
	for (size_t i = 0; i < outcome.trace.event_count; i++) {
		const struct event *event = &outcome.trace.events[i];

		said += event->kind == EVENT_OUTPUT &&
			!strcmp(event->text, line);
		told += event->kind == EVENT_LIMIT && event->value == most &&
			!strcmp(event->object, "open-files");
	}
	cr_expect(said == 1 && told == 1, "%d: said %d, told %d", most, said,
		told);
	cr_expect_eq(outcome.end, RUN_END_EXITED);
	cr_expect_null(outcome.limit);
	run_outcome_release(&outcome);
}

Test(engine_waits, tells_of_the_limit_of_open_files_once, .timeout = 60)
{
	struct jail_context *context = context_or_skip();

	/* the second differs from what the first may have left a jail for */
	expect_open_files(context, 0);
	expect_open_files(context, 64);
	expect_open_files(context, 0);
	jail_context_free(context);
}

/* The mapping was for reading; mprotect(2) made it writable. */
Test(engine_waits, sees_a_store_through_a_mapping_made_writable, .timeout = 60)
{
	struct jail_context *context = context_or_skip();
	auto_free char *path = tracee_path("controls");
	auto_close int program = open(path, O_RDONLY | O_CLOEXEC);
	const char *argv[] = {"controls", "make-writable", NULL};
	char file_name[] = "file", data[] = "before\n";
	struct run_file file = {
		.name = file_name, .data = data, .length = 7, .watched = true};
	struct run_spec spec = {.program_fd = program,
		.argv = argv,
		.files = &file,
		.file_count = 1,
		.limits = {.processes = 20,
			.steps = 1000000,
			.virtual_us = 3600 * 1000000LL,
			.wall_us = 60 * 1000000LL,
			.cpu_us = 30 * 1000000LL}};
	struct run_outcome outcome = {0};
	struct err err = {""};
	bool found = false;

	cr_assert(run_program(context, &spec, &outcome, &err) == 0, "%s",
		err.text);
	cr_expect(outcome.main_status == 0);
	for (size_t i = 0; i < outcome.trace.event_count; i++)
		found |= outcome.trace.events[i].kind == EVENT_WRITE &&
			 outcome.trace.events[i].after != NULL &&
			 strcmp(outcome.trace.events[i].after, "BEFORE\n") == 0;
	cr_expect(found);
	run_outcome_release(&outcome);
	jail_context_free(context);
}

/* dup2() of a descriptor to itself closes nothing, and drops no lock. */
Test(engine_waits, keeps_a_lock_when_nothing_is_closed, .timeout = 60)
{
	struct jail_context *context = context_or_skip();
	struct run_outcome outcome = {0};
	int unlocks = 0;

	run_tracee(context, "controls", "dup-same", SCHEDULE_RUN_TO_BLOCK, 0,
		&outcome);
	cr_expect(outcome.end == RUN_END_DEADLOCK);
	for (size_t i = 0; i < outcome.trace.event_count; i++)
		unlocks += outcome.trace.events[i].kind == EVENT_UNLOCK ||
			   outcome.trace.events[i].kind == EVENT_CLOSE;
	cr_expect(unlocks == 0, "%d", unlocks);
	run_outcome_release(&outcome);
	jail_context_free(context);
}

/*
 * A clock that goes on early leaves time for whoever is slow: timeouts that
 * are waited for again and again do not use it up.
 */
Test(engine_waits, early_clocks_leave_time_for_the_slow, .timeout = 60)
{
	struct jail_context *context = context_or_skip();
	auto_free char *path = tracee_path("controls");
	auto_close int program = open(path, O_RDONLY | O_CLOEXEC);
	const char *argv[] = {"controls", "long-timeouts", NULL};
	struct run_spec spec = {.program_fd = program,
		.argv = argv,
		.limits = {.virtual_us = 200 * 1000000LL},
		.policy = SCHEDULE_RUN_TO_BLOCK,
		.learn = true};
	struct run_outcome learnt = {0};
	struct err err = {""};
	int jumped = 0;

	cr_assert(run_program(context, &spec, &learnt, &err) == 0, "%s",
		err.text);
	spec.learn = false;
	spec.profile = &learnt.profile;
	spec.policy = SCHEDULE_EARLY_CLOCK;
	spec.early_clock = true;
	for (spec.seed = 1; spec.seed <= 40; spec.seed++) {
		struct run_outcome outcome = {0};

		cr_assert(run_program(context, &spec, &outcome, &err) == 0,
			"%s", err.text);
		cr_expect_eq(
			outcome.end, RUN_END_EXITED, "seed %d", (int)spec.seed);
		jumped += trace_end_us(&outcome.trace) > 0;
		run_outcome_release(&outcome);
	}
	cr_expect(jumped > 0);
	run_outcome_release(&learnt);
	jail_context_free(context);
}
