/*
 * Vector clocks.  The clock of an event has one number a task: how many of
 * that task's events come before it, itself included for its own task.  So
 * A is before B exactly when B's clock counts A's place in A's task.
 *
 * A clock differs from the one before it in the same task only by the task's
 * own number, unless the event received something.  So clocks are stored once
 * a segment, the stretch from one such event to the next, and the own number
 * is kept an event: a trace of n events costs n small records plus one clock
 * for each receipt.
 *
 * The trace is walked once.  What an event gives away is joined into clocks
 * that hang on the object (lock, semaphore), or noted as an event (the exit
 * of a task, the puts of a channel) whose clock is joined on receipt.
 *
 * A thread that has ended is joined without a system call, so whether its
 * creator has joined it cannot be told; it is taken for joined.
 *
 * An object that is unlocked or posted again and again collects all that was
 * released so far, as in ThreadSanitizer: which of two posts let a waiter
 * through cannot be told.
 */
#include "trace/happens_before.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "trace/happens_clocks.h"
#include "trace/name_index.h"
#include "trace/unseen.h"

#define NONE SIZE_MAX
#define SIGNAL_COUNT 65
#define SIGNAL_CHILD 17

/* A put that has not been taken out as a whole. */
struct put {
	size_t event;
	int64_t left;     /* bytes */
	const char *text; /* of the trace */
};

enum hold { HOLD_NONE, HOLD_SHARED, HOLD_EXCLUSIVE };

/* What is known of one named object.  Clocks are NULL until needed. */
struct object {
	const char *name; /* of the trace, equal names are equal pointers */
	uint32_t *unlocked, *unlocked_shared, *posted, *closed, *all_puts;
	unsigned char *holds; /* enum hold, one a task; NULL: none ever */
	struct put *puts;
	size_t put_first, put_count, put_capacity;
	size_t last_get;
};

struct task_state {
	uint32_t segment, count;
	size_t exit;         /* event */
	size_t vfork_end;    /* event of the child that lets it go on */
	int vfork_parent;    /* held until this task's exec or exit */
	int ended;           /* a thread of its making to be joined, or -1 */
	int ended_next;      /* the next such of this thread's creator */
	const char *woke_on; /* object of its last wake */
	uint32_t *signals[SIGNAL_COUNT]; /* sent and not delivered */
};

struct walk {
	const struct trace *trace;
	struct happens_before *order;
	struct task_state *tasks; /* width of them */
	struct object *objects;
	size_t object_count, object_capacity;
	struct name_index names; /* the numbers are those of the objects */
	enum happens_files files;
	const bool *unseen; /* see unseen.h; one an event, or NULL */
	bool is_fresh;      /* the current event has begun a segment */
};

static uint32_t new_segment(struct happens_before *order)
{
	grow_array(&order->clocks, order->segment_count,
		&order->segment_capacity,
		order->width * sizeof(*order->clocks));
	memset(clock_of(order, order->segment_count), 0,
		order->width * sizeof(*order->clocks));
	return (uint32_t)order->segment_count++;
}

/* Raises number I of the clock of TASK, the task of the current event. */
static void raise_number(struct walk *walk, int task, size_t i, uint32_t number)
{
	struct happens_before *order = walk->order;
	struct task_state *state = &walk->tasks[task];
	uint32_t fresh;

	if (i == (size_t)task || clock_of(order, state->segment)[i] >= number)
		return;
	if (!walk->is_fresh) {
		fresh = new_segment(order);
		memcpy(clock_of(order, fresh), clock_of(order, state->segment),
			order->width * sizeof(*order->clocks));
		state->segment = fresh;
		walk->is_fresh = true;
	}
	clock_of(order, state->segment)[i] = number;
}

/* The current event of TASK comes after all that CLOCK counts (or NULL). */
static void receive_clock(struct walk *walk, int task, const uint32_t *clock)
{
	size_t i;

	for (i = 0; clock && i < walk->order->width; i++)
		raise_number(walk, task, i, clock[i]);
}

/* The current event of TASK comes after EVENT (or NONE). */
static void receive_event(struct walk *walk, int task, size_t event)
{
	const struct happens_before *order = walk->order;
	size_t i;

	if (event == NONE || order->events[event].task == task)
		return;
	/* by index: raising a number may move the clocks */
	for (i = 0; i < order->width; i++)
		raise_number(walk, task, i,
			clock_of(order, order->events[event].segment)[i]);
	raise_number(walk, task, (size_t)order->events[event].task,
		order->events[event].number);
}

/* Joins the clock of EVENT into *CLOCK, made on first use. */
static void give(struct walk *walk, uint32_t **clock, size_t event)
{
	const struct happens_before *order = walk->order;
	const struct position *at = &order->events[event];
	const uint32_t *given = clock_of(order, at->segment);
	size_t i;

	if (!*clock)
		*clock = xcalloc(order->width, sizeof(**clock));
	for (i = 0; i < order->width; i++)
		if ((*clock)[i] < given[i])
			(*clock)[i] = given[i];
	if ((*clock)[at->task] < at->number)
		(*clock)[at->task] = at->number;
}

/* The object of that name, valid until the next call. */
static struct object *find_object(struct walk *walk, const char *name)
{
	size_t number = name_index_get(&walk->names, name);
	struct object *object;

	if (number < walk->object_count)
		return &walk->objects[number];
	grow_array(&walk->objects, walk->object_count, &walk->object_capacity,
		sizeof(*walk->objects));
	object = &walk->objects[walk->object_count++];
	memset(object, 0, sizeof(*object));
	object->name = name;
	object->last_get = NONE;
	return object;
}

static bool is_message_queue(const char *name)
{
	return !strncmp(name, "mq:", 3) || !strncmp(name, "sysv-msg:", 9);
}

static void walk_lock(
	struct walk *walk, struct object *object, int task, bool is_shared)
{
	receive_clock(walk, task, object->unlocked);
	if (!is_shared)
		receive_clock(walk, task, object->unlocked_shared);
	if (!object->holds)
		object->holds = xcalloc(walk->order->width, 1);
	object->holds[task] = is_shared ? HOLD_SHARED : HOLD_EXCLUSIVE;
}

/*
 * Who gives a lock up need not be who got it (a lock that came over with a
 * fork): what is not known as shared is taken for exclusive.
 */
static void walk_unlock(struct walk *walk, struct object *object, size_t event)
{
	int task = walk->order->events[event].task;

	if (object->holds && object->holds[task] == HOLD_SHARED)
		give(walk, &object->unlocked_shared, event);
	else
		give(walk, &object->unlocked, event);
	if (object->holds)
		object->holds[task] = HOLD_NONE;
}

static void walk_put(
	struct walk *walk, struct object *object, int task, size_t event)
{
	const struct event *put = &walk->trace->events[event];
	const struct put entry = {event, put->value, put->text};

	if (walk->tasks[task].woke_on == object->name)
		receive_event(walk, task, object->last_get);
	walk->tasks[task].woke_on = NULL;
	grow_array(&object->puts, object->put_count, &object->put_capacity,
		sizeof(*object->puts));
	object->puts[object->put_count++] = entry;
}

/*
 * A message may overtake others (priorities, types): the oldest of the same
 * text is the one, failing that the oldest.
 */
static void take_message(struct walk *walk, struct object *object, int task,
	const struct event *get)
{
	struct put *puts = object->puts;
	size_t i, found = object->put_first;

	for (i = object->put_first; i < object->put_count; i++)
		if (puts[i].text == get->text && puts[i].left == get->value) {
			found = i;
			break;
		}
	if (found == object->put_count)
		return;
	receive_event(walk, task, puts[found].event);
	for (i = found; i > object->put_first; i--)
		puts[i] = puts[i - 1];
	object->put_first++;
}

static void take_bytes(
	struct walk *walk, struct object *object, int task, int64_t bytes)
{
	struct put *put;
	int64_t taken;

	while (bytes > 0 && object->put_first < object->put_count) {
		put = &object->puts[object->put_first];
		receive_event(walk, task, put->event);
		taken = put->left < bytes ? put->left : bytes;
		put->left -= taken;
		bytes -= taken;
		if (put->left <= 0)
			object->put_first++;
	}
}

static void walk_get(
	struct walk *walk, struct object *object, int task, size_t event)
{
	const struct event *get = &walk->trace->events[event];

	/* a System V semaphore: what was posted is taken by a get */
	receive_clock(walk, task, object->posted);
	if (is_message_queue(object->name)) {
		take_message(walk, object, task, get);
	} else if (get->value > 0) {
		take_bytes(walk, object, task, get->value);
	} else {
		receive_clock(walk, task, object->all_puts);
		receive_clock(walk, task, object->closed);
	}
	walk->tasks[task].woke_on = NULL;
	object->last_get = event;
}

/* The clocks that collect signals sent to the process of TASK. */
static uint32_t **signal_clock(struct walk *walk, int task, int signal)
{
	if (task < 0 || (size_t)task >= walk->trace->task_count || signal < 1 ||
		signal >= SIGNAL_COUNT)
		return NULL;
	task = walk->trace->tasks[task].process;
	return &walk->tasks[task].signals[signal];
}

static void send_signal(struct walk *walk, size_t event)
{
	const struct event *sent = &walk->trace->events[event];
	uint32_t **clock = signal_clock(walk, sent->other, sent->signal);

	if (clock)
		give(walk, clock, event);
}

static void receive_child_exits(struct walk *walk, int task)
{
	const struct trace *trace = walk->trace;
	int process = trace->tasks[task].process, parent;
	size_t i;

	for (i = 1; i < trace->task_count; i++) {
		parent = trace->tasks[i].parent;
		if (!trace->tasks[i].is_thread && parent >= 0 &&
			trace->tasks[parent].process == process)
			receive_event(walk, task, walk->tasks[i].exit);
	}
}

/*
 * Besides what was sent: a death signal comes with the parent's end.  It is
 * the kernel that sends it, so nobody else has.
 */
static void receive_signal(struct walk *walk, int task, int signal)
{
	uint32_t **clock = signal_clock(walk, task, signal);
	int parent;

	if (!clock)
		return;
	if (signal == SIGNAL_CHILD)
		receive_child_exits(walk, task);
	parent = walk->trace->tasks[task].parent;
	if (*clock)
		receive_clock(walk, task, *clock);
	else if (parent >= 0)
		receive_event(walk, task, walk->tasks[parent].exit);
	free(*clock);
	*clock = NULL;
}

static void receive_reaped(struct walk *walk, int task, int reaped)
{
	const struct trace *trace = walk->trace;
	size_t i;

	for (i = 0; i < trace->task_count; i++)
		if (reaped >= 0 && trace->tasks[i].process == reaped)
			receive_event(walk, task, walk->tasks[i].exit);
}

/* Locks that a process still holds are given up by its end. */
static void unlock_all(struct walk *walk, int task, size_t event)
{
	size_t i;

	for (i = 0; i < walk->object_count; i++)
		if (walk->objects[i].holds &&
			walk->objects[i].holds[task] != HOLD_NONE)
			walk_unlock(walk, &walk->objects[i], event);
}

static void let_vfork_parent_go(struct walk *walk, int task, size_t event)
{
	struct task_state *state = &walk->tasks[task];

	if (state->vfork_parent < 0)
		return;
	walk->tasks[state->vfork_parent].vfork_end = event;
	state->vfork_parent = -1;
}

static void walk_fork(struct walk *walk, size_t event)
{
	const struct event *fork = &walk->trace->events[event];
	struct task_state *child;

	if (fork->other < 0 || (size_t)fork->other >= walk->trace->task_count)
		return;
	child = &walk->tasks[fork->other];
	walk->is_fresh = true;
	receive_event(walk, fork->other, event);
	if (fork->call && !strcmp(fork->call, "vfork"))
		child->vfork_parent = fork->task;
}

static void walk_exit(struct walk *walk, int task, size_t event)
{
	const struct trace_task *what = &walk->trace->tasks[task];

	walk->tasks[task].exit = event;
	if (what->is_thread && what->parent >= 0) {
		walk->tasks[task].ended_next = walk->tasks[what->parent].ended;
		walk->tasks[what->parent].ended = task;
	}
	unlock_all(walk, task, event);
	let_vfork_parent_go(walk, task, event);
}

static bool is_file_step(const struct walk *walk, const struct event *event)
{
	return walk->files == HAPPENS_FILES_ORDER && event->object &&
	       (event->kind == EVENT_OPEN || event->kind == EVENT_READ ||
		       event->kind == EVENT_WRITE ||
		       event->kind == EVENT_RENAME ||
		       event->kind == EVENT_TRUNCATE ||
		       event->kind == EVENT_UNLINK);
}

static bool is_atomic(const struct event *event)
{
	return event->kind == EVENT_ACCESS && event->object && event->call &&
	       strstr(event->call, "atomic") != NULL;
}

/* What the event receives: its clock is changed. */
static void receive(struct walk *walk, int task, size_t event)
{
	const struct event *e = &walk->trace->events[event];
	struct object *object = e->object ? find_object(walk, e->object) : NULL;

	if (e->kind == EVENT_REAP || e->kind == EVENT_ORPHAN)
		receive_reaped(walk, task, e->other);
	else if (e->kind == EVENT_SIGNAL_DELIVERED ||
		 (e->kind == EVENT_EXIT && e->signal))
		receive_signal(walk, task, e->signal);
	else if (e->kind == EVENT_LOCK && object)
		walk_lock(walk, object, task, e->value == 1);
	else if (e->kind == EVENT_PUT && object)
		walk_put(walk, object, task, event);
	else if (e->kind == EVENT_GET && object)
		walk_get(walk, object, task, event);
	else if (e->kind == EVENT_ACQUIRE || is_atomic(e) ||
		 is_file_step(walk, e))
		receive_clock(walk, task, object ? object->posted : NULL);
	else if (e->kind == EVENT_WAKE && object && e->value == 0) {
		receive_clock(walk, task, object->posted);
		walk->tasks[task].woke_on = object->name;
	}
}

/* What the event gives away: its clock is final. */
static void release(struct walk *walk, int task, size_t event)
{
	const struct event *e = &walk->trace->events[event];
	struct object *object = e->object ? find_object(walk, e->object) : NULL;

	if (e->kind == EVENT_FORK)
		walk_fork(walk, event);
	else if (e->kind == EVENT_EXIT)
		walk_exit(walk, task, event);
	else if (e->kind == EVENT_EXEC)
		let_vfork_parent_go(walk, task, event);
	else if (e->kind == EVENT_SIGNAL_SENT)
		send_signal(walk, event);
	else if (e->kind == EVENT_UNLOCK && object)
		walk_unlock(walk, object, event);
	else if (object && (e->kind == EVENT_POST || e->kind == EVENT_RELEASE ||
				   is_atomic(e) || is_file_step(walk, e)))
		give(walk, &object->posted, event);
	else if (e->kind == EVENT_CLOSE && object)
		give(walk, &object->closed, event);
	else if (e->kind == EVENT_PUT && object)
		give(walk, &object->all_puts, event);
}

/* The current event of TASK comes after all that anybody has done. */
static void receive_all(struct walk *walk, int task)
{
	for (size_t i = 0; i < walk->order->width; i++)
		raise_number(walk, task, i, walk->tasks[i].count);
}

static void walk_event(struct walk *walk, size_t event)
{
	struct happens_before *order = walk->order;
	struct position *at = &order->events[event];
	int task = walk->trace->events[event].task;
	struct task_state *state;

	if (task < 0 || (size_t)task >= walk->trace->task_count)
		task = (int)walk->trace->task_count;
	state = &walk->tasks[task];
	walk->is_fresh = false;
	receive_event(walk, task, state->vfork_end);
	state->vfork_end = NONE;
	for (; state->ended >= 0;
		state->ended = walk->tasks[state->ended].ended_next)
		receive_event(walk, task, walk->tasks[state->ended].exit);
	receive(walk, task, event);
	if (walk->unseen && walk->unseen[event])
		receive_all(walk, task);
	at->task = task;
	at->segment = state->segment;
	at->number = ++state->count;
	release(walk, task, event);
}

static void walk_start(struct walk *walk)
{
	size_t i;

	for (i = 0; i < walk->order->width; i++) {
		walk->tasks[i].segment = new_segment(walk->order);
		walk->tasks[i].exit = NONE;
		walk->tasks[i].vfork_end = NONE;
		walk->tasks[i].vfork_parent = -1;
		walk->tasks[i].ended = -1;
	}
}

static void walk_release(struct walk *walk)
{
	struct object *object;
	size_t i;
	int signal;

	for (i = 0; i < walk->object_count; i++) {
		object = &walk->objects[i];
		free(object->unlocked);
		free(object->unlocked_shared);
		free(object->posted);
		free(object->closed);
		free(object->all_puts);
		free(object->holds);
		free(object->puts);
	}
	for (i = 0; i < walk->order->width; i++)
		for (signal = 0; signal < SIGNAL_COUNT; signal++)
			free(walk->tasks[i].signals[signal]);
	free(walk->tasks);
	free(walk->objects);
	name_index_release(&walk->names);
}

static struct happens_before *make(
	const struct trace *trace, enum happens_files files, const bool *unseen)
{
	struct happens_before *order = xcalloc(1, sizeof(*order));
	struct walk walk = {.trace = trace,
		.order = order,
		.files = files,
		.unseen = unseen};
	size_t i;

	order->event_count = trace->event_count;
	order->width = trace->task_count + 1;
	order->events = xcalloc(trace->event_count, sizeof(*order->events));
	walk.tasks = xcalloc(order->width, sizeof(*walk.tasks));
	walk_start(&walk);
	for (i = 0; i < trace->event_count; i++)
		walk_event(&walk, i);
	walk_release(&walk);
	return order;
}

struct happens_before *happens_before_new(
	const struct trace *trace, enum happens_files files)
{
	return make(trace, files, NULL);
}

struct happens_before *happens_before_assumed(const struct trace *trace)
{
	bool *unseen = unseen_find(trace);
	struct happens_before *order =
		make(trace, HAPPENS_FILES_IGNORED, unseen);

	free(unseen);
	return order;
}
