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
/* The same, as RUN gave it: a hidden scenario's note is marked as such. */
void note_add_of(struct verdict *verdict, const struct observed_run *run,
	const char *kind, struct bilingual text);

/* Is there a note of that kind? */
bool notes_have(const struct verdict *verdict, const char *kind);

/*
 * What the program said that no rule reads: lines on standard error, and lines
 * on standard output that match no pattern.  Kept while it runs, told only
 * when the submission does not get full marks: a diagnostic of its own, or a
 * line with a slip of the pen, then is the best hint.  All zeroes is empty.
 */
#define NOTES_SAID_MAX 3
struct notes_said {
	char *errors[NOTES_SAID_MAX]; /* owned */
	char *others[NOTES_SAID_MAX];
	size_t error_count, other_count;
};
void notes_hear(struct notes_said *said, const struct observed_run *run);
void notes_tell(struct verdict *verdict, const struct notes_said *said);
void notes_said_release(struct notes_said *said);

/* Adds what any run shows: objects left, busy waiting, refusals, data races. */
void note_behaviour(struct verdict *verdict, const struct observed_run *run);

/* The same, and the files left that the exercise did not put there. */
void note_run(struct verdict *verdict, const struct observed_run *run);

#endif
