/*
 * file-beats: a line is appended to a file in time with the clock: first at 0
 * or after `every` seconds, from then on every so many, one each time.
 *
 * What was written is put together from the writes of the trace, each at the
 * end of the file.  Before `until` no line may be missing; after it (the
 * program has been asked to leave) none need come, but none comes at another
 * time.  When the file is another in the end (it was written elsewhere than at
 * its end, or through a memory mapping), a person has to judge it.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"
#include "grader/rules/looks.h"

static const struct rule_field FIELDS[] = {
	{"file", RULE_NAME, true, NULL, "its name"},
	{"line", RULE_NAME, true, NULL, "the text of the line"},
	{"every", RULE_NUMBER, true, NULL, "the seconds from line to line"},
	{"until", RULE_NUMBER, true, NULL,
		"none is missing before this time, in seconds, while a process "
		"lives"},
	{0},
};

#define CHANGES_MAX 4096
#define SIZE_MAX_SEEN 16384

struct beats {
	const char *file, *line;
	double every, until;
	struct buf text; /* of the file, as far as the trace shows */
	bool known;      /* that is all of it */
	int changes;
	int count;      /* lines that have come */
	double base;    /* when the first was due */
	size_t last[2]; /* events of the latest two; the trace's end: none */
};

static double due(const struct beats *beats)
{
	return beats->base + beats->count * beats->every;
}

/* How many lines of the text are that one; blanks at its ends do not count. */
static int count_lines(const char *text, const char *line)
{
	size_t wanted = strlen(line), length;
	int count = 0;

	for (; *text; text += length + (text[length] == '\n')) {
		const char *from = text, *to;

		length = strcspn(text, "\n");
		to = text + length;
		while (from < to && isspace((unsigned char)*from))
			from++;
		while (from < to && isspace((unsigned char)to[-1]))
			to--;
		count += (size_t)(to - from) == wanted &&
			 memcmp(from, line, wanted) == 0;
	}
	return count;
}

static void cut(struct buf *text, size_t length)
{
	text->length = length;
	if (text->data)
		text->data[length] = '\0';
}

/* Adds the bytes of a write at the end; false: they are not shown. */
static bool put(struct buf *text, const struct event *event)
{
	const char *data = event->text ? event->text : "";
	size_t length = strlen(data);

	if (event->value < 0 || (size_t)event->value != length ||
		text->length + length > SIZE_MAX_SEEN)
		return false;
	buf_add(text, data, length);
	return true;
}

/* False when the event is nothing that happened to the file. */
static bool change(struct beats *beats, const struct event *event)
{
	bool named = event->object && !strcmp(event->object, beats->file);
	bool into = event->kind == EVENT_RENAME && event->text &&
		    !strcmp(event->text, beats->file);

	if (!named && !into)
		return false;
	switch (event->kind) {
	case EVENT_WRITE:
		beats->known = put(&beats->text, event);
		return true;
	case EVENT_UNLINK:
		cut(&beats->text, 0);
		return true;
	case EVENT_TRUNCATE:
		beats->known = (size_t)event->value <= beats->text.length;
		if (beats->known)
			cut(&beats->text, (size_t)event->value);
		return true;
	case EVENT_RENAME:
		beats->known = false;
		return true;
	default:
		return false;
	}
}

static void show(const struct observed_run *run, const struct beats *beats,
	struct rule_result *result)
{
	for (size_t i = 0; i < 2; i++)
		if (beats->last[i] < run->trace->event_count)
			rule_show(result, beats->last[i]);
}

static void say_missing(const struct observed_run *run,
	const struct beats *beats, struct rule_result *result)
{
	if (!rule_fail(result))
		return;
	show(run, beats, result);
	rule_say_zh(result, "第 %.1f 秒 %s 里没有多出一行“%s”。", due(beats),
		beats->file, beats->line);
	rule_say_en(result, "at %.1f s no line '%s' was added to %s.",
		due(beats), beats->line, beats->file);
}

static void say_odd(const struct observed_run *run, const struct beats *beats,
	double at, struct rule_result *result)
{
	if (!rule_fail(result))
		return;
	show(run, beats, result);
	if (beats->count > 0) {
		rule_say_zh(result,
			"第 %.2f 秒 %s 里多出一行“%s”，下一行应当在第 %.1f "
			"秒。",
			at, beats->file, beats->line, due(beats));
		rule_say_en(result,
			"a line '%s' was added to %s at %.2f s; the next was "
			"due at %.1f s.",
			beats->line, beats->file, at, due(beats));
	} else {
		rule_say_zh(result,
			"%s 的第一行“%s”在第 %.2f 秒，应当在第 0 或 %.1f 秒。",
			beats->file, beats->line, at, beats->every);
		rule_say_en(result,
			"the first line '%s' of %s came at %.2f s, not at 0 or "
			"%.1f s.",
			beats->line, beats->file, at, beats->every);
	}
}

/* One more line has come. */
static void beat(const struct observed_run *run, struct beats *beats,
	size_t event, struct rule_result *result)
{
	double at = rule_seconds(run->trace->events[event].time_us);
	bool late;

	if (beats->count == 0)
		beats->base = at > beats->every / 2 ? beats->every : 0;
	late = beats->count > 0 && at > due(beats) + RULE_TOLERANCE &&
	       due(beats) < beats->until - RULE_TOLERANCE;
	if (late && at > due(beats) + beats->every - RULE_TOLERANCE) {
		say_missing(run, beats, result);
		return;
	}
	beats->last[0] = beats->last[1];
	beats->last[1] = event;
	if (fabs(at - due(beats)) > RULE_TOLERANCE)
		say_odd(run, beats, at, result);
	beats->count++;
}

static void follow(const struct observed_run *run, struct beats *beats,
	struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count && beats->known; i++) {
		int lines;

		if (!change(beats, &trace->events[i]))
			continue;
		if (++beats->changes > CHANGES_MAX)
			beats->known = false;
		lines = count_lines(buf_text(&beats->text), beats->line);
		while (beats->known && beats->count < lines &&
			result->state == RULE_HOLDS)
			beat(run, beats, i, result);
		if (result->state != RULE_HOLDS)
			return;
	}
	if (beats->known && due(beats) < beats->until - RULE_TOLERANCE)
		say_missing(run, beats, result);
}

/* Nobody is left to write from then on, which is the matter of other rules. */
static double end_of_all(const struct observed_run *run)
{
	const struct trace *trace = run->trace;
	int64_t end_us = 0;

	for (size_t i = 0; i < trace->task_count; i++) {
		if (trace->tasks[i].died_us < 0)
			return INFINITY;
		if (trace->tasks[i].died_us > end_us)
			end_us = trace->tasks[i].died_us;
	}
	return rule_seconds(end_us);
}

/* What the scenario has put there. */
static void begin(const struct observed_run *run, struct beats *beats)
{
	const struct scenario *scenario = run->scenario;

	for (size_t i = 0; i < scenario->file_count; i++)
		if (!strcmp(scenario->files[i].name, beats->file))
			buf_add(&beats->text, scenario->files[i].data,
				scenario->files[i].length);
	beats->known = beats->text.length <= SIZE_MAX_SEEN;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	size_t none = run->trace->event_count;
	struct beats beats = {
		.file = rule_text(rule, "file"),
		.line = rule_text(rule, "line"),
		.every = rule_number(rule, "every", run, 1),
		.until = fmin(
			rule_number(rule, "until", run, 0), end_of_all(run)),
		.last = {none, none},
	};
	const char *final;

	(void)memory;
	begin(run, &beats);
	beats.base = beats.every; /* as nothing has come yet */
	follow(run, &beats, result);
	final = final_text(run, beats.file);
	if (result->state == RULE_HOLDS && beats.known)
		beats.known =
			!strcmp(final ? final : "", buf_text(&beats.text));
	if (!beats.known && rule_cannot_judge(result)) {
		rule_say_zh(result,
			"%s 不是一次次追加写出来的（用了 mmap？），"
			"看不出每一行的时刻，这一项由人来评。",
			beats.file);
		rule_say_en(result,
			"%s was not made by appending alone (a memory "
			"mapping?), so the times of its lines do not show: a "
			"person has to judge this.",
			beats.file);
	}
	buf_release(&beats.text);
}

const struct rule_kind RULE_FILE_BEATS = {
	.name = "file-beats",
	.meaning = "a line is appended to a file in time with the clock",
	.fields = FIELDS,
	.judge = judge,
};
