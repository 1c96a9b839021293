/*
 * What the processes of a run did to one watched file, as whole reads and
 * whole changes instead of system calls.
 */
#ifndef GRADER_RULES_FILES_H
#define GRADER_RULES_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grader/observe.h"

/*
 * A read begins at offset 0 (an empty one counts: the file was caught
 * truncated) and goes on with the reads of the same process that continue
 * it.  A change is all writes, truncations and renames of one process in a
 * row, as long as no other process touched the file and the process printed
 * nothing that counts.
 */
struct file_access {
	bool change;        /* else a read */
	size_t first, last; /* events */
	int process;        /* that did it */
	int actor;          /* process that it counts for: see file_actor() */
	int64_t time_us;    /* of the last event */
	char *content;      /* what was read, or the file after the change;
			       NULL = the file is gone */
};

struct file_history {
	struct file_access *accesses; /* by their first event */
	size_t count, capacity;
};

/* The caller releases *HISTORY. */
void file_history_make(struct file_history *history,
	const struct observed_run *run, const char *file);
void file_history_release(struct file_history *history);

/*
 * The process for which PROCESS acts: its nearest ancestor or itself that
 * printed a line that counts (main aside), so that a buyer's helper counts as
 * the buyer; PROCESS itself when there is none.
 */
int file_actor(const struct observed_run *run, int process);

/*
 * An update of the file: from the last read of an actor before its change to
 * that change.
 */
struct file_update {
	const struct file_access *read, *change; /* in the history */
	int actor;
};

/* *UPDATES is owned by the caller; returns their number, in order of change.*/
size_t file_updates(
	const struct file_history *history, struct file_update **updates);

/* True when CONTENT is a JSON object whose field KEY is a whole number. */
bool file_value(const char *content, const char *key, int64_t *value);

/*
 * True when PROCESS changed a watched file of the scenario between its last
 * read of it and the event.
 */
bool file_changed_since_read(
	const struct observed_run *run, int process, size_t event);

#endif
