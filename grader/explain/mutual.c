/*
 * Mutual exclusion that failed.  Each recogniser goes through the pairs of
 * updates that overlapped and looks for one in which the trace shows why the
 * lock did not keep the second out.  What a lock in memory does is not in the
 * trace unless somebody waits, so no recogniser says that there was none.
 */
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/explain/overlap.h"
#include "grader/rules/lines.h"

/* Two updates that overlapped; FIRST read first. */
struct overlap {
	const struct observed_run *run;
	const struct shared_updates *all;
	const struct shared_update *first, *second;
};

typedef bool overlap_fn(const struct overlap *overlap, struct story *story);

static bool is_evidence(const struct symptom *symptom, size_t event)
{
	for (size_t i = 0; i < symptom->result->evidence_count; i++)
		if (symptom->result->evidence[i] == event)
			return true;
	return false;
}

/* More lines than there should be; fewer have other reasons. */
static bool too_many_lines(const struct symptom *symptom)
{
	const struct observed_run *run = symptom->run;
	double most = rule_number(symptom->rule, "max", run, 0);
	double count = 0;

	for (size_t i = 0; i < run->observation_count; i++)
		count += line_is(
			symptom->rule, "observations", &run->observations[i]);
	return count > most;
}

/* Is the pair what the rule's message is about? */
static bool is_meant(
	const struct symptom *symptom, const struct overlap *overlap)
{
	if (!rule_is(symptom, "never-overlap"))
		return true;
	return is_evidence(symptom, overlap->first->read) &&
	       is_evidence(symptom, overlap->second->read);
}

/* Shows the pairs to LOOK until it recognises one. */
static bool each_overlap(
	const struct symptom *symptom, struct story *story, overlap_fn *look)
{
	struct shared_updates all;
	bool found = false;

	if (rule_is(symptom, "count") && !too_many_lines(symptom))
		return false;
	shared_updates_make(&all, symptom->run);
	for (size_t i = 0; i < all.count && !found; i++)
		for (size_t j = 0; j < i && !found; j++) {
			struct overlap pair = {symptom->run, &all,
				&all.items[j], &all.items[i]};

			if (!updates_overlap(pair.first, pair.second))
				continue;
			if (pair.second->read < pair.first->read) {
				pair.first = &all.items[i];
				pair.second = &all.items[j];
			}
			story_clear(story);
			found = is_meant(symptom, &pair) && look(&pair, story);
		}
	shared_updates_release(&all);
	return found;
}

static const struct event *event_of(const struct overlap *overlap, size_t index)
{
	return &overlap->run->trace->events[index];
}

/* How the second came between the first's read and its change. */
static void tell_entry(const struct overlap *overlap, struct story *story)
{
	const struct shared_update *first = overlap->first;
	const struct shared_update *second = overlap->second;
	const char *a = story_who(story, first->actor);
	const char *b = story_who(story, second->actor);

	story_zh(story,
		"%s 读了 %s（%s）还没有写回（%s），%s 就进来读了（%s）。", a,
		first->object, story_at(story, first->read),
		story_at(story, first->change_end), b,
		story_at(story, second->read));
	story_en(story,
		"%s had read %s (%s) and not yet written it back (%s) when %s "
		"came in and read it (%s).",
		a, first->object, story_at(story, first->read),
		story_at(story, first->change_end), b,
		story_at(story, second->read));
}

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
		!acts_on(event_of(overlap, a), event_of(overlap, b)->object))
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
	one = event_of(overlap, a);
	other = event_of(overlap, b);
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
	tell_entry(overlap, story);
	return true;
}

bool recognise_flock_inherited(
	const struct symptom *symptom, struct story *story)
{
	return each_overlap(symptom, story, look_inherited);
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
	name = event_of(overlap, a)->object;
	one = story_who(story, event_of(overlap, a)->task);
	other = story_who(story, event_of(overlap, b)->task);
	opened_a = opened_before(run,
		observed_process(run, event_of(overlap, a)->task), name, a);
	opened_b = opened_before(run,
		observed_process(run, event_of(overlap, b)->task), name, b);
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
		story_who(story, event_of(overlap, replaced)->task),
		story_at(story, replaced));
	story_en(story,
		"%s and %s held a lock of %s at the same time (%s; %s), but "
		"those were two files by then: between the two calls that "
		"opened it (%s; %s), %s took the name away from the first "
		"one (%s). ",
		one, other, name, story_at(story, a), story_at(story, b),
		story_at(story, opened_a), story_at(story, opened_b),
		story_who(story, event_of(overlap, replaced)->task),
		story_at(story, replaced));
	tell_entry(overlap, story);
	return true;
}

bool recognise_lock_replaced(const struct symptom *symptom, struct story *story)
{
	return each_overlap(symptom, story, look_replaced);
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
		!is_call(event_of(overlap, lock), "fcntl") ||
		!is_call(event_of(overlap, given_up), "close"))
		return false;
	name = event_of(overlap, lock)->object;
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
	tell_entry(overlap, story);
	return true;
}

static bool look_dropped(const struct overlap *overlap, struct story *story)
{
	return tell_dropped(overlap, overlap->first, story) ||
	       tell_dropped(overlap, overlap->second, story);
}

bool recognise_lock_dropped(const struct symptom *symptom, struct story *story)
{
	return each_overlap(symptom, story, look_dropped);
}

static bool tell_early(const struct overlap *overlap,
	const struct shared_update *update, struct story *story)
{
	const char *who = story_who(story, update->actor), *name;
	size_t lock, given_up;

	if (!lost_lock(overlap, update, &lock, &given_up))
		return false;
	name = event_of(overlap, lock)->object;
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
	tell_entry(overlap, story);
	return true;
}

static bool look_early(const struct overlap *overlap, struct story *story)
{
	return tell_early(overlap, overlap->first, story) ||
	       tell_early(overlap, overlap->second, story);
}

bool recognise_unlock_early(const struct symptom *symptom, struct story *story)
{
	return each_overlap(symptom, story, look_early);
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
	name = event_of(overlap, lock)->object;
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
	tell_entry(overlap, story);
	return true;
}

static bool look_outside(const struct overlap *overlap, struct story *story)
{
	return tell_outside(overlap, overlap->second, story) ||
	       tell_outside(overlap, overlap->first, story);
}

bool recognise_read_outside(const struct symptom *symptom, struct story *story)
{
	return each_overlap(symptom, story, look_outside);
}

/* The file that PROCESS made last before END, other than NAME itself. */
static size_t made_before(const struct overlap *overlap, int process,
	const char *name, size_t end)
{
	const struct trace *trace = overlap->run->trace;

	for (size_t i = end; i > 0; i--) {
		const struct event *event = &trace->events[i - 1];

		if (event->kind == EVENT_OPEN && event->object &&
			(event->value & O_CREAT) && !(event->value & O_EXCL) &&
			!acts_on(event, name) &&
			observed_process(overlap->run, event->task) == process)
			return i - 1;
	}
	return trace->event_count;
}

/* The event after FROM with which PROCESS removed NAME, or the number. */
static size_t removed_after(const struct overlap *overlap, int process,
	const char *name, size_t from)
{
	const struct trace *trace = overlap->run->trace;

	for (size_t i = from + 1; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_UNLINK &&
			acts_on(&trace->events[i], name) &&
			observed_process(overlap->run, trace->events[i].task) ==
				process)
			return i;
	return trace->event_count;
}

static bool is_locked(const struct overlap *overlap, const char *name)
{
	const struct trace *trace = overlap->run->trace;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_LOCK &&
			acts_on(&trace->events[i], name))
			return true;
	return false;
}

/*
 * A file that stands for the lock: each makes it before its update and removes
 * it afterwards, and making it succeeds though it is there.
 */
static bool look_created(const struct overlap *overlap, struct story *story)
{
	const struct shared_update *first = overlap->first;
	const struct shared_update *second = overlap->second;
	size_t count = overlap->run->trace->event_count;
	size_t a, b, removed;
	const char *name, *one, *other;

	if (first->process < 0 || second->process < 0)
		return false;
	a = made_before(overlap, first->process, first->object, first->read);
	b = made_before(overlap, second->process, second->object, second->read);
	if (a == count || b == count)
		return false;
	name = event_of(overlap, a)->object;
	if (!acts_on(event_of(overlap, b), name) || is_locked(overlap, name))
		return false;
	removed = removed_after(overlap, first->process, name, a);
	if (removed == count || removed < first->change_end || removed < b ||
		removed_after(overlap, second->process, name, b) <
			second->change_end)
		return false;
	one = story_who(story, first->actor);
	other = story_who(story, second->actor);
	story_zh(story,
		"%s 创建了锁文件 %s（%s）；它还没有删掉（%s），%s 也“创建”"
		"成功了（%s），因为打开时没有用 O_EXCL，文件已经存在也不报错。"
		"“先看有没有、再创建”是两步，中间可以插进别人。",
		one, name, story_at(story, a), story_at(story, removed), other,
		story_at(story, b));
	story_en(story,
		"%s made the lock file %s (%s); before it removed it (%s), %s "
		"made it too (%s): without O_EXCL, opening succeeds though the "
		"file is there. Looking whether it exists and making it are "
		"two steps, and another can come in between. ",
		one, name, story_at(story, a), story_at(story, removed), other,
		story_at(story, b));
	tell_entry(overlap, story);
	return true;
}

bool recognise_check_then_create(
	const struct symptom *symptom, struct story *story)
{
	return each_overlap(symptom, story, look_created);
}

/* A line of the actor after its change, or NULL. */
static const struct observation *line_after(
	const struct overlap *overlap, const struct shared_update *update)
{
	const struct observed_run *run = overlap->run;

	for (size_t i = 0; i < run->observation_count; i++)
		if (run->observations[i].process == update->actor &&
			run->observations[i].event > update->change)
			return &run->observations[i];
	return NULL;
}

/* What was lost: both say so, and the data knows of one. */
static void tell_loss(const struct overlap *overlap, struct story *story)
{
	const struct observation *one = line_after(overlap, overlap->first);
	const struct observation *other = line_after(overlap, overlap->second);
	const char *a = story_who(story, overlap->first->actor);
	const char *b = story_who(story, overlap->second->actor);

	if (one && other && one->pattern == other->pattern) {
		story_zh(story, "两边都打印了“%s”，%s 里却只记下了一次。",
			one->pattern->label, overlap->first->object);
		story_en(story,
			"Both printed '%s', and %s records one of them only. ",
			one->pattern->label, overlap->first->object);
	} else {
		story_zh(story, "%s 和 %s 各改了一次，只留下了一次。", a, b);
		story_en(story,
			"%s and %s changed it once each, and one change is "
			"left. ",
			a, b);
	}
}

/* All that read the same before any of them had written. */
static void tell_company(const struct overlap *overlap, struct story *story)
{
	const struct shared_update *first = overlap->first;
	auto_free int *who = xcalloc(overlap->all->count + 1, sizeof(*who));
	size_t count = 0, written = overlap->run->trace->event_count;

	if (!first->before)
		return;
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < overlap->all->count; i++) {
			const struct shared_update *update =
				&overlap->all->items[i];

			if (strcmp(update->object, first->object) != 0 ||
				!update->before ||
				strcmp(update->before, first->before) != 0 ||
				update->change < first->read)
				continue;
			if (round == 0 && update->change < written)
				written = update->change;
			if (round == 1 && update->read < written)
				who[count++] = update->actor;
		}
	if (count < 3)
		return;
	story_zh(story, "在第一次写回之前读到同一个 %s 的一共有 %zu 个：%s。",
		story_content(story, first->before), count,
		story_names_zh(story, who, count));
	story_en(story,
		"%zu in all read the same %s before the first write: "
		"%s. ",
		count, story_content(story, first->before),
		story_names_en(story, who, count));
}

/* Where the first was when the second came in. */
static void tell_switch(const struct overlap *overlap, struct story *story)
{
	const struct observed_run *run = overlap->run;
	const struct shared_update *first = overlap->first;
	const char *who = story_who(story, first->actor);

	for (size_t i = overlap->second->read; i > first->read_end; i--) {
		const struct event *event = event_of(overlap, i - 1);

		if (observed_process(run, event->task) != first->process)
			continue;
		if (event->kind == EVENT_SLEEP) {
			story_zh(story, "切换发生在 %s 睡眠时（%s）。", who,
				story_at(story, i - 1));
			story_en(story, "The switch came while %s slept (%s). ",
				who, story_at(story, i - 1));
		} else {
			story_zh(story, "切换发生在 %s 做完这一步之后（%s）。",
				who, story_at(story, i - 1));
			story_en(story,
				"The switch came behind this step of "
				"%s (%s). ",
				who, story_at(story, i - 1));
		}
		return;
	}
}

static bool look_lost(const struct overlap *overlap, struct story *story)
{
	const struct shared_update *first = overlap->first;
	const struct shared_update *second = overlap->second;
	const struct shared_update *early, *late;
	const char *value, *object = first->object;

	if (second->read > first->change)
		return false;
	if ((first->before || second->before) &&
		(!first->before || !second->before ||
			strcmp(first->before, second->before) != 0))
		return false;
	early = first->change < second->change ? first : second;
	late = early == first ? second : first;
	value = first->before ? story_content(story, first->before) : "";
	story_zh(story,
		"%s（%s）和 %s（%s）都从 %s 读到了%s%s，这时谁也还没有写回。",
		story_who(story, first->actor), story_at(story, first->read),
		story_who(story, second->actor), story_at(story, second->read),
		object, *value ? " " : "同一个值", value);
	story_en(story,
		"%s (%s) and %s (%s) both read %s%s%s before either had "
		"written. ",
		story_who(story, first->actor), story_at(story, first->read),
		story_who(story, second->actor), story_at(story, second->read),
		*value ? value : "the same value", " from ", object);
	tell_switch(overlap, story);
	story_zh(story, "%s 写回 %s（%s），%s 又写回 %s（%s），盖掉了前一次。",
		story_who(story, early->actor),
		early->after ? story_content(story, early->after) : object,
		story_at(story, early->change_end),
		story_who(story, late->actor),
		late->after ? story_content(story, late->after) : object,
		story_at(story, late->change_end));
	story_en(story, "%s wrote %s (%s), then %s wrote %s (%s) over it. ",
		story_who(story, early->actor),
		early->after ? story_content(story, early->after) : object,
		story_at(story, early->change_end),
		story_who(story, late->actor),
		late->after ? story_content(story, late->after) : object,
		story_at(story, late->change_end));
	tell_loss(overlap, story);
	tell_company(overlap, story);
	return true;
}

bool recognise_lost_update(const struct symptom *symptom, struct story *story)
{
	return each_overlap(symptom, story, look_lost);
}
