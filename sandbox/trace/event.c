/*
 * The accessors of the table of kinds.  Everything comes from EVENT_KINDS;
 * the names are few enough to be searched one by one.
 */
#include "trace/event.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static const struct {
	const char *name;
	const char *fields;
	const char *meaning;
} kinds[] = {
#define X(suffix, name, fields, meaning) {name, fields, meaning},
	EVENT_KINDS(X)
#undef X
};

struct event event_make(enum event_kind kind, int task)
{
	struct event event;

	memset(&event, 0, sizeof(event));
	event.kind = kind;
	event.task = task;
	event.other = -1;
	event.status = -1;
	return event;
}

const char *event_kind_name(enum event_kind kind)
{
	assert(kind < EVENT_KIND_COUNT);
	return kinds[kind].name;
}

const char *event_kind_fields(enum event_kind kind)
{
	assert(kind < EVENT_KIND_COUNT);
	return kinds[kind].fields;
}

const char *event_kind_meaning(enum event_kind kind)
{
	assert(kind < EVENT_KIND_COUNT);
	return kinds[kind].meaning;
}

int event_kind_by_name(const char *name)
{
	int kind;

	for (kind = 0; kind < EVENT_KIND_COUNT; kind++)
		if (!strcmp(kinds[kind].name, name))
			return kind;
	return -1;
}
