/*
 * What recognisers see and how they tell it.
 */
#ifndef GRADER_EXPLAIN_RECOGNISE_H
#define GRADER_EXPLAIN_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "grader/explain/explain.h"

/* A failure that asks for its cause.  All borrowed. */
struct symptom {
	const struct observed_run *run;
	const struct rule *rule;
	const struct rule_memory *memory;
	const struct rule_result *result;
};

/* A story being told; all zeroes but RUN is an empty one. */
struct story {
	const struct observed_run *run;
	struct buf zh, en;
	char **kept; /* texts made for it, freed with it */
	size_t kept_count, kept_capacity;
};

void story_release(struct story *story);
/* Forgets what was told so far. */
void story_clear(struct story *story);
void story_zh(struct story *story, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void story_en(struct story *story, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Texts for a story; borrowed from it or from the run. */

/* Who a task is: "路人3". */
const char *story_who(const struct story *story, int task);
/* When and where an event was: "1.000 s, tickets.c:36". */
const char *story_at(struct story *story, size_t event);
/* Its place alone; "" when unknown. */
const char *story_line(struct story *story, size_t event);
/* The object of an event in words, as tell_object(). */
const char *story_object_zh(struct story *story, const struct event *event);
const char *story_object_en(struct story *story, const struct event *event);
/* At most four of the tasks by name, and how many there are when more. */
const char *story_names_zh(struct story *story, const int *tasks, size_t count);
const char *story_names_en(struct story *story, const int *tasks, size_t count);
/* What a file holds: "count=3" for {"count": 3}, else 'its text', cut. */
const char *story_content(struct story *story, const char *content);

/* Questions about a run. */

/* Last event before END of that kind by the task's process, or count. */
size_t last_before(const struct observed_run *run, enum event_kind kind,
	int process, size_t end);
/* True when the event's object is NAME. */
bool acts_on(const struct event *event, const char *name);
bool rule_is(const struct symptom *symptom, const char *kind);
/*
 * Do children of this exercise have to die with main?  Then nobody has to wait
 * for them, nor to tell them that all is over.
 */
bool dies_with_main(const struct exercise *exercise);

/*
 * A recogniser: true with the story told, or false and what it told does not
 * matter.
 */
typedef bool recognise_fn(const struct symptom *symptom, struct story *story);

recognise_fn recognise_flock_inherited, recognise_lock_dropped,
	recognise_lock_replaced, recognise_unlock_early, recognise_read_outside,
	recognise_check_then_create, recognise_lost_update, recognise_unchecked;
recognise_fn recognise_not_shared, recognise_cycle, recognise_not_released,
	recognise_hold_and_wait, recognise_write_end, recognise_no_end_signal,
	recognise_nobody_left, recognise_busy_wait, recognise_deadlock;
recognise_fn recognise_child_runs_on, recognise_missing_wait, recognise_orphan,
	recognise_zombie, recognise_killed;
recognise_fn recognise_doubled, recognise_lost_output;

#endif
