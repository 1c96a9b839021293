/* How it works: the trace is searched from the event on, backwards for what
 * came before it and forwards for what comes of it. */
#include "grader/diagram/relations.h"

#include "grader/diagram/work.h"

int relation_process(const struct told_trace *trace, int task)
{
	return task < 0 || (size_t)task >= trace->task_count
		       ? -1
		       : trace->tasks[task].process;
}

/* The last event before END of that kind and object by another task. */
static size_t last_of(const struct told_trace *trace, size_t end,
	enum event_kind kind, const char *object, int not_by)
{
	for (size_t i = end; i > 0; i--) {
		const struct told_event *event = &trace->events[i - 1];

		if (event->kind == kind && event->task != not_by &&
			same_text(event->object, object))
			return i - 1;
	}
	return trace->event_count;
}

/* The exit of the child that the reap is of. */
static size_t exit_of(const struct told_trace *trace, size_t index)
{
	for (size_t i = index; i > 0; i--)
		if (trace->events[i - 1].kind == EVENT_EXIT &&
			trace->events[i - 1].task == trace->events[index].other)
			return i - 1;
	return trace->event_count;
}

static size_t sent_of(const struct told_trace *trace, size_t index)
{
	const struct told_event *event = &trace->events[index];

	for (size_t i = index; i > 0; i--) {
		const struct told_event *sent = &trace->events[i - 1];

		if (sent->kind == EVENT_SIGNAL_SENT &&
			sent->signal == event->signal &&
			relation_process(trace, sent->other) ==
				relation_process(trace, event->task))
			return i - 1;
	}
	return trace->event_count;
}

/* Who waited for the lock, and whose giving it back ended that. */
static size_t unlock_of(const struct told_trace *trace, size_t index)
{
	const struct told_event *event = &trace->events[index];
	bool file = event->kind == EVENT_LOCK;

	for (size_t i = index; i > 0; i--) {
		const struct told_event *before = &trace->events[i - 1];

		if (before->task != event->task || before->kind == EVENT_WAKE)
			continue;
		if (before->kind == EVENT_LOCK_WAIT ||
			before->kind == EVENT_WAIT)
			return last_of(trace, index,
				file ? EVENT_UNLOCK : EVENT_RELEASE,
				event->object, event->task);
		break;
	}
	return trace->event_count;
}

/* Bytes or messages of one channel come out in the order they went in. */
static size_t put_of(const struct told_trace *trace, size_t index)
{
	const struct told_event *get = &trace->events[index];
	int64_t taken = 0, put = 0;

	if (get->value <= 0)
		return trace->event_count;
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
		if (put > taken)
			return i;
	}
	return trace->event_count;
}

size_t relation_cause(const struct told_trace *trace, size_t index,
	enum diagram_arrow_kind *kind)
{
	const struct told_event *event = &trace->events[index];
	enum diagram_arrow_kind found = DIAGRAM_END;
	size_t cause = trace->event_count;

	switch (event->kind) {
	case EVENT_REAP:
		cause = exit_of(trace, index);
		break;
	case EVENT_SIGNAL_DELIVERED:
		found = DIAGRAM_SIGNAL;
		cause = sent_of(trace, index);
		break;
	case EVENT_LOCK:
	case EVENT_ACQUIRE:
		found = DIAGRAM_LOCK;
		cause = unlock_of(trace, index);
		break;
	case EVENT_GET:
		found = DIAGRAM_ITEM;
		cause = put_of(trace, index);
		break;
	case EVENT_WAKE: /* not by time-out, nor by a signal */
		found = DIAGRAM_WAKE;
		if (event->value == 0)
			cause = last_of(trace, index, EVENT_POST, event->object,
				event->task);
		break;
	default:
		break;
	}
	if (cause < trace->event_count)
		*kind = found;
	return cause;
}

/* What happens to a task, rather than what it does. */
static bool is_passive(enum event_kind kind)
{
	return kind == EVENT_SIGNAL_DELIVERED || kind == EVENT_ORPHAN ||
	       kind == EVENT_LEFT || kind == EVENT_STATE ||
	       kind == EVENT_FAULT || kind == EVENT_DEADLOCK ||
	       kind == EVENT_ZOMBIE;
}

size_t relation_goes_on(const struct told_trace *trace, size_t index)
{
	size_t i = index + 1;

	while (i < trace->event_count &&
		(trace->events[i].task != trace->events[index].task ||
			is_passive(trace->events[i].kind)))
		i++;
	return i;
}

size_t relation_next(const struct told_trace *trace, size_t from,
	enum event_kind kind, int process, const char *object)
{
	for (size_t i = from + 1; i < trace->event_count; i++) {
		const struct told_event *event = &trace->events[i];

		if (event->kind == kind &&
			relation_process(trace, event->task) == process &&
			(!object || same_text(event->object, object)))
			return i;
	}
	return trace->event_count;
}

size_t relation_given_back(const struct told_trace *trace, size_t index)
{
	const struct told_event *event = &trace->events[index];
	int process = relation_process(trace, event->task);
	bool file = event->kind == EVENT_LOCK;
	size_t end = relation_next(trace, index,
		file ? EVENT_UNLOCK : EVENT_RELEASE, process, event->object);

	return end == trace->event_count && file
		       ? relation_next(trace, index, EVENT_EXIT, process, NULL)
		       : end;
}
