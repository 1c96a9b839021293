/*
 * The reader of traces.  A trace may have been written elsewhere, cut short
 * or edited by hand, so nothing in it is believed: each field is looked up in
 * one table of names, types and kinds, and what is unknown, repeated, missing
 * or out of range is an error that names the line and the field.
 *
 * The tasks table is not in the file: the header tells main's pid, and each
 * fork event adds the task that it made, just as in the run.
 */
#include "trace/trace_json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define EXACT_MAX ((double)((int64_t)1 << 53))

struct reader {
	struct trace *trace;
	const char *name;
	size_t line;
	struct err *err;
};

/* The fields of one event line, before they are made an event. */
struct line {
	struct event event;
	int64_t seq, pid;
	const char *who, *kind, *place;
	bool is_thread;
};

enum field_type { TYPE_INT64, TYPE_INT, TYPE_STRING, TYPE_BOOL };

#define ANY_KIND ' ' /* every kind may have it */
#define NEW_TASK 'p' /* what a fork event tells about the task it made */
#define NUMBER_RANGE INT64_MIN, INT64_MAX
#define AT(member) offsetof(struct line, member)

static const struct {
	const char *name;
	enum field_type type;
	char letter;   /* of event.h, or one of the two above */
	bool required; /* by the kinds that have it */
	size_t place;  /* in struct line */
	int64_t min, max;
} fields[] = {
	{"seq", TYPE_INT64, ANY_KIND, true, AT(seq), 0, UINT32_MAX},
	{"t", TYPE_INT64, ANY_KIND, true, AT(event.time_us), 0, INT64_MAX},
	{"task", TYPE_INT, ANY_KIND, true, AT(event.task), -1, INT_MAX},
	{"who", TYPE_STRING, ANY_KIND, true, AT(who), 0, 0},
	{"kind", TYPE_STRING, ANY_KIND, true, AT(kind), 0, 0},
	{"place", TYPE_STRING, ANY_KIND, false, AT(place), 0, 0},
	{"other", TYPE_INT, 'o', false, AT(event.other), 0, INT_MAX},
	{"value", TYPE_INT64, 'v', true, AT(event.value), NUMBER_RANGE},
	{"status", TYPE_INT, 's', false, AT(event.status), 0, 255},
	{"signal", TYPE_INT, 'g', false, AT(event.signal), 1, 64},
	{"object", TYPE_STRING, 'n', false, AT(event.object), 0, 0},
	{"text", TYPE_STRING, 't', false, AT(event.text), 0, 0},
	{"after", TYPE_STRING, 'a', false, AT(event.after), 0, 0},
	{"call", TYPE_STRING, 'c', false, AT(event.call), 0, 0},
	{"offset", TYPE_INT64, 'f', true, AT(event.offset), NUMBER_RANGE},
	{"pid", TYPE_INT64, NEW_TASK, true, AT(pid), 0, INT_MAX},
	{"thread", TYPE_BOOL, NEW_TASK, true, AT(is_thread), 0, 0},
};

#define FIELD_COUNT ((int)(sizeof(fields) / sizeof(fields[0])))

#define FAIL(reader, ...)                                                      \
	err_context((reader)->err,                                             \
		err_set((reader)->err, -EINVAL, __VA_ARGS__), "%s:%zu",        \
		(reader)->name, (reader)->line)

/* A decimal string, for numbers that a double cannot hold. */
static bool parse_decimal(const char *text, int64_t *number)
{
	const char *digits = text[0] == '-' ? text + 1 : text;
	char *end;

	if (digits[0] < '0' || digits[0] > '9')
		return false;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return !*end && !errno;
}

static bool parse_number(const cJSON *item, int64_t *number)
{
	double value = item->valuedouble;

	if (cJSON_IsString(item))
		return parse_decimal(item->valuestring, number);
	if (!cJSON_IsNumber(item) || value < -EXACT_MAX || value > EXACT_MAX)
		return false;
	*number = (int64_t)value;
	return (double)*number == value;
}

static int read_number(struct reader *reader, const cJSON *item, int64_t min,
	int64_t max, int64_t *number)
{
	if (!parse_number(item, number))
		return FAIL(
			reader, "field '%s': not a whole number", item->string);
	if (*number < min || *number > max)
		return FAIL(reader,
			"field '%s': %" PRId64 " is not in %" PRId64
			" to %" PRId64,
			item->string, *number, min, max);
	return 0;
}

static int read_text(
	struct reader *reader, const cJSON *item, const char **text)
{
	if (!cJSON_IsString(item))
		return FAIL(reader, "field '%s': not a string", item->string);
	*text = item->valuestring;
	return 0;
}

static int read_field(
	struct reader *reader, const cJSON *item, int id, struct line *line)
{
	char *place = (char *)line + fields[id].place;
	int64_t number = 0;
	bool flag;
	int narrow, r;

	if (fields[id].type == TYPE_STRING)
		return read_text(reader, item, (const char **)(void *)place);
	if (fields[id].type == TYPE_BOOL) {
		if (!cJSON_IsBool(item))
			return FAIL(reader, "field '%s': not true or false",
				item->string);
		flag = cJSON_IsTrue(item);
		memcpy(place, &flag, sizeof(flag));
		return 0;
	}
	r = read_number(reader, item, fields[id].min, fields[id].max, &number);
	if (r < 0)
		return r;
	narrow = (int)number;
	if (fields[id].type == TYPE_INT)
		memcpy(place, &narrow, sizeof(narrow));
	else
		memcpy(place, &number, sizeof(number));
	return 0;
}

static int field_by_name(const char *name)
{
	int id;

	for (id = 0; id < FIELD_COUNT; id++)
		if (!strcmp(fields[id].name, name))
			return id;
	return -1;
}

static bool kind_has_field(enum event_kind kind, int id)
{
	char letter = fields[id].letter;

	if (letter == ANY_KIND)
		return true;
	if (letter == NEW_TASK)
		return kind == EVENT_FORK;
	return strchr(event_kind_fields(kind), letter);
}

static int read_kind(struct reader *reader, const cJSON *object)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "kind");
	const char *name = NULL;
	int kind, r;

	if (!item)
		return FAIL(reader, "field 'kind': missing");
	r = read_text(reader, item, &name);
	if (r < 0)
		return r;
	kind = event_kind_by_name(name);
	if (kind < 0)
		return FAIL(reader, "field 'kind': unknown kind '%.40s'", name);
	return kind;
}

static int read_fields(
	struct reader *reader, const cJSON *object, struct line *line)
{
	bool seen[FIELD_COUNT] = {false};
	const cJSON *item;
	int id, r;

	cJSON_ArrayForEach(item, object)
	{
		id = field_by_name(item->string);
		if (id < 0)
			return FAIL(
				reader, "unknown field '%.40s'", item->string);
		if (!kind_has_field(line->event.kind, id))
			return FAIL(reader, "field '%s': kind '%s' has none",
				item->string,
				event_kind_name(line->event.kind));
		if (seen[id])
			return FAIL(reader, "field '%s': given twice",
				item->string);
		seen[id] = true;
		r = read_field(reader, item, id, line);
		if (r < 0)
			return r;
	}
	for (id = 0; id < FIELD_COUNT; id++)
		if (fields[id].required && !seen[id] &&
			kind_has_field(line->event.kind, id))
			return FAIL(
				reader, "field '%s': missing", fields[id].name);
	return 0;
}

/* Checks the fields against each other and against the trace so far. */
static int check_line(struct reader *reader, const struct line *line)
{
	const struct trace *trace = reader->trace;
	const struct event *event = &line->event;
	int count = (int)trace->task_count;
	const char *who = "engine";

	if ((size_t)line->seq != trace->event_count)
		return FAIL(reader, "field 'seq': %zu expected",
			trace->event_count);
	if (event->time_us < trace_end_us(trace))
		return FAIL(reader, "field 't': goes back in time");
	if (event->task >= count)
		return FAIL(
			reader, "field 'task': no task %d yet", event->task);
	if (event->task >= 0)
		who = trace->tasks[event->task].pedigree;
	assert(line->who); /* required */
	if (strcmp(line->who, who) != 0)
		return FAIL(reader, "field 'who': '%s' expected", who);
	if (event->kind == EVENT_FORK && event->other != count)
		return FAIL(reader, "field 'other': %d expected", count);
	if (event->kind == EVENT_FORK && event->task < 0 && line->is_thread)
		return FAIL(
			reader, "field 'thread': the engine makes no thread");
	if (event->kind != EVENT_FORK && event->other >= count)
		return FAIL(
			reader, "field 'other': no task %d yet", event->other);
	return 0;
}

static int read_event(struct reader *reader, const cJSON *object)
{
	struct line line = {.event = event_make(EVENT_START, -1)};
	int kind, r;

	kind = read_kind(reader, object);
	if (kind < 0)
		return kind;
	line.event.kind = (enum event_kind)kind;
	r = read_fields(reader, object, &line);
	if (r < 0)
		return r;
	r = check_line(reader, &line);
	if (r < 0)
		return r;
	if (kind == EVENT_FORK)
		trace_add_task(reader->trace, line.event.task, line.is_thread,
			(pid_t)line.pid, line.event.time_us);
	trace_append(reader->trace, &line.event);
	return 0;
}

static int read_seed(struct reader *reader, const char *text)
{
	char *end;

	errno = 0;
	reader->trace->seed = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno)
		return FAIL(reader, "field 'seed': not a decimal number "
				    "below 2^64");
	return 0;
}

static int read_header_field(struct reader *reader, const cJSON *item)
{
	struct trace *trace = reader->trace;
	const struct {
		const char *name;
		char **place;
	} texts[] = {
		{"exercise", &trace->exercise},
		{"scenario", &trace->scenario},
		{"policy", &trace->policy},
		{"switches", &trace->switches},
		{"program", &trace->program_hash},
		{"schema", NULL},
		{"engine", NULL},
		{"seed", NULL},
	};
	const char *text = NULL;
	int64_t pid = 0;
	size_t i;
	int r;

	if (!strcmp(item->string, "pid")) {
		r = read_number(reader, item, 0, INT_MAX, &pid);
		if (!r)
			trace_add_task(trace, -1, false, (pid_t)pid, 0);
		return r;
	}
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(item->string, texts[i].name) != 0)
			continue;
		r = read_text(reader, item, &text);
		if (r < 0)
			return r;
		assert(text);
		if (texts[i].place)
			*texts[i].place = xstrdup(text);
		return strcmp(item->string, "seed") ? 0
						    : read_seed(reader, text);
	}
	return FAIL(reader, "unknown field '%.40s'", item->string);
}

static int read_header(struct reader *reader, const cJSON *object)
{
	const cJSON *item, *before, *schema;
	int r;

	schema = cJSON_GetObjectItemCaseSensitive(object, "schema");
	if (!cJSON_IsString(schema) ||
		strcmp(schema->valuestring, TRACE_SCHEMA) != 0)
		return FAIL(reader, "field 'schema': '" TRACE_SCHEMA
				    "' expected, is this a trace?");
	if (!cJSON_GetObjectItemCaseSensitive(object, "seed"))
		return FAIL(reader, "field 'seed': missing");
	cJSON_ArrayForEach(item, object)
	{
		for (before = object->child; before != item;
			before = before->next)
			if (!strcmp(before->string, item->string))
				return FAIL(reader,
					"field '%.40s': given twice",
					item->string);
		r = read_header_field(reader, item);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_line(struct reader *reader, const char *text, size_t length)
{
	const char *end = NULL;
	cJSON *object;
	int r;

	/* cJSON takes a NUL for the end of a string: none may come through */
	if (memchr(text, '\0', length))
		return FAIL(reader, "a NUL byte");
	object = cJSON_ParseWithLengthOpts(text, length, &end, false);
	if (!object)
		return FAIL(reader, "not JSON at column %td", end - text + 1);
	if (end != text + length)
		r = FAIL(reader, "something behind the object, column %td",
			end - text + 1);
	else if (!cJSON_IsObject(object))
		r = FAIL(reader, "not a JSON object");
	else if (reader->line == 1)
		r = read_header(reader, object);
	else
		r = read_event(reader, object);
	cJSON_Delete(object);
	return r;
}

int trace_json_read(struct trace *trace, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct reader reader = {trace, name, 0, err};
	const char *end = text + length, *newline;
	int r = 0;

	memset(trace, 0, sizeof(*trace));
	if (!length) {
		reader.line = 1;
		return FAIL(&reader, "the file is empty");
	}
	while (text < end && r == 0) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (!newline)
			newline = end;
		reader.line++;
		r = read_line(&reader, text, (size_t)(newline - text));
		text = newline + 1;
	}
	if (r < 0)
		trace_release(trace);
	return r;
}
