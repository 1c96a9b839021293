/*
 * Each row of the policy's table that refuses a call does so by name: a program
 * that makes the call is told of with the call, the process and the line, in
 * the trace and in a note.  And a program that asks for nothing is not.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/alloc.h"
#include "grader/compile.h"
#include "grader/notes.h"
#include "grader/observe.h"
#include "jail/policy.h"
#include "run.h"
#include "tracees.h"

/* The call is made by a child, in line 14; its arguments come as words. */
static char file_name[] = "a.c", program_name[] = "./a";
static char source[] =
	"#define _GNU_SOURCE\n"
	"#include <stdlib.h>\n"
	"#include <sys/wait.h>\n"
	"#include <unistd.h>\n"
	"static long words[7], many[5000]; int order(const void *, const void "
	"*);\n"
	"int main(int argc, char **argv)\n"
	"{\n"
	"	for (int i = 1; i < argc && i < 8; i++)\n"
	"		words[i - 1] = strtol(argv[i], NULL, 10);\n"
	"	if (argc == 1)\n"
	"		return qsort(many, 5000, 8, order), 0;\n"
	"	if (fork() > 0)\n"
	"		return wait(NULL) < 0;\n"
	"	syscall(words[0], words[1], words[2], words[3], words[4], "
	"words[5], words[6]);\n"
	"	_exit(0);\n"
	"}\n"
	"int order(const void *a, const void *b)\n"
	"{\n"
	"	return (*(long *)a > *(long *)b) - (*(long *)a < *(long *)b);\n"
	"}\n";

struct bench {
	struct jail_context *jail;
	struct program program;
	struct exercise exercise;
	struct scenario scenario;
	int tried;
};

static void bench_start(struct bench *bench)
{
	struct source_file file = {file_name, source, sizeof(source) - 1};
	const struct submission submission = {
		.path = file_name, .files = &file, .file_count = 1};
	struct err err = {""};

	*bench = (struct bench){.program = PROGRAM_INIT};
	bench->jail = context_or_skip();
	bench->exercise.program = program_name;
	cr_assert_eq(compile_submission(
			     bench->jail, &submission, &bench->program, &err),
		0, "%s", err.text);
	cr_assert(bench->program.compile.ok, "%s", bench->program.compile.log);
}

static void bench_end(struct bench *bench)
{
	program_release(&bench->program);
	jail_context_free(bench->jail);
}

static void run(struct bench *bench, const char *const *argv,
	struct run_outcome *outcome)
{
	const struct run_spec spec = {
		.program_fd = bench->program.plain_fd,
		.argv = argv,
		.code_low = bench->program.code_low,
		.code_high = bench->program.code_high,
		.unwind = places_unwind,
		.unwind_context = bench->program.places,
	};
	struct err err = {""};

	cr_assert_eq(run_program(bench->jail, &spec, outcome, &err), 0, "%s",
		err.text);
}

/* The notes on the run must have one of kind "denied" with all three. */
static void expect_note(
	struct bench *bench, struct run_outcome *outcome, const char *call)
{
	struct observed_run observed = {
		.exercise = &bench->exercise,
		.scenario = &bench->scenario,
		.outcome = outcome,
		.trace = &outcome->trace,
		.place = places_find,
		.place_context = bench->program.places,
	};
	auto_free char *named = xasprintf("the system call %s", call);
	auto_free char *refused = xasprintf("the system call %s at", call);
	struct verdict verdict = {0};
	bool found = false;

	observe_run(&observed);
	note_behaviour(&verdict, &observed);
	for (size_t i = 0; i < verdict.warning_count; i++) {
		const char *text = verdict.warnings[i].text.en;

		found |= !strcmp(verdict.warnings[i].kind, "denied") &&
			 (strstr(text, named) || strstr(text, refused)) &&
			 strstr(text, "at a.c:14") &&
			 strstr(text, "in child 1");
		if (!found)
			fprintf(stderr, "%s: %s\n", call, text);
	}
	cr_expect(found, "no note of '%s'", call);
	verdict_release(&verdict);
	observed_run_release(&observed);
}

static void expect_denied(struct bench *bench, int number, int argument,
	uint64_t value, const char *call, int error)
{
	char words[7][24];
	const char *argv[] = {"./a", words[0], words[1], words[2], words[3],
		words[4], words[5], words[6], NULL};
	struct run_outcome outcome = {0};
	bool found = false;

	for (int i = 0; i < 7; i++)
		snprintf(words[i], sizeof(words[i]), "%lld",
			i == 0              ? (long long)number
			: i == argument + 1 ? (long long)value
					    : 1LL);
	run(bench, argv, &outcome);
	for (size_t i = 0; i < outcome.trace.event_count; i++) {
		const struct event *event = &outcome.trace.events[i];

		found |= event->kind == EVENT_DENIED && event->task == 1 &&
			 event->value == error && event->pc &&
			 !strcmp(event->call, call);
	}
	cr_expect(found, "'%s' is not in the trace", call);
	if (found)
		expect_note(bench, &outcome, call);
	run_outcome_release(&outcome);
	bench->tried++;
}

static bool is_named(enum policy_class policy)
{
	return policy == POLICY_REFUSE || policy == POLICY_REMARK ||
	       policy == POLICY_FORBID;
}

/* clone3() with what threads share, and that is all it looks at, is glibc's. */
Test(refusals, name_the_call_the_process_and_the_line, .timeout = 300)
{
	struct bench bench;

	bench_start(&bench);
	for (const struct policy_row *row = policy_rows(); row->name; row++)
		if (row->number >= 0 && is_named(row->policy) &&
			strcmp(row->name, "clone3") != 0)
			expect_denied(&bench, row->number, 0, 99, row->name,
				row->error);
	cr_expect_gt(bench.tried, 170, "only %d", bench.tried);
	bench.tried = 0;
	for (const struct policy_when *when = policy_whens(); when->name;
		when++)
		if (when->number >= 0 && is_named(when->policy))
			expect_denied(&bench, when->number, when->argument,
				when->value, when->label, when->error);
	cr_expect_gt(bench.tried, 20, "only %d", bench.tried);
	bench_end(&bench);
}

/* What the C library asks at the start of any program, and when it sorts. */
Test(refusals, say_nothing_of_what_the_c_library_asks, .timeout = 60)
{
	const char *const argv[] = {"./a", NULL};
	struct run_outcome outcome = {0};
	struct bench bench;

	bench_start(&bench);
	run(&bench, argv, &outcome);
	cr_expect_eq(outcome.end, RUN_END_EXITED);
	for (size_t i = 0; i < outcome.trace.event_count; i++)
		cr_expect_neq(outcome.trace.events[i].kind, EVENT_DENIED, "%s",
			outcome.trace.events[i].call);
	run_outcome_release(&outcome);
	bench_end(&bench);
	for (const struct policy_row *row = policy_rows(); row->name; row++)
		cr_expect_neq(row->policy, POLICY_ERRNO, "%s", row->name);
}
