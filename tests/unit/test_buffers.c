/*
 * Was there something in a buffer of the C library when a process ended, or
 * made another?  It is looked for in the process, so that who prints by
 * write(2) is not told of fflush().
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/compile.h"
#include "run.h"
#include "tracees.h"

static char file_name[] = "a.c";
static char source[] =
	"#define _GNU_SOURCE\n"
	"#include <signal.h>\n"
	"#include <stdio.h>\n"
	"#include <stdlib.h>\n"
	"#include <unistd.h>\n"
	"int main(int argc, char **argv)\n"
	"{\n"
	"	FILE *own = fdopen(dup(1), \"w\");\n"
	"	switch (atoi(argv[1])) {\n"
	"	case 0: puts(\"x\"); _exit(0);\n"
	"	case 1: puts(\"x\"); raise(SIGKILL); break;\n"
	"	case 2: puts(\"x\"); raise(SIGTERM); break;\n"
	"	case 3: puts(\"x\"); execl(\"/proc/self/exe\", \"./a\", "
	"\"10\", "
	"NULL); break;\n"
	"	case 4: fputs(\"x\", own); _exit(0);\n"
	"	case 10: puts(\"x\"); exit(0);\n"
	"	case 11: puts(\"x\"); fflush(stdout); _exit(0);\n"
	"	case 12: if (write(1, \"x\\n\", 2) == 2) _exit(0); break;\n"
	"	case 13: if (write(1, \"x\\n\", 2) == 2) raise(SIGKILL); "
	"break;\n"
	"	case 14: puts(\"x\"); if (!vfork()) _exit(0); break;\n"
	"	case 15: fputs(\"x\", stderr); _exit(0);\n"
	"	case 20: puts(\"x\"); fork(); break;\n"
	"	case 21: puts(\"x\"); if (fork()) break;\n"
	"		puts(\"y\"); fork(); break;\n"
	"	case 22: puts(\"x\"); fflush(stdout); fork(); break;\n"
	"	case 23: fputs(\"x\", stderr); fork(); puts(\"x\"); break;\n"
	"	case 24: puts(\"x\"); if (!vfork()) _exit(0); break;\n"
	"	}\n"
	"	return argc == 0;\n"
	"}\n";

/* Is something lost?  *COPIED: what was there twice, NULL or owned. */
static bool loses(struct jail_context *jail, const struct program *program,
	int which, char **copied)
{
	char number[12];
	const char *argv[] = {"./a", number, NULL};
	const struct run_spec spec = {
		.program_fd = program->fd,
		.argv = argv,
		.stdout_kind = RUN_STDOUT_PIPE,
		.hooks = program->hooks,
		.streams = places_streams(program->places),
	};
	struct run_outcome outcome = {0};
	struct err err = {""};
	bool lost;

	snprintf(number, sizeof(number), "%d", which);
	cr_assert_eq(
		run_program(jail, &spec, &outcome, &err), 0, "%s", err.text);
	cr_expect(outcome.buffers_known);
	lost = outcome.buffer_lost;
	*copied = outcome.copied ? strdup(outcome.copied) : NULL;
	run_outcome_release(&outcome);
	return lost;
}

Test(buffers, are_lost_with_what_is_in_them, .timeout = 60)
{
	struct source_file file = {file_name, source, sizeof(source) - 1};
	const struct submission submission = {
		.path = file_name, .files = &file, .file_count = 1};
	struct program program = PROGRAM_INIT;
	struct jail_context *jail = context_or_skip();
	struct err err = {""};
	char *copied;

	cr_assert_eq(compile_submission(jail, &submission, &program, &err), 0,
		"%s", err.text);
	cr_assert(program.compile.ok, "%s", program.compile.log);
	for (int which = 0; which < 5; which++)
		cr_expect(loses(jail, &program, which, &copied), "%d", which);
	for (int which = 10; which < 16; which++)
		cr_expect_not(
			loses(jail, &program, which, &copied), "%d", which);
	for (int which = 20; which < 25; which++) {
		cr_expect_not(
			loses(jail, &program, which, &copied), "%d", which);
		if (which < 22)
			cr_expect_str_eq(copied, "x\n", "%d", which);
		else
			cr_expect_null(copied, "%d", which);
		free(copied);
	}
	program_release(&program);
	jail_context_free(jail);
}
