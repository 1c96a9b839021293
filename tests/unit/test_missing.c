/*
 * What any machine has and the sandbox has not: who asks for it is told of with
 * the call, the file and the line, and what then fails may be due to it.  What
 * the C library looks for of its own accord, and what is missing anywhere, is
 * not told of.  And the streams of a run can be opened by their names.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/compile.h"
#include "grader/observe.h"
#include "grader/refusal.h"
#include "grader/tell.h"
#include "run.h"
#include "tracees.h"

/* What each argument asks for stands in the line of its number. */
static char file_name[] = "a.c", program_name[] = "./a";
static char source[] =
	"#define _GNU_SOURCE\n"
	"#include <fcntl.h>\n"
	"#include <spawn.h>\n"
	"#include <stdio.h>\n"
	"#include <stdlib.h>\n"
	"#include <sys/wait.h>\n"
	"#include <syslog.h>\n"
	"#include <time.h>\n"
	"#include <unistd.h>\n"
	"int main(int argc, char **argv) { char *no[] = {\"no\", NULL};\n"
	"	double load[3]; pid_t pid; time_t now = 0; FILE *file = "
	"NULL;\n"
	"	volatile int made = 0; switch (argc > 1 ? atoi(argv[1]) : 0) "
	"{\n"
	"	case 13: made = system(\"true\"); break;\n"
	"	case 14: made = popen(\"true\", \"r\") == NULL; break;\n"
	"	case 15: made = posix_spawnp(&pid, \"ls\", 0, 0, no, no); "
	"break;\n"
	"	case 16: made = execlp(\"ls\", \"ls\", NULL); break;\n"
	"	case 17: file = fopen(\"/dev/tty\", \"w\"); break;\n"
	"	case 18: made = open(\"/proc/uptime\", O_RDONLY | O_CLOEXEC); "
	"break;\n"
	"	case 19: made = posix_openpt(O_RDWR); break;\n"
	"	case 30: file = fopen(\"/proc/4000/stat\", \"r\"); break;\n"
	"	case 31: file = fopen(\"/dev/nothing\", \"r\"); break;\n"
	"	case 32: return execl(\"./b\", \"b\", NULL);\n"
	"	case 33: file = fopen(\"/dev/shm/none\", \"r\"); break;\n"
	"	case 34: return execl(\"/usr/local/bin/a\", \"a\", NULL);\n"
	"	case 40: localtime(&now); getloadavg(load, 3);\n"
	"		sysconf(_SC_NPROCESSORS_CONF);\n"
	"		sysconf(_SC_NPROCESSORS_ONLN);\n"
	"		sysconf(_SC_PHYS_PAGES); sysconf(_SC_AVPHYS_PAGES);\n"
	"		getpass(\"?\"); getlogin(); break;\n"
	"	case 41: made = open(\"/dev/tty\", "
	"O_RDWR | O_NOCTTY | O_NONBLOCK) > 0; break;\n"
	"	case 50: file = fopen(\"/dev/stdout\", \"w\"); break;\n"
	"	case 51: file = fopen(\"/dev/fd/1\", \"a\"); break;\n"
	"	case 52: file = fopen(\"/proc/self/fd/1\", \"w\"); break;\n"
	"	case 53: file = fopen(\"/dev/stderr\", \"w\"); break;\n"
	"	case 54: file = freopen(\"/dev/stdout\", \"w\", stdout);\n"
	"	}\n"
	"	if (file)\n"
	"		fputs(\"said\\n\", file);\n"
	"	return made < 0;\n"
	"}\n";

struct bench {
	struct jail_context *jail;
	struct program program;
	struct exercise exercise;
	struct scenario scenario;
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

static void run(struct bench *bench, int which, enum run_stdout kind,
	struct run_outcome *outcome)
{
	char number[12];
	const char *argv[] = {"./a", number, NULL};
	const struct run_spec spec = {
		.program_fd = bench->program.fd,
		.hooks = bench->program.hooks,
		.argv = argv,
		.stdout_kind = kind,
		.code_low = bench->program.code_low,
		.code_high = bench->program.code_high,
		.unwind = places_unwind,
		.unwind_context = bench->program.places,
	};
	struct err err = {""};

	snprintf(number, sizeof(number), "%d", which);
	cr_assert_eq(run_program(bench->jail, &spec, outcome, &err), 0, "%s",
		err.text);
}

/* The run WHICH has one refusal, and SAID is what is said of it. */
static void expect_told(struct bench *bench, int which, const char *said)
{
	struct run_outcome outcome = {0};
	struct observed_run observed = {
		.exercise = &bench->exercise,
		.scenario = &bench->scenario,
		.outcome = &outcome,
		.trace = &outcome.trace,
		.place = places_find,
		.place_context = bench->program.places,
	};
	auto_free char *place = xasprintf("at a.c:%d, in", which);
	const struct event *event;
	struct bilingual told;

	run(bench, which, RUN_STDOUT_TERMINAL, &outcome);
	observe_run(&observed);
	event = refusal_find(&observed);
	cr_expect(event, "%d: nothing was told", which);
	if (event) {
		told = refusal_tell(&observed, event);
		cr_expect(strstr(told.en, said) && strstr(told.en, place),
			"%d: %s", which, told.en);
		bilingual_release(&told);
	}
	observed_run_release(&observed);
	run_outcome_release(&outcome);
}

Test(missing, is_told_with_the_call_the_file_and_the_line, .timeout = 60)
{
	struct bench bench;

	bench_start(&bench);
	expect_told(&bench, 13,
		"execve /bin/sh: there is no such program in the sandbox");
	expect_told(&bench, 14, "execve /bin/sh: there is no such program");
	expect_told(&bench, 15, "execve /bin/ls: there is no such program");
	expect_told(&bench, 16, "execve /bin/ls: there is no such program");
	expect_told(&bench, 17, "openat /dev/tty: there is no such file");
	expect_told(&bench, 18, "openat /proc/uptime: there is no such file");
	expect_told(&bench, 19, "openat /dev/ptmx: there is no such file");
	bench_end(&bench);
}

Test(missing, is_not_what_no_machine_has_or_the_library_wants, .timeout = 60)
{
	static const int which[] = {30, 31, 32, 33, 34, 40, 41};
	struct bench bench;

	bench_start(&bench);
	for (size_t i = 0; i < sizeof(which) / sizeof(*which); i++) {
		struct run_outcome outcome = {0};

		run(&bench, which[i], RUN_STDOUT_TERMINAL, &outcome);
		cr_expect_eq(outcome.end, RUN_END_EXITED);
		for (size_t j = 0; j < outcome.trace.event_count; j++)
			cr_expect_neq(outcome.trace.events[j].kind,
				EVENT_DENIED, "%d: %s", which[i],
				outcome.trace.events[j].object);
		run_outcome_release(&outcome);
	}
	bench_end(&bench);
}

Test(missing, are_no_streams_that_are_opened_by_name, .timeout = 60)
{
	struct bench bench;

	bench_start(&bench);
	for (int which = 50; which <= 54; which++)
		for (int pipe = 0; pipe < 2; pipe++) {
			const char *stream = which == 53 ? "stderr" : "stdout";
			struct run_outcome outcome = {0};
			bool found = false;

			run(&bench, which,
				pipe ? RUN_STDOUT_PIPE : RUN_STDOUT_TERMINAL,
				&outcome);
			for (size_t i = 0; i < outcome.trace.event_count; i++) {
				const struct event *event =
					&outcome.trace.events[i];

				found |= event->kind == EVENT_OUTPUT &&
					 !strcmp(event->object, stream) &&
					 !strcmp(event->text, "said");
			}
			cr_expect(found, "%d: nothing on %s", which, stream);
			run_outcome_release(&outcome);
		}
	bench_end(&bench);
}
