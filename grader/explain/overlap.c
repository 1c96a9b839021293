/*
 * Files come as whole reads and changes (grader/rules/files.h).  In memory a
 * read and the next write of the same place by the same process make an
 * update.  Locks are followed from their events; only exclusive ones count.
 */
#include "grader/explain/overlap.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/files.h"
#include "grader/rules/lines.h"

static struct shared_update *add_update(struct shared_updates *updates)
{
	grow_array(&updates->items, updates->count, &updates->capacity,
		sizeof(*updates->items));
	memset(&updates->items[updates->count], 0, sizeof(*updates->items));
	return &updates->items[updates->count++];
}

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static void add_file(struct shared_updates *updates,
	const struct observed_run *run, const char *file)
{
	struct file_history history;
	auto_free struct file_update *found = NULL;
	size_t count;

	file_history_make(&history, run, file);
	count = file_updates(&history, &found);
	for (size_t i = 0; i < count; i++) {
		const struct file_access *read = found[i].read;
		const struct file_access *change = found[i].change;
		struct shared_update *update = add_update(updates);

		update->object = file;
		update->actor = found[i].actor;
		update->process =
			read->process == change->process ? read->process : -1;
		update->read = read->first;
		update->read_end = read->last;
		update->change = change->first;
		update->change_end = change->last;
		update->before = copy(read->content);
		update->after = copy(change->content);
	}
	file_history_release(&history);
}

/* From a read of memory to the write that follows from it, in between. */
#define UPDATE_STEPS 4

static bool same_memory(const struct event *one, const struct event *other)
{
	return acts_on(one, other->object) && one->offset == other->offset;
}

static bool is_write(const struct event *event)
{
	return event->call && strstr(event->call, "write") != NULL;
}

/* The read that led to the write at INDEX, or the number of events. */
static size_t memory_read_before(const struct observed_run *run, size_t index)
{
	const struct trace *trace = run->trace;
	const struct event *write = &trace->events[index];

	int others = 0;

	for (size_t i = index; i > 0 && others < UPDATE_STEPS; i--) {
		const struct event *event = &trace->events[i - 1];

		if (event->task != write->task)
			continue;
		if (event->kind == EVENT_ACCESS && same_memory(event, write))
			return is_write(event) ? trace->event_count : i - 1;
		others++;
	}
	return trace->event_count;
}

static void add_memory(
	struct shared_updates *updates, const struct observed_run *run)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		struct shared_update *update;
		size_t read;

		if (event->kind != EVENT_ACCESS || !is_write(event) ||
			strstr(event->call, "atomic") || !event->object)
			continue;
		read = memory_read_before(run, i);
		if (read == trace->event_count)
			continue;
		update = add_update(updates);
		update->object = event->object;
		update->offset = event->offset;
		update->before = copy(trace->events[read].text);
		update->actor = observed_process(run, event->task);
		update->process = update->actor;
		update->read = update->read_end = read;
		update->change = update->change_end = i;
	}
}

void shared_updates_make(
	struct shared_updates *updates, const struct observed_run *run)
{
	const struct scenario *scenario = run->scenario;

	memset(updates, 0, sizeof(*updates));
	for (size_t i = 0; i < scenario->file_count; i++)
		if (scenario->files[i].watched)
			add_file(updates, run, scenario->files[i].name);
	add_memory(updates, run);
}

void shared_updates_release(struct shared_updates *updates)
{
	for (size_t i = 0; i < updates->count; i++) {
		free(updates->items[i].before);
		free(updates->items[i].after);
	}
	free(updates->items);
	memset(updates, 0, sizeof(*updates));
}

bool updates_overlap(
	const struct shared_update *one, const struct shared_update *other)
{
	return one->actor != other->actor &&
	       !strcmp(one->object, other->object) &&
	       one->offset == other->offset && one->read <= other->change_end &&
	       other->read <= one->change_end;
}

size_t lock_given_up(const struct observed_run *run, size_t lock)
{
	const struct trace *trace = run->trace;
	const struct event *got = &trace->events[lock];
	int process = observed_process(run, got->task);

	for (size_t i = lock + 1; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_UNLOCK &&
			observed_process(run, event->task) == process &&
			acts_on(event, got->object))
			return i;
	}
	return trace->event_count;
}

size_t lock_held(const struct observed_run *run, int process, size_t at)
{
	const struct trace *trace = run->trace;

	for (size_t i = at; i > 0; i--) {
		const struct event *event = &trace->events[i - 1];

		if (event->kind == EVENT_LOCK && event->value == 0 &&
			event->object &&
			observed_process(run, event->task) == process &&
			lock_given_up(run, i - 1) > at)
			return i - 1;
	}
	return trace->event_count;
}

size_t opened_before(const struct observed_run *run, int process,
	const char *name, size_t end)
{
	const struct trace *trace = run->trace;

	for (size_t i = end; i > 0; i--) {
		const struct event *event = &trace->events[i - 1];

		if (event->kind == EVENT_OPEN && acts_on(event, name) &&
			observed_process(run, event->task) == process)
			return i - 1;
	}
	return trace->event_count;
}

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

bool overlap_each(
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

const struct event *overlap_event(const struct overlap *overlap, size_t index)
{
	return &overlap->run->trace->events[index];
}

static bool is_memory(const struct shared_update *update)
{
	return !strncmp(update->object, "memory:", 7);
}

const char *update_zh(const struct shared_update *update)
{
	return is_memory(update) ? "共享内存" : update->object;
}

const char *update_en(const struct shared_update *update)
{
	return is_memory(update) ? "shared memory" : update->object;
}

void overlap_tell_entry(const struct overlap *overlap, struct story *story)
{
	const struct shared_update *first = overlap->first;
	const struct shared_update *second = overlap->second;
	const char *a = story_who(story, first->actor);
	const char *b = story_who(story, second->actor);

	story_zh(story,
		"%s 读了 %s（%s）还没有写回（%s），%s 就进来读了（%s）。", a,
		update_zh(first), story_at(story, first->read),
		story_at(story, first->change_end), b,
		story_at(story, second->read));
	story_en(story,
		"%s had read %s (%s) and not yet written it back (%s) when %s "
		"came in and read it (%s).",
		a, update_en(first), story_at(story, first->read),
		story_at(story, first->change_end), b,
		story_at(story, second->read));
}
