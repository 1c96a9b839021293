/*
 * Updates that overlapped though no file lock explains it: a file that stands
 * for a lock and is made in two steps, and the plain lost update.
 */
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/explain/overlap.h"

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
	name = overlap_event(overlap, a)->object;
	if (!acts_on(overlap_event(overlap, b), name) ||
		is_locked(overlap, name))
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
	overlap_tell_entry(overlap, story);
	return true;
}

bool recognise_check_then_create(
	const struct symptom *symptom, struct story *story)
{
	return overlap_each(symptom, story, look_created);
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
			one->pattern->label, update_zh(overlap->first));
		story_en(story,
			"Both printed '%s', and %s records one of them only. ",
			one->pattern->label, update_en(overlap->first));
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
				update->offset != first->offset ||
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
	story_zh(story, "%s 在第一次写回之前读到的都是同一个 %s。",
		story_names_zh(story, who, count),
		story_content(story, first->before));
	story_en(story, "%s all read the same %s before the first write. ",
		story_names_en(story, who, count),
		story_content(story, first->before));
}

/* Where the first was when the second came in. */
static void tell_switch(const struct overlap *overlap, struct story *story)
{
	const struct observed_run *run = overlap->run;
	const struct shared_update *first = overlap->first;
	const char *who = story_who(story, first->actor);

	for (size_t i = overlap->second->read; i > first->read_end; i--) {
		const struct event *event = overlap_event(overlap, i - 1);

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
	const char *value, *zh = update_zh(first), *en = update_en(first);

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
		zh, *value ? " " : "同一个值", value);
	story_en(story,
		"%s (%s) and %s (%s) both read %s%s%s before either had "
		"written. ",
		story_who(story, first->actor), story_at(story, first->read),
		story_who(story, second->actor), story_at(story, second->read),
		*value ? value : "the same value", " from ", en);
	tell_switch(overlap, story);
	story_zh(story, "%s 写回 %s（%s），%s 又写回 %s（%s），盖掉了前一次。",
		story_who(story, early->actor),
		early->after ? story_content(story, early->after) : zh,
		story_at(story, early->change_end),
		story_who(story, late->actor),
		late->after ? story_content(story, late->after) : zh,
		story_at(story, late->change_end));
	story_en(story, "%s wrote %s (%s), then %s wrote %s (%s) over it. ",
		story_who(story, early->actor),
		early->after ? story_content(story, early->after) : en,
		story_at(story, early->change_end),
		story_who(story, late->actor),
		late->after ? story_content(story, late->after) : en,
		story_at(story, late->change_end));
	tell_loss(overlap, story);
	tell_company(overlap, story);
	return true;
}

bool recognise_lost_update(const struct symptom *symptom, struct story *story)
{
	return overlap_each(symptom, story, look_lost);
}
