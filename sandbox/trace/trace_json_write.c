/*
 * The writer of traces.  Written by hand, not with a JSON library: traces are
 * compared and hashed by their bytes, many a second, so the order of the
 * fields and the form of the numbers are fixed here and nothing is allocated
 * but the output.
 *
 * A field whose value says nothing (no other task, no signal, no text) is
 * left out; value and offset are always written by the kinds that have them.
 * JSON readers keep numbers as doubles, so one beyond 2^53 is a string.
 */
#include "trace/trace_json.h"

#include <string.h>

#define PIECE_BYTES 65536 /* handed on at once */

#define EXACT_MAX ((int64_t)1 << 53)

static void add_unsigned(struct buf *out, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	buf_add(out, digits + at, sizeof(digits) - at);
}

static void add_number(struct buf *out, int64_t number)
{
	bool quoted = number > EXACT_MAX || number < -EXACT_MAX;

	if (quoted)
		buf_addc(out, '"');
	if (number < 0)
		buf_addc(out, '-');
	add_unsigned(out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
	if (quoted)
		buf_addc(out, '"');
}

static void add_escape(struct buf *out, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";
	char code[6] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};

	switch (byte) {
	case '"':
		buf_add(out, "\\\"", 2);
		break;
	case '\\':
		buf_add(out, "\\\\", 2);
		break;
	case '\n':
		buf_add(out, "\\n", 2);
		break;
	case '\t':
		buf_add(out, "\\t", 2);
		break;
	default:
		buf_add(out, code, sizeof(code));
	}
}

void trace_json_write_string(struct buf *out, const char *text)
{
	const char *run = text;

	buf_addc(out, '"');
	for (; *text; text++) {
		if ((unsigned char)*text >= 0x20 && *text != '"' &&
			*text != '\\')
			continue;
		buf_add(out, run, (size_t)(text - run));
		add_escape(out, (unsigned char)*text);
		run = text + 1;
	}
	buf_add(out, run, (size_t)(text - run));
	buf_addc(out, '"');
}

/* ,"NAME": */
static void add_name(struct buf *out, const char *name)
{
	buf_add(out, ",\"", 2);
	buf_adds(out, name);
	buf_add(out, "\":", 2);
}

static void add_string_field(
	struct buf *out, const char *name, const char *text)
{
	if (!text)
		return;
	add_name(out, name);
	trace_json_write_string(out, text);
}

static void add_number_field(struct buf *out, const char *name, int64_t number)
{
	add_name(out, name);
	add_number(out, number);
}

/* What the tasks table needs to be built again from the fork events. */
static void add_new_task(
	struct buf *out, const struct trace *trace, const struct event *event)
{
	const struct trace_task *task;

	if (event->other < 0 || (size_t)event->other >= trace->task_count)
		return;
	task = &trace->tasks[event->other];
	add_number_field(out, "pid", task->pid);
	add_name(out, "thread");
	buf_adds(out, task->is_thread ? "true" : "false");
}

static void add_field(struct buf *out, const struct event *event, char letter)
{
	if (letter == 'o' && event->other >= 0)
		add_number_field(out, "other", event->other);
	else if (letter == 'v')
		add_number_field(out, "value", event->value);
	else if (letter == 's' && event->status >= 0)
		add_number_field(out, "status", event->status);
	else if (letter == 'g' && event->signal)
		add_number_field(out, "signal", event->signal);
	else if (letter == 'n')
		add_string_field(out, "object", event->object);
	else if (letter == 't')
		add_string_field(out, "text", event->text);
	else if (letter == 'a')
		add_string_field(out, "after", event->after);
	else if (letter == 'c')
		add_string_field(out, "call", event->call);
	else if (letter == 'f')
		add_number_field(out, "offset", event->offset);
}

void trace_json_write_event(struct buf *out, const struct trace *trace,
	const struct event *event, trace_place_fn *place, void *context)
{
	const char *letter;

	buf_add(out, "{\"seq\":", 7);
	add_unsigned(out, event->seq);
	add_number_field(out, "t", event->time_us);
	add_number_field(out, "task", event->task);
	add_name(out, "who");
	if (event->task >= 0 && (size_t)event->task < trace->task_count)
		trace_json_write_string(
			out, trace->tasks[event->task].pedigree);
	else
		trace_json_write_string(out, "engine");
	add_name(out, "kind");
	trace_json_write_string(out, event_kind_name(event->kind));
	for (letter = event_kind_fields(event->kind); *letter; letter++)
		add_field(out, event, *letter);
	if (event->kind == EVENT_FORK)
		add_new_task(out, trace, event);
	if (place && event->pc)
		add_string_field(out, "place", place(context, event->pc));
	buf_addc(out, '}');
}

static void add_header_field(
	struct buf *out, const char *name, const char *text)
{
	struct buf clean = {0};

	if (!text)
		return;
	buf_add_clean(&clean, text, strlen(text));
	add_string_field(out, name, buf_text(&clean));
	buf_release(&clean);
}

static void add_header(struct buf *out, const struct trace *trace)
{
	buf_adds(out, "{\"schema\":\"" TRACE_SCHEMA "\"");
	add_header_field(out, "exercise", trace->exercise);
	add_header_field(out, "scenario", trace->scenario);
	add_header_field(out, "policy", trace->policy);
	buf_adds(out, ",\"seed\":\"");
	add_unsigned(out, trace->seed);
	buf_addc(out, '"');
	add_header_field(out, "switches", trace->switches);
	add_header_field(out, "program", trace->program_hash);
	buf_adds(out, ",\"engine\":\"" TRACE_ENGINE "\"");
	if (trace->task_count)
		add_number_field(out, "pid", trace->tasks[0].pid);
	buf_adds(out, "}\n");
}

static void take_into_buf(void *to, const char *text, size_t length)
{
	buf_add(to, text, length);
}

void trace_json_feed(const struct trace *trace, trace_place_fn *place,
	void *context, trace_take_fn *take, void *to)
{
	struct buf piece = {0};
	size_t i;

	add_header(&piece, trace);
	for (i = 0; i < trace->event_count; i++) {
		trace_json_write_event(
			&piece, trace, &trace->events[i], place, context);
		buf_addc(&piece, '\n');
		if (piece.length < PIECE_BYTES)
			continue;
		take(to, piece.data, piece.length);
		buf_clear(&piece);
	}
	take(to, buf_text(&piece), piece.length);
	buf_release(&piece);
}

void trace_json_write(struct buf *out, const struct trace *trace,
	trace_place_fn *place, void *context)
{
	trace_json_feed(trace, place, context, take_into_buf, out);
}
