/*
 * Deadlocks.  That nobody can ever go on was proved by the engine; here the
 * wait-for graph is put into words, and its well-known shapes get a name.
 *
 * A futex tells nothing when nobody has to wait, so who holds one is known
 * only while somebody is queued: a task that was woken from it and has not
 * woken the next, though one was queued before, still has it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/explain/deadlock.h"

bool deadlock_collect(struct deadlock *deadlock, const struct observed_run *run)
{
	const struct trace *trace = run->trace;

	memset(deadlock, 0, sizeof(*deadlock));
	deadlock->run = run;
	deadlock->trace = trace;
	deadlock->blocked =
		xcalloc(trace->event_count + 1, sizeof(*deadlock->blocked));
	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_DEADLOCK)
			deadlock->blocked[deadlock->count++] = i;
	return deadlock->count > 0;
}

void deadlock_release(struct deadlock *deadlock)
{
	free(deadlock->blocked);
}

const struct event *deadlock_event(const struct deadlock *deadlock, size_t i)
{
	return &deadlock->trace->events[deadlock->blocked[i]];
}

bool deadlock_on(const struct event *event, const char *prefix)
{
	return event->object && !strncmp(event->object, prefix, strlen(prefix));
}

/* Waits for another to end. */
bool deadlock_awaits_child(const struct event *event)
{
	return event->object && !strcmp(event->object, "child");
}

bool deadlock_has_ended(const struct deadlock *deadlock, int task)
{
	return deadlock->trace->tasks[task].died_us >= 0;
}

/* Tells for whose end main and others wait, behind what blocks the rest. */
void deadlock_tell_parents(const struct deadlock *deadlock, struct story *story)
{
	for (size_t i = 0; i < deadlock->count; i++) {
		const struct event *event = deadlock_event(deadlock, i);
		const char *who = story_who(story, event->task);
		const char *at = story_at(story, deadlock->blocked[i]);

		if (!deadlock_awaits_child(event))
			continue;
		if (event->other >= 0) {
			story_zh(story, "%s 又在等 %s 结束（%s）。", who,
				story_who(story, event->other), at);
			story_en(story,
				"%s in turn waits for the end of %s "
				"(%s). ",
				who, story_who(story, event->other), at);
		} else {
			story_zh(story, "%s 又在等子进程结束（%s）。", who, at);
			story_en(story,
				"%s in turn waits for a child's end (%s). ",
				who, at);
		}
	}
}

/* The blocked task alone in a process whose futex no other process knows. */
static bool waits_alone(
	const struct deadlock *deadlock, const struct event *event)
{
	if (!deadlock_on(event, "private-futex:") || event->other >= 0)
		return false;
	for (size_t i = 0; i < deadlock->trace->task_count; i++) {
		int task = (int)i;

		if (task != event->task &&
			!deadlock_has_ended(deadlock, task) &&
			observed_process(deadlock->run, task) ==
				observed_process(deadlock->run, event->task))
			return false;
	}
	return true;
}

bool recognise_not_shared(const struct symptom *symptom, struct story *story)
{
	struct deadlock deadlock;
	int *who;
	size_t count = 0, at = 0;

	deadlock_collect(&deadlock, symptom->run);
	who = xcalloc(deadlock.count + 1, sizeof(*who));
	for (size_t i = 0; i < deadlock.count; i++) {
		if (!waits_alone(&deadlock, deadlock_event(&deadlock, i)))
			continue;
		if (count == 0)
			at = deadlock.blocked[i];
		who[count++] = deadlock_event(&deadlock, i)->task;
	}
	if (count > 0) {
		story_zh(story,
			"%s 永远等在 %s：它等的锁或信号量只在它自己的进程里"
			"有效（放在普通变量里，fork 之后各有一份；或者初始化时"
			"没有设成进程间共享）。别的进程怎么 post、怎么解锁，"
			"都到不了它这一份，而它自己的进程里没有别的线程。",
			story_names_zh(story, who, count), story_at(story, at));
		story_en(story,
			"%s wait(s) for ever (%s): the lock or semaphore works "
			"within that process only (it is an ordinary variable, "
			"of which fork made copies, or it was not set up as "
			"shared between processes). No post or unlock of "
			"another process reaches it, and there is no other "
			"thread in its own. ",
			story_names_en(story, who, count), story_at(story, at));
		deadlock_tell_parents(&deadlock, story);
	}
	free(who);
	deadlock_release(&deadlock);
	return count > 0;
}

/* The deadlock event of the task's process that waits for a holder, or none. */
static size_t next_in_circle(const struct deadlock *deadlock, int holder)
{
	for (size_t i = 0; i < deadlock->count; i++) {
		const struct event *event = deadlock_event(deadlock, i);

		if (event->other >= 0 && !deadlock_on(event, "pipe:") &&
			observed_process(deadlock->run, event->task) ==
				observed_process(deadlock->run, holder))
			return i;
	}
	return deadlock->count;
}

/* Follows the holders from START; the length of the circle back to it, or 0. */
static size_t circle_from(const struct deadlock *deadlock, size_t start)
{
	size_t at = start;

	for (size_t length = 1; length <= deadlock->count; length++) {
		const struct event *event = deadlock_event(deadlock, at);

		if (event->other < 0 || deadlock_on(event, "pipe:"))
			return 0;
		at = next_in_circle(deadlock, event->other);
		if (at == deadlock->count)
			return 0;
		if (at == start)
			return length;
	}
	return 0;
}

static void tell_circle(const struct deadlock *deadlock, size_t start,
	size_t length, struct story *story)
{
	size_t at = start;

	for (size_t i = 0; i < length; i++) {
		const struct event *event = deadlock_event(deadlock, at);
		const char *who = story_who(story, event->task);
		const char *holder = story_who(story, event->other);
		const char *when = story_at(story, deadlock->blocked[at]);

		if (deadlock_awaits_child(event)) {
			story_zh(story, "%s 在等 %s 结束（%s）；", who, holder,
				when);
			story_en(story, "%s waits for the end of %s (%s); ",
				who, holder, when);
		} else {
			story_zh(story, "%s 在等 %s 占着的 %s（%s）；", who,
				holder, story_object_zh(story, event), when);
			story_en(story, "%s waits for %s, which %s has (%s); ",
				who, story_object_en(story, event), holder,
				when);
		}
		at = next_in_circle(deadlock, event->other);
	}
	story_zh(story, "绕成了一个圈，谁也不会先让开。");
	story_en(story, "it is a circle, and nobody in it gives way.");
}

bool recognise_cycle(const struct symptom *symptom, struct story *story)
{
	struct deadlock deadlock;
	size_t length = 0;

	deadlock_collect(&deadlock, symptom->run);
	for (size_t i = 0; i < deadlock.count && !length; i++) {
		length = circle_from(&deadlock, i);
		if (length)
			tell_circle(&deadlock, i, length, story);
	}
	deadlock_release(&deadlock);
	return length > 0;
}

/*
 * What TASK did first after event AT, with which it waited on an object: then
 * it had got it.  The number of events when it is blocked there to the end.
 */
static size_t went_on(const struct deadlock *deadlock, size_t at)
{
	const struct trace *trace = deadlock->trace;

	for (size_t i = at + 1; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->task != trace->events[at].task)
			continue;
		if (event->kind == EVENT_DEADLOCK ||
			(event->kind == EVENT_WAKE && event->value != 0) ||
			(event->kind == EVENT_EXIT && event->signal))
			break;
		return i;
	}
	return trace->event_count;
}

/* The event after AT with which its task posted OBJECT, before it waits. */
static bool gave_back(
	const struct deadlock *deadlock, const char *object, size_t at)
{
	const struct trace *trace = deadlock->trace;

	for (size_t i = at; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->task != trace->events[at].task ||
			!acts_on(event, object))
			continue;
		if (event->kind == EVENT_POST)
			return true;
		if (event->kind == EVENT_WAIT)
			return false;
	}
	return false;
}

/* A task queued for OBJECT since before event AT that never got it. */
static bool was_queued(
	const struct deadlock *deadlock, const char *object, size_t at)
{
	const struct trace *trace = deadlock->trace;

	for (size_t i = 0; i < at; i++)
		if (trace->events[i].kind == EVENT_WAIT &&
			acts_on(&trace->events[i], object) &&
			went_on(deadlock, i) == trace->event_count)
			return true;
	return false;
}

/*
 * The wait after which a task got OBJECT for the last time and kept it, or the
 * number of events.  OBJECT is taken for a lock when all others that got it by
 * waiting gave it back, and one did.
 */
static size_t taken_after(const struct deadlock *deadlock, const char *object)
{
	const struct trace *trace = deadlock->trace;
	size_t keeper = trace->event_count, given = 0, kept = 0;

	for (size_t i = 0; i < trace->event_count; i++) {
		size_t got;

		if (trace->events[i].kind != EVENT_WAIT ||
			!acts_on(&trace->events[i], object))
			continue;
		got = went_on(deadlock, i);
		if (got == trace->event_count)
			continue;
		if (gave_back(deadlock, object, got)) {
			given++;
		} else {
			kept++;
			keeper = i;
		}
	}
	if (given == 0 || kept != 1 ||
		!was_queued(deadlock, object, went_on(deadlock, keeper)))
		return trace->event_count;
	return keeper;
}

static size_t exit_of(const struct deadlock *deadlock, int task)
{
	const struct trace *trace = deadlock->trace;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_EXIT &&
			trace->events[i].task == task)
			return i;
	return trace->event_count;
}

/* Who waits for OBJECT now. */
size_t deadlock_waiters(
	const struct deadlock *deadlock, const char *object, int *who)
{
	size_t count = 0;

	for (size_t i = 0; i < deadlock->count; i++)
		if (acts_on(deadlock_event(deadlock, i), object))
			who[count++] = deadlock_event(deadlock, i)->task;
	return count;
}

static void tell_never_released(const struct deadlock *deadlock, size_t blocked,
	size_t taken, size_t ended, struct story *story)
{
	const struct event *event = deadlock_event(deadlock, blocked);
	const char *holder =
		story_who(story, deadlock->trace->events[taken].task);
	int *who = xcalloc(deadlock->count, sizeof(*who));
	size_t count = deadlock_waiters(deadlock, event->object, who);
	bool killed = deadlock->trace->events[ended].signal != 0;
	double seconds =
		(double)deadlock->trace->events[went_on(deadlock, taken)]
			.time_us /
		1e6;

	story_zh(story,
		"%s 在第 %.3f s 拿到了%s（%s），没有放开就%s（%s）。"
		"%s 还在等它（%s），再也没有人会放开了。",
		holder, seconds, story_object_zh(story, event),
		story_line(story, taken), killed ? "被杀了" : "结束了",
		story_at(story, ended), story_names_zh(story, who, count),
		story_line(story, deadlock->blocked[blocked]));
	story_en(story,
		"%s got %s at %.3f s (%s) and %s (%s) without giving it back. "
		"%s still %s for it (%s), and nobody is left to release it. ",
		holder, story_object_en(story, event), seconds,
		story_line(story, taken), killed ? "was killed" : "ended",
		story_at(story, ended), story_names_en(story, who, count),
		count > 1 ? "wait" : "waits",
		story_line(story, deadlock->blocked[blocked]));
	deadlock_tell_parents(deadlock, story);
	free(who);
}

bool recognise_not_released(const struct symptom *symptom, struct story *story)
{
	struct deadlock deadlock;
	bool found = false;

	deadlock_collect(&deadlock, symptom->run);
	for (size_t i = 0; i < deadlock.count && !found; i++) {
		const struct event *event = deadlock_event(&deadlock, i);
		size_t taken, ended;

		if (!event->object || deadlock_awaits_child(event))
			continue;
		taken = taken_after(&deadlock, event->object);
		if (taken == deadlock.trace->event_count)
			continue;
		ended = exit_of(&deadlock, deadlock.trace->events[taken].task);
		if (ended == deadlock.trace->event_count)
			continue;
		tell_never_released(&deadlock, i, taken, ended, story);
		found = true;
	}
	deadlock_release(&deadlock);
	return found;
}

/* The deadlock event of that task, or the number of them. */
static size_t blocked_of(const struct deadlock *deadlock, int task)
{
	size_t i = 0;

	while (i < deadlock->count && deadlock_event(deadlock, i)->task != task)
		i++;
	return i;
}

/* A task that has what the Ith blocked one waits for, and how it got it. */
static size_t holder_of(
	const struct deadlock *deadlock, size_t i, size_t *taken)
{
	const struct trace *trace = deadlock->trace;
	const struct event *event = deadlock_event(deadlock, i);

	*taken = trace->event_count;
	if (!event->object || deadlock_awaits_child(event) ||
		deadlock_on(event, "pipe:"))
		return deadlock->count;
	if (event->other >= 0)
		return blocked_of(deadlock, event->other);
	*taken = taken_after(deadlock, event->object);
	if (*taken == trace->event_count)
		return deadlock->count;
	return blocked_of(deadlock, trace->events[*taken].task);
}

static void tell_holding(const struct deadlock *deadlock, size_t i,
	size_t holder, size_t taken, struct story *story)
{
	const struct event *event = deadlock_event(deadlock, i);
	const struct event *own = deadlock_event(deadlock, holder);
	auto_free int *who = xcalloc(deadlock->count, sizeof(*who));
	size_t count = deadlock_waiters(deadlock, event->object, who);
	bool known = taken < deadlock->trace->event_count;
	const char *line = known ? story_line(story, taken) : "";

	story_zh(story,
		"%s 占着%s%s%s%s，没有放开就去等%s（%s）；而 %s "
		"正等着它手里的那个（%s），没有一个能往下走。",
		story_who(story, own->task), story_object_zh(story, event),
		*line ? "（" : "", line, *line ? "）" : "",
		story_object_zh(story, own),
		story_at(story, deadlock->blocked[holder]),
		story_names_zh(story, who, count),
		story_line(story, deadlock->blocked[i]));
	story_en(story,
		"%s has %s%s%s%s and, keeping it, waits for %s (%s). %s %s "
		"for what it has (%s), and none of them can go on.",
		story_who(story, own->task), story_object_en(story, event),
		*line ? " (" : "", line, *line ? ")" : "",
		story_object_en(story, own),
		story_at(story, deadlock->blocked[holder]),
		story_names_en(story, who, count), count > 1 ? "wait" : "waits",
		story_line(story, deadlock->blocked[i]));
}

bool recognise_hold_and_wait(const struct symptom *symptom, struct story *story)
{
	struct deadlock deadlock;
	bool found = false;

	deadlock_collect(&deadlock, symptom->run);
	for (size_t i = 0; i < deadlock.count && !found; i++) {
		size_t taken, holder = holder_of(&deadlock, i, &taken);
		const struct event *own;

		if (holder == deadlock.count || holder == i)
			continue;
		own = deadlock_event(&deadlock, holder);
		if (!own->object || deadlock_awaits_child(own) ||
			acts_on(own, deadlock_event(&deadlock, i)->object))
			continue;
		tell_holding(&deadlock, i, holder, taken, story);
		found = true;
	}
	deadlock_release(&deadlock);
	return found;
}
