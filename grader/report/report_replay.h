/*
 * A schedule shown step by step.  Pure.
 *
 * A step is what one task did at one virtual time without another between.
 */
#ifndef GRADER_REPORT_REPORT_REPLAY_H
#define GRADER_REPORT_REPORT_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "grader/report/report.h"

struct replay_event {
	struct verdict_event told; /* owned */
	char *source;  /* owned: text of the line at told.place, or NULL */
	bool evidence; /* of the finding */
};

struct replay_switch {
	size_t position; /* before this event */
	char *from, *to; /* owned: names; TO is NULL for the clock */
};

/* All is owned by whoever fills it; all zeroes is an empty one. */
struct replay {
	char *exercise;
	struct bilingual criterion; /* its title */
	struct bilingual message, hint;
	char *command;
	bool hidden;
	size_t found_switches; /* of the schedule that was shrunk */
	struct replay_event *events;
	size_t event_count;
	struct replay_switch *switches; /* switches proper */
	size_t switch_count;
};

void replay_release(struct replay *replay);

/*
 * Appends the whole.  Unless ALL is set, steps far from the evidence and from
 * any switch are left out of a long run, and it is said how many.
 */
void report_replay_write(struct buf *out, const struct replay *replay, bool all,
	const struct report_style *style);

#endif
