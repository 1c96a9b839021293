/*
 * The tracees of test_engine.c that have memory in common must print the same
 * with the hooks.
 */
#include "hooked.h"

/* A file of ../../../tests/tracees as seen from this executable's folder. */
static void read_tracee(struct source_file *file, const char *name)
{
	struct buf text = {0};
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	auto_free char *path = NULL;
	auto_close int fd = -1;

	cr_assert(length > 0);
	self[length] = '\0';
	path = xasprintf("%s/../../../tests/tracees/%s", dirname(self), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	cr_assert(fd >= 0, "'%s': %m", path);
	buf_adds(&text, "#define _GNU_SOURCE\n#line 1\n");
	cr_assert(buf_read_fd(&text, fd, 1 << 20) >= 0);
	file->name = xstrdup(name);
	file->length = text.length;
	file->data = buf_detach(&text);
}

/* The hooks change the order of things, but not what comes out. */
static void compare_tracee(const char *name)
{
	struct source_file files[2];
	struct run_outcome outcome;
	auto_free char *plain = NULL;
	uint64_t hooks;

	read_tracee(&files[0], name);
	read_tracee(&files[1], "tracee.h");
	compile_files(files, 2);
	hooks = program.hooks;
	cr_assert(hooks != 0);
	program.hooks = 0;
	run(SCHEDULE_RUN_TO_BLOCK, 0, &outcome);
	plain = output_of(&outcome.trace);
	run_outcome_release(&outcome);
	program.hooks = hooks;
	for (uint64_t seed = 0; seed < 6; seed++) {
		auto_free char *output = NULL;

		run(seed ? SCHEDULE_RANDOM : SCHEDULE_RUN_TO_BLOCK, seed,
			&outcome);
		output = output_of(&outcome.trace);
		cr_assert_str_eq(output, plain, "%s, seed %d:\n%s\n--\n%s",
			name, (int)seed, output, plain);
		run_outcome_release(&outcome);
	}
	for (int i = 0; i < 2; i++) {
		free(files[i].name);
		free(files[i].data);
	}
}

#define TRACEE(test, file)                                                     \
	Test(hooks_tracees, test##_prints_the_same, .fini = release,           \
		.timeout = 300)                                                \
	{                                                                      \
		compare_tracee(file);                                          \
	}

TRACEE(mutexes, "mutexes.c")
TRACEE(semaphores, "semaphores.c")
TRACEE(threads, "threads.c")
TRACEE(spin, "spin.c")
TRACEE(spawn, "spawn.c")
TRACEE(signals, "signals.c")
TRACEE(sysv, "sysv.c")
TRACEE(interrupt, "interrupt.c")
