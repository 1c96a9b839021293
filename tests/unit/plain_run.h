/* Runs without an exercise, made event by event. */
#ifndef TESTS_PLAIN_RUN_H
#define TESTS_PLAIN_RUN_H

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/account.h"
#include "grader/observe.h"

#define SECOND INT64_C(1000000)

struct plain_run {
	struct run_outcome outcome;
	struct observed_run run;
};

static inline const char *plain_place(void *context, uint64_t pc)
{
	static char text[32];

	(void)context;
	snprintf(text, sizeof(text), "a.c:%d", (int)pc);
	return text;
}

static inline void plain_start(struct plain_run *plain)
{
	memset(plain, 0, sizeof(*plain));
	plain->outcome.main_status = -1;
	trace_add_task(&plain->outcome.trace, -1, false, 2, 0);
}

static inline struct event plain_event(
	enum event_kind kind, int task, int64_t at_us)
{
	struct event event = event_make(kind, task);

	event.time_us = at_us;
	return event;
}

static inline void plain_add(struct plain_run *plain, const struct event *event)
{
	trace_append(&plain->outcome.trace, event);
}

static inline int plain_fork(
	struct plain_run *plain, int parent, bool thread, int line)
{
	struct trace *trace = &plain->outcome.trace;
	int task = trace_add_task(
		trace, parent, thread, 2 + (int)trace->task_count, 0);
	struct event event = plain_event(EVENT_FORK, parent, 0);

	event.other = task;
	event.value = thread;
	event.pc = (uint64_t)line;
	plain_add(plain, &event);
	return task;
}

static inline void plain_print(struct plain_run *plain, int task, int64_t at_us,
	const char *stream, const char *text, bool ended)
{
	struct event event = plain_event(EVENT_OUTPUT, task, at_us);

	event.object = stream;
	event.text = text;
	event.value = ended;
	plain_add(plain, &event);
}

static inline void plain_line(struct plain_run *plain, const char *text)
{
	plain_print(plain, 0, 0, "stdout", text, true);
}

static inline void plain_exit(struct plain_run *plain, int task, int64_t at_us,
	int status, int signal, int line)
{
	struct event event = plain_event(EVENT_EXIT, task, at_us);

	event.status = status;
	event.signal = signal;
	event.pc = (uint64_t)line;
	plain_add(plain, &event);
	if (task != 0)
		return;
	plain->outcome.main_ended = true;
	plain->outcome.main_status = status;
	plain->outcome.main_signal = signal;
	plain->outcome.main_end_us = at_us;
}

static inline void plain_reap(struct plain_run *plain, int task, int child)
{
	struct event event = plain_event(EVENT_REAP, task, 0);

	event.other = child;
	event.status = 0;
	event.call = "wait4";
	plain_add(plain, &event);
}

static inline void plain_mark(
	struct plain_run *plain, enum event_kind kind, int task, int other)
{
	struct event event = plain_event(kind, task, 0);

	event.other = other;
	plain_add(plain, &event);
}

static inline void plain_file(
	struct plain_run *plain, const char *name, const char *data)
{
	struct run_outcome *outcome = &plain->outcome;

	outcome->files = xcalloc(1, sizeof(*outcome->files));
	outcome->files[0].name = xstrdup(name);
	outcome->files[0].data = xstrdup(data);
	outcome->files[0].length = strlen(data);
	outcome->files[0].regular = true;
	outcome->file_count = 1;
}

/* All events are there: observes the run. */
static inline const struct observed_run *plain_observe(struct plain_run *plain)
{
	static const struct exercise no_exercise;
	static const struct scenario no_scenario;

	plain->run = (struct observed_run){
		.exercise = &no_exercise,
		.scenario = &no_scenario,
		.outcome = &plain->outcome,
		.trace = &plain->outcome.trace,
		.place = plain_place,
	};
	observe_run(&plain->run);
	return &plain->run;
}

static inline void plain_release(struct plain_run *plain)
{
	observed_run_release(&plain->run);
	run_outcome_release(&plain->outcome);
}

#endif
