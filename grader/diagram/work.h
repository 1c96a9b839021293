/* The parts of a diagram in the making; private to grader/diagram. */
#ifndef GRADER_DIAGRAM_WORK_H
#define GRADER_DIAGRAM_WORK_H

#include "grader/diagram/diagram.h"

struct work {
	const struct told_trace *trace;
	const struct finding *finding; /* or NULL */
	struct diagram *out;
	enum diagram_role *roles; /* one an event */
	bool *focus;              /* one a task: the finding is about it */
	size_t *lanes;            /* one a task: its lane */
	size_t *rows;             /* one an event: its row, or the next one */
	bool marked; /* key steps were found, other than evidence */
};

/* Same text, neither NULL. */
bool same_text(const char *one, const char *other);
/* The task's process; -1 of the engine. */
int process_of(const struct work *work, int task);
/* Lane of the event's task, or DIAGRAM_NONE. */
size_t lane_of(const struct work *work, int task);

/* Gives events their roles. */
void diagram_mark(struct work *work);
void diagram_make_lanes(struct work *work);
void diagram_make_rows(struct work *work);
void diagram_make_spans(struct work *work);
void diagram_make_arrows(struct work *work);

void diagram_add_span(struct work *work, enum diagram_state state, int task,
	size_t from_event, size_t to_event);
void diagram_add_arrow(struct work *work, enum diagram_arrow_kind kind,
	int from_task, size_t from_event, int to_task, size_t to_event);

/*
 * The deadlock event is a part of a circle: whom its task waits for waits for
 * another, and so on, back to it.  Not so by way of a pipe, whose end others
 * may have open too.
 */
bool diagram_in_circle(const struct work *work, size_t index);

#endif
