/*
 * The trials are dealt out to processes, each with a jail of its own, which
 * tell the results through a pipe: a record a trial, smaller than what a pipe
 * takes at once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "grader/check.h"
#include "grader/compile.h"
#include "grader/hash.h"
#include "grader/mutate.h"
#include "grader/submission.h"
#include "grader/validate.h"

#define CRITERIA_MAX 64
#define JOBS_MAX 64
#define SCHEDULES_FEW 2 /* enough for most mutants, and no profile is asked */

struct record {
	size_t trial;
	int error; /* the grader's trouble, TEXT says which */
	bool compiled;
	double score;
	unsigned char states[CRITERIA_MAX];
	struct err text;
};

_Static_assert(sizeof(struct record) <= PIPE_BUF, "written whole");

struct grading {
	const struct exercise *exercise;
	const struct validate_options *options;
	struct jail_context *jail;
	int out;
};

/* A submission of one file, made up. */
static void make_submission(struct submission *to, const char *text)
{
	*to = (struct submission){
		.path = xstrdup("program.c"),
		.files = xcalloc(1, sizeof(*to->files)),
		.file_count = 1,
		.file_capacity = 1,
	};
	to->files[0] = (struct source_file){
		xstrdup("program.c"), xstrdup(text), strlen(text)};
	to->hash = xstrdup("");
}

static void change_file(
	struct submission *submission, const struct trial *trial)
{
	struct source_file *file = &submission->files[trial->file];
	struct mutant *mutants;
	size_t count = mutate(file->data, file->length, &mutants);
	char *changed = mutant_apply(
		&mutants[trial->mutant], file->data, &file->length);

	free(file->data);
	file->data = changed;
	mutants_free(mutants, count);
}

static int read_trial(struct submission *submission, const struct trial *trial,
	struct err *err)
{
	int error = 0;

	*submission = (struct submission){0};
	if (trial->kind == TRIAL_NOTHING)
		make_submission(submission, "int main(void) { return 0; }\n");
	else if (trial->kind == TRIAL_BROKEN)
		make_submission(submission, "int main(void) { return 0 }\n");
	else
		error = submission_read(submission, trial->path, err);
	if (error == 0 && submission->refusal.en)
		error = err_set(err, -EINVAL, "'%s': %s", trial->path,
			submission->refusal.en);
	if (error == 0 && trial->kind == TRIAL_MUTANT)
		change_file(submission, trial);
	return error;
}

/* Of two states of a criterion the one that is worse for a right program. */
static unsigned char worse(unsigned char one, enum verdict_state other)
{
	static const unsigned char ranks[] = {
		[VERDICT_PASS] = 0,
		[VERDICT_NEEDS_GRADING] = 1,
		[VERDICT_SKIPPED] = 2,
		[VERDICT_REFUSED] = 2,
		[VERDICT_FAIL] = 3,
	};

	return ranks[other] > ranks[one] ? (unsigned char)other : one;
}

static int grade_once(const struct grading *grading,
	const struct program *program, uint64_t seed, size_t schedules,
	struct record *record)
{
	const struct check_options options = {
		.master_seed = seed,
		.schedules = schedules,
		.without_references = true,
		.states_only = true,
	};
	struct verdict verdict = {0};
	int error;

	verdict.compile.ok = program->compile.ok;
	verdict.compile.command = xstrdup("");
	verdict.compile.log = xstrdup("");
	error = check_run(grading->jail, grading->exercise,
		program->compile.ok ? program : NULL, &options, &verdict,
		&record->text);
	for (size_t i = 0; error == 0 && i < verdict.criterion_count; i++)
		record->states[i] =
			worse(record->states[i], verdict.criteria[i].state);
	if (verdict.score > record->score)
		record->score = verdict.score;
	verdict_release(&verdict);
	return error;
}

static bool asks_for_some_schedule(const struct criterion_spec *spec)
{
	for (size_t i = 0; i < spec->rule_count; i++)
		if (spec->rules[i].some)
			return true;
	return false;
}

/* Killed, and more schedules would not save it. */
static bool is_dead(const struct exercise *exercise, const struct trial *mutant,
	struct record *record)
{
	struct trial seen = {
		.expected = mutant->expected, .states = record->states};

	for (size_t i = 0; i < exercise->criterion_count; i++)
		if (trial_fails(&seen, i) &&
			asks_for_some_schedule(&exercise->criteria[i]))
			return false;
	return trial_is_killed(exercise, &seen);
}

/* Most mutants die soon: all schedules are for those that do not. */
static int grade_mutant(const struct grading *grading,
	const struct program *program, const struct trial *mutant,
	struct record *record)
{
	const struct validate_options *options = grading->options;
	uint64_t seed = options->first_seed;
	int error = 0;

	if (options->schedules == 0 || options->schedules > SCHEDULES_FEW)
		error = grade_once(
			grading, program, seed, SCHEDULES_FEW, record);
	if (error != 0 || is_dead(grading->exercise, mutant, record))
		return error;
	memset(record->states, 0, sizeof(record->states));
	record->score = 0;
	return grade_once(grading, program, seed, options->schedules, record);
}

/* A mutant that does not compile says nothing. */
static int grade_program(const struct grading *grading,
	const struct trial *trial, const struct program *program,
	struct record *record)
{
	const struct validate_options *options = grading->options;
	bool many = trial->kind == TRIAL_RIGHT || trial->kind == TRIAL_WRONG;
	int error = 0;

	if (trial->kind == TRIAL_MUTANT)
		return program->compile.ok
			       ? grade_mutant(grading, program, trial, record)
			       : 0;
	for (size_t i = 0; error == 0 && i < (many ? options->seeds : 1); i++)
		error = grade_once(grading, program, options->first_seed + i,
			options->schedules, record);
	return error;
}

static int grade_trial(const struct grading *grading, const struct trial *trial,
	struct record *record)
{
	struct program program = PROGRAM_INIT;
	struct submission submission;
	int error = read_trial(&submission, trial, &record->text);

	if (error == 0)
		error = compile_submission(
			grading->jail, &submission, &program, &record->text);
	record->compiled = program.compile.ok;
	if (error == 0)
		error = grade_program(grading, trial, &program, record);
	program_release(&program);
	submission_release(&submission);
	return error;
}

/* One process's part: every JOBS-th trial. */
static _Noreturn void work(struct grading *grading,
	const struct validation *validation, size_t job, size_t jobs)
{
	struct record record;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	memset(&record, 0, sizeof(record));
	record.error = jail_context_new(&grading->jail, &record.text);
	for (size_t i = job; i < validation->count; i += jobs) {
		int trouble = record.error;

		memset(record.states, 0, sizeof(record.states));
		record.trial = i;
		record.score = 0;
		if (!trouble)
			record.error = grade_trial(
				grading, &validation->trials[i], &record);
		if (write(grading->out, &record, sizeof(record)) !=
				(ssize_t)sizeof(record) ||
			record.error)
			_exit(1);
	}
	jail_context_free(grading->jail);
	_exit(0);
}

static int take_records(struct validation *validation, int in,
	const struct validate_options *options, struct err *err)
{
	struct record record;
	size_t done = 0;
	ssize_t n;

	for (;;) {
		n = read(in, &record, sizeof(record));
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n != (ssize_t)sizeof(record))
			break;
		if (n && record.error) {
			*err = record.text;
			return record.error;
		}
		if (n) {
			struct trial *trial = &validation->trials[record.trial];

			trial->compiled = record.compiled;
			trial->score = record.score;
			memcpy(trial->states, record.states,
				validation->exercise->criterion_count);
			done++;
		}
		if (options->progress && options->progress(options->context,
						 done, validation->count))
			return err_set(err, -ECANCELED, "interrupted");
	}
	if (done < validation->count)
		return err_set(
			err, -EIO, "a process that graded solutions was lost");
	return 0;
}

int validate_grade(struct validation *validation,
	const struct validate_options *options, struct err *err)
{
	size_t jobs = options->jobs < JOBS_MAX ? options->jobs : JOBS_MAX;
	struct grading grading = {
		.exercise = validation->exercise, .options = options};
	pid_t workers[JOBS_MAX];
	int ends[2], error;
	size_t started = 0;

	if (validation->exercise->criterion_count > CRITERIA_MAX)
		return err_set(
			err, -E2BIG, "more than %d criteria", CRITERIA_MAX);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, -errno, "pipe");
	grading.out = ends[1];
	for (; started < jobs; started++) {
		workers[started] = fork();
		if (workers[started] == 0)
			work(&grading, validation, started, jobs);
		if (workers[started] < 0)
			break;
	}
	close(ends[1]);
	error = started < jobs
			? err_errno(err, -EAGAIN, "fork")
			: take_records(validation, ends[0], options, err);
	close(ends[0]);
	for (size_t i = 0; i < started; i++) {
		if (error)
			kill(workers[i], SIGKILL);
		waitpid(workers[i], NULL, 0);
	}
	return error;
}
