/*
 * Which events matter.  The finding names its evidence; of a lost update and
 * of a deadlock the trace shows more than that: the two reads and the two
 * writes, and everybody who waits for ever.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/diagram/work.h"

/* A read and the write that follows from it. */
struct update {
	const char *object;
	int64_t offset;
	int process;
	size_t read, write;
};

/* Causes whose failure is an update that gets lost. */
static bool is_about_updates(const struct finding *finding)
{
	static const char *const causes[] = {"lost-update", "flock-inherited",
		"lock-dropped-by-close", "lock-file-replaced",
		"unlock-before-write", "check-then-act", "read-outside-lock"};

	if (!finding)
		return false;
	if (finding->rule && !strcmp(finding->rule, "never-overlap"))
		return true;
	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++)
		if (same_text(finding->cause, causes[i]))
			return true;
	return false;
}

static void mark_evidence(struct work *work)
{
	const struct finding *finding = work->finding;

	for (size_t i = 0; finding && i < finding->event_count; i++)
		if (finding->events[i].seq < work->trace->event_count)
			work->roles[finding->events[i].seq] = DIAGRAM_EVIDENCE;
}

/* What the event changes: a file, or a place in memory. */
static const char *changed(const struct told_event *event)
{
	switch (event->kind) {
	case EVENT_WRITE:
		return event->object;
	case EVENT_RENAME:
		return event->text;
	case EVENT_ACCESS:
		return event->call && strstr(event->call, "write") &&
				       !strstr(event->call, "atomic")
			       ? event->object
			       : NULL;
	default:
		return NULL;
	}
}

static bool reads(const struct told_event *event, const struct update *update)
{
	bool memory = event->kind == EVENT_ACCESS && event->call &&
		      !strstr(event->call, "write");

	return (event->kind == EVENT_READ || memory) &&
	       same_text(event->object, update->object) &&
	       (event->kind == EVENT_READ || event->offset == update->offset);
}

/* The update that the event ends; false when it does not end one. */
static bool find_update(
	const struct work *work, size_t index, struct update *update)
{
	const struct told_trace *trace = work->trace;
	const struct told_event *event = &trace->events[index];
	bool memory = event->kind == EVENT_ACCESS;

	*update = (struct update){
		.object = changed(event),
		.offset = memory ? event->offset : 0,
		.process = process_of(work, event->task),
		.write = index,
	};
	if (!update->object)
		return false;
	for (size_t i = index; i > 0; i--) {
		const struct told_event *before = &trace->events[i - 1];

		if (process_of(work, before->task) != update->process)
			continue;
		update->read = i - 1;
		if (reads(before, update))
			return true;
		if (same_text(changed(before), update->object) &&
			(!memory || before->offset == update->offset))
			return false;
	}
	return false;
}

static size_t collect(const struct work *work, struct update *updates)
{
	size_t count = 0;

	for (size_t i = 0; i < work->trace->event_count; i++)
		count += find_update(work, i, &updates[count]);
	return count;
}

static bool overlap(const struct update *one, const struct update *other)
{
	return one->process != other->process && one->offset == other->offset &&
	       !strcmp(one->object, other->object) &&
	       one->read < other->write && other->read < one->write;
}

/* How many of the four events the finding names. */
static int named(const struct work *work, const struct update *one,
	const struct update *other)
{
	return (work->roles[one->read] != DIAGRAM_PLAIN) +
	       (work->roles[one->write] != DIAGRAM_PLAIN) +
	       (work->roles[other->read] != DIAGRAM_PLAIN) +
	       (work->roles[other->write] != DIAGRAM_PLAIN);
}

/* The pair that overlaps and that the finding names most of; the first. */
static void mark_update(struct work *work)
{
	struct update *updates =
		xcalloc(work->trace->event_count + 1, sizeof(*updates));
	size_t count = collect(work, updates);
	const struct update *early = NULL, *late = NULL;
	int most = -1;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++) {
			int now = named(work, &updates[j], &updates[i]);

			if (now <= most || !overlap(&updates[j], &updates[i]))
				continue;
			most = now;
			early = &updates[j];
			late = &updates[i];
		}
	if (early) {
		bool first = early->read < late->read;

		work->marked = true;
		work->roles[early->read] =
			first ? DIAGRAM_READS : DIAGRAM_READS_TOO;
		work->roles[late->read] =
			first ? DIAGRAM_READS_TOO : DIAGRAM_READS;
		work->roles[early->write] = DIAGRAM_WRITES;
		work->roles[late->write] = DIAGRAM_OVERWRITES;
	}
	free(updates);
}

static bool is_pipe(const struct told_event *event)
{
	return event->object && !strncmp(event->object, "pipe:", 5);
}

/* The deadlock event of the task's process, or the number of events. */
static size_t stuck(const struct work *work, int task)
{
	const struct told_trace *trace = work->trace;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_DEADLOCK &&
			process_of(work, trace->events[i].task) ==
				process_of(work, task))
			return i;
	return trace->event_count;
}

bool diagram_in_circle(const struct work *work, size_t index)
{
	const struct told_trace *trace = work->trace;
	int start = process_of(work, trace->events[index].task);
	size_t at = index;

	for (size_t steps = 0; steps <= trace->task_count; steps++) {
		int next = trace->events[at].other;

		if (next < 0 || is_pipe(&trace->events[at]))
			return false;
		if (process_of(work, next) == start)
			return true;
		at = stuck(work, next);
		if (at == trace->event_count)
			return false;
	}
	return false;
}

/* How the one who is waited for came by what it has. */
static void mark_taken(struct work *work, size_t index)
{
	const struct told_trace *trace = work->trace;
	const struct told_event *wait = &trace->events[index];

	for (size_t i = index; i > 0; i--) {
		const struct told_event *event = &trace->events[i - 1];

		if ((event->kind == EVENT_LOCK ||
			    event->kind == EVENT_ACQUIRE) &&
			process_of(work, event->task) ==
				process_of(work, wait->other) &&
			same_text(event->object, wait->object)) {
			work->roles[i - 1] = DIAGRAM_TAKES;
			return;
		}
	}
}

/* The circle; where there is none, all who wait for ever. */
static void mark_deadlock(struct work *work)
{
	const struct told_trace *trace = work->trace;
	bool circle = false;

	for (size_t i = 0; i < trace->event_count; i++)
		circle = circle || (trace->events[i].kind == EVENT_DEADLOCK &&
					   diagram_in_circle(work, i));
	for (size_t i = 0; i < trace->event_count; i++) {
		if (trace->events[i].kind != EVENT_DEADLOCK)
			continue;
		work->marked = true;
		work->roles[i] = DIAGRAM_STUCK;
		if (circle && !diagram_in_circle(work, i))
			work->roles[i] = DIAGRAM_EVIDENCE;
		else if (circle)
			mark_taken(work, i);
	}
}

void diagram_mark(struct work *work)
{
	mark_evidence(work);
	if (!work->finding)
		return;
	mark_deadlock(work);
	if (!work->marked && is_about_updates(work->finding))
		mark_update(work);
}
