/*
 * A trace is an array of events, an array of tasks and a store of strings.
 *
 * Programs of this kind write the same few texts again and again ("pipe:0",
 * the content of a small file), so each string is kept once, in a chained
 * hash table that doubles when it is full.  A stored string never moves:
 * events point straight at it, and two strings of one trace are equal exactly
 * when their pointers are.
 *
 * Bytes of the program are cleaned on the way in (base/buf.h says how), so
 * that no later stage meets malformed UTF-8 or a terminal escape.
 */
#include "trace/trace.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"

#define FIRST_BUCKET_COUNT 64

struct trace_string {
	struct trace_string *next;
	uint64_t hash;
	size_t length;
	char data[]; /* NUL-terminated */
};

void trace_release(struct trace *trace)
{
	struct trace_string *string, *next;
	size_t i;

	for (i = 0; i < trace->bucket_count; i++) {
		for (string = trace->buckets[i]; string; string = next) {
			next = string->next;
			free(string);
		}
	}
	free(trace->buckets);
	free(trace->events);
	free(trace->tasks);
	free(trace->exercise);
	free(trace->scenario);
	free(trace->policy);
	free(trace->program_hash);
	free(trace->switches);
	memset(trace, 0, sizeof(*trace));
}

size_t trace_bytes(const struct trace *trace)
{
	return trace->event_count * sizeof(*trace->events) +
	       trace->task_count * sizeof(*trace->tasks) + trace->string_bytes;
}

static uint64_t hash_bytes(const char *data, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325;
	size_t i;

	for (i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)data[i]) * 0x100000001b3;
	return hash ^ (hash >> 32);
}

static void grow_buckets(struct trace *trace)
{
	struct trace_string **buckets, *string, *next, **place;
	size_t count, i;

	count = trace->bucket_count ? trace->bucket_count * 2
				    : FIRST_BUCKET_COUNT;
	buckets = xcalloc(count, sizeof(struct trace_string *));
	for (i = 0; i < trace->bucket_count; i++) {
		for (string = trace->buckets[i]; string; string = next) {
			next = string->next;
			place = &buckets[string->hash % count];
			string->next = *place;
			*place = string;
		}
	}
	free(trace->buckets);
	trace->buckets = buckets;
	trace->bucket_count = count;
}

/* The stored copy of LENGTH bytes that hold no NUL. */
static const char *intern(struct trace *trace, const char *data, size_t length)
{
	uint64_t hash = hash_bytes(data, length);
	struct trace_string *string, **place;

	if (trace->string_count >= trace->bucket_count)
		grow_buckets(trace);
	place = &trace->buckets[hash % trace->bucket_count];
	for (string = *place; string; string = string->next)
		if (string->hash == hash && string->length == length &&
			!memcmp(string->data, data, length))
			return string->data;
	string = xmalloc(sizeof(*string) + length + 1);
	string->hash = hash;
	string->length = length;
	memcpy(string->data, data, length);
	string->data[length] = '\0';
	string->next = *place;
	*place = string;
	trace->string_count++;
	trace->string_bytes += sizeof(*string) + length + 1;
	return string->data;
}

/*
 * The greatest length <= MAX at which DATA can be cut without tearing a
 * character.  Malformed data may have continuation bytes for ever: at most
 * three of them belong to the character that is cut.
 */
static size_t cut_length(const char *data, size_t length, size_t max)
{
	size_t cut = max;
	int back;

	if (length <= max)
		return length;
	for (back = 0; back < 3 && cut > 0; back++) {
		if (((unsigned char)data[cut] & 0xc0) != 0x80)
			return cut;
		cut--;
	}
	return ((unsigned char)data[cut] & 0xc0) != 0x80 ? cut : max;
}

/* True for ASCII without control characters: nothing to clean. */
static bool is_plain(const char *data, size_t length)
{
	unsigned char byte;
	size_t i;

	for (i = 0; i < length; i++) {
		byte = (unsigned char)data[i];
		if (byte >= 0x7f ||
			(byte < 0x20 && byte != '\n' && byte != '\t'))
			return false;
	}
	return true;
}

static const char *intern_text(
	struct trace *trace, const char *data, size_t length)
{
	struct buf clean = {0};
	const char *stored;

	length = cut_length(data, length, EVENT_TEXT_MAX);
	if (is_plain(data, length))
		return intern(trace, data, length);
	buf_add_clean(&clean, data, length);
	length = cut_length(clean.data, clean.length, EVENT_TEXT_MAX);
	stored = intern(trace, clean.data, length);
	buf_release(&clean);
	return stored;
}

/*
 * "0.2" for the second process that task 0 made, "0.t1" for its first thread.
 * A chain too deep for the room falls back to the task's number, which is
 * unique as well.
 */
static void set_pedigree(
	const struct trace *trace, struct trace_task *task, int number)
{
	int index = 1, written, i;

	if (task->parent < 0) {
		snprintf(task->pedigree, sizeof(task->pedigree), "%d", number);
		return;
	}
	for (i = task->parent + 1; i < number; i++)
		if (trace->tasks[i].parent == task->parent &&
			trace->tasks[i].is_thread == task->is_thread)
			index++;
	written = snprintf(task->pedigree, sizeof(task->pedigree), "%s.%s%d",
		trace->tasks[task->parent].pedigree, task->is_thread ? "t" : "",
		index);
	if (written >= (int)sizeof(task->pedigree))
		snprintf(task->pedigree, sizeof(task->pedigree), "+%d", number);
}

int trace_add_task(struct trace *trace, int parent, bool is_thread, pid_t pid,
	int64_t born_us)
{
	int number = (int)trace->task_count;
	struct trace_task task = {
		.parent = parent,
		.process = number,
		.is_thread = is_thread,
		.pid = pid,
		.born_us = born_us,
		.died_us = -1,
		.exit_status = -1,
		.reaped_by = -1,
		.reaped_us = -1,
	};

	assert(parent >= -1 && parent < number);
	assert(parent >= 0 || !is_thread);
	if (is_thread)
		task.process = trace->tasks[parent].process;
	set_pedigree(trace, &task, number);
	grow_array(&trace->tasks, trace->task_count, &trace->task_capacity,
		sizeof(*trace->tasks));
	trace->tasks[trace->task_count++] = task;
	return number;
}

static struct trace_task *task_of(struct trace *trace, int number)
{
	if (number < 0 || (size_t)number >= trace->task_count)
		return NULL;
	return &trace->tasks[number];
}

static void update_tasks(struct trace *trace, const struct event *event)
{
	struct trace_task *task = task_of(trace, event->task);
	struct trace_task *other = task_of(trace, event->other);
	bool is_auto = event->call && !strcmp(event->call, "auto");

	if (event->kind == EVENT_EXIT && task) {
		task->died_us = event->time_us;
		task->exit_status = event->status;
		task->exit_signal = event->signal;
	} else if (event->kind == EVENT_REAP && other) {
		other->reaped_by = is_auto ? -2 : event->task;
		other->reaped_us = event->time_us;
	} else if (event->kind == EVENT_ORPHAN && task) {
		task->orphaned = true;
	}
}

const struct event *trace_append_data(struct trace *trace,
	const struct event *event, const void *text, size_t text_length,
	const void *after, size_t after_length)
{
	struct event stored = *event;

	stored.seq = (uint32_t)trace->event_count;
	if (stored.object)
		stored.object = intern_text(
			trace, stored.object, strlen(stored.object));
	if (stored.call)
		stored.call =
			intern_text(trace, stored.call, strlen(stored.call));
	stored.text = text ? intern_text(trace, text, text_length) : NULL;
	stored.after = after ? intern_text(trace, after, after_length) : NULL;
	grow_array(&trace->events, trace->event_count, &trace->event_capacity,
		sizeof(*trace->events));
	trace->events[trace->event_count] = stored;
	update_tasks(trace, &stored);
	return &trace->events[trace->event_count++];
}

const struct event *trace_append(struct trace *trace, const struct event *event)
{
	return trace_append_data(trace, event, event->text,
		event->text ? strlen(event->text) : 0, event->after,
		event->after ? strlen(event->after) : 0);
}

int64_t trace_end_us(const struct trace *trace)
{
	if (!trace->event_count)
		return 0;
	return trace->events[trace->event_count - 1].time_us;
}

static void mix(uint64_t *hash, uint64_t number)
{
	*hash = (*hash ^ number) * UINT64_C(0xbf58476d1ce4e5b9);
	*hash ^= *hash >> 29;
}

/* TEXT is in the store, where its hash stands in front of it; or NULL. */
static uint64_t stored_hash(const char *text)
{
	uint64_t hash;

	if (!text)
		return 0;
	memcpy(&hash,
		text - offsetof(struct trace_string, data) +
			offsetof(struct trace_string, hash),
		sizeof(hash));
	return hash | 1;
}

static uint64_t field_hash(const struct event *event, char letter)
{
	switch (letter) {
	case 'o':
		return event->other >= 0 ? (uint64_t)event->other + 1 : 0;
	case 'v':
		return (uint64_t)event->value;
	case 's':
		return event->status >= 0 ? (uint64_t)event->status + 1 : 0;
	case 'g':
		return (uint64_t)event->signal;
	case 'n':
		return stored_hash(event->object);
	case 't':
		return stored_hash(event->text);
	case 'a':
		return stored_hash(event->after);
	case 'c':
		return stored_hash(event->call);
	default:
		return (uint64_t)event->offset;
	}
}

uint64_t trace_fingerprint(const struct trace *trace)
{
	uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		const char *letter = event_kind_fields(event->kind);
		const struct trace_task *made = NULL;

		mix(&hash, (uint64_t)event->kind);
		mix(&hash, (uint64_t)event->time_us);
		mix(&hash, (uint64_t)event->task);
		for (; *letter; letter++)
			mix(&hash, field_hash(event, *letter));
		if (event->kind == EVENT_FORK && event->other >= 0 &&
			(size_t)event->other < trace->task_count)
			made = &trace->tasks[event->other];
		if (made)
			mix(&hash, (uint64_t)made->pid << 1 | made->is_thread);
	}
	return hash;
}

bool trace_is_ancestor(const struct trace *trace, int ancestor, int task)
{
	while (task > 0 && (size_t)task < trace->task_count) {
		task = trace->tasks[task].parent;
		if (task == ancestor)
			return task >= 0;
	}
	return false;
}
