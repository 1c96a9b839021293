/*
 * The author's proof that an exercise judges what it says: right solutions
 * pass, wrong ones fail for their reason, the starter and programs that do
 * nothing get nothing, and of the mutants of right solutions (mutate.h) each
 * is killed or known to be no mistake.
 *
 * SOLUTIONS is a folder with one folder a solution, right-* or wrong-*, each
 * with an expect.json or not, and equivalent.json; see grader-exercise(5).
 */
#ifndef GRADER_VALIDATE_H
#define GRADER_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "grader/exercise.h"
#include "grader/verdict.h"

enum trial_kind {
	TRIAL_RIGHT,
	TRIAL_WRONG,
	TRIAL_STARTER,
	TRIAL_NOTHING, /* int main(void) { return 0; } */
	TRIAL_BROKEN,  /* does not compile */
	TRIAL_MUTANT,
	TRIAL_KIND_COUNT
};

const char *trial_kind_name(enum trial_kind kind); /* static */

/* What a solution's expect.json says. */
struct expectation {
	char **criteria; /* that it must fail */
	size_t criterion_count;
	char **also; /* that it may fail as well */
	size_t also_count;
	char **missed; /* extras that a right one does not reach */
	size_t missed_count;
};

/* One program to be graded, and what came of it. */
struct trial {
	enum trial_kind kind;
	char *name; /* "right-flock", of a mutant "right-flock/a.c:drop-wait:1"
		     */
	char *path; /* of the solution, NULL: made up */
	struct expectation expected;
	/* of a mutant: what it changes */
	size_t file; /* of the submission */
	size_t mutant;
	int line;
	char *change; /* "wait(NULL) -> 0" */
	char *reason; /* why it is no mistake, from equivalent.json; or NULL */
	/* result */
	bool compiled;
	double score;
	unsigned char *states; /* enum verdict_state of each criterion: the
				  worst of all seeds */
	char *fault;           /* what is wrong with that; NULL: nothing */
};

struct validation {
	const struct exercise *exercise; /* borrowed */
	struct trial *trials;
	size_t count, capacity;
	char **faults; /* of the exercise as a whole */
	size_t fault_count, fault_capacity;
};

struct validate_options {
	uint64_t first_seed;
	size_t seeds;     /* master seeds of each right and wrong solution */
	size_t mutants;   /* at most so many of an exercise, 0 = all */
	size_t schedules; /* a scenario; 0 = as the exercise says */
	size_t jobs;      /* processes that grade side by side */
	/* called when a trial is done; non-zero stops, may be NULL */
	int (*progress)(void *context, size_t done, size_t total);
	void *context;
};

/* Fills *TO, which the caller releases, also after an error. */
int validate(struct validation *to, const struct exercise *exercise,
	const char *solutions, const struct validate_options *options,
	struct err *err);
void validation_release(struct validation *validation);

/* No fault anywhere. */
bool validation_holds(const struct validation *validation);

void validation_write_text(struct buf *out, const struct validation *what);
void validation_write_json(struct buf *out, const struct validation *what);

/* Private to the files validate*.c. */

/* How many programs fail a criterion, and how many of them no other. */
struct kill_count {
	size_t wrong, mutants, alone;
};
struct kill_count validate_count_kills(
	const struct validation *in, size_t criterion);
bool trial_fails(const struct trial *trial, size_t criterion);
/* What the right one reaches, the mutant does not. */
bool trial_is_killed(
	const struct exercise *exercise, const struct trial *trial);

/* Finds the solutions and makes the trials; see validate_trials.c. */
int validate_collect(struct validation *to, const char *solutions,
	size_t mutants, struct err *err);
/* Grades all trials; see validate_run.c. */
int validate_grade(struct validation *validation,
	const struct validate_options *options, struct err *err);
/* Says what is wrong; see validate.c. */
void validate_conclude(struct validation *validation);

#endif
