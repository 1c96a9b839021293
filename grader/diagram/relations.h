/*
 * How the events of a run belong together, whatever is shown of them: what
 * made an event possible, and how long what it began lasts.  Pure.
 *
 * Events are indices into trace->events; the number of events means none.
 */
#ifndef GRADER_DIAGRAM_RELATIONS_H
#define GRADER_DIAGRAM_RELATIONS_H

#include "grader/diagram/diagram.h"

/*
 * The event of another task without which event INDEX would not have come: the
 * exit that is reaped, the signal that is delivered, the item that is got, the
 * lock that was waited for and given back, the post that wakes.  *KIND is set
 * when there is one.
 */
size_t relation_cause(const struct told_trace *trace, size_t index,
	enum diagram_arrow_kind *kind);

/* The event with which its task goes on when it blocks with event INDEX. */
size_t relation_goes_on(const struct told_trace *trace, size_t index);

/* The first event after FROM of that kind by a task of the process; on OBJECT,
   unless that is NULL. */
size_t relation_next(const struct told_trace *trace, size_t from,
	enum event_kind kind, int process, const char *object);

/* Where the lock that is got with event INDEX is given back: by the end of its
   process at the latest, if that is how such a lock is lost. */
size_t relation_given_back(const struct told_trace *trace, size_t index);

/* The process of a task; -1 of the engine. */
int relation_process(const struct told_trace *trace, int task);

#endif
