/*
 * The space-time diagram of a run: a lane a process or thread, rows downwards
 * in the order of the events, and what is drawn upon them.  A plain value for
 * whoever draws it (SVG, text); it knows no colour and no size.  Pure.
 *
 * It is about a finding.  What has nothing to do with that is folded, so that
 * a run of 26 processes and 2,000 events still fits on a page: at most
 * DIAGRAM_LANES_MAX lanes and about DIAGRAM_ROWS_MAX events are shown.
 *
 * Rows are equal steps.  Where virtual time goes on, a row of its own or a fold
 * says by how much.
 */
#ifndef GRADER_DIAGRAM_DIAGRAM_H
#define GRADER_DIAGRAM_DIAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grader/verdict.h"

#define DIAGRAM_LANES_MAX 8
#define DIAGRAM_ROWS_MAX 40
#define DIAGRAM_STEPS_MAX 8   /* of the evidence; key steps are all numbered */
#define DIAGRAM_NONE SIZE_MAX /* no lane, no row, no event */

struct diagram_lane {
	int task;          /* -1: all tasks that have no lane of their own */
	const char *name;  /* of the task, borrowed from the trace; else NULL */
	size_t tasks;      /* how many it stands for */
	size_t parent;     /* lane of who made it, or DIAGRAM_NONE */
	size_t born, died; /* rows; died DIAGRAM_NONE: alive at the end */
	bool focus;        /* the finding is about it */
};

enum diagram_row_kind {
	DIAGRAM_EVENT, /* one event */
	DIAGRAM_FOLD,  /* events that are not shown */
	DIAGRAM_JUMP,  /* virtual time goes on */
};

/* What an event does in the story of the finding. */
enum diagram_role {
	DIAGRAM_PLAIN,
	DIAGRAM_EVIDENCE,   /* the finding names it */
	DIAGRAM_READS,      /* lost update: reads ... */
	DIAGRAM_READS_TOO,  /* ... another does, before the first wrote */
	DIAGRAM_WRITES,     /* the update that gets lost */
	DIAGRAM_OVERWRITES, /* the one that is written over it */
	DIAGRAM_TAKES, /* deadlock: gets what the next in the circle needs */
	DIAGRAM_STUCK, /* waits for ever */
};

struct diagram_row {
	enum diagram_row_kind kind;
	int64_t time_us;
	size_t event;    /* index into the trace, of an event */
	size_t lane;     /* its lane; DIAGRAM_NONE: the grader's */
	size_t folded;   /* of a fold: how many events, ... */
	size_t tasks;    /* ... of how many tasks, ... */
	int task;        /* ... or of this one alone, else -1 */
	int64_t jump_us; /* of a jump */
	enum diagram_role role;
	unsigned number;  /* of a key step, from 1; else 0 */
	bool switched;    /* the task that ran last could have gone on */
	size_t from_lane; /* that of such a task, or DIAGRAM_NONE */
};

enum diagram_state {
	DIAGRAM_RUNS,
	DIAGRAM_WAITS,    /* blocks until another does something */
	DIAGRAM_SLEEPS,   /* until time has passed */
	DIAGRAM_HOLDS,    /* has a lock */
	DIAGRAM_UPDATE,   /* between the read and the write of a lost update */
	DIAGRAM_ORPHANED, /* lives on without its parent */
	DIAGRAM_ZOMBIE,   /* has ended, is not waited for */
	DIAGRAM_FOR_EVER, /* waits, and nobody can ever end that */
};

struct diagram_span {
	enum diagram_state state;
	size_t lane;
	size_t from, to; /* rows, from < to */
	size_t event;    /* with which it begins */
};

enum diagram_arrow_kind {
	DIAGRAM_FORK,
	DIAGRAM_END,       /* an exit to the wait that it ends */
	DIAGRAM_SIGNAL,    /* sent, delivered */
	DIAGRAM_ITEM,      /* put, got */
	DIAGRAM_LOCK,      /* given back, got by who waited */
	DIAGRAM_WAKE,      /* woken */
	DIAGRAM_WAITS_FOR, /* for ever: a part of a deadlock */
	DIAGRAM_LOST,      /* the later write of a lost update to the earlier */
};

struct diagram_arrow {
	enum diagram_arrow_kind kind;
	size_t from_lane, from_row, to_lane, to_row;
	bool circle; /* of a wait: a part of a closed circle */
};

struct diagram {
	const struct told_trace *trace; /* borrowed */
	struct diagram_lane *lanes;
	size_t lane_count;
	struct diagram_row *rows;
	size_t row_count;
	struct diagram_span *spans;
	size_t span_count;
	struct diagram_arrow *arrows;
	size_t arrow_count;
	size_t *steps; /* the key steps in their order: rows */
	size_t step_count;
	size_t dull; /* events of no row at all: files opened and closed */
	/* private */
	size_t row_capacity, span_capacity, arrow_capacity;
};

/*
 * The diagram of TRACE, which must outlive it.  FINDING says what it is about;
 * NULL: about nothing, as of a right run.  The caller releases it.
 */
void diagram_make(struct diagram *diagram, const struct told_trace *trace,
	const struct finding *finding);
void diagram_release(struct diagram *diagram);

/* A lost update of the finding is drawn; a closed circle of waits is. */
bool diagram_shows_loss(const struct diagram *diagram);
bool diagram_shows_circle(const struct diagram *diagram);

#endif
