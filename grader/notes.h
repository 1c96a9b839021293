/*
 * Notes: what a report says beside the marks.  Each text appears once, and
 * there is a limit to how many there are.
 */
#ifndef GRADER_NOTES_H
#define GRADER_NOTES_H

#include "grader/observe.h"
#include "grader/verdict.h"

/* Adds a warning; takes TEXT over, whether it is new or not. */
void note_add(struct verdict *verdict, const char *kind, struct bilingual text);

/* Adds what a run shows: objects and files left, busy waiting, refusals. */
void note_run(struct verdict *verdict, const struct observed_run *run);

#endif
