/*
 * One trace a cell: each cell is a program, a scenario, a policy and a seed,
 * run several times, every second time beside busy loops on all processors,
 * every fourth time in a new jail, and all its traces must be the same bytes.
 *
 *	determinism [RUNS] EXERCISE SOLUTION [SOLUTION ...]
 *
 * RUNS (default 1000) in all, spread over the solutions, all policies and as
 * many seeds as it takes; REPEATS (default 4) runs a cell.  The last line
 * counts; the exit status is 1 when a cell had two traces.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/catalog.h"
#include "grader/compile.h"
#include "grader/explore.h"
#include "grader/hash.h"
#include "grader/submission.h"
#include "jail/keep.h"
#include "trace/trace_json.h"

#define BUSY_MAX 16

static pid_t busy[BUSY_MAX];

static void start_load(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	for (long i = 0; i < processors && i < BUSY_MAX; i++) {
		busy[i] = fork();
		if (busy[i] == 0)
			for (volatile unsigned n = 0;; n++)
				;
	}
}

static void stop_load(void)
{
	for (int i = 0; i < BUSY_MAX && busy[i] > 0; i++) {
		kill(busy[i], SIGKILL);
		waitpid(busy[i], NULL, 0);
		busy[i] = 0;
	}
}

static char *trace_of(const struct explore_target *target, size_t scenario,
	enum schedule_policy policy, uint64_t seed)
{
	struct run_outcome outcome = {0};
	struct buf text = {0};
	struct err err = {""};
	struct hash *hash = hash_new();

	if (explore_run(target, scenario, policy, seed, &outcome, &err)) {
		fprintf(stderr, "determinism: %s\n", err.text);
		exit(3);
	}
	trace_json_write(&text, &outcome.trace, NULL, NULL);
	hash_add(hash, text.data, text.length);
	buf_release(&text);
	run_outcome_release(&outcome);
	return hash_hex(hash);
}

/* Runs of the cell whose trace is not that of the first. */
static size_t run_cell(const struct explore_target *target, size_t scenario,
	enum schedule_policy policy, uint64_t seed, size_t repeats)
{
	auto_free char *first = trace_of(target, scenario, policy, seed);
	size_t others = 0;

	for (size_t i = 1; i < repeats; i++) {
		auto_free char *again = NULL;

		if (i % 2)
			start_load();
		if (i % 4 == 3) /* not in a jail that was used before */
			jail_keep_end(target->jail);
		again = trace_of(target, scenario, policy, seed);
		if (i % 2)
			stop_load();
		others += strcmp(first, again) != 0;
	}
	return others;
}

struct counts {
	size_t runs, cells, bad;
};

static void run_program_cells(const struct explore_target *target,
	const char *path, size_t runs, size_t repeats, struct counts *counts)
{
	size_t end = counts->runs + runs;

	for (uint64_t seed = 1; counts->runs < end; seed++)
		for (int policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++) {
			/* both treatments of shared memory too */
			uint64_t marked = seed | (seed % 3 << 62);
			size_t scenario = (seed + (uint64_t)policy) %
					  target->exercise->scenario_count;
			bool numbered = policy == SCHEDULE_NUMBERED;
			size_t others = run_cell(target, scenario,
				(enum schedule_policy)policy,
				numbered ? seed : marked, repeats);

			counts->runs += repeats;
			counts->cells++;
			if (!others)
				continue;
			counts->bad++;
			printf("%s: scenario %s, policy %s, seed %lu: %zu of "
			       "%zu differ\n",
				path, target->exercise->scenarios[scenario].id,
				schedule_policy_name(
					(enum schedule_policy)policy),
				(unsigned long)(numbered ? seed : marked),
				others, repeats - 1);
		}
}

int main(int argc, char **argv)
{
	size_t runs = 1000, repeats = 4;
	struct counts counts = {0};
	struct jail_context *jail = NULL;
	struct exercise *exercise = NULL;
	struct err err = {""};
	int first = 1;

	if (getenv("REPEATS"))
		repeats = strtoul(getenv("REPEATS"), NULL, 10);
	if (argc > 1 && argv[1][0] >= '0' && argv[1][0] <= '9')
		runs = strtoul(argv[first++], NULL, 10);
	if (argc < first + 2 || repeats < 2) {
		fputs("determinism [RUNS] EXERCISE SOLUTION...\n", stderr);
		return 2;
	}
	if (catalog_load(&exercise, argv[first], &err) ||
		jail_context_new(&jail, &err)) {
		fprintf(stderr, "determinism: %s\n", err.text);
		return 3;
	}
	for (int i = first + 1; i < argc; i++) {
		struct submission submission = {0};
		struct program program = PROGRAM_INIT;
		struct explore_target target = {.jail = jail,
			.exercise = exercise,
			.program = &program};

		if (submission_read(&submission, argv[i], &err) ||
			compile_submission(jail, &submission, &program, &err)) {
			fprintf(stderr, "determinism: %s\n", err.text);
			return 3;
		}
		if (program.compile.ok)
			run_program_cells(&target, argv[i],
				runs / (size_t)(argc - first - 1), repeats,
				&counts);
		program_release(&program);
		submission_release(&submission);
	}
	jail_context_free(jail);
	exercise_free(exercise);
	printf("%s: %zu runs, %zu cells, %zu with two traces\n", argv[first],
		counts.runs, counts.cells, counts.bad);
	return counts.bad > 0;
}
