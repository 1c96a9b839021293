/*
 * What lasts.  A task that blocks or sleeps does so up to its next event;
 * a lock is held up to its being given back, or to the end of a holder whom
 * others wait for.  The lane of many tasks has no spans.
 */
#include "base/alloc.h"
#include "grader/diagram/relations.h"
#include "grader/diagram/work.h"

static size_t last_row(const struct work *work)
{
	return work->out->row_count ? work->out->row_count - 1 : 0;
}

void diagram_add_span(struct work *work, enum diagram_state state, int task,
	size_t from_event, size_t to_event)
{
	struct diagram *out = work->out;
	size_t lane = lane_of(work, task);
	size_t from = work->rows[from_event];
	size_t to = to_event < work->trace->event_count ? work->rows[to_event]
							: last_row(work);

	if (lane == DIAGRAM_NONE || out->lanes[lane].task < 0 || from >= to)
		return;
	grow_array(&out->spans, out->span_count, &out->span_capacity,
		sizeof(*out->spans));
	out->spans[out->span_count++] = (struct diagram_span){
		.state = state,
		.lane = lane,
		.from = from,
		.to = to,
		.event = from_event,
	};
}

/* Somebody waits for ever for what the process has. */
static bool is_wanted(const struct work *work, int process, const char *object)
{
	const struct told_trace *trace = work->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct told_event *event = &trace->events[i];

		if (event->kind == EVENT_DEADLOCK &&
			process_of(work, event->other) == process &&
			same_text(event->object, object))
			return true;
	}
	return false;
}

static void add_hold(struct work *work, size_t index)
{
	const struct told_event *event = &work->trace->events[index];
	int process = process_of(work, event->task);
	size_t count = work->trace->event_count;
	size_t end = relation_given_back(work->trace, index);

	/* a semaphore that is never given back may be no lock */
	if (end == count && !is_wanted(work, process, event->object))
		return;
	diagram_add_span(work, DIAGRAM_HOLDS, event->task, index, end);
}

static void add_blocked(struct work *work, size_t index)
{
	const struct told_event *event = &work->trace->events[index];
	size_t end = relation_goes_on(work->trace, index);
	bool sleeps =
		event->kind == EVENT_SLEEP || same_text(event->object, "time");

	diagram_add_span(work,
		sleeps ? DIAGRAM_SLEEPS
		: end == work->trace->event_count && work->finding
			? DIAGRAM_FOR_EVER
			: DIAGRAM_WAITS,
		event->task, index, end);
}

static void add_updates(struct work *work)
{
	const struct told_trace *trace = work->trace;
	size_t reads[2] = {0, 0}, count = 0;

	for (size_t i = 0; i < trace->event_count; i++) {
		enum diagram_role role = work->roles[i];

		if ((role == DIAGRAM_READS || role == DIAGRAM_READS_TOO) &&
			count < 2)
			reads[count++] = i;
		if (role != DIAGRAM_WRITES && role != DIAGRAM_OVERWRITES)
			continue;
		for (size_t j = 0; j < count; j++)
			if (process_of(work, trace->events[reads[j]].task) ==
				process_of(work, trace->events[i].task))
				diagram_add_span(work, DIAGRAM_UPDATE,
					trace->events[i].task, reads[j], i);
	}
}

/* Ended and not yet, or never, waited for; orphaned and still alive. */
static void add_afterlife(struct work *work, size_t index)
{
	const struct told_trace *trace = work->trace;
	const struct told_event *event = &trace->events[index];
	size_t end = trace->event_count;

	if (event->kind == EVENT_ORPHAN) {
		diagram_add_span(work, DIAGRAM_ORPHANED, event->task, index,
			relation_next(trace, index, EVENT_EXIT,
				process_of(work, event->task), NULL));
		return;
	}
	for (size_t i = index + 1; i < trace->event_count; i++) {
		if (trace->events[i].kind == EVENT_REAP &&
			trace->events[i].other == event->task)
			end = i;
		/* of an orphan the system takes care */
		if (trace->events[i].kind == EVENT_ORPHAN &&
			trace->events[i].task == event->task)
			return;
	}
	if (end < trace->event_count || trace->tasks[event->task].parent >= 0)
		diagram_add_span(work, DIAGRAM_ZOMBIE, event->task, index, end);
}

void diagram_make_spans(struct work *work)
{
	const struct told_trace *trace = work->trace;

	add_updates(work);
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct told_event *event = &trace->events[i];

		if (event->task < 0)
			continue;
		if (event->kind == EVENT_WAIT || event->kind == EVENT_SLEEP ||
			event->kind == EVENT_LOCK_WAIT)
			add_blocked(work, i);
		else if (event->kind == EVENT_LOCK ||
			 event->kind == EVENT_ACQUIRE)
			add_hold(work, i);
		else if (event->kind == EVENT_ORPHAN ||
			 (event->kind == EVENT_EXIT &&
				 process_of(work, event->task) == event->task))
			add_afterlife(work, i);
	}
}
