/*
 * A log for ShiViz (bestchai.bitbucket.io/shiviz): two lines an event, the
 * host with its vector clock, and what it did.  Hosts are the processes and
 * threads.  The clocks are those of trace/happens_before.h, so what ShiViz
 * draws an arrow for is what the program ordered: forks, ends that were waited
 * for, items, locks, signals.  Events without a path between them could have
 * come the other way round.
 *
 * The regular expression to be given to ShiViz is
 * (?<host>\S+) (?<clock>{.*})\n(?<event>.*)
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/chosen.h"
#include "grader/report/format.h"
#include "grader/report/test_list.h"
#include "grader/utf8.h"
#include "trace/happens_before.h"
#include "trace/trace_json.h"

/* With many tasks a clock is long, and there is one an event. */
#define LOG_MAX (8u << 20)

/* The told run as a trace, whose order can be asked for; to be released. */
static struct trace trace_of(const struct told_trace *told)
{
	struct trace trace = {0};

	for (size_t i = 0; i < told->task_count; i++) {
		const struct told_task *task = &told->tasks[i];

		trace_add_task(&trace, task->parent,
			task->parent >= 0 && task->process != (int)i, 0,
			task->born_us);
	}
	for (size_t i = 0; i < told->event_count; i++) {
		const struct told_event *from = &told->events[i];
		struct event event = event_make(from->kind, from->task);

		event.time_us = from->time_us;
		event.other = from->other;
		event.value = from->value;
		event.offset = from->offset;
		event.status = from->status;
		event.signal = from->signal;
		event.object = from->object;
		event.text = from->text;
		event.after = from->after;
		event.call = from->call;
		trace_append(&trace, &event);
	}
	return trace;
}

/* Letters and digits, and of what is not ASCII all but the blanks. */
static bool is_plain(int32_t character)
{
	if (character < 0x80)
		return (character >= '0' && character <= '9') ||
		       (character >= 'A' && character <= 'Z') ||
		       (character >= 'a' && character <= 'z') ||
		       character == '-' || character == '.';
	return character != 0xa0 && character != 0x1680 &&
	       character != 0x3000 && character != 0x205f &&
	       (character < 0x2000 || character > 0x202f);
}

/* NAME as one word, with "_" for what is not plain; owned by the caller. */
static char *plain_name(const char *name)
{
	auto_free char *shown = shown_text(name);
	size_t length = strlen(shown), size;
	struct buf plain = {0};
	int32_t character;

	for (size_t at = 0; at < length; at += size) {
		size = utf8_next(shown + at, length - at, &character, NULL);
		if (!size)
			size = 1;
		else if (is_plain(character))
			buf_add(&plain, shown + at, size);
		else
			buf_addc(&plain, '_');
	}
	return plain.data ? buf_detach(&plain) : xstrdup("");
}

/* One a task, and the grader's; those that share a name have a number, too. */
static char **make_hosts(const struct told_trace *told)
{
	size_t count = told->task_count;
	char **hosts = xcalloc(count + 1, sizeof(*hosts));
	bool *shared = xcalloc(count + 1, sizeof(*shared));

	hosts[count] = xstrdup("grader");
	for (size_t i = 0; i < count; i++)
		hosts[i] = plain_name(told->tasks[i].name);
	for (size_t i = 0; i <= count; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(hosts[i], hosts[j]))
				shared[i] = shared[j] = true;
	for (size_t i = 0; i < count; i++) {
		char *name = hosts[i];

		if (!shared[i] && *name)
			continue;
		hosts[i] = xasprintf("%s#%zu", name, i);
		free(name);
	}
	free(shared);
	return hosts;
}

static void free_hosts(char **hosts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(hosts[i]);
	free(hosts);
}

/* The own number first, so that it is seen. */
static void add_clock(struct buf *out, char *const *hosts,
	const uint32_t *clock, size_t width, size_t own)
{
	buf_addf(out, "%s {", hosts[own]);
	trace_json_write_string(out, hosts[own]);
	buf_addf(out, ":%u", (unsigned)clock[own]);
	for (size_t i = 0; i < width; i++) {
		if (i == own || !clock[i])
			continue;
		buf_addc(out, ',');
		trace_json_write_string(out, hosts[i]);
		buf_addf(out, ":%u", (unsigned)clock[i]);
	}
	buf_adds(out, "}\n");
}

/* One line: what the event is in words, where, and when. */
static void add_words(
	struct buf *out, const struct told_event *event, enum language language)
{
	auto_free char *what =
		shown_line(language_pick(&event->what, language));
	auto_free char *place = event->place ? shown_line(event->place) : NULL;

	buf_adds(out, *what ? what : event_kind_name(event->kind));
	if (place)
		buf_addf(out, " [%s]", place);
	buf_addf(out, " @ %lld us\n", (long long)event->time_us);
}

static void add_run(
	struct buf *out, const struct told_trace *told, enum language language)
{
	struct trace trace = trace_of(told);
	struct happens_before *order =
		happens_before_new(&trace, HAPPENS_FILES_IGNORED);
	size_t width = happens_width(order);
	uint32_t *clock = xcalloc(width, sizeof(*clock));
	char **hosts = make_hosts(told);
	size_t left = told->event_total;
	unsigned own_events = 0; /* of no task, the grader's */

	for (size_t i = 0; i < told->event_count && out->length < LOG_MAX;
		i++) {
		size_t own = happens_clock(order, i, clock);

		add_clock(out, hosts, clock, width, own);
		add_words(out, &told->events[i], language);
		own_events += own == told->task_count;
		left--;
	}
	if (left)
		buf_addf(out, "grader {\"grader\":%u}\ntruncated: %zu more\n",
			own_events + 1, left);
	free_hosts(hosts, width);
	free(clock);
	happens_before_free(order);
	trace_release(&trace);
}

void format_shiviz(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct chosen chosen = chosen_run(verdict, style);
	auto_free char *exercise = NULL;

	if (chosen.trace && chosen.trace->event_count) {
		add_run(out, chosen.trace, style->language);
		return;
	}
	exercise = plain_name(verdict->exercise);
	buf_addf(out, "grader {\"grader\":1}\n%s: %g / %g; ", exercise,
		verdict->score, verdict->max_score);
	buf_adds(out, style->language == LANGUAGE_ZH
			      ? "没有可以展示的失败运行\n"
			      : "there is no failing run to show\n");
}
