/*
 * Deadlocks in which somebody waits for what nobody will send: the end signal
 * of a queue that never comes, the end of file of a pipe that stays open, a
 * condition that nobody can change.  And the wait-for graph of all others.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/explain/deadlock.h"

#define GROUPS_TOLD 5

/* The Ith blocked task reads a pipe that only its readers keep open. */
static bool keeps_open_itself(const struct deadlock *deadlock, size_t i)
{
	const struct event *event = deadlock_event(deadlock, i);

	if (!deadlock_on(event, "pipe:") || event->other < 0)
		return false;
	if (observed_process(deadlock->run, event->other) ==
		observed_process(deadlock->run, event->task))
		return true;
	for (size_t j = 0; j < deadlock->count; j++) {
		const struct event *other = deadlock_event(deadlock, j);

		if (acts_on(other, event->object) && other->call &&
			event->call && !strcmp(other->call, event->call) &&
			observed_process(deadlock->run, other->task) ==
				observed_process(deadlock->run, event->other))
			return true;
	}
	return false;
}

bool recognise_write_end(const struct symptom *symptom, struct story *story)
{
	struct deadlock deadlock;
	size_t i = 0, count;
	bool found;

	deadlock_collect(&deadlock, symptom->run);
	while (i < deadlock.count && !keeps_open_itself(&deadlock, i))
		i++;
	found = i < deadlock.count;
	if (found) {
		const struct event *event = deadlock_event(&deadlock, i);
		const char *at = story_at(story, deadlock.blocked[i]);
		auto_free int *who = xcalloc(deadlock.count, sizeof(*who));

		count = deadlock_waiters(&deadlock, event->object, who);
		story_zh(story,
			"%s 在读 %s（%s），里面已经空了。只要还有一个写端开着，"
			"read 就不会返回 0，而现在还开着写端的，只有%s自己。",
			story_names_zh(story, who, count), event->object, at,
			count > 1 ? "它们" : "它");
		story_en(story,
			"%s: reading %s (%s), which is empty. As long as one "
			"write end is open, read does not return 0, and nobody "
			"but the reader%s still has one open. ",
			story_names_en(story, who, count), event->object, at,
			count > 1 ? "s" : "");
		deadlock_tell_parents(&deadlock, story);
	}
	deadlock_release(&deadlock);
	return found;
}

/* Something of which the trace shows whatever is put in. */
static bool is_queue(const struct event *event)
{
	return deadlock_on(event, "pipe:") || deadlock_on(event, "socket:") ||
	       deadlock_on(event, "mq:") || deadlock_on(event, "sysv-msg:");
}

/* What became of those that ever put something into OBJECT or posted it. */
struct senders {
	int *who; /* without those that wait for a child; owned */
	size_t count;
	size_t last; /* event of the last sending */
	bool all_ended;
};

static bool sends(const struct event *event)
{
	return event->kind == EVENT_PUT || event->kind == EVENT_POST;
}

static bool is_among(const int *who, size_t count, int task)
{
	for (size_t i = 0; i < count; i++)
		if (who[i] == task)
			return true;
	return false;
}

static bool waits_for_child(const struct deadlock *deadlock, int task)
{
	for (size_t i = 0; i < deadlock->count; i++)
		if (deadlock_event(deadlock, i)->task == task)
			return deadlock_awaits_child(
				deadlock_event(deadlock, i));
	return false;
}

static void find_senders(const struct deadlock *deadlock, const char *object,
	struct senders *senders)
{
	const struct trace *trace = deadlock->trace;

	senders->who = xcalloc(trace->task_count + 1, sizeof(int));
	senders->count = 0;
	senders->last = trace->event_count;
	senders->all_ended = true;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (!sends(event) || !acts_on(event, object) || event->task < 0)
			continue;
		senders->last = i;
		if (is_among(senders->who, senders->count, event->task) ||
			waits_for_child(deadlock, event->task))
			continue;
		senders->who[senders->count++] = event->task;
		if (!deadlock_has_ended(deadlock, event->task))
			senders->all_ended = false;
	}
}

/* The last get of OBJECT by a task that ended without a line after it. */
static size_t took_and_left(const struct deadlock *deadlock, const char *object)
{
	const struct trace *trace = deadlock->trace;
	size_t got = trace->event_count;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_GET &&
			acts_on(&trace->events[i], object))
			got = i;
	if (got == trace->event_count ||
		!deadlock_has_ended(deadlock, trace->events[got].task))
		return trace->event_count;
	for (size_t i = got + 1; i < trace->event_count; i++)
		if (trace->events[i].task == trace->events[got].task &&
			trace->events[i].kind == EVENT_OUTPUT)
			return trace->event_count;
	return got;
}

static void tell_no_end(const struct deadlock *deadlock, size_t i,
	const struct senders *senders, struct story *story)
{
	const struct event *event = deadlock_event(deadlock, i);
	auto_free int *who = xcalloc(deadlock->count, sizeof(*who));
	size_t count = deadlock_waiters(deadlock, event->object, who);
	size_t left = took_and_left(deadlock, event->object);
	const char *at = story_at(story, deadlock->blocked[i]);

	story_zh(story,
		"%s 还在等%s（%s）。%s的 %s 都已经结束（最后一次：%s），"
		"以后不会再有了。",
		story_names_zh(story, who, count),
		story_object_zh(story, event), at,
		is_queue(event) ? "往里放过东西" : "唤醒过等待者",
		story_names_zh(story, senders->who, senders->count),
		story_at(story, senders->last));
	story_en(story,
		"%s still %s for %s (%s). All that ever %s (%s) have ended "
		"(the last time: %s), and there will be no more. ",
		story_names_en(story, who, count), count > 1 ? "wait" : "waits",
		story_object_en(story, event), at,
		is_queue(event) ? "put something in" : "woke its waiters",
		story_names_en(story, senders->who, senders->count),
		story_at(story, senders->last));
	if (left < deadlock->trace->event_count) {
		const char *taker =
			story_who(story, deadlock->trace->events[left].task);

		story_zh(story,
			"最后一个是 %s 取走的（%s），它取完就结束了，没有留下"
			"什么让别人也结束。",
			taker, story_at(story, left));
		story_en(story,
			"%s took the last one out (%s) and ended; nothing is "
			"left that would end the others. ",
			taker, story_at(story, left));
	} else {
		story_zh(story, "没有留给%s的结束信号。",
			count > 1 ? "它们" : "它");
		story_en(story, "No end signal is left for %s. ",
			count > 1 ? "them" : "it");
	}
	deadlock_tell_parents(deadlock, story);
}

static bool has_got(const struct deadlock *deadlock, const struct event *event)
{
	const struct trace *trace = deadlock->trace;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].task == event->task &&
			acts_on(&trace->events[i], event->object) &&
			(trace->events[i].kind == EVENT_GET ||
				(trace->events[i].kind == EVENT_WAKE &&
					trace->events[i].value == 0)))
			return true;
	return false;
}

/*
 * A post that wakes nobody leaves no event, so of a futex the senders that are
 * known need not be all: then nobody else may be left who could be one.
 */
static bool knows_senders(
	const struct deadlock *deadlock, const struct event *event)
{
	if (is_queue(event))
		return true;
	for (size_t i = 0; i < deadlock->count; i++) {
		const struct event *other = deadlock_event(deadlock, i);

		if (!deadlock_awaits_child(other) &&
			!acts_on(other, event->object))
			return false;
	}
	return deadlock_on(event, "futex:");
}

bool recognise_no_end_signal(const struct symptom *symptom, struct story *story)
{
	struct deadlock deadlock;
	bool found = false;

	if (dies_with_main(symptom->run->exercise))
		return false;
	deadlock_collect(&deadlock, symptom->run);
	for (size_t i = 0; i < deadlock.count && !found; i++) {
		const struct event *event = deadlock_event(&deadlock, i);
		struct senders senders;

		if (!event->object || deadlock_awaits_child(event) ||
			!has_got(&deadlock, event))
			continue;
		find_senders(&deadlock, event->object, &senders);
		found = senders.count > 0 && senders.all_ended &&
			knows_senders(&deadlock, event);
		if (found)
			tell_no_end(&deadlock, i, &senders, story);
		free(senders.who);
	}
	deadlock_release(&deadlock);
	return found;
}

/* Somebody waits for what was never sent by anybody. */
bool recognise_nobody_left(const struct symptom *symptom, struct story *story)
{
	struct deadlock deadlock;
	bool found = false;

	deadlock_collect(&deadlock, symptom->run);
	for (size_t i = 0; i < deadlock.count && !found; i++) {
		const struct event *event = deadlock_event(&deadlock, i);
		const char *who = story_who(story, event->task);
		const char *at = story_at(story, deadlock.blocked[i]);
		struct senders senders;

		if (!event->object || !is_queue(event))
			continue;
		find_senders(&deadlock, event->object, &senders);
		found = senders.last == deadlock.trace->event_count;
		free(senders.who);
		if (!found)
			continue;
		story_zh(story,
			"%s 在等%s（%s），可是整个运行中从来没有谁往那里送过"
			"什么，现在也没有谁会送了。",
			who, story_object_zh(story, event), at);
		story_en(story,
			"%s waits for %s (%s), but in the whole run nobody "
			"ever sent anything there, and now nobody will. ",
			who, story_object_en(story, event), at);
		deadlock_tell_parents(&deadlock, story);
	}
	deadlock_release(&deadlock);
	return found;
}

/* A busy waiter that is held, or one that ran into a limit. */
static size_t find_busy(const struct observed_run *run)
{
	const struct trace *trace = run->trace;
	size_t found = trace->event_count;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_DEADLOCK && event->call &&
			!strcmp(event->call, "busy-wait"))
			return i;
		if (event->kind == EVENT_SPIN &&
			run->outcome->end == RUN_END_LIMIT)
			found = i;
	}
	return found;
}

bool recognise_busy_wait(const struct symptom *symptom, struct story *story)
{
	const struct observed_run *run = symptom->run;
	size_t at = find_busy(run);
	struct deadlock deadlock;
	const char *who, *when;

	if (at == run->trace->event_count)
		return false;
	who = story_who(story, run->trace->events[at].task);
	when = story_at(story, at);
	if (run->trace->events[at].kind == EVENT_SPIN) {
		story_zh(story,
			"%s 从 %s 起一遍又一遍地查询，从不阻塞，直到超出限制。",
			who, when);
		story_en(story,
			"%s asks again and again (%s) without ever blocking, "
			"until the limit is hit.",
			who, when);
		return true;
	}
	deadlock_collect(&deadlock, run);
	story_zh(story,
		"%s 在 %s 一遍又一遍地查询，转一圈什么也没有变；能改变这个"
		"条件的进程不是已经结束，就是也在等待。",
		who, when);
	story_en(story,
		"%s asks again and again (%s) and comes back to the very same "
		"state; whoever could change what it asks for has ended or is "
		"waiting too. ",
		who, when);
	deadlock_tell_parents(&deadlock, story);
	deadlock_release(&deadlock);
	return true;
}

/* Those that wait at the same line for the same thing. */
static size_t find_group(const struct deadlock *deadlock, size_t first,
	struct story *story, int *who, bool *told)
{
	const struct event *event = deadlock_event(deadlock, first);
	const char *line = story_line(story, deadlock->blocked[first]);
	size_t count = 0;

	for (size_t i = first; i < deadlock->count; i++) {
		const struct event *other = deadlock_event(deadlock, i);
		bool same = event->object ? acts_on(other, event->object)
					  : !other->object;

		if (told[i] || !same || other->other != event->other ||
			strcmp(line, story_line(story, deadlock->blocked[i])))
			continue;
		told[i] = true;
		who[count++] = other->task;
	}
	return count;
}

static void tell_group(const struct deadlock *deadlock, size_t first,
	const int *who, size_t count, struct story *story)
{
	const struct event *event = deadlock_event(deadlock, first);
	const char *line = story_line(story, deadlock->blocked[first]);
	const char *zh = story_names_zh(story, who, count);
	const char *en = story_names_en(story, who, count);
	const char *verb = count > 1 ? "wait" : "waits";
	const char *other =
		event->other >= 0 ? story_who(story, event->other) : NULL;

	if (deadlock_awaits_child(event)) {
		story_zh(story, "%s 在等%s%s%s结束（%s）；", zh,
			other ? " " : "", other ? other : "子进程",
			other ? " " : "", line);
		story_en(story, "%s %s for the end of %s (%s); ", en, verb,
			other ? other : "a child", line);
	} else {
		story_zh(story, "%s 在等%s（%s）", zh,
			story_object_zh(story, event), line);
		story_en(story, "%s %s for %s (%s)", en, verb,
			story_object_en(story, event), line);
		if (other && deadlock_on(event, "pipe:")) {
			story_zh(story, "，写端还开在 %s 手里", other);
			story_en(story, ", whose write end %s has open", other);
		} else if (other) {
			story_zh(story, "，它被 %s 占着", other);
			story_en(story, ", which %s has", other);
		}
		story_zh(story, "；");
		story_en(story, "; ");
	}
}

bool recognise_deadlock(const struct symptom *symptom, struct story *story)
{
	struct deadlock deadlock;
	bool found = deadlock_collect(&deadlock, symptom->run);
	auto_free int *who = xcalloc(deadlock.count + 1, sizeof(*who));
	auto_free bool *told = xcalloc(deadlock.count + 1, sizeof(*told));
	size_t groups = 0;

	for (size_t i = 0; i < deadlock.count; i++) {
		size_t count;

		if (told[i] || groups == GROUPS_TOLD)
			continue;
		groups++;
		count = find_group(&deadlock, i, story, who, told);
		tell_group(&deadlock, i, who, count, story);
	}
	if (found) {
		double seconds =
			(double)deadlock_event(&deadlock, 0)->time_us / 1e6;

		story_zh(story, "从 %.3f s 起再没有谁能往下走。", seconds);
		story_en(story, "since %.3f s nobody can go on.", seconds);
	}
	deadlock_release(&deadlock);
	return found;
}
