/*
 * What is counted of a class, by its journal: how the marks are spread, who
 * fails what, whom a person has to look at, what took longest.
 */
#ifndef GRADER_BATCH_TALLY_H
#define GRADER_BATCH_TALLY_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/batch/batch.h"
#include "grader/batch/journal.h"

#define TALLY_TENTHS 11 /* 0-9, 10-19 ... 90-99, 100 percent */
#define TALLY_SLOWEST 10

/* Of an exercise. */
struct tally {
	const struct exercise *exercise;
	size_t *failed; /* a criterion */
	size_t done, missing, trouble, refused, waiting;
	size_t tenths[TALLY_TENTHS];
	double sum;
};

/* Real time, so it differs from grading to grading. */
struct tally_slow {
	char *student, *name, *exercise, *report, *input;
	double seconds;
};

/* All zeroes is an empty one. */
struct class_tally {
	struct tally *exercises;
	size_t exercise_count;
	size_t students, without; /* of whom nothing was handed in */
	size_t persons;           /* reasons for one to look */
	bool sections;            /* somebody has one */
	struct tally_slow slowest[TALLY_SLOWEST]; /* equal ones once */
	size_t slow_count;
};

/* 0 or a negative errno; the caller releases it. */
int class_tally_make(struct class_tally *tally, struct journal *journal,
	const struct batch_options *options, struct err *err);
void class_tally_release(struct class_tally *tally);

/* NULL when the class has no such exercise. */
const struct tally *class_tally_of(
	const struct class_tally *tally, const char *exercise);

/* Whether ITEM is a mark of its own, and no empty field. */
bool tally_has_mark(const struct item *item);

#define REASONS_MAX 2
/*
 * Why a person has to look at ITEM: how many of REASONS there are, static:
 * "trouble", "refused", "needs-grading", or what is said of the student, which
 * is told with the FIRST of the student's items alone.
 */
size_t tally_reasons(
	const struct item *item, bool first, const char *reasons[REASONS_MAX]);

/* In words of both languages. */
const struct reason_words {
	const char *reason, *zh, *en;
} * tally_reason_words(const char *reason);

#endif
