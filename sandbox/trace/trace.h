/*
 * A trace: all that the processes of one program did in one schedule.
 *
 * A plain value: appended to by the tracer, written and read as JSON Lines
 * (trace/trace_json.h), looked at by the rules.  All zeroes is a valid empty
 * trace.  The trace owns its strings; equal strings are stored once.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "trace/event.h"

/* One process or thread, numbered by creation; 0 is the student's main. */
struct trace_task {
	int parent;        /* task that made it, -1 for main */
	int process;       /* number of its process' first thread */
	bool is_thread;    /* process != own number */
	pid_t pid;         /* thread id as the program sees it */
	char pedigree[48]; /* "0", "0.1", "0.1.3", threads "0.t1" */
	int64_t born_us;
	int64_t died_us;   /* -1 = alive when the trace ended */
	int exit_status;   /* -1 unless it exited by itself */
	int exit_signal;   /* 0 unless a signal ended it */
	int reaped_by;     /* task number; -1 nobody; -2 the kernel (auto) */
	int64_t reaped_us; /* -1 = never */
	bool orphaned;
};

struct trace_string;

struct trace {
	struct event *events;
	size_t event_count, event_capacity;
	struct trace_task *tasks;
	size_t task_count, task_capacity;
	/* header */
	char *exercise, *scenario, *policy, *program_hash; /* owned or NULL */
	char *switches; /* fixed choices as text, owned or NULL */
	uint64_t seed;
	/* string store, private */
	struct trace_string **buckets;
	size_t bucket_count, string_count, string_bytes;
};

void trace_release(struct trace *trace);

/* Memory that it takes, nearly. */
size_t trace_bytes(const struct trace *trace);

/*
 * Adds a task (its parent must exist, -1 for the first) and returns its
 * number.  Call it before appending the fork event that names it.
 */
int trace_add_task(struct trace *trace, int parent, bool is_thread, pid_t pid,
	int64_t born_us);

/*
 * Appends a copy of *EVENT, numbered, its strings copied into the store
 * (text and after are made valid UTF-8 and cut to EVENT_TEXT_MAX).  exit,
 * reap and orphan events bring the tasks table up to date.  Returns the
 * stored event, valid until the next append.
 */
const struct event *trace_append(
	struct trace *trace, const struct event *event);

/* As trace_append(), the text given by its length (it may hold NULs). */
const struct event *trace_append_data(struct trace *trace,
	const struct event *event, const void *text, size_t text_length,
	const void *after, size_t after_length);

/* Virtual end of the trace: time of its last event, 0 when empty. */
int64_t trace_end_us(const struct trace *trace);

/*
 * A hash of all events, without the header and the places in the program:
 * traces whose events are the same have the same one.
 */
uint64_t trace_fingerprint(const struct trace *trace);

/* True when ANCESTOR made TASK, or made a task that did, and so on. */
bool trace_is_ancestor(const struct trace *trace, int ancestor, int task);

#endif
