/*
 * Observations: the lines of a run given their meaning by the exercise's
 * patterns, and what rules ask again and again about a trace: who a process
 * is, what it did to a watched file, when it slept.
 */
#ifndef GRADER_OBSERVE_H
#define GRADER_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grader/exercise.h"
#include "run.h"
#include "trace/trace_json.h"

/* One line that a pattern matched. */
struct observation {
	const struct pattern *pattern;    /* borrowed from the exercise */
	const char *kind;                 /* pattern->kind */
	char *subject;                    /* "buyer=3"; "" without a subject */
	char *values[PATTERN_VALUES_MAX]; /* text of pattern->names[i] */
	size_t event;                     /* index into trace.events */
	int task;                         /* that wrote the line */
	int process;                      /* number of its process */
	int64_t time_us;
};

/* One run, observed.  Borrows everything but what observe_run() makes. */
struct observed_run {
	const struct exercise *exercise;
	const struct scenario *scenario;
	const struct run_outcome *outcome;
	const struct trace *trace; /* &outcome->trace */
	size_t schedule;           /* index in the exploration */
	enum schedule_policy policy;
	uint64_t seed;
	trace_place_fn *place; /* NULL: no places */
	void *place_context;
	/* made by observe_run() */
	struct observation *observations; /* in the order of the trace */
	size_t observation_count;
	char **names; /* display name, one a task */
	size_t name_count;
};

/*
 * Makes the observations and names of *RUN, whose borrowed fields the caller
 * has set.  The caller releases *RUN; the borrowed fields must live as long.
 */
void observe_run(struct observed_run *run);
void observed_run_release(struct observed_run *run);

/* Text of the observation's value of that name; NULL if it has none. */
const char *observation_value(
	const struct observation *observation, const char *name);

/* The same as a number; FALLBACK when there is none or it is not a number. */
int64_t observation_number(const struct observation *observation,
	const char *name, int64_t fallback);

/* Display name of a task: "路人3", "main", "child 2"; borrowed. */
const char *observed_name(const struct observed_run *run, int task);

/* Process number of a task: its own unless it is a thread. */
int observed_process(const struct observed_run *run, int task);

/* Index of the event with which main (the process) ended; count if none. */
size_t observed_main_exit(const struct observed_run *run);

#endif
