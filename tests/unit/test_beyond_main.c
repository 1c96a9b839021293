/*
 * What lives on after main, further starts of the program, and what the
 * grader does from outside.  The program is tests/tracees/beyond.c.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "printed.h"
#include "run.h"
#include "trace/trace_json.h"
#include "tracees.h"

TestSuite(beyond_main, .timeout = 120);

#define SECOND INT64_C(1000000)

/* All but the program and argv of a run. */
static void run_beyond(struct jail_context *context, const char *what,
	const struct run_spec *how, struct run_outcome *outcome)
{
	auto_free char *path = tracee_path("beyond");
	auto_close int program = open(path, O_RDONLY | O_CLOEXEC);
	const char *argv[] = {"beyond", what, NULL};
	struct run_spec spec = *how;
	struct err err = {""};

	cr_assert(program >= 0, "%s", path);
	spec.program_fd = program;
	spec.argv = argv;
	cr_assert(run_program(context, &spec, outcome, &err) == 0, "%s: %s",
		what, err.text);
}

static const struct event *find_event(const struct trace *trace,
	enum event_kind kind, const char *object, size_t from)
{
	for (size_t i = from; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == kind &&
			(!object || (event->object &&
					    !strcmp(event->object, object))))
			return event;
	}
	return NULL;
}

static const char *state_of(const struct trace *trace, const char *what)
{
	const struct event *event = find_event(trace, EVENT_STATE, what, 0);

	return event && event->text ? event->text : "";
}

Test(beyond_main, the_run_goes_on_to_the_last_end)
{
	struct jail_context *context = context_or_skip();
	const struct run_spec how = {.outlives_main = true};
	const struct run_spec usual = {.outlives_main = false};
	struct run_outcome outcome;
	char *printed;

	run_beyond(context, "late", &how, &outcome);
	printed = output_of(&outcome.trace);
	cr_expect_str_eq(printed, "late\n");
	cr_expect_eq(outcome.end, RUN_END_EXITED);
	cr_expect_eq(outcome.main_end_us, 0);
	cr_expect_eq(trace_end_us(&outcome.trace), 3 * SECOND);
	cr_expect_null(find_event(&outcome.trace, EVENT_LEFT, NULL, 0));
	free(printed);
	run_outcome_release(&outcome);
	/* and only then */
	run_beyond(context, "late", &usual, &outcome);
	cr_expect_eq(trace_end_us(&outcome.trace), 0);
	cr_expect_not_null(find_event(&outcome.trace, EVENT_LEFT, NULL, 0));
	run_outcome_release(&outcome);
	jail_context_free(context);
}

Test(beyond_main, what_main_left_behind_is_an_orphan_and_followed)
{
	struct jail_context *context = context_or_skip();
	struct run_spec how = {.after_main_us = 3 * SECOND};
	struct run_outcome outcome;
	const struct event *left;
	char *printed;

	run_beyond(context, "late", &how, &outcome);
	printed = output_of(&outcome.trace);
	cr_expect_str_eq(printed, "late\n");
	cr_expect_eq(outcome.end, RUN_END_EXITED);
	cr_expect_eq(outcome.main_end_us, 0);
	cr_expect_eq(trace_end_us(&outcome.trace), 3 * SECOND);
	left = find_event(&outcome.trace, EVENT_LEFT, NULL, 0);
	cr_assert_not_null(left);
	cr_expect_eq(left->time_us, 0);
	cr_expect_eq(outcome.trace.tasks[left->task].died_us, 3 * SECOND);
	free(printed);
	run_outcome_release(&outcome);
	/* for no longer than that */
	how.after_main_us = 3 * SECOND - 1;
	run_beyond(context, "late", &how, &outcome);
	printed = output_of(&outcome.trace);
	cr_expect_str_eq(printed, "");
	cr_expect_eq(outcome.end, RUN_END_EXITED);
	cr_expect_not_null(find_event(&outcome.trace, EVENT_LEFT, NULL, 0));
	free(printed);
	run_outcome_release(&outcome);
	/* a limit is then the end, and nothing that is told */
	how.after_main_us = 60 * SECOND;
	how.limits.virtual_us = 2 * SECOND;
	run_beyond(context, "late", &how, &outcome);
	cr_expect_eq(outcome.end, RUN_END_EXITED);
	cr_expect_null(outcome.limit);
	run_outcome_release(&outcome);
	jail_context_free(context);
}

/* The process that the signal went to, and how it ended. */
static void expect_signalled(struct jail_context *context, const char *what,
	const char *object, const char *output)
{
	const struct run_fault fault = {
		.kind = RUN_FAULT_SIGNAL,
		.at_us = SECOND * 3 / 2,
		.signal = SIGTERM,
		.object = object,
	};
	const struct run_spec how = {
		.outlives_main = true, .faults = &fault, .fault_count = 1};
	struct run_outcome outcome;
	const struct event *sent;
	char *printed;

	run_beyond(context, what, &how, &outcome);
	printed = output_of(&outcome.trace);
	cr_expect_str_eq(printed, output, "%s: '%s'", what, printed);
	sent = find_event(&outcome.trace, EVENT_FAULT, "signal", 0);
	cr_assert_not_null(sent);
	cr_expect_eq(sent->time_us, SECOND * 3 / 2);
	cr_expect_eq(sent->signal, SIGTERM);
	cr_expect_eq(outcome.trace.tasks[sent->task].exit_status, 7);
	free(printed);
	run_outcome_release(&outcome);
}

Test(beyond_main, a_signal_goes_to_who_is_named_in_a_file)
{
	struct jail_context *context = context_or_skip();

	expect_signalled(context, "told", "pid", "told\n");
	jail_context_free(context);
}

Test(beyond_main, else_to_the_first_that_was_left)
{
	struct jail_context *context = context_or_skip();

	expect_signalled(context, "unnamed", "pid", "told\n");
	expect_signalled(context, "unnamed", NULL, "told\n");
	jail_context_free(context);
}

/* In main's last instant, behind main's end; and not without a number. */
Test(beyond_main, a_signal_comes_as_soon_as_a_number_can_be_read)
{
	struct jail_context *context = context_or_skip();
	const struct run_fault fault = {.kind = RUN_FAULT_SIGNAL,
		.readable = true,
		.signal = SIGTERM,
		.object = "pid"};
	const struct run_spec how = {
		.outlives_main = true, .faults = &fault, .fault_count = 1};
	struct run_outcome outcome;
	const struct event *sent, *ended;

	run_beyond(context, "told", &how, &outcome);
	sent = find_event(&outcome.trace, EVENT_FAULT, "signal", 0);
	ended = find_event(&outcome.trace, EVENT_EXIT, NULL, 0);
	cr_assert(sent && ended);
	cr_expect_eq(ended->task, 0);
	cr_expect(sent > ended);
	cr_expect_eq(sent->time_us, 0);
	cr_expect_eq(outcome.trace.tasks[sent->task].exit_status, 7);
	run_outcome_release(&outcome);
	run_beyond(context, "late", &how, &outcome);
	cr_expect_null(find_event(&outcome.trace, EVENT_FAULT, "signal", 0));
	cr_expect_eq(outcome.end, RUN_END_EXITED);
	run_outcome_release(&outcome);
	jail_context_free(context);
}

/* At 1 s, the facets of what lives then. */
static void expect_state(struct jail_context *context, const char *what,
	bool at_main_end, const char *session, const char *folder,
	const char *mask, const char *descriptors)
{
	const struct run_fault fault = {.kind = RUN_FAULT_LOOK,
		.at_us = at_main_end ? 0 : SECOND,
		.main_ended = at_main_end};
	const struct run_spec how = {
		.outlives_main = true, .faults = &fault, .fault_count = 1};
	struct run_outcome outcome;
	const struct event *look;

	run_beyond(context, what, &how, &outcome);
	look = find_event(&outcome.trace, EVENT_FAULT, "look", 0);
	cr_assert_not_null(look);
	cr_expect_eq(look->time_us, fault.at_us);
	cr_expect_str_eq(state_of(&outcome.trace, "session"), session);
	cr_expect_str_eq(state_of(&outcome.trace, "folder"), folder);
	cr_expect_str_eq(state_of(&outcome.trace, "umask"), mask);
	cr_expect_str_eq(state_of(&outcome.trace, "descriptors"), descriptors);
	run_outcome_release(&outcome);
}

Test(beyond_main, a_look_tells_what_a_process_is_like)
{
	struct jail_context *context = context_or_skip();
	const struct jail_layer_state *layers = jail_layers(context);

	if (!layers[JAIL_EMPTY_ROOT].on)
		cr_skip_test("other folders without the empty root");
	expect_state(context, "first", false, "first", "/work", "0022",
		"/dev/null stdout stderr");
	expect_state(context, "first", true, "first", "/work", "0022",
		"/dev/null stdout stderr");
	expect_state(context, "leader", false, "leader", "/tmp", "0027",
		"/dev/null stdout stderr");
	expect_state(context, "own", false, "own", "/", "0000",
		"/dev/null file closed");
	jail_context_free(context);
}

static void expect_output(struct jail_context *context, const char *what,
	enum run_stdout kind, const char *descriptors)
{
	const struct run_fault fault = {
		.kind = RUN_FAULT_LOOK, .main_ended = true};
	const struct run_spec how = {.outlives_main = true,
		.stdout_kind = kind,
		.faults = &fault,
		.fault_count = 1};
	struct run_outcome outcome;

	run_beyond(context, what, &how, &outcome);
	cr_expect_str_eq(state_of(&outcome.trace, "output"), descriptors,
		"%s: %s", what, state_of(&outcome.trace, "output"));
	run_outcome_release(&outcome);
}

Test(beyond_main, a_look_tells_who_holds_the_pipe_of_standard_output)
{
	struct jail_context *context = context_or_skip();

	expect_output(context, "first", RUN_STDOUT_PIPE, "1");
	expect_output(context, "holds", RUN_STDOUT_PIPE, "7 9");
	expect_output(context, "own", RUN_STDOUT_PIPE, "");
	expect_output(context, "first", RUN_STDOUT_TERMINAL, "");
	jail_context_free(context);
}

Test(beyond_main, a_look_shows_the_files)
{
	struct jail_context *context = context_or_skip();
	const struct run_fault fault = {
		.kind = RUN_FAULT_LOOK, .main_ended = true};
	const struct run_spec how = {
		.outlives_main = true, .faults = &fault, .fault_count = 1};
	struct run_outcome outcome;

	run_beyond(context, "own", &how, &outcome);
	cr_expect_str_eq(state_of(&outcome.trace, "file file"), "text");
	cr_expect_str_eq(state_of(&outcome.trace, "file beyond"), "");
	run_outcome_release(&outcome);
	jail_context_free(context);
}

/* Main and a start at 0, another at 2 s after all have ended. */
static void run_three(struct jail_context *context, uint64_t seed,
	struct run_outcome *outcome)
{
	static const char *const none[] = {"beyond", NULL};
	const struct run_start starts[] = {
		{.at_us = 0},
		{.at_us = 2 * SECOND},
		{.at_us = 3 * SECOND, .argv = none},
	};
	const struct run_spec how = {
		.outlives_main = true,
		.starts = starts,
		.start_count = 3,
		.policy = SCHEDULE_RANDOM,
		.seed = seed,
	};

	run_beyond(context, "once", &how, outcome);
}

static void expect_three(struct jail_context *context)
{
	bool main_won = false, other_won = false;
	struct run_outcome outcome;

	for (uint64_t seed = 1; seed <= 12; seed++) {
		const struct trace_task *tasks;

		run_three(context, seed, &outcome);
		tasks = outcome.trace.tasks;
		cr_assert_eq(outcome.trace.task_count, 4);
		cr_expect_eq(outcome.end, RUN_END_EXITED);
		cr_expect_eq(tasks[0].exit_status + tasks[1].exit_status, 1);
		cr_expect_eq(outcome.main_status, tasks[0].exit_status);
		cr_expect_eq(tasks[2].exit_status, 1);
		cr_expect_eq(tasks[2].born_us, 2 * SECOND);
		cr_expect_eq(tasks[3].exit_status, 0);
		cr_expect_eq(tasks[3].parent, -1);
		main_won |= tasks[0].exit_status == 0;
		other_won |= tasks[1].exit_status == 0;
		run_outcome_release(&outcome);
	}
	cr_expect(main_won && other_won);
}

Test(beyond_main, further_starts_share_files_and_schedule)
{
	struct jail_context *context = context_or_skip();

	expect_three(context);
	jail_context_free(context);
}

Test(beyond_main, so_they_do_where_the_machine_offers_less)
{
	static const unsigned without[] = {
		1u << JAIL_EMPTY_ROOT | 1u << JAIL_MOUNT_NAMESPACE,
		1u << JAIL_PID_NAMESPACE,
		1u << JAIL_USER_NAMESPACE,
	};

	jail_context_free(context_or_skip());
	for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++) {
		struct jail_context *context = NULL;
		struct err err = {""};

		cr_assert_eq(
			jail_context_new_without(without[i], &context, &err), 0,
			"%s", err.text);
		expect_three(context);
		jail_context_free(context);
	}
}

Test(beyond_main, the_same_seed_gives_the_same_bytes)
{
	struct jail_context *context = context_or_skip();
	struct run_outcome outcome;
	struct trace copy;
	struct err err = {""};

	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct buf texts[3] = {{0}};

		for (int i = 0; i < 2; i++) {
			run_three(context, seed, &outcome);
			trace_json_write(&texts[i], &outcome.trace, NULL, NULL);
			run_outcome_release(&outcome);
		}
		cr_expect_str_eq(buf_text(&texts[0]), buf_text(&texts[1]));
		/* and can be read again */
		cr_assert_eq(trace_json_read(&copy, texts[0].data,
				     texts[0].length, "t", &err),
			0, "%s", err.text);
		trace_json_write(&texts[2], &copy, NULL, NULL);
		cr_expect_str_eq(buf_text(&texts[0]), buf_text(&texts[2]));
		trace_release(&copy);
		for (int i = 0; i < 3; i++)
			buf_release(&texts[i]);
	}
	jail_context_free(context);
}
