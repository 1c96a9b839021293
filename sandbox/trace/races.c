#include "trace/races.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "trace/happens_before.h"

struct access {
	size_t event;
	const char *object; /* equal names are equal pointers */
	int64_t offset, end;
	uint64_t pc;
	int task;
	bool writes, atomic;
};

/* The accesses that are seen without gaps; the caller frees them. */
static struct access *collect(const struct trace *trace, size_t *count)
{
	struct access *all = NULL;
	size_t capacity = 0;

	*count = 0;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_ACCESS || !event->call)
			continue;
		if (!strncmp(event->call, "some-", 5))
			break;
		grow_array(&all, *count, &capacity, sizeof(*all));
		all[(*count)++] = (struct access){
			.event = i,
			.object = event->object,
			.offset = event->offset,
			.end = event->offset + event->value,
			.pc = event->pc,
			.task = event->task,
			.writes = strstr(event->call, "write") != NULL,
			.atomic = strstr(event->call, "atomic") != NULL,
		};
	}
	return all;
}

static bool conflict(const struct access *a, const struct access *b)
{
	return a->task != b->task && a->object == b->object &&
	       (a->writes || b->writes) && !(a->atomic && b->atomic) &&
	       a->offset < b->end && b->offset < a->end;
}

static bool is_known(const struct trace *trace, const struct race *races,
	size_t count, const struct access *a, const struct access *b)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t one = trace->events[races[i].earlier].pc;
		uint64_t other = trace->events[races[i].later].pc;

		if ((one == a->pc && other == b->pc) ||
			(one == b->pc && other == a->pc))
			return true;
	}
	return false;
}

size_t races_find(const struct trace *trace, struct race *races, size_t max)
{
	struct happens_before *order = NULL;
	size_t count, found = 0;
	struct access *all = collect(trace, &count);

	for (size_t j = 1; j < count && found < max; j++)
		for (size_t i = 0; i < j && found < max; i++) {
			if (!conflict(&all[i], &all[j]) ||
				is_known(trace, races, found, &all[i], &all[j]))
				continue;
			if (!order)
				order = happens_before_new(
					trace, HAPPENS_FILES_ORDER);
			if (happens_before(order, all[i].event, all[j].event))
				continue;
			races[found++] =
				(struct race){all[i].event, all[j].event};
		}
	happens_before_free(order);
	free(all);
	return found;
}
