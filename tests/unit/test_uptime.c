/*
 * The machine has been up for another time: all clocks of the program show it,
 * and deadlines by any of them still come when they are due.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "grader/compile.h"
#include "run.h"
#include "tracees.h"

static char file_name[] = "a.c";
static char source[] =
	"#include <stdio.h>\n"
	"#include <sys/time.h>\n"
	"#include <sys/times.h>\n"
	"#include <time.h>\n"
	"static void show(clockid_t id)\n"
	"{\n"
	"	struct timespec now;\n"
	"	clock_gettime(id, &now);\n"
	"	printf(\"%ld.%03ld\\n\", (long)now.tv_sec, now.tv_nsec / "
	"1000000);\n"
	"	now.tv_sec++;\n"
	"	clock_nanosleep(id, TIMER_ABSTIME, &now, NULL);\n"
	"}\n"
	"int main(void)\n"
	"{\n"
	"	struct timeval day;\n"
	"	struct tms used;\n"
	"	show(CLOCK_MONOTONIC);\n"
	"	show(CLOCK_BOOTTIME);\n"
	"	show(CLOCK_REALTIME);\n"
	"	gettimeofday(&day, NULL);\n"
	"	printf(\"%ld\\n%ld.%06ld\\n%ld\\n\", (long)time(NULL), "
	"(long)day.tv_sec, (long)day.tv_usec, (long)times(&used));\n"
	"	return 0;\n"
	"}\n";

/* The lines that the program prints, joined by blanks. */
static void run_up(struct jail_context *jail, const struct program *program,
	int64_t up_us, char *shown, size_t room)
{
	const char *argv[] = {"./a", NULL};
	const struct run_spec spec = {
		.program_fd = program->fd,
		.argv = argv,
		.hooks = program->hooks,
		.up_us = up_us,
	};
	struct run_outcome outcome = {0};
	struct err err = {""};
	size_t length = 0;

	cr_assert_eq(
		run_program(jail, &spec, &outcome, &err), 0, "%s", err.text);
	cr_expect_eq(outcome.main_end_us / 100000, 30);
	*shown = '\0';
	for (size_t i = 0; i < outcome.trace.event_count; i++) {
		const struct event *event = &outcome.trace.events[i];

		if (event->kind == EVENT_OUTPUT && length < room)
			length += (size_t)snprintf(shown + length,
				room - length, "%s ", event->text);
	}
	run_outcome_release(&outcome);
}

Test(uptime, is_what_all_clocks_show, .timeout = 60)
{
	struct source_file file = {file_name, source, sizeof(source) - 1};
	const struct submission submission = {
		.path = file_name, .files = &file, .file_count = 1};
	struct program program = PROGRAM_INIT;
	struct jail_context *jail = context_or_skip();
	struct err err = {""};
	char shown[400];

	cr_assert_eq(compile_submission(jail, &submission, &program, &err), 0,
		"%s", err.text);
	cr_assert(program.compile.ok, "%s", program.compile.log);
	run_up(jail, &program, 0, shown, sizeof(shown));
	cr_expect_str_eq(shown, "1000.000 1001.000 1767225602.000 1767225603 "
				"1767225603.000000 100300 ");
	run_up(jail, &program, INT64_C(7653321700000), shown, sizeof(shown));
	cr_expect_str_eq(shown,
		"7654321.700 7654322.700 1774878923.700 1774878924 "
		"1774878924.700000 765432470 ");
	run_up(jail, &program, -INT64_C(999500000), shown, sizeof(shown));
	cr_expect_str_eq(shown, "0.500 1.500 1767224602.500 1767224603 "
				"1767224603.500000 350 ");
	program_release(&program);
	jail_context_free(jail);
}
