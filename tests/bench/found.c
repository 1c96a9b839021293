/*
 * How often is a mistake found?  Makes the runs that `grader check` would make
 * of each program, master seed by master seed, in the same order, and leaves a
 * seed at the first schedule in which a rule fails: whether there is one needs
 * no more, and takes a small part of the time of a grading.
 *
 *	found [-n SEEDS] [-f FIRST] [-s SCENARIO[,...]] [-c COUNT] [-a] [-m]
 *		[-r] EXERCISE PROGRAM...
 *
 * -n, -f	so many master seeds (10) from FIRST (1) on
 * -s		only these scenarios, as if those in front of them had shown no
 *		data race, or one with -r
 * -c		schedules of a scenario, instead of the exercise's
 * -a		goes on, and counts the failing runs of each policy
 * -m		looks at what is a part of the marks, not at extras
 *
 * A line a program: in how many gradings a rule failed, and where first.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/catalog.h"
#include "grader/compile.h"
#include "grader/explore.h"
#include "grader/notes.h"
#include "grader/refusal.h"
#include "grader/rules/rule.h"
#include "grader/submission.h"

#define LIMIT_RUNS 2 /* as in grader/check.c */

struct options {
	uint64_t first, seeds;
	size_t schedules;
	char *scenarios;
	bool all, raced, marks;
};

struct cell {
	size_t runs, fails;
};

/* One grading, and with -a what became of all those of a program. */
struct grading {
	const struct exercise *exercise;
	const struct options *options;
	struct rule_memory **memories; /* [criterion][rule] */
	size_t **held;                 /* the same: runs of this scenario */
	struct cell (*cells)[SCHEDULE_POLICY_COUNT]; /* one a scenario */
	struct verdict notes;
	bool racy, found;
	size_t limit_runs;
	char *where; /* owned: of the first failure of the first seed */
};

static bool applies(
	const struct grading *grading, size_t criterion, size_t rule, size_t in)
{
	const struct criterion_spec *spec =
		&grading->exercise->criteria[criterion];
	const struct rule *what = &spec->rules[rule];

	if (!what->kind->judge || (grading->options->marks && spec->extra))
		return false;
	for (size_t i = 0; i < what->scenario_count; i++)
		if (what->scenarios[i] == in)
			return true;
	return false;
}

static void note_first(struct grading *grading, const struct observed_run *run,
	const char *criterion, const char *rule)
{
	if (!grading->where)
		grading->where = xasprintf("%s #%zu %s: %s %s",
			run->scenario->id, run->schedule,
			schedule_policy_name(run->policy), criterion, rule);
}

/* One that cannot judge the run stops those behind it, as in a check. */
static bool criterion_fails(struct grading *grading, size_t criterion,
	const struct observed_run *run)
{
	const struct criterion_spec *spec =
		&grading->exercise->criteria[criterion];
	size_t in = (size_t)(run->scenario - grading->exercise->scenarios);
	bool fails = false;

	for (size_t i = 0; i < spec->rule_count; i++) {
		struct rule_result result = {0};
		enum rule_state state;

		if (!applies(grading, criterion, i, in))
			continue;
		rule_judge(&spec->rules[i], run,
			&grading->memories[criterion][i], &result);
		state = result.state;
		rule_result_release(&result);
		if (state == RULE_UNJUDGED)
			break;
		grading->held[criterion][i] += state == RULE_HOLDS;
		if (state == RULE_HOLDS || spec->rules[i].some)
			continue;
		fails = true;
		note_first(grading, run, spec->id, spec->rules[i].kind->name);
	}
	return fails;
}

static bool run_fails(struct grading *grading, const struct observed_run *run)
{
	bool fails = false;

	for (size_t i = 0; i < grading->exercise->criterion_count; i++)
		fails |= criterion_fails(grading, i, run);
	return fails && !refusal_find(run);
}

static int visit(void *context, const struct observed_run *run, struct err *err)
{
	struct grading *grading = context;
	size_t scenario =
		(size_t)(run->scenario - grading->exercise->scenarios);
	struct cell *cell = &grading->cells[scenario][run->policy];
	bool fails = run_fails(grading, run);

	(void)err;
	note_run(&grading->notes, run);
	grading->racy |= notes_have(&grading->notes, "race");
	grading->found |= fails;
	cell->runs++;
	cell->fails += fails;
	grading->limit_runs += run->outcome->end == RUN_END_LIMIT;
	return (fails && !grading->options->all) ||
			       grading->limit_runs >= LIMIT_RUNS
		       ? -EALREADY
		       : 0;
}

static bool is_wanted(const struct options *options, const char *scenario)
{
	size_t length = strlen(scenario);

	if (!options->scenarios)
		return true;
	for (const char *at = options->scenarios; at;
		at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strcspn(at, ",") == length &&
			strncmp(at, scenario, length) == 0)
			return true;
	return false;
}

/* A rule that must hold in some schedule held in none of this scenario. */
static void look_for_never(struct grading *grading, size_t scenario)
{
	const struct exercise *exercise = grading->exercise;

	for (size_t i = 0; i < exercise->criterion_count; i++)
		for (size_t j = 0; j < exercise->criteria[i].rule_count; j++) {
			grading->found |= exercise->criteria[i].rules[j].some &&
					  grading->held[i][j] == 0 &&
					  applies(grading, i, j, scenario);
			grading->held[i][j] = 0;
		}
}

static void forget(struct grading *grading)
{
	const struct exercise *exercise = grading->exercise;

	for (size_t i = 0; i < exercise->criterion_count; i++)
		for (size_t j = 0; j < exercise->criteria[i].rule_count; j++) {
			rule_memory_release(&grading->memories[i][j]);
			grading->held[i][j] = 0;
		}
	verdict_release(&grading->notes);
	memset(&grading->notes, 0, sizeof(grading->notes));
	grading->found = false;
	grading->racy = grading->options->raced;
}

static void grade(struct grading *grading, struct explore_target *target)
{
	const struct exercise *exercise = grading->exercise;

	forget(grading);
	target->racy = &grading->racy;
	for (size_t i = 0; i < exercise->scenario_count; i++) {
		struct err err = {""};
		int error;

		if (!is_wanted(grading->options, exercise->scenarios[i].id))
			continue;
		grading->limit_runs = 0;
		error = explore_scenario(target, i, visit, grading, NULL, &err);
		if (error != 0 && error != -EALREADY) {
			fprintf(stderr, "found: %s\n", err.text);
			exit(3);
		}
		look_for_never(grading, i);
		if (grading->found && !grading->options->all)
			break;
	}
}

static void print_cells(const struct grading *grading)
{
	for (size_t i = 0; i < grading->exercise->scenario_count; i++)
		for (int policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++)
			if (grading->cells[i][policy].fails > 0)
				printf("    %-14s %-13s %zu of %zu\n",
					grading->exercise->scenarios[i].id,
					schedule_policy_name(
						(enum schedule_policy)policy),
					grading->cells[i][policy].fails,
					grading->cells[i][policy].runs);
}

static void grade_all(struct grading *grading, struct explore_target *target,
	const char *path)
{
	const struct options *options = grading->options;
	size_t found = 0;
	struct buf missed = {0};

	for (uint64_t i = 0; i < options->seeds; i++) {
		target->master_seed = options->first + i;
		grade(grading, target);
		found += grading->found;
		if (!grading->found)
			buf_addf(&missed, " %lu",
				(unsigned long)target->master_seed);
	}
	printf("%s: found in %zu of %lu; %s%s%s\n", path, found,
		(unsigned long)options->seeds,
		grading->where ? grading->where : "",
		missed.length ? "; not with" : "", buf_text(&missed));
	print_cells(grading);
	fflush(stdout);
	buf_release(&missed);
}

static void run_program_file(const struct jail_context *jail,
	const struct exercise *exercise, const struct options *options,
	const char *path)
{
	struct submission submission = {0};
	struct program program = PROGRAM_INIT;
	struct err err = {""};
	struct grading grading = {
		.exercise = exercise,
		.options = options,
		.memories = xcalloc(
			exercise->criterion_count, sizeof(*grading.memories)),
		.held = xcalloc(
			exercise->criterion_count, sizeof(*grading.held)),
		.cells = xcalloc(
			exercise->scenario_count, sizeof(*grading.cells)),
	};
	struct explore_target target = {
		.jail = jail,
		.exercise = exercise,
		.program = &program,
		.schedules = options->schedules,
	};

	for (size_t i = 0; i < exercise->criterion_count; i++) {
		size_t count = exercise->criteria[i].rule_count;

		grading.memories[i] =
			xcalloc(count, sizeof(**grading.memories));
		grading.held[i] = xcalloc(count, sizeof(**grading.held));
	}
	if (submission_read(&submission, path, &err) ||
		compile_submission(jail, &submission, &program, &err) ||
		!program.compile.ok) {
		fprintf(stderr, "found: %s: %s\n", path,
			err.text[0] ? err.text : "does not compile");
		exit(3);
	}
	grade_all(&grading, &target, path);
	forget(&grading);
	for (size_t i = 0; i < exercise->criterion_count; i++) {
		free(grading.memories[i]);
		free(grading.held[i]);
	}
	free(grading.memories);
	free(grading.held);
	free(grading.cells);
	free(grading.where);
	program_release(&program);
	submission_release(&submission);
}

static int usage(void)
{
	fputs("found [-n SEEDS] [-f FIRST] [-s SCENARIO,...] [-c COUNT] [-a] "
	      "[-m] [-r] EXERCISE PROGRAM...\n",
		stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct options options = {.first = 1, .seeds = 10};
	struct jail_context *jail = NULL;
	struct exercise *exercise = NULL;
	struct err err = {""};
	int option;

	while ((option = getopt(argc, argv, "n:f:s:c:amr")) != -1) {
		if (option == 'n')
			options.seeds = strtoul(optarg, NULL, 10);
		else if (option == 'f')
			options.first = strtoul(optarg, NULL, 10);
		else if (option == 's')
			options.scenarios = optarg;
		else if (option == 'c')
			options.schedules = strtoul(optarg, NULL, 10);
		else if (option == 'a')
			options.all = true;
		else if (option == 'm')
			options.marks = true;
		else if (option == 'r')
			options.raced = true;
		else
			return usage();
	}
	if (argc < optind + 2)
		return usage();
	if (catalog_load(&exercise, argv[optind], &err) ||
		jail_context_new(&jail, &err)) {
		fprintf(stderr, "found: %s\n", err.text);
		return 3;
	}
	for (int i = optind + 1; i < argc; i++)
		run_program_file(jail, exercise, &options, argv[i]);
	jail_context_free(jail);
	exercise_free(exercise);
	return 0;
}
