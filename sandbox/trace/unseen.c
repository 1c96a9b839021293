/*
 * By what a task waited for and what it did next.  Whoever goes on at the end
 * of its time has waited for nobody.
 */
#include "trace/unseen.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "trace/name_index.h"

struct task_state {
	const struct event *wait; /* it is in, or NULL */
	bool told;                /* a signal was sent, its next event is due */
};

struct search {
	const struct trace *trace;
	struct task_state *tasks;
	struct name_index names;
	bool *is_put; /* by number of the name: something was put into it */
	size_t name_count, name_capacity;
};

/* Calls that tell that something has happened, and take nothing. */
static bool is_look(const struct event *wait)
{
	static const char *const calls[] = {"poll", "ppoll", "select",
		"pselect6", "epoll_wait", "epoll_pwait", "epoll_pwait2",
		"rt_sigtimedwait", "wait4", "waitid"};

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (wait->call && strcmp(wait->call, calls[i]) == 0)
			return true;
	return false;
}

static bool *put_flag(struct search *search, const char *name)
{
	size_t number = name_index_get(&search->names, name);

	if (number == search->name_count) {
		grow_array(&search->is_put, search->name_count,
			&search->name_capacity, sizeof(*search->is_put));
		search->is_put[search->name_count++] = false;
	}
	return &search->is_put[number];
}

/* A get of what nobody has put there: the end of file, a signalfd. */
static bool gets_from_nobody(struct search *search, const struct event *event)
{
	return event->kind == EVENT_GET && event->object &&
	       (event->value == 0 || !*put_flag(search, event->object));
}

/* The end of a look: nothing that follows says what was seen. */
static bool ends_look(struct task_state *task, const struct event *event)
{
	const bool wakes = event->kind == EVENT_WAKE;
	const struct event *wait = task->wait;

	if (!wait || (wakes && event->value == 0))
		return false;
	task->wait = NULL;
	return event->kind != EVENT_REAP && !(wakes && event->value == 1) &&
	       is_look(wait);
}

/* All threads of the process: any of them may take the signal. */
static void tell(struct search *search, int process)
{
	const struct trace *trace = search->trace;

	for (size_t i = 0; process >= 0 && i < trace->task_count; i++)
		if (trace->tasks[i].process == process)
			search->tasks[i].told = true;
}

static bool may_have_waited(struct search *search, const struct event *event)
{
	struct task_state *task = &search->tasks[event->task];
	bool waited = task->told;

	task->told = false;
	waited |= ends_look(task, event) || gets_from_nobody(search, event);
	/* who lets a process go on has seen it stand */
	waited |= event->kind == EVENT_SIGNAL_SENT && event->signal == SIGCONT;
	if (event->kind == EVENT_WAIT)
		task->wait = event;
	if (event->kind == EVENT_PUT && event->object)
		*put_flag(search, event->object) = true;
	if (event->kind == EVENT_SIGNAL_SENT && event->other >= 0 &&
		(size_t)event->other < search->trace->task_count)
		tell(search, search->trace->tasks[event->other].process);
	return waited;
}

bool *unseen_find(const struct trace *trace)
{
	struct search search = {.trace = trace,
		.tasks = xcalloc(trace->task_count + 1, sizeof(*search.tasks))};
	bool *unseen = xcalloc(trace->event_count + 1, sizeof(*unseen));

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->task >= 0 && (size_t)event->task < trace->task_count)
			unseen[i] = may_have_waited(&search, event);
	}
	name_index_release(&search.names);
	free(search.is_put);
	free(search.tasks);
	return unseen;
}
