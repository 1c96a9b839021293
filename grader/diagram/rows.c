/*
 * Each event has a rank, by what it is and whether the finding is about its
 * task; those of the best ranks are shown, and of equal ones those nearest to
 * a key step.  What lies between is folded.  Opening and closing files is
 * left out without a word: there is so much of it.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "grader/diagram/relations.h"
#include "grader/diagram/work.h"

enum rank {
	RANK_KEY,     /* roles, and where lanes in focus begin and end */
	RANK_BETWEEN, /* who waits for whom, and what the finding is about */
	RANK_DONE,    /* what tasks in focus do besides */
	RANK_OTHERS,
	RANK_DULL,
};

struct candidate {
	size_t event, distance;
	enum rank rank;
};

static bool is_dull(const struct told_event *event)
{
	return event->kind == EVENT_OPEN || event->kind == EVENT_CLOSE ||
	       event->kind == EVENT_STATE || event->kind == EVENT_EXEC ||
	       event->kind == EVENT_WAKE;
}

/* Has a lane of its own, which it has because the finding is about it, unless
 * there is room for all. */
static bool in_focus(const struct work *work, int task)
{
	size_t lane = lane_of(work, task);

	return lane != DIAGRAM_NONE && work->out->lanes[lane].task >= 0;
}

/* An object that a key step is about, too. */
static bool is_meant(const struct work *work, const struct told_event *event)
{
	for (size_t i = 0; i < work->trace->event_count; i++) {
		const struct told_event *key = &work->trace->events[i];

		if (work->roles[i] != DIAGRAM_PLAIN &&
			key->kind != EVENT_OUTPUT &&
			(same_text(key->object, event->object) ||
				same_text(key->text, event->object) ||
				same_text(key->object, event->text)))
			return true;
	}
	return false;
}

/* Waits for children that have no lane: others of its kind say nothing. */
static bool waits_for_others(const struct work *work, size_t index)
{
	const struct told_trace *trace = work->trace;
	size_t end = relation_goes_on(trace, index);

	while (end < trace->event_count &&
		trace->events[end].kind == EVENT_WAKE)
		end = relation_goes_on(trace, end);
	return same_text(trace->events[index].object, "child") &&
	       end < trace->event_count &&
	       trace->events[end].kind == EVENT_REAP &&
	       !in_focus(work, trace->events[end].other);
}

static enum rank rank_in_focus(const struct work *work, size_t index)
{
	const struct told_event *event = &work->trace->events[index];

	switch (event->kind) {
	case EVENT_FORK:
		return in_focus(work, event->other) ? RANK_KEY : RANK_OTHERS;
	case EVENT_EXIT:
	case EVENT_ORPHAN:
	case EVENT_LEFT:
	case EVENT_ZOMBIE:
		return RANK_KEY;
	case EVENT_REAP:
		return in_focus(work, event->other) ? RANK_BETWEEN
						    : RANK_OTHERS;
	case EVENT_LOCK_WAIT:
	case EVENT_LOCK:
	case EVENT_UNLOCK:
	case EVENT_SIGNAL_SENT:
	case EVENT_SIGNAL_DELIVERED:
	case EVENT_ACQUIRE:
	case EVENT_RELEASE:
		return RANK_BETWEEN;
	case EVENT_WAIT:
		return waits_for_others(work, index) ? RANK_OTHERS
						     : RANK_BETWEEN;
	default:
		return is_meant(work, event) ? RANK_BETWEEN : RANK_DONE;
	}
}

static enum rank rank_of(const struct work *work, size_t index)
{
	const struct told_event *event = &work->trace->events[index];

	if (work->roles[index] >= DIAGRAM_READS ||
		(work->roles[index] == DIAGRAM_EVIDENCE &&
			(!work->marked || in_focus(work, event->task))) ||
		event->kind == EVENT_LIMIT || event->kind == EVENT_DENIED)
		return RANK_KEY;
	if (is_dull(event))
		return RANK_DULL;
	if (!in_focus(work, event->task) && event->task >= 0)
		return RANK_OTHERS;
	return rank_in_focus(work, index);
}

static int compare(const void *one, const void *other)
{
	const struct candidate *a = one, *b = other;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->distance != b->distance)
		return a->distance < b->distance ? -1 : 1;
	return a->event < b->event ? -1 : 1;
}

/* To the nearest event with a role; without any, to the end. */
static void measure(const struct work *work, struct candidate *candidates)
{
	size_t count = work->trace->event_count, near = DIAGRAM_NONE;

	for (size_t i = 0; i < count; i++) {
		near = work->roles[i] != DIAGRAM_PLAIN ? 0
		       : near == DIAGRAM_NONE          ? near
						       : near + 1;
		candidates[i].distance = near;
	}
	near = 0;
	for (size_t i = count; i > 0; i--) {
		near = work->roles[i - 1] != DIAGRAM_PLAIN ? 0 : near + 1;
		if (near < candidates[i - 1].distance)
			candidates[i - 1].distance = near;
	}
}

/* Which events are shown: owned. */
static bool *choose(const struct work *work)
{
	size_t count = work->trace->event_count;
	struct candidate *candidates = xcalloc(count + 1, sizeof(*candidates));
	bool *shown = xcalloc(count + 1, sizeof(*shown));

	measure(work, candidates);
	for (size_t i = 0; i < count; i++) {
		candidates[i].event = i;
		candidates[i].rank = rank_of(work, i);
	}
	qsort(candidates, count, sizeof(*candidates), compare);
	for (size_t i = 0; i < count && i < DIAGRAM_ROWS_MAX; i++)
		if (candidates[i].rank < RANK_OTHERS)
			shown[candidates[i].event] = true;
	free(candidates);
	return shown;
}

static struct diagram_row *add_row(
	struct work *work, enum diagram_row_kind kind, int64_t time_us)
{
	struct diagram *out = work->out;
	struct diagram_row *row;

	grow_array(&out->rows, out->row_count, &out->row_capacity,
		sizeof(*out->rows));
	row = &out->rows[out->row_count++];
	*row = (struct diagram_row){.kind = kind,
		.time_us = time_us,
		.event = DIAGRAM_NONE,
		.lane = DIAGRAM_NONE,
		.from_lane = DIAGRAM_NONE,
		.task = -1};
	return row;
}

/* Time goes on to TIME_US: within a fold at the end, or in a row of its own. */
static void pass_time(struct work *work, int64_t time_us)
{
	struct diagram *out = work->out;
	struct diagram_row *last =
		out->row_count ? &out->rows[out->row_count - 1] : NULL;
	int64_t passed = time_us - (last ? last->time_us : 0);

	if (passed <= 0)
		return;
	if (!last || last->kind != DIAGRAM_FOLD)
		last = add_row(work, DIAGRAM_JUMP, time_us);
	last->jump_us += passed;
	last->time_us = time_us;
}

/* Adds the event to the fold at the end, or to a new one. */
static void fold(struct work *work, size_t index, bool *seen)
{
	const struct told_event *event = &work->trace->events[index];
	struct diagram *out = work->out;
	struct diagram_row *last;

	pass_time(work, event->time_us);
	last = out->row_count ? &out->rows[out->row_count - 1] : NULL;
	if (!last || last->kind != DIAGRAM_FOLD) {
		last = add_row(work, DIAGRAM_FOLD, event->time_us);
		for (size_t i = 0; i < work->trace->task_count; i++)
			seen[i] = false;
	}
	last->folded++;
	if (event->task >= 0 && !seen[event->task]) {
		seen[event->task] = true;
		last->task = last->tasks++ ? -1 : event->task;
	}
}

static void show(struct work *work, size_t index)
{
	const struct told_trace *trace = work->trace;
	const struct told_event *event = &trace->events[index];
	struct diagram_row *row;

	pass_time(work, event->time_us);
	row = add_row(work, DIAGRAM_EVENT, event->time_us);
	row->event = index;
	row->lane = lane_of(work, event->task);
	row->role = work->roles[index];
	for (size_t i = 0; i < trace->switch_count; i++)
		if (trace->switches[i].position == event->seq) {
			row->switched = true;
			row->from_lane = lane_of(work, trace->switches[i].from);
		}
}

void diagram_make_rows(struct work *work)
{
	const struct told_trace *trace = work->trace;
	bool *shown = choose(work);
	bool *seen = xcalloc(trace->task_count + 1, sizeof(*seen));

	for (size_t i = 0; i < trace->event_count; i++) {
		if (shown[i]) {
			show(work, i);
		} else if (is_dull(&trace->events[i])) {
			work->out->dull++;
			work->rows[i] = work->out->row_count
						? work->out->row_count - 1
						: 0;
			continue;
		} else {
			fold(work, i, seen);
		}
		work->rows[i] = work->out->row_count - 1;
	}
	free(seen);
	free(shown);
}
