/*
 * Telling an event to a student, in both languages: "读 db.json：{...}".
 */
#ifndef GRADER_TELL_H
#define GRADER_TELL_H

#include "grader/observe.h"
#include "grader/verdict.h"

/* Fills *OUT (all owned by the caller) with event INDEX of the run. */
void tell_event(const struct observed_run *run, size_t index,
	struct verdict_event *out);
void tell_event_release(struct verdict_event *event);

/*
 * What an event acts on or waits for, in words: "子进程结束" / "a child's
 * end" for the object "child".  Owned by the caller; both "?" when the event
 * names nothing.
 */
struct bilingual tell_object(const struct event *event);

/*
 * Who has, keeps open or is what the event waits for, in brackets: " (held by
 * buyer 3)"; both "" when it names nobody.  Owned by the caller.
 */
struct bilingual tell_holder(
	const struct observed_run *run, const struct event *event);

/* "A" -> owned bilingual from two formatted texts. */
struct bilingual bilingual_copy(const struct bilingual *text);
void bilingual_release(struct bilingual *text);

/* Frees all that the finding owns; it is empty afterwards. */
void finding_release(struct finding *finding);

#endif
