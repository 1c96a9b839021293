/*
 * What the start of a jailed program costs, beside other sandboxes, in one run
 * on one machine: a static program that does nothing, from nothing to its end.
 *
 *	fork and exec		no sandbox at all
 *	a new jail		run_program(): namespaces, tree, Landlock,
 *filter, tracer; and its end
 *	a kept jail		the same in the jail of the run before
 *	unshare -Urmpinuf	util-linux: namespaces alone
 *	bwrap --unshare-all	bubblewrap: namespaces and a tree, no filter
 *
 * Rows are measured in turn, round after round; the figures are medians of real
 * time.  ROUNDS (default 100) says how many.  The exit status is 1 when a new
 * jail takes more than half of bwrap's time.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "jail/keep.h"
#include "run.h"

#define ROUNDS_MAX 10000

static struct jail_context *context;
static char program[] = "/tmp/bench-start-XXXXXX";
static int program_fd = -1;

static void fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(3);
}

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* True when the command exists and succeeds. */
static bool spawn_and_wait(const char *const argv[])
{
	static char *const environment[] = {NULL};
	char *const *arguments;
	int status;
	pid_t pid;

	/* posix_spawnp() takes it without const, and does not write. */
	memcpy(&arguments, &argv, sizeof(arguments));
	if (posix_spawnp(&pid, argv[0], NULL, NULL, arguments, environment))
		return false;
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static bool start_plain(void)
{
	const char *const argv[] = {program, NULL};

	return spawn_and_wait(argv);
}

static bool start_unshare(void)
{
	const char *const argv[] = {"unshare", "-Urmpinuf", program, NULL};

	return spawn_and_wait(argv);
}

static bool start_bwrap(void)
{
	const char *const argv[] = {"bwrap", "--unshare-all", "--ro-bind",
		program, "/program", "--proc", "/proc", "--dev", "/dev",
		"--tmpfs", "/tmp", "/program", NULL};

	return spawn_and_wait(argv);
}

static bool start_kept(void)
{
	static const char *const argv[] = {"./program", NULL};
	const struct run_spec spec = {
		.program_fd = program_fd,
		.argv = argv,
		.policy = SCHEDULE_RUN_TO_BLOCK,
	};
	struct run_outcome outcome = {0};
	struct err err = {""};
	bool done;

	if (run_program(context, &spec, &outcome, &err))
		fail(err.text);
	done = outcome.main_status == 0;
	run_outcome_release(&outcome);
	return done;
}

static bool start_new(void)
{
	bool done = start_kept();

	jail_keep_end(context);
	return done;
}

struct row {
	const char *title;
	bool (*start)(void);
	bool missing;
	double us[ROUNDS_MAX];
};

enum { PLAIN, NEW, KEPT, UNSHARE, BWRAP, ROW_COUNT };

static struct row rows[ROW_COUNT] = {
	[PLAIN] = {.title = "fork and exec", .start = start_plain},
	[NEW] = {.title = "a new jail", .start = start_new},
	[KEPT] = {.title = "a kept jail", .start = start_kept},
	[UNSHARE] = {.title = "unshare -Urmpinuf", .start = start_unshare},
	[BWRAP] = {.title = "bwrap --unshare-all", .start = start_bwrap},
};

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

static void make_program(void)
{
	int fd = mkstemp(program);
	auto_free char *command =
		xasprintf("echo 'int main(void) { return 0; }' | "
			  "gcc -static -O1 -x c -o %s - && chmod 755 %s",
			program, program);

	if (fd < 0)
		fail(program);
	close(fd);
	if (system(command) != 0)
		fail("gcc cannot make a static program");
	program_fd = open(program, O_RDONLY | O_CLOEXEC);
	if (program_fd < 0)
		fail(program);
}

static void measure(size_t rounds)
{
	size_t round, i;

	for (i = 0; i < ROW_COUNT; i++)
		rows[i].missing = !rows[i].start();
	for (round = 0; round < rounds; round++)
		for (i = 0; i < ROW_COUNT; i++) {
			double start = now_us();

			if (rows[i].missing)
				continue;
			if (i == KEPT) { /* its jail is made before */
				start_kept();
				start = now_us();
			}
			if (!rows[i].start())
				fail(rows[i].title);
			rows[i].us[round] = now_us() - start;
		}
}

int main(void)
{
	const char *wanted = getenv("ROUNDS");
	size_t rounds = wanted ? strtoul(wanted, NULL, 10) : 100, i;
	struct err err = {""};
	double us[ROW_COUNT];

	if (rounds < 1 || rounds > ROUNDS_MAX)
		fail("ROUNDS is 1 to 10000");
	make_program();
	if (jail_context_new(&context, &err))
		fail(err.text);
	measure(rounds);
	printf("\n%-40s %9s %9s\n", "start of a program that does nothing",
		"real ms", "of bwrap");
	for (i = 0; i < ROW_COUNT; i++)
		us[i] = rows[i].missing ? 0 : median(rows[i].us, rounds);
	for (i = 0; i < ROW_COUNT; i++)
		if (rows[i].missing)
			printf("%-40s %9s\n", rows[i].title, "missing");
		else if (rows[BWRAP].missing)
			printf("%-40s %9.2f\n", rows[i].title, us[i] / 1e3);
		else
			printf("%-40s %9.2f %9.2f\n", rows[i].title,
				us[i] / 1e3, us[i] / us[BWRAP]);
	jail_context_free(context);
	unlink(program);
	return !rows[BWRAP].missing && us[NEW] > us[BWRAP] / 2;
}
