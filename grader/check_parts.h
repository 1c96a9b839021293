/*
 * What the parts of the check share: check.c runs, judges and adds up,
 * check_findings.c makes the findings and shrinks those that are told.
 */
#ifndef GRADER_CHECK_PARTS_H
#define GRADER_CHECK_PARTS_H

#include "grader/check.h"
#include "grader/explore.h"
#include "grader/notes.h"
#include "grader/rules/rule.h"
#include "grader/shrink_finding.h"

/* A rule in a scenario. */
struct tally {
	size_t runs, fails, unjudged;
	size_t refused; /* fails in runs with a refused call */
	bool unsupported;
	bool follows;             /* see struct rule_result */
	struct finding finding;   /* of the simplest failing run */
	struct failure failure;   /* how that run failed */
	struct bilingual reason;  /* why the first unjudged one was not */
	struct bilingual refusal; /* the first refused call of a failing run */
};

struct judged_rule {
	struct rule_memory memory;
	struct tally *tallies; /* one a scenario of the exercise */
	bool noted;
};

/* A finding that is told, and where it came from. */
struct told {
	size_t criterion, rule, scenario;
	size_t finding; /* its number in the criterion */
};

struct check {
	const struct exercise *exercise;
	const struct check_options *options;
	const struct program *program;
	struct verdict *verdict;
	struct judged_rule **rules;    /* [criterion][rule] */
	struct references *references; /* NULL: none are compared with */
	struct cross_check *cross;     /* NULL: none is wanted */
	struct check_progress progress;
	struct notes_said said;
	struct told *told;
	size_t told_count, told_capacity;
	size_t limit_runs, limit_runs_all;
	bool enough;                 /* this scenario is left early */
	bool racy;                   /* a data race was seen */
	bool ended;                  /* a run came to no limit */
	bool brief;                  /* runs need not be long any more */
	const struct event *refusal; /* of the run being judged; NULL none */
};

/*
 * A run of the tally's scenario failed by RULE.  Keeps the finding when it is
 * the first, or one that failed in the same way with fewer switches.
 */
void check_note_failure(struct check *check, struct tally *tally,
	const struct rule *rule, const struct rule_memory *memory,
	const struct observed_run *run, struct rule_result *result);

/* Tells the tally's finding: it moves into the criterion of TOLD. */
void check_take_finding(
	struct check *check, struct tally *tally, const struct told *told);

/*
 * Replaces each finding that is told by that of the simplest run that fails
 * in its way, for a bounded number of runs more.  Returns 0 or a negative
 * errno; -ECANCELED when the caller of the check stopped it.
 */
int check_shrink_findings(struct check *check,
	const struct explore_target *target, struct err *err);

/* Empties it, of the finding too, unless that was taken. */
void tally_release(struct tally *tally);

#endif
