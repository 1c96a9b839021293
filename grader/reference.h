/*
 * Reference traces: what all right solutions of an exercise have in common in
 * one scenario.
 *
 * A reference holds facts (how many observations of each kind, their sequence
 * in each subject, files at the end, exit status, virtual duration) and
 * orders between observations, mined from many runs of several independent
 * designs (reference_mine.h).  Orders are of happens-before, not of the order
 * in which things came out: only what synchronisation forces is kept.
 *
 * A program that keeps the exercise's contract in a way that no reference
 * did may deviate: a deviation is a note for a person, never a failure.
 *
 * A plain value, stored as exercises/<id>/reference/<scenario>.json, one
 * constraint a line, to be read and signed off by a person.
 */
#ifndef GRADER_REFERENCE_H
#define GRADER_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "grader/observe.h"
#include "grader/verdict.h"

#define REFERENCE_SCHEMA "grader-reference-1"

struct reference_solution {
	char *name;
	size_t schedules; /* runs that were mined */
};

struct reference_range {
	int64_t min, max;
};

struct reference_count {
	char *kind; /* of observation; all kinds of the exercise */
	struct reference_range range;
};

/*
 * A set of texts that were seen: sequences, contents, ways to end.  Sorted;
 * one that grew beyond REFERENCE_VARIANTS_MAX is emptied and `varies`.
 */
#define REFERENCE_VARIANTS_MAX 12
struct reference_variants {
	char *name;
	char **texts;
	size_t count;
	bool varies;
};

enum reference_relation {
	REFERENCE_MUST_PRECEDE,     /* first before second, in every run */
	REFERENCE_NEVER_CONCURRENT, /* ordered in every run, either way */
	REFERENCE_MAY_OVERLAP,      /* unordered in some run */
	REFERENCE_RELATION_COUNT
};
const char *reference_relation_name(enum reference_relation relation);

enum reference_scope {
	REFERENCE_EACH, /* first, second: kinds; every pair of them */
	REFERENCE_SAME, /* kinds; every pair of one subject */
	REFERENCE_ONE,  /* labels: "bought(buyer=3)#1" */
	REFERENCE_SCOPE_COUNT
};
const char *reference_scope_name(enum reference_scope scope);

struct reference_order {
	enum reference_relation relation;
	enum reference_scope scope;
	char *first, *second;
};

struct reference {
	char *exercise, *scenario, *command;
	char *grader;                         /* version that mined it */
	uint64_t seed;                        /* master seed */
	struct reference_solution *solutions; /* by name */
	size_t solution_count;
	struct reference_count *counts; /* in the exercise's order */
	size_t count_count;
	struct reference_range printers;      /* processes with observations */
	struct reference_range duration_us;   /* virtual, to main's end */
	struct reference_variants end;        /* "exit 0", "signal 9", "none" */
	struct reference_variants *sequences; /* see reference_group() */
	size_t sequence_count;
	struct reference_variants *files; /* the scenario's, at the end */
	size_t file_count;
	struct reference_order *orders; /* by relation, scope, first, second */
	size_t order_count, order_capacity;
};

void reference_release(struct reference *reference);

/* Appends the JSON.  The same reference gives the same bytes. */
void reference_write(struct buf *out, const struct reference *reference);

/*
 * Reads what reference_write() wrote; NAME is the file's, for messages.
 * Returns 0, or -EINVAL with file, line and field in *ERR; then *REFERENCE is
 * empty.  The caller releases it.
 */
int reference_read(struct reference *reference, const char *text, size_t length,
	const char *name, struct err *err);

enum deviation_kind {
	DEVIATION_COUNT,
	DEVIATION_SEQUENCE,
	DEVIATION_PRINTERS,
	DEVIATION_REVERSED,   /* the other way round */
	DEVIATION_CONCURRENT, /* no synchronisation orders the two */
	DEVIATION_FILE,
	DEVIATION_END,
	DEVIATION_DURATION,
};

struct deviation {
	enum deviation_kind kind;
	struct bilingual text; /* owned */
	size_t events[2];      /* of the run's trace */
	size_t event_count;
};

struct deviations {
	struct deviation *items;
	size_t count, capacity;
};

/*
 * Adds to *DEVIATIONS how RUN differs from the reference of its scenario, at
 * most one for each fact and each order.  The caller releases them.
 */
void reference_compare(const struct reference *reference,
	const struct observed_run *run, struct deviations *deviations);
void deviations_release(struct deviations *deviations);

/*
 * What mining and comparing share.
 */
char *reference_end(const struct observed_run *run); /* owned */
int64_t reference_duration(const struct observed_run *run);
int64_t reference_printers(const struct observed_run *run);
/* Content at the end, JSON made compact; NULL: no such file; owned. */
char *reference_file(const struct observed_run *run, const char *name);
/*
 * True when no earlier observation belongs to the sequence of observation I:
 * those of its subject, or without a subject, those of its process.
 */
bool reference_begins_sequence(const struct observed_run *run, size_t i);
/* The kinds of that sequence, repetitions counted: "made*10 done"; owned. */
char *reference_sequence(const struct observed_run *run, size_t i);
/* "buyer=3" -> "buyer", "" -> "(process)"; owned. */
char *reference_group(const char *subject);
/* "bought(buyer=3)#1", one an observation; owned, as are the texts. */
char **reference_labels(const struct observed_run *run);
void reference_free_labels(char **labels, const struct observed_run *run);
/* Observations beyond this many are not ordered. */
#define REFERENCE_OBSERVATIONS_MAX 1000

#endif
