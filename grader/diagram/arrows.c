/*
 * What goes from one task to another.  An arrow is drawn when both its ends
 * are rows of their own: from one fold to another it would say nothing.
 */
#include <stdlib.h>

#include "base/alloc.h"
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

/* The last event before END of that kind and object by another task. */
static size_t last_of(const struct work *work, size_t end, enum event_kind kind,
	const char *object, int not_by)
{
	const struct told_trace *trace = work->trace;

	for (size_t i = end; i > 0; i--) {
		const struct told_event *event = &trace->events[i - 1];

		if (event->kind == kind && event->task != not_by &&
			same_text(event->object, object))
			return i - 1;
	}
	return trace->event_count;
}

static void add_from(
	struct work *work, enum diagram_arrow_kind kind, size_t from, size_t to)
{
	const struct told_trace *trace = work->trace;

	if (from < trace->event_count)
		diagram_add_arrow(work, kind, trace->events[from].task, from,
			trace->events[to].task, to);
}

/* The exit of the child that the reap is of. */
static void add_reap(struct work *work, size_t index)
{
	const struct told_trace *trace = work->trace;

	for (size_t i = index; i > 0; i--)
		if (trace->events[i - 1].kind == EVENT_EXIT &&
			trace->events[i - 1].task ==
				trace->events[index].other) {
			add_from(work, DIAGRAM_END, i - 1, index);
			return;
		}
}

static void add_signal(struct work *work, size_t index)
{
	const struct told_trace *trace = work->trace;
	const struct told_event *event = &trace->events[index];

	for (size_t i = index; i > 0; i--) {
		const struct told_event *sent = &trace->events[i - 1];

		if (sent->kind == EVENT_SIGNAL_SENT &&
			sent->signal == event->signal &&
			process_of(work, sent->other) ==
				process_of(work, event->task)) {
			add_from(work, DIAGRAM_SIGNAL, i - 1, index);
			return;
		}
	}
}

/* Who waited for the lock, and whose giving it back ended that. */
static void add_lock(struct work *work, size_t index)
{
	const struct told_trace *trace = work->trace;
	const struct told_event *event = &trace->events[index];
	bool file = event->kind == EVENT_LOCK;

	for (size_t i = index; i > 0; i--) {
		const struct told_event *before = &trace->events[i - 1];

		if (before->task != event->task || before->kind == EVENT_WAKE)
			continue;
		if (before->kind == EVENT_LOCK_WAIT ||
			before->kind == EVENT_WAIT)
			add_from(work, DIAGRAM_LOCK,
				last_of(work, index,
					file ? EVENT_UNLOCK : EVENT_RELEASE,
					event->object, event->task),
				index);
		return;
	}
}

/* Bytes or messages of one channel come out in the order they went in. */
static void add_get(struct work *work, size_t index)
{
	const struct told_trace *trace = work->trace;
	const struct told_event *get = &trace->events[index];
	int64_t taken = 0, put = 0;

	if (get->value <= 0)
		return;
	for (size_t i = 0; i < index; i++)
		if (trace->events[i].kind == EVENT_GET &&
			same_text(trace->events[i].object, get->object))
			taken += trace->events[i].value;
	for (size_t i = 0; i < index; i++) {
		const struct told_event *event = &trace->events[i];

		if (event->kind != EVENT_PUT ||
			!same_text(event->object, get->object))
			continue;
		put += event->value;
		if (put > taken) {
			add_from(work, DIAGRAM_ITEM, i, index);
			return;
		}
	}
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

	switch (event->kind) {
	case EVENT_FORK:
		diagram_add_arrow(work, DIAGRAM_FORK, event->task, index,
			event->other, index);
		break;
	case EVENT_REAP:
		add_reap(work, index);
		break;
	case EVENT_SIGNAL_DELIVERED:
		add_signal(work, index);
		break;
	case EVENT_LOCK:
	case EVENT_ACQUIRE:
		add_lock(work, index);
		break;
	case EVENT_GET:
		add_get(work, index);
		break;
	case EVENT_WAKE:
		add_from(work, DIAGRAM_WAKE,
			last_of(work, index, EVENT_POST, event->object,
				event->task),
			index);
		break;
	case EVENT_DEADLOCK:
		add_deadlock(work, index);
		break;
	default:
		break;
	}
}

void diagram_make_arrows(struct work *work)
{
	for (size_t i = 0; i < work->trace->event_count; i++)
		if (is_shown(work, i))
			add_event(work, i);
	add_loss(work);
}
