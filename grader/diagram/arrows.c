/*
 * What goes from one task to another.  An arrow is drawn when both its ends
 * are rows of their own: from one fold to another it would say nothing.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "grader/diagram/relations.h"
#include "grader/diagram/work.h"

static bool is_shown(const struct work *work, size_t event)
{
	const struct diagram_row *row;

	if (!work->out->row_count)
		return false;
	row = &work->out->rows[work->rows[event]];
	return row->kind == DIAGRAM_EVENT && row->event == event;
}

void diagram_add_arrow(struct work *work, enum diagram_arrow_kind kind,
	int from_task, size_t from_event, int to_task, size_t to_event)
{
	struct diagram *out = work->out;
	size_t from = lane_of(work, from_task), to = lane_of(work, to_task);

	if (from == DIAGRAM_NONE || to == DIAGRAM_NONE || from == to ||
		!is_shown(work, from_event) || !is_shown(work, to_event))
		return;
	grow_array(&out->arrows, out->arrow_count, &out->arrow_capacity,
		sizeof(*out->arrows));
	out->arrows[out->arrow_count++] = (struct diagram_arrow){
		.kind = kind,
		.from_lane = from,
		.from_row = work->rows[from_event],
		.to_lane = to,
		.to_row = work->rows[to_event],
	};
}

static void add_from(
	struct work *work, enum diagram_arrow_kind kind, size_t from, size_t to)
{
	const struct told_trace *trace = work->trace;

	if (from < trace->event_count)
		diagram_add_arrow(work, kind, trace->events[from].task, from,
			trace->events[to].task, to);
}

static void add_deadlock(struct work *work, size_t index)
{
	const struct told_event *event = &work->trace->events[index];
	size_t before = work->out->arrow_count;

	if (event->other < 0)
		return;
	diagram_add_arrow(work, DIAGRAM_WAITS_FOR, event->task, index,
		event->other, index);
	if (work->out->arrow_count > before)
		work->out->arrows[before].circle =
			diagram_in_circle(work, index);
}

static void add_loss(struct work *work)
{
	size_t count = work->trace->event_count, lost = count, over = count;

	for (size_t i = 0; i < count; i++) {
		if (work->roles[i] == DIAGRAM_WRITES)
			lost = i;
		if (work->roles[i] == DIAGRAM_OVERWRITES)
			over = i;
	}
	if (lost < count && over < count)
		add_from(work, DIAGRAM_LOST, over, lost);
}

static void add_event(struct work *work, size_t index)
{
	const struct told_event *event = &work->trace->events[index];
	enum diagram_arrow_kind kind = DIAGRAM_FORK;
	size_t cause;

	if (event->kind == EVENT_FORK)
		diagram_add_arrow(work, DIAGRAM_FORK, event->task, index,
			event->other, index);
	if (event->kind == EVENT_DEADLOCK)
		add_deadlock(work, index);
	cause = relation_cause(work->trace, index, &kind);
	add_from(work, kind, cause, index);
}

void diagram_make_arrows(struct work *work)
{
	for (size_t i = 0; i < work->trace->event_count; i++)
		if (is_shown(work, i))
			add_event(work, i);
	add_loss(work);
}
