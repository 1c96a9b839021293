/*
 * A schedule written down as the few choices at which it departs from
 * run-to-block.  Pure.
 *
 * A departure is bound to the task that stood at the choice and to how many
 * choices that task had stood at before, not to a number in the whole run: so
 * those that are left still make sense when others are taken away, which is
 * what shrinking does.
 *
 * The text form is "TASK.POINT:TO" joined by commas, in the order in which
 * they happened: "0.13:2,2.7:0".  It is safe in a shell.
 */
#ifndef SCHEDULER_SWITCHES_H
#define SCHEDULER_SWITCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct schedule_switch {
	uint32_t task;  /* when this task, having run last, ... */
	uint32_t point; /* ... stands at its choice of this number, from 0, ...
			 */
	uint32_t to;    /* ... this one is chosen */
	/* of a recorded run only, not in the text: */
	bool involuntary;  /* TASK could have gone on: a switch proper */
	uint32_t position; /* schedule.position at that time */
};

/* Switches proper among them: those that are involuntary. */
size_t switches_count(const struct schedule_switch *switches, size_t count);

/* Appends the text form; nothing when there are none. */
void switches_write(
	struct buf *out, const struct schedule_switch *switches, size_t count);

/*
 * Reads the text form.  Returns 0 with *SWITCHES owned by the caller (NULL
 * for an empty text), or -EINVAL with both untouched.
 */
int switches_read(
	const char *text, struct schedule_switch **switches, size_t *count);

#endif
