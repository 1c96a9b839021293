/*
 * Mutual exclusion that failed.  Each recogniser goes through the pairs of
 * updates that overlapped and looks for one in which the trace shows why the
 * lock did not keep the second out.  What a lock in memory does is not in the
 * trace unless somebody waits, so no recogniser says that there was none.
 */
#include <string.h>

#include "grader/explain/overlap.h"

/* Both hold a lock of the same name when the second gets its own. */
static bool both_lock(
	const struct overlap *overlap, size_t *first_lock, size_t *second_lock)
{
	const struct observed_run *run = overlap->run;
	size_t count = run->trace->event_count;
	const struct shared_update *first = overlap->first;
	const struct shared_update *second = overlap->second;
	size_t a, b;

	if (first->process < 0 || second->process < 0)
		return false;
	a = lock_held(run, first->process, first->read);
	b = lock_held(run, second->process, second->read);
	if (a == count || b == count ||
		!acts_on(overlap_event(overlap, a),
			overlap_event(overlap, b)->object))
		return false;
	*first_lock = a < b ? a : b;
	*second_lock = a < b ? b : a;
	return lock_given_up(run, *first_lock) > *second_lock;
}

static bool is_call(const struct event *event, const char *call)
{
	return event->call && !strcmp(event->call, call);
}

/*
 * Neither opened the file of the lock itself: its descriptor, and with it the
 * open file description that a flock belongs to, came from an ancestor.
 */
static bool look_inherited(const struct overlap *overlap, struct story *story)
{
	const struct observed_run *run = overlap->run;
	const struct trace *trace = run->trace;
	size_t a, b, opened = trace->event_count;
	const struct event *one, *other;

	if (!both_lock(overlap, &a, &b))
		return false;
	one = overlap_event(overlap, a);
	other = overlap_event(overlap, b);
	if (!is_call(one, "flock") || !is_call(other, "flock"))
		return false;
	for (size_t i = 0; i < a; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_OPEN || !acts_on(event, one->object))
			continue;
		if (!trace_is_ancestor(trace, event->task, one->task) ||
			!trace_is_ancestor(trace, event->task, other->task))
			return false;
		opened = i;
	}
	if (opened == trace->event_count ||
		opened_before(run, observed_process(run, other->task),
			one->object, b) != trace->event_count)
		return false;
	story_zh(story,
		"%s 只由 %s 打开过一次（%s），%s 和 %s 用的都是 fork 继承来的"
		"描述符。flock 的锁属于这一个“打开文件描述”，不属于进程："
		"%s 加锁成功（%s）还没有放开，%s 再加锁也立刻成功（%s）。",
		one->object, story_who(story, trace->events[opened].task),
		story_at(story, opened), story_who(story, one->task),
		story_who(story, other->task), story_who(story, one->task),
		story_at(story, a), story_who(story, other->task),
		story_at(story, b));
	story_en(story,
		"%s was opened once only, by %s (%s); %s and %s use the "
		"descriptor inherited through fork. A flock belongs to that "
		"one "
		"open file description and not to a process: %s got the lock "
		"(%s) and still had it when %s got it too, without waiting "
		"(%s). ",
		one->object, story_who(story, trace->events[opened].task),
		story_at(story, opened), story_who(story, one->task),
		story_who(story, other->task), story_who(story, one->task),
		story_at(story, a), story_who(story, other->task),
		story_at(story, b));
	overlap_tell_entry(overlap, story);
	return true;
}

bool recognise_flock_inherited(
	const struct symptom *symptom, struct story *story)
{
	return overlap_each(symptom, story, look_inherited);
}

/* The event between FROM and TO with which NAME became another file. */
static size_t find_replaced(const struct observed_run *run, const char *name,
	size_t from, size_t to)
{
	const struct trace *trace = run->trace;

	for (size_t i = from + 1; i < to; i++) {
		const struct event *event = &trace->events[i];
		bool unlinked =
			event->kind == EVENT_UNLINK && acts_on(event, name);
		bool renamed = event->kind == EVENT_RENAME && event->text &&
			       !strcmp(event->text, name);

		if (unlinked || renamed)
			return i;
	}
	return trace->event_count;
}

static bool look_replaced(const struct overlap *overlap, struct story *story)
{
	const struct observed_run *run = overlap->run;
	size_t count = run->trace->event_count;
	const char *name, *one, *other;
	size_t a, b, opened_a, opened_b, first, replaced;

	if (!both_lock(overlap, &a, &b))
		return false;
	name = overlap_event(overlap, a)->object;
	one = story_who(story, overlap_event(overlap, a)->task);
	other = story_who(story, overlap_event(overlap, b)->task);
	opened_a = opened_before(run,
		observed_process(run, overlap_event(overlap, a)->task), name,
		a);
	opened_b = opened_before(run,
		observed_process(run, overlap_event(overlap, b)->task), name,
		b);
	if (opened_a == count || opened_b == count)
		return false;
	first = opened_a < opened_b ? opened_a : opened_b;
	replaced = find_replaced(
		run, name, first, opened_a < opened_b ? opened_b : opened_a);
	if (replaced == count)
		return false;
	story_zh(story,
		"%s 和 %s 同时拿着 %s "
		"的锁（%s；%s），可那已经是两个文件：在两次"
		"打开（%s；%s）之间，%s 把这个名字换成了另一个文件（%s）。",
		one, other, name, story_at(story, a), story_at(story, b),
		story_at(story, opened_a), story_at(story, opened_b),
		story_who(story, overlap_event(overlap, replaced)->task),
		story_at(story, replaced));
	story_en(story,
		"%s and %s held a lock of %s at the same time (%s; %s), but "
		"those were two files by then: between the two calls that "
		"opened it (%s; %s), %s took the name away from the first "
		"one (%s). ",
		one, other, name, story_at(story, a), story_at(story, b),
		story_at(story, opened_a), story_at(story, opened_b),
		story_who(story, overlap_event(overlap, replaced)->task),
		story_at(story, replaced));
	overlap_tell_entry(overlap, story);
	return true;
}

bool recognise_lock_replaced(const struct symptom *symptom, struct story *story)
{
	return overlap_each(symptom, story, look_replaced);
}

/* The lock that the update began with and that was gone before its change. */
static bool lost_lock(const struct overlap *overlap,
	const struct shared_update *update, size_t *lock, size_t *given_up)
{
	const struct observed_run *run = overlap->run;

	if (update->process < 0)
		return false;
	*lock = lock_held(run, update->process, update->read);
	if (*lock == run->trace->event_count)
		return false;
	*given_up = lock_given_up(run, *lock);
	return *given_up < update->change;
}

static bool tell_dropped(const struct overlap *overlap,
	const struct shared_update *update, struct story *story)
{
	const struct observed_run *run = overlap->run;
	const char *who = story_who(story, update->actor), *name;
	size_t lock, given_up, opened;

	if (!lost_lock(overlap, update, &lock, &given_up) ||
		!is_call(overlap_event(overlap, lock), "fcntl") ||
		!is_call(overlap_event(overlap, given_up), "close"))
		return false;
	name = overlap_event(overlap, lock)->object;
	opened = opened_before(run, update->process, name, given_up);
	if (opened <= lock || opened == run->trace->event_count)
		return false;
	story_zh(story,
		"%s 用 fcntl 锁住了 %s（%s），接着又把它打开了一次（%s）；"
		"随后关闭该文件的一个描述符（%s），内核就把这个进程在"
		"该文件上的锁全部放开了，而写回还在后面（%s）。",
		who, name, story_at(story, lock), story_at(story, opened),
		story_at(story, given_up), story_at(story, update->change_end));
	story_en(story,
		"%s locked %s with fcntl (%s) and opened it once more (%s); "
		"when it then closed a descriptor of that file (%s), the "
		"kernel dropped all locks of the process on it, long before "
		"the write (%s). ",
		who, name, story_at(story, lock), story_at(story, opened),
		story_at(story, given_up), story_at(story, update->change_end));
	overlap_tell_entry(overlap, story);
	return true;
}

static bool look_dropped(const struct overlap *overlap, struct story *story)
{
	return tell_dropped(overlap, overlap->first, story) ||
	       tell_dropped(overlap, overlap->second, story);
}

bool recognise_lock_dropped(const struct symptom *symptom, struct story *story)
{
	return overlap_each(symptom, story, look_dropped);
}

static bool tell_early(const struct overlap *overlap,
	const struct shared_update *update, struct story *story)
{
	const char *who = story_who(story, update->actor), *name;
	size_t lock, given_up;

	if (!lost_lock(overlap, update, &lock, &given_up))
		return false;
	name = overlap_event(overlap, lock)->object;
	story_zh(story,
		"%s 拿到锁 %s（%s）、读了 %s（%s），可是没等写回（%s）就"
		"先把锁放开了（%s）。",
		who, name, story_at(story, lock), update->object,
		story_at(story, update->read),
		story_at(story, update->change_end), story_at(story, given_up));
	story_en(story,
		"%s got the lock %s (%s) and read %s (%s), but gave the lock "
		"up (%s) before it wrote back (%s). ",
		who, name, story_at(story, lock), update->object,
		story_at(story, update->read), story_at(story, given_up),
		story_at(story, update->change_end));
	overlap_tell_entry(overlap, story);
	return true;
}

static bool look_early(const struct overlap *overlap, struct story *story)
{
	return tell_early(overlap, overlap->first, story) ||
	       tell_early(overlap, overlap->second, story);
}

bool recognise_unlock_early(const struct symptom *symptom, struct story *story)
{
	return overlap_each(symptom, story, look_early);
}

/* The lock under which UPDATE changed what it had read without it. */
static bool tell_outside(const struct overlap *overlap,
	const struct shared_update *update, struct story *story)
{
	const struct observed_run *run = overlap->run;
	size_t count = run->trace->event_count, lock;
	const char *who = story_who(story, update->actor), *name;

	if (update->process < 0 ||
		lock_held(run, update->process, update->read) != count)
		return false;
	lock = lock_held(run, update->process, update->change);
	if (lock == count || lock < update->read_end)
		return false;
	name = overlap_event(overlap, lock)->object;
	story_zh(story,
		"%s 读到 %s（%s）时还没有锁，后来才拿到 %s（%s），并且没有"
		"再读一遍，就照着先前读到的数写回 %s（%s）。",
		who, story_content(story, update->before),
		story_at(story, update->read), name, story_at(story, lock),
		story_content(story, update->after),
		story_at(story, update->change_end));
	story_en(story,
		"%s read %s (%s) without the lock, got %s only later (%s), and "
		"without reading again wrote %s from what it had read (%s). ",
		who, story_content(story, update->before),
		story_at(story, update->read), name, story_at(story, lock),
		story_content(story, update->after),
		story_at(story, update->change_end));
	overlap_tell_entry(overlap, story);
	return true;
}

static bool look_outside(const struct overlap *overlap, struct story *story)
{
	return tell_outside(overlap, overlap->second, story) ||
	       tell_outside(overlap, overlap->first, story);
}

bool recognise_read_outside(const struct symptom *symptom, struct story *story)
{
	return overlap_each(symptom, story, look_outside);
}
