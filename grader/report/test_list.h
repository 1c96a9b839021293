/*
 * A verdict as the list of tests that build servers and course platforms want:
 * one a criterion.  Private to the writers of formats.
 */
#ifndef GRADER_REPORT_TEST_LIST_H
#define GRADER_REPORT_TEST_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/report/report.h"

enum test_outcome {
	TEST_PASSED,
	TEST_FAILED,
	TEST_MISSED,  /* an extra that is not there: costs nothing */
	TEST_SKIPPED, /* its premise failed */
	TEST_WAITING, /* for a person */
	TEST_OUTCOME_COUNT,
};

struct test {
	char *id;    /* of the criterion; "submission" when that was refused */
	char *title; /* never empty */
	enum test_outcome outcome;
	double points, max_points;
	bool extra;
	char *message; /* what happened, one line; "" when it passed */
	char *detail;  /* story, evidence, what to do, how to see it; lines */
	char *file;    /* where to look, as a path from where PATH was given; */
	long line;     /* NULL and 0: no place */
};

/* All texts are valid UTF-8 as shown.h makes them, and owned by the list. */
struct test_list {
	struct test *tests;
	size_t count;
	size_t outcomes[TEST_OUTCOME_COUNT]; /* how many of each */
};

struct test_list test_list_of(
	const struct verdict *verdict, enum language language);
void test_list_release(struct test_list *list);

/* TEXT as it may be shown, owned by the caller; NULL is "". */
char *shown_text(const char *text);
/* The same on one line. */
char *shown_line(const char *text);

/* The last event of FINDING that has a place; NULL if none. */
const struct verdict_event *finding_place(const struct finding *finding);

/*
 * Splits PLACE, "tickets.c:41", into a path from where the submission was
 * given and a line.  *FILE is owned by the caller, NULL when there is none.
 */
void place_split(const struct verdict *verdict, const char *place, char **file,
	long *line);

/* "sub/tickets.c" as a relative URI reference (RFC 3986), appended. */
void add_uri(struct buf *out, const char *path);

/* The one next step, one line; owned by the caller. */
char *next_step_text(const struct verdict *verdict, enum language language);

#endif
