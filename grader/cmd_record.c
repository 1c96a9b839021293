/*
 * grader record: makes the reference traces of an exercise from its right
 * solutions.
 *
 * First every right solution is checked like a submission: one that does not
 * get full marks means that the solution, a rule or the engine is wrong, and
 * then nothing is recorded.  An extra may be missed; the scenarios that show
 * it are left out for that solution.  Then each scenario's schedules are run
 * again (they give the same traces) and mined, and at the end all files are
 * written, each whole or not at all.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/catalog.h"
#include "grader/check.h"
#include "grader/command.h"
#include "grader/compile.h"
#include "grader/explore.h"
#include "grader/reference_mine.h"
#include "grader/right_runs.h"
#include "grader/submission.h"

#define SCHEDULES_DEFAULT 50
#define SOLUTIONS_MIN 3

struct arguments {
	const char *exercise, *solutions, *output;
	uint64_t seed;
	size_t schedules;
	bool runs_only;
	char required_grade;
};

struct solution {
	char *name;
	struct program program;
	bool *left_out; /* one a scenario */
};

struct job {
	struct arguments arguments;
	char *solutions_folder, *output_folder;
	struct exercise *exercise;
	struct jail_context *jail;
	struct solution *solutions;
	size_t solution_count, solution_capacity;
	struct buf *files;       /* one a scenario, empty: no reference */
	struct told_trace *runs; /* one a scenario, empty: none to show */
	size_t failed;           /* solutions without full marks */
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 's':
		arguments->seed = command_number("--seed", text, 0, UINT64_MAX);
		return 0;
	case 'n':
		arguments->schedules =
			command_number("--schedules", text, 1, 1000000);
		return 0;
	case 'f':
		arguments->solutions = text;
		return 0;
	case 'o':
		arguments->output = text;
		return 0;
	case 'r':
		arguments->runs_only = true;
		return 0;
	case 'g':
		arguments->required_grade = command_grade(text);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "too many arguments: '%s'", text);
		arguments->exercise = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->exercise)
			argp_error(state, "needs EXERCISE, as in: "
					  "grader record tickets");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"seed", 's', "N", 0, N_("master seed (default 1)"), 0},
		{"schedules", 'n', "N", 0,
			N_("schedules of a scenario (default 50)"), 0},
		{"solutions", 'f', "FOLDER", 0,
			N_("folder of the right-* solutions"), 0},
		{"output", 'o', "FOLDER", 0,
			N_("where to write (default: the exercise's "
			   "reference)"),
			0},
		{"runs-only", 'r', NULL, 0,
			N_("record only the runs that pages show beside wrong "
			   "ones"),
			0},
		{"require-grade", 'g', "A|B|C", 0,
			N_("exit with 4 when the sandbox is worse"), 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "EXERCISE",
		.doc = N_("Records what all right solutions of EXERCISE have "
			  "in common, one file a scenario.\n\nExit status: 0 "
			  "recorded, 1 a right solution does not get full "
			  "marks, 2 wrong use, 3 trouble of the grader, 4 "
			  "sandbox below the required grade."),
	};

	arguments->seed = 1;
	arguments->schedules = SCHEDULES_DEFAULT;
	command_parse(&argp, argc, argv, arguments);
}

/* Where the solutions are and where the references go. */
static int choose_folders(struct job *job, struct err *err)
{
	const struct arguments *arguments = &job->arguments;

	if (arguments->solutions)
		job->solutions_folder = xstrdup(arguments->solutions);
	else
		job->solutions_folder =
			catalog_find_solutions(job->exercise, err);
	if (!job->solutions_folder)
		return -ENOENT;
	if (arguments->output) {
		job->output_folder = xstrdup(arguments->output);
	} else if (strchr(arguments->exercise, '/')) {
		job->output_folder =
			xasprintf("%s/reference", arguments->exercise);
	} else {
		auto_free char *catalog = catalog_folder(err);

		if (!catalog)
			return -ENOENT;
		job->output_folder = xasprintf(
			"%s/%s/reference", catalog, job->exercise->id);
	}
	return 0;
}

static int is_right(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "right-", strlen("right-"));
}

static int find_solutions(struct job *job, struct err *err)
{
	struct dirent **entries;
	int count =
		scandir(job->solutions_folder, &entries, is_right, alphasort);
	int i;

	if (count < 0)
		return err_errno(
			err, -errno, "cannot read '%s'", job->solutions_folder);
	for (i = 0; i < count; i++) {
		struct solution solution = {
			.name = xstrdup(entries[i]->d_name),
			.program = PROGRAM_INIT,
			.left_out = xcalloc(
				job->exercise->scenario_count, sizeof(bool)),
		};

		grow_array(&job->solutions, job->solution_count,
			&job->solution_capacity, sizeof(*job->solutions));
		job->solutions[job->solution_count++] = solution;
		free(entries[i]);
	}
	free(entries);
	if (count < SOLUTIONS_MIN)
		return err_set(err, -ENOENT,
			"'%s' has %d right solutions: references need at least "
			"%d designs",
			job->solutions_folder, count, SOLUTIONS_MIN);
	return 0;
}

static int show_progress(void *context, const struct check_progress *progress)
{
	(void)context;
	(void)progress;
	return command_interrupted() != 0;
}

/* A missed extra takes the scenarios that show it out of the reference. */
static void leave_out(struct job *job, struct solution *solution,
	const struct criterion *criterion)
{
	size_t i, j;

	for (i = 0; i < criterion->finding_count; i++)
		for (j = 0; j < job->exercise->scenario_count; j++)
			if (!strcmp(criterion->findings[i].scenario,
				    job->exercise->scenarios[j].id))
				solution->left_out[j] = true;
}

static void take_verdict(struct job *job, struct solution *solution,
	const struct verdict *verdict)
{
	const struct criterion *criterion;
	size_t i;

	printf("%-28s %g/%g\n", solution->name, verdict->score,
		verdict->max_score);
	job->failed += verdict->state != VERDICT_PASS;
	for (i = 0; i < verdict->criterion_count; i++) {
		criterion = &verdict->criteria[i];
		/* a person marks what is written */
		if (criterion->state == VERDICT_PASS || criterion->written)
			continue;
		leave_out(job, solution, criterion);
		printf("  %s %s: %s\n",
			criterion->extra ? _("extra missed") : _("not right"),
			criterion->id,
			criterion->finding_count
				? criterion->findings[0].message.en
				: verdict_state_name(criterion->state));
	}
	fflush(stdout);
}

static int check_solution(
	struct job *job, struct solution *solution, struct err *err)
{
	const struct check_options options = {
		.master_seed = job->arguments.seed,
		.schedules = job->arguments.schedules,
		.without_references = true,
		.progress = show_progress,
		.context = job,
	};
	auto_free char *path =
		xasprintf("%s/%s", job->solutions_folder, solution->name);
	struct submission submission = {0};
	struct verdict verdict = {0};
	int r = submission_read(&submission, path, err);

	if (!r && submission.refusal.zh)
		r = err_set(err, -EINVAL, "refused: %s", submission.refusal.en);
	if (!r)
		r = compile_submission(
			job->jail, &submission, &solution->program, err);
	if (!r && !solution->program.compile.ok)
		r = err_set(err, -EINVAL, "does not compile:\n%s",
			solution->program.compile.log);
	if (!r)
		r = check_run(job->jail, job->exercise, &solution->program,
			&options, &verdict, err);
	if (!r)
		take_verdict(job, solution, &verdict);
	verdict_release(&verdict);
	submission_release(&submission);
	return r ? err_context(err, r, "solution '%s'", solution->name) : 0;
}

struct visit {
	struct reference_miner *miner;
	const char *solution;
};

static int mine_run(
	void *context, const struct observed_run *run, struct err *err)
{
	struct visit *visit = context;

	if (command_interrupted())
		return err_set(err, -ECANCELED, "interrupted");
	reference_miner_add(visit->miner, visit->solution, run);
	return 0;
}

static int mine_solution(struct job *job, const struct solution *solution,
	size_t scenario, struct reference_miner *miner, struct err *err)
{
	const struct explore_target target = {
		.jail = job->jail,
		.exercise = job->exercise,
		.program = &solution->program,
		.master_seed = job->arguments.seed,
		.schedules = job->arguments.schedules,
	};
	struct visit visit = {miner, solution->name};
	struct explore_stats stats = {0};
	int r = explore_scenario(
		&target, scenario, mine_run, &visit, &stats, err);

	return r ? err_context(err, r, "solution '%s'", solution->name) : 0;
}

static int mine_scenario(struct job *job, size_t scenario, struct err *err)
{
	const struct scenario *what = &job->exercise->scenarios[scenario];
	struct reference_miner *miner =
		reference_miner_new(job->exercise, what, job->arguments.seed);
	struct reference reference = {0};
	size_t i, runs;
	int r = 0;

	for (i = 0; i < job->solution_count && !r; i++)
		if (!job->solutions[i].left_out[scenario])
			r = mine_solution(
				job, &job->solutions[i], scenario, miner, err);
	runs = reference_miner_runs(miner);
	if (r || !runs) {
		reference_miner_finish(miner, NULL);
		return r;
	}
	reference_miner_finish(miner, &reference);
	reference_write(&job->files[scenario], &reference);
	printf(_("%-28s %zu runs of %zu solutions, %zu orders\n"), what->id,
		runs, reference.solution_count, reference.order_count);
	fflush(stdout);
	reference_release(&reference);
	return 0;
}

/* The run to be shown; of hidden scenarios none is shown to anybody. */
static int choose_run(struct job *job, size_t scenario, struct err *err)
{
	int r = 0;

	if (job->exercise->scenarios[scenario].hidden)
		return 0;
	for (size_t i = 0; i < job->solution_count && !r; i++) {
		const struct explore_target target = {.jail = job->jail,
			.exercise = job->exercise,
			.program = &job->solutions[i].program};

		if (!job->solutions[i].left_out[scenario])
			r = right_run_try(
				&target, scenario, &job->runs[scenario], err);
	}
	return r;
}

static int write_run(const struct job *job, size_t scenario, struct err *err)
{
	auto_free char *path = xasprintf("%s/%s" RIGHT_RUN_SUFFIX,
		job->output_folder, job->exercise->scenarios[scenario].id);
	struct buf text = {0};
	int r;

	if (!job->runs[scenario].hash)
		return 0;
	right_run_write(&text, &job->runs[scenario]);
	r = atomic_file_write(path, text.data, text.length, err);
	buf_release(&text);
	return r;
}

static int write_files(struct job *job, struct err *err)
{
	size_t i;
	int r = 0;

	if (mkdir(job->output_folder, 0777) < 0 && errno != EEXIST)
		return err_errno(
			err, -errno, "cannot make '%s'", job->output_folder);
	for (i = 0; i < job->exercise->scenario_count && !r; i++) {
		auto_free char *path = xasprintf("%s/%s.json",
			job->output_folder, job->exercise->scenarios[i].id);

		if (job->files[i].length)
			r = atomic_file_write(path, job->files[i].data,
				job->files[i].length, err);
		if (!r)
			r = write_run(job, i, err);
	}
	return r;
}

static int record(struct job *job, struct err *err)
{
	size_t i, scenarios = job->exercise->scenario_count;
	int r = choose_folders(job, err);

	if (!r)
		r = find_solutions(job, err);
	for (i = 0; i < job->solution_count && !r; i++)
		r = check_solution(job, &job->solutions[i], err);
	if (r || job->failed)
		return r;
	job->files = xcalloc(scenarios, sizeof(*job->files));
	job->runs = xcalloc(scenarios, sizeof(*job->runs));
	for (i = 0; i < scenarios && !r && !job->arguments.runs_only; i++)
		r = mine_scenario(job, i, err);
	for (i = 0; i < scenarios && !r; i++)
		r = choose_run(job, i, err);
	if (!r)
		r = write_files(job, err);
	if (!r)
		printf(_("written to %s\n"), job->output_folder);
	return r;
}

static int prepare(struct job *job)
{
	struct err err = {""};
	int r = catalog_load(&job->exercise, job->arguments.exercise, &err);

	if (r)
		return command_fail(
			r == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE, &err);
	if (jail_context_new(&job->jail, &err))
		return command_fail(EXIT_TROUBLE, &err);
	if (grade_below(jail_grade(job->jail), job->arguments.required_grade))
		return command_refuse_grade(
			job->jail, job->arguments.required_grade);
	return 0;
}

static void release(struct job *job)
{
	size_t i;

	for (i = 0; i < job->solution_count; i++) {
		free(job->solutions[i].name);
		free(job->solutions[i].left_out);
		program_release(&job->solutions[i].program);
	}
	free(job->solutions);
	for (i = 0; job->files && i < job->exercise->scenario_count; i++)
		buf_release(&job->files[i]);
	free(job->files);
	for (i = 0; job->runs && i < job->exercise->scenario_count; i++)
		told_trace_release(&job->runs[i]);
	free(job->runs);
	free(job->solutions_folder);
	free(job->output_folder);
	jail_context_free(job->jail);
	exercise_free(job->exercise);
}

static int finish(const struct job *job, int r, const struct err *err)
{
	if (command_interrupted()) {
		fputs(_("grader: interrupted, nothing was recorded\n"), stderr);
		return command_interrupted();
	}
	if (r)
		return command_fail(EXIT_TROUBLE, err);
	if (!job->failed)
		return EXIT_FULL_MARKS;
	fprintf(stderr,
		"grader: nothing was recorded: %zu right solutions do not get "
		"full marks\n",
		job->failed);
	return EXIT_NOT_FULL;
}

int cmd_record(int argc, char **argv)
{
	struct job job = {0};
	struct err err = {""};
	int status;

	parse_arguments(argc, argv, &job.arguments);
	command_catch_signals();
	status = prepare(&job);
	if (!status)
		status = finish(&job, record(&job, &err), &err);
	release(&job);
	return status;
}
