/*
 * What a run costs.  `make bench` prints one row a program: one run under
 * the engine, in real time and in CPU time (of grader, jail and program, which
 * share a core: on an idle machine the two are alike, on a busy one the second
 * is the truer), and how many steps that run took.  All rows are measured in
 * turn, round after round, so that a slow moment of the machine meets them
 * all; the figures are medians.  A row runs BATCH times in a row each time, in
 * one jail where that is kept, as a check does; making and ending it is in.
 *
 * ROUNDS (default 20) says how many.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/catalog.h"
#include "grader/compile.h"
#include "grader/explore.h"
#include "grader/submission.h"
#include "jail/keep.h"
#include "run.h"

#define ROUNDS_MAX 1000
#define STOPS 20000
#define BATCH 10

struct row {
	const char *title;
	const char *exercise, *scenario, *solution; /* NULL: code */
	const char *code;
	struct exercise *what;
	size_t index;
	struct program program;
	double us[ROUNDS_MAX], cpu_us[ROUNDS_MAX];
	size_t steps;
};

static struct row rows[] = {
	{.title = "nothing (fixed cost)",
		.code = "int main(void) { return 0; }\n"},
	{.title = "20000 getppid",
		.code = "#include <unistd.h>\n"
			"int main(void) { int i;\n"
			"for (i = 0; i < 20000; i++) getppid();\n"
			"return 0; }\n"},
	{.title = "daemon 3 1",
		.exercise = "daemon",
		.scenario = "note",
		.solution = "right-pdeathsig"},
	{.title = "tickets lock 10 (flock)",
		.exercise = "tickets",
		.scenario = "lock-note",
		.solution = "right-flock"},
	{.title = "tickets lock 10 (condition)",
		.exercise = "tickets",
		.scenario = "lock-note",
		.solution = "right-condvar"},
	{.title = "producer-consumer 3 2 10 (pipe)",
		.exercise = "producer-consumer",
		.scenario = "note",
		.solution = "right-pipe-eof"},
	{.title = "producer-consumer 3 2 10 (semaphores)",
		.exercise = "producer-consumer",
		.scenario = "note",
		.solution = "right-shm-semaphores"},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static void fail(const char *what, const struct err *err)
{
	fprintf(stderr, "bench: %s: %s\n", what, err->text);
	exit(1);
}

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Of this process and of all its children that have been waited for. */
static double cpu_us(void)
{
	struct rusage ours, theirs;

	getrusage(RUSAGE_SELF, &ours);
	getrusage(RUSAGE_CHILDREN, &theirs);
	return (double)(ours.ru_utime.tv_sec + ours.ru_stime.tv_sec +
			theirs.ru_utime.tv_sec + theirs.ru_stime.tv_sec) *
		       1e6 +
	       (double)(ours.ru_utime.tv_usec + ours.ru_stime.tv_usec +
			theirs.ru_utime.tv_usec + theirs.ru_stime.tv_usec);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

static void compile_row(const struct jail_context *jail, struct row *row)
{
	char code[] = "/tmp/bench-XXXXXX.c";
	struct submission submission = {0};
	auto_free char *path = NULL;
	struct err err = {""};

	if (row->code) {
		auto_close int fd = mkstemps(code, 2);

		if (fd < 0 || write(fd, row->code, strlen(row->code)) < 0)
			fail(code, &err);
		path = xstrdup(code);
	} else {
		auto_free char *all = catalog_source_folder("solutions");

		path = xasprintf("%s/%s/%s", all, row->exercise, row->solution);
		if (catalog_load(&row->what, row->exercise, &err) != 0)
			fail(row->exercise, &err);
		while (strcmp(row->what->scenarios[row->index].id,
			       row->scenario) != 0)
			row->index++;
	}
	row->program = (struct program)PROGRAM_INIT;
	if (submission_read(&submission, path, &err) != 0 ||
		compile_submission(jail, &submission, &row->program, &err) != 0)
		fail(path, &err);
	submission_release(&submission);
	if (row->code)
		unlink(code);
}

/* Returns the CPU time of the program itself. */
static double run_once(
	const struct jail_context *jail, struct row *row, size_t number)
{
	static const char *const argv[] = {"./program", NULL};
	const struct run_spec plain = {
		.program_fd = row->program.fd,
		.argv = argv,
		.policy = SCHEDULE_RUN_TO_BLOCK,
	};
	const struct explore_target target = {
		.jail = jail,
		.exercise = row->what,
		.program = &row->program,
		.master_seed = 1,
	};
	struct run_outcome outcome = {0};
	struct err err = {""};
	double used;
	int error;

	if (row->code)
		error = run_program(jail, &plain, &outcome, &err);
	else
		error = explore_run(&target, row->index, SCHEDULE_RANDOM,
			explore_seed(1, row->index, number), &outcome, &err);
	if (error != 0)
		fail(row->title, &err);
	used = (double)outcome.cpu_us;
	row->steps = outcome.steps;
	run_outcome_release(&outcome);
	return used;
}

static void run_batch(
	const struct jail_context *jail, struct row *row, size_t round)
{
	double start = now_us(), cpu_start = cpu_us(), cpu = 0;

	/* the program's is not in the children's: its main is not waited for */
	for (size_t i = 0; i < BATCH; i++)
		cpu += run_once(jail, row, round * BATCH + i);
	jail_keep_end(jail);
	row->us[round] = (now_us() - start) / BATCH;
	row->cpu_us[round] = (cpu_us() - cpu_start + cpu) / BATCH;
}

int main(void)
{
	const char *wanted = getenv("ROUNDS");
	size_t rounds = wanted ? strtoul(wanted, NULL, 10) : 20, i, round;
	struct jail_context *jail = NULL;
	double fixed = 0;
	struct err err = {""};

	if (rounds < 1 || rounds > ROUNDS_MAX)
		fail("ROUNDS is 1 to 1000", &err);
	if (jail_context_new(&jail, &err) != 0)
		fail("no jail", &err);
	for (i = 0; i < ROW_COUNT; i++)
		compile_row(jail, &rows[i]);
	for (round = 0; round < rounds; round++)
		for (i = 0; i < ROW_COUNT; i++)
			run_batch(jail, &rows[i], round);
	printf("%-40s %9s %9s %7s\n", "one run under the engine", "real ms",
		"CPU ms", "steps");
	for (i = 0; i < ROW_COUNT; i++) {
		struct row *row = &rows[i];
		double real = median(row->us, rounds);
		double cpu = median(row->cpu_us, rounds);

		printf("%-40s %9.2f %9.2f %7zu\n", row->title, real / 1e3,
			cpu / 1e3, row->steps);
		if (i == 0)
			fixed = cpu;
		if (i == 1)
			printf("%-40s %9s %9.4f\n", "  one traced stop", "",
				(cpu - fixed) / 1e3 / STOPS);
		program_release(&row->program);
		exercise_free(row->what);
	}
	jail_context_free(jail);
	return 0;
}
