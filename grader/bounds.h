/*
 * How big a report may get.  Nothing that a submission chooses, not its source,
 * not what it prints or does, makes a report or a page of more than 10 MB. Each
 * part has a room of its own, so that none is crowded out by another.  Pure.
 */
#ifndef GRADER_BOUNDS_H
#define GRADER_BOUNDS_H

#include "grader/verdict.h"

/* What no format of a report exceeds. */
#define BOUNDS_REPORT 10000000

/* Bytes in report.json, together. */
#define BOUNDS_SOURCES (1u << 20)
#define BOUNDS_TRACES (5u << 20)
#define BOUNDS_FINDINGS (3u << 19)
#define BOUNDS_ANSWERS (1u << 19)

/* Bytes of one text, such as a finding's message. */
#define BOUNDS_TEXT 2000

/*
 * Cuts what is too long, at a line or a character and with "…" where it was
 * cut, and notes in VERDICT->truncated which parts are not whole, also by what
 * was cut before.
 */
void bounds_apply(struct verdict *verdict);

#endif
