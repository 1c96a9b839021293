/*
 * One pass over the trace.  Reads are put together by offset, since nobody
 * promises to read a file with one call; changes are put together because a
 * rewrite often comes as truncation and writes, and what the file holds in
 * between says nothing about the sum.
 */
#include "grader/rules/files.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/json_reader.h"

int file_actor(const struct observed_run *run, int process)
{
	for (int at = process; at > 0;) {
		int parent = run->trace->tasks[at].parent;

		for (size_t i = 0; i < run->observation_count; i++)
			if (run->observations[i].process == at)
				return at;
		if (parent < 0)
			break;
		at = observed_process(run, parent);
	}
	return process;
}

static struct file_access *add_access(struct file_history *history)
{
	grow_array(&history->accesses, history->count, &history->capacity,
		sizeof(*history->accesses));
	memset(&history->accesses[history->count], 0,
		sizeof(*history->accesses));
	return &history->accesses[history->count++];
}

/* True when the process printed an observation between the events. */
static bool printed_between(
	const struct observed_run *run, int process, size_t from, size_t to)
{
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];

		if (seen->process == process && seen->event > from &&
			seen->event < to)
			return true;
	}
	return false;
}

static void add_read(struct file_history *history, int process,
	const struct event *event, size_t index)
{
	const char *text = event->text ? event->text : "";
	struct file_access *access;

	if (event->offset == 0) {
		access = add_access(history);
		access->first = index;
		access->process = process;
		access->content = xstrdup(text);
	} else {
		char *joined;
		size_t i = history->count;

		while (i > 0 &&
			(history->accesses[i - 1].change ||
				history->accesses[i - 1].process != process))
			i--;
		if (i == 0)
			return;
		access = &history->accesses[i - 1];
		if (event->offset != (int64_t)strlen(access->content))
			return;
		joined = xasprintf("%s%s", access->content, text);
		free(access->content);
		access->content = joined;
	}
	access->last = index;
	access->time_us = event->time_us;
}

static void add_change(struct file_history *history,
	const struct observed_run *run, int process, size_t index)
{
	const struct event *event = &run->trace->events[index];
	struct file_access *access = NULL;

	if (history->count > 0)
		access = &history->accesses[history->count - 1];
	if (!access || !access->change || access->process != process ||
		printed_between(run, process, access->last, index)) {
		access = add_access(history);
		access->change = true;
		access->first = index;
		access->process = process;
	}
	access->last = index;
	access->time_us = event->time_us;
	free(access->content);
	access->content = event->after ? xstrdup(event->after) : NULL;
}

static bool names(const char *object, const char *file)
{
	return object && !strcmp(object, file);
}

static bool changes(const struct event *event, const char *file)
{
	switch (event->kind) {
	case EVENT_WRITE:
	case EVENT_TRUNCATE:
	case EVENT_UNLINK:
		return names(event->object, file);
	case EVENT_RENAME:
		return names(event->object, file) || names(event->text, file);
	default:
		return false;
	}
}

void file_history_make(struct file_history *history,
	const struct observed_run *run, const char *file)
{
	const struct trace *trace = run->trace;

	memset(history, 0, sizeof(*history));
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		int process = observed_process(run, event->task);

		if (process < 0)
			continue;
		if (event->kind == EVENT_READ && names(event->object, file))
			add_read(history, process, event, i);
		else if (changes(event, file))
			add_change(history, run, process, i);
	}
	for (size_t i = 0; i < history->count; i++)
		history->accesses[i].actor =
			file_actor(run, history->accesses[i].process);
}

void file_history_release(struct file_history *history)
{
	for (size_t i = 0; i < history->count; i++)
		free(history->accesses[i].content);
	free(history->accesses);
	memset(history, 0, sizeof(*history));
}

size_t file_updates(
	const struct file_history *history, struct file_update **updates)
{
	struct file_update *made = xcalloc(history->count + 1, sizeof(*made));
	size_t count = 0;

	for (size_t i = 0; i < history->count; i++) {
		const struct file_access *change = &history->accesses[i];
		size_t j = i;

		if (!change->change)
			continue;
		while (j > 0 && (history->accesses[j - 1].change ||
					history->accesses[j - 1].actor !=
						change->actor))
			j--;
		if (j == 0)
			continue;
		made[count].read = &history->accesses[j - 1];
		made[count].change = change;
		made[count++].actor = change->actor;
	}
	*updates = made;
	return count;
}

bool file_value(const char *content, const char *key, int64_t *value)
{
	struct json_document document = {0};
	struct json_node root;
	struct err err;
	bool found = false;

	if (!content || json_document_open(&document, content, strlen(content),
				"", &err) != 0)
		return false;
	root = json_document_root(&document);
	if (json_is_object(&root))
		found = json_get_whole(&root, key, true, INT32_MIN, INT32_MAX,
				value) == 0;
	json_document_close(&document);
	return found;
}

static bool changed_since_read(const struct observed_run *run, const char *file,
	int process, size_t event)
{
	struct file_history history;
	bool changed = false;

	file_history_make(&history, run, file);
	for (size_t i = 0; i < history.count; i++) {
		const struct file_access *access = &history.accesses[i];

		if (access->process == process && access->first < event)
			changed = access->change;
	}
	file_history_release(&history);
	return changed;
}

bool file_changed_since_read(
	const struct observed_run *run, int process, size_t event)
{
	const struct scenario *scenario = run->scenario;

	for (size_t i = 0; i < scenario->file_count; i++)
		if (scenario->files[i].watched &&
			changed_since_read(
				run, scenario->files[i].name, process, event))
			return true;
	return false;
}
