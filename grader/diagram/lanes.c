/*
 * Few tasks have a lane each.  Of many, those have that the finding is about,
 * the one whom they wait for, and main; the others share the last lane.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "grader/diagram/work.h"

/* So many at most: the finding's first steps say what there is to say. */
#define FOCUS_MAX 5

static void focus(struct work *work, int task, size_t *count)
{
	if (task < 0 || (size_t)task >= work->trace->task_count ||
		work->focus[task] || *count >= FOCUS_MAX)
		return;
	work->focus[task] = true;
	(*count)++;
}

/* The tasks of the events of that role and above. */
static void focus_on(struct work *work, enum diagram_role least, size_t *count)
{
	const struct told_trace *trace = work->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct told_event *event = &trace->events[i];

		if (work->roles[i] < least)
			continue;
		focus(work, event->task, count);
		if (event->kind == EVENT_DEADLOCK ||
			event->kind == EVENT_LOCK_WAIT ||
			event->kind == EVENT_ORPHAN)
			focus(work, event->other, count);
	}
}

static void choose_focus(struct work *work)
{
	size_t count = 0;

	focus(work, 0, &count);
	if (work->marked)
		focus_on(work, DIAGRAM_READS, &count);
	if (count < 3)
		focus_on(work, DIAGRAM_EVIDENCE, &count);
	/* about nobody: the first ones are as good as others */
	for (size_t i = 0; count < 3 && i < work->trace->task_count; i++)
		focus(work, (int)i, &count);
}

static void add_lane(struct work *work, int task)
{
	struct diagram *out = work->out;
	struct diagram_lane *lane = &out->lanes[out->lane_count++];

	*lane = (struct diagram_lane){.task = task,
		.tasks = 1,
		.parent = DIAGRAM_NONE,
		.died = DIAGRAM_NONE};
	if (task < 0)
		return;
	lane->name = work->trace->tasks[task].name;
	lane->focus = work->focus[task];
	work->lanes[task] = out->lane_count - 1;
}

void diagram_make_lanes(struct work *work)
{
	const struct told_trace *trace = work->trace;
	struct diagram *out = work->out;
	bool all = trace->task_count <= DIAGRAM_LANES_MAX;
	size_t rest = 0;

	choose_focus(work);
	out->lanes = xcalloc(DIAGRAM_LANES_MAX + 2, sizeof(*out->lanes));
	for (size_t i = 0; i < trace->task_count; i++)
		if (all || work->focus[i])
			add_lane(work, (int)i);
	for (size_t i = 0; i < trace->task_count; i++) {
		if (all || work->focus[i])
			continue;
		if (rest++ == 0)
			add_lane(work, -1);
		work->lanes[i] = out->lane_count - 1;
	}
	if (rest)
		out->lanes[out->lane_count - 1].tasks = rest;
	for (size_t i = 0; i < out->lane_count; i++)
		if (out->lanes[i].task >= 0)
			out->lanes[i].parent = lane_of(
				work, trace->tasks[out->lanes[i].task].parent);
}
