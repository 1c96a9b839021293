/*
 * Programs that are compiled as a submission is, with the hooks, and run under
 * the engine: for test_hooks.c and test_hooks_tracees.c.
 */
#ifndef TESTS_HOOKED_H
#define TESTS_HOOKED_H

#include <criterion/criterion.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/err.h"
#include "grader/compile.h"
#include "printed.h"
#include "run.h"
#include "trace/races.h"
#include "trace/trace_json.h"

static struct jail_context *context;
static struct program program = PROGRAM_INIT;

static void compile_files(struct source_file *files, size_t count)
{
	struct submission submission = {.files = files, .file_count = count};
	struct err err = {""};

	if (!context && jail_context_new(&context, &err) != 0) {
		if (getenv("GRADER_MUST_WORK") != NULL)
			cr_assert_fail("no jail: %s", err.text);
		cr_skip_test("no jail: %s", err.text);
	}
	cr_assert(compile_submission(context, &submission, &program, &err) == 0,
		"%s", err.text);
	cr_assert(program.compile.ok, "%s", program.compile.log);
}

static inline void compile_text(const char *text)
{
	static char name[] = "program.c";
	struct buf code = {0};
	struct source_file file = {.name = name};

	buf_adds(&code, "#define _GNU_SOURCE\n"
			"#include <pthread.h>\n#include <semaphore.h>\n"
			"#include <stdatomic.h>\n#include <stdio.h>\n"
			"#include <stdlib.h>\n#include <string.h>\n"
			"#include <sys/mman.h>\n#include <sys/shm.h>\n"
			"#include <sys/syscall.h>\n#include <sys/wait.h>\n"
			"#include <unistd.h>\n"
			"static void *share(size_t size)\n"
			"{ return mmap(NULL, size, PROT_READ | PROT_WRITE,\n"
			"  MAP_SHARED | MAP_ANONYMOUS, -1, 0); }\n"
			"#define CHILD if (fork() == 0)\n"
			"#define WAIT_ALL while (wait(NULL) > 0) { }\n");
	buf_adds(&code, text);
	file.data = code.data;
	file.length = code.length;
	compile_files(&file, 1);
	buf_release(&code);
}

static void release(void)
{
	program_release(&program);
	jail_context_free(context);
	context = NULL;
}

static void run(
	enum schedule_policy policy, uint64_t seed, struct run_outcome *outcome)
{
	const char *argv[] = {"program", NULL};
	struct run_spec spec = {
		.program_fd = program.fd,
		.argv = argv,
		.limits = {.processes = 200,
			.wall_us = 60 * 1000000LL,
			.cpu_us = 30 * 1000000LL},
		.policy = policy,
		.seed = seed,
		.allow_unix_sockets = true,
		.code_low = program.code_low,
		.code_high = program.code_high,
		.hooks = program.hooks,
		.store_buffer = !program.has_assembler,
		.unwind = places_unwind,
		.unwind_context = program.places,
	};
	struct err err = {""};

	memset(outcome, 0, sizeof(*outcome));
	cr_assert(run_program(context, &spec, outcome, &err) == 0, "%s",
		err.text);
}

#endif
