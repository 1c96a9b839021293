/*
 * Texts that a story needs live as long as it, so that a recogniser can put
 * several of them into one sentence.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/explain/recognise.h"
#include "grader/json_reader.h"
#include "grader/tell.h"

#define NAMES_SHOWN 4
#define CONTENT_MAX 40

void story_release(struct story *story)
{
	for (size_t i = 0; i < story->kept_count; i++)
		free(story->kept[i]);
	free(story->kept);
	buf_release(&story->zh);
	buf_release(&story->en);
	memset(story, 0, sizeof(*story));
}

void story_clear(struct story *story)
{
	buf_clear(&story->zh);
	buf_clear(&story->en);
}

void story_zh(struct story *story, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vaddf(&story->zh, format, args);
	va_end(args);
}

void story_en(struct story *story, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vaddf(&story->en, format, args);
	va_end(args);
}

/* Takes TEXT over. */
static const char *keep(struct story *story, char *text)
{
	grow_array(&story->kept, story->kept_count, &story->kept_capacity,
		sizeof(*story->kept));
	story->kept[story->kept_count++] = text;
	return text;
}

const char *story_who(const struct story *story, int task)
{
	return observed_name(story->run, task);
}

const char *story_line(struct story *story, size_t index)
{
	const struct observed_run *run = story->run;
	const struct event *event = &run->trace->events[index];
	const char *place = NULL;

	if (run->place && event->pc)
		place = run->place(run->place_context, event->pc);
	return place ? keep(story, xstrdup(place)) : "";
}

const char *story_at(struct story *story, size_t index)
{
	const char *line = story_line(story, index);
	double seconds = (double)story->run->trace->events[index].time_us / 1e6;

	return keep(story,
		xasprintf("%.3f s%s%s", seconds, *line ? ", " : "", line));
}

const char *story_object_zh(struct story *story, const struct event *event)
{
	struct bilingual words = tell_object(event);

	free(words.en);
	return keep(story, words.zh);
}

const char *story_object_en(struct story *story, const struct event *event)
{
	struct bilingual words = tell_object(event);

	free(words.zh);
	return keep(story, words.en);
}

static void add_names(const struct story *story, struct buf *out,
	const int *tasks, size_t count, const char *between)
{
	for (size_t i = 0; i < count && i < NAMES_SHOWN; i++)
		buf_addf(out, "%s%s", i ? between : "",
			story_who(story, tasks[i]));
}

const char *story_names_zh(struct story *story, const int *tasks, size_t count)
{
	struct buf out = {0};

	add_names(story, &out, tasks, count, "、");
	if (count > NAMES_SHOWN)
		buf_addf(&out, " 等 %zu 个", count);
	return keep(story, buf_detach(&out));
}

const char *story_names_en(struct story *story, const int *tasks, size_t count)
{
	struct buf out = {0};

	add_names(story, &out, tasks, count, ", ");
	if (count > NAMES_SHOWN)
		buf_addf(&out, " and %zu more", count - NAMES_SHOWN);
	return keep(story, buf_detach(&out));
}

/* The text on one line, cut at a character. */
static char *short_content(const char *content)
{
	size_t length = strcspn(content, "\n");
	size_t end = length < CONTENT_MAX ? length : CONTENT_MAX;

	while (end > 0 && ((unsigned char)content[end] & 0xc0) == 0x80)
		end--;
	return xasprintf("'%.*s%s'", (int)end, content,
		content[end] && content[end] != '\n' ? "…" : "");
}

const char *story_content(struct story *story, const char *content)
{
	struct json_document document = {0};
	struct json_node root;
	struct err err;
	char *text = NULL;
	int64_t value;

	if (!content)
		return keep(story, xstrdup("?"));
	if (json_document_open(&document, content, strlen(content), "", &err) ==
		0) {
		root = json_document_root(&document);
		if (json_is_object(&root) && json_field_count(&root) == 1 &&
			json_get_whole(&root, json_field_name(&root, 0), true,
				INT32_MIN, INT32_MAX, &value) == 0)
			text = xasprintf("%s=%lld", json_field_name(&root, 0),
				(long long)value);
		json_document_close(&document);
	}
	return keep(story, text ? text : short_content(content));
}

size_t last_before(const struct observed_run *run, enum event_kind kind,
	int process, size_t end)
{
	const struct trace *trace = run->trace;

	for (size_t i = end; i > 0; i--)
		if (trace->events[i - 1].kind == kind &&
			observed_process(run, trace->events[i - 1].task) ==
				process)
			return i - 1;
	return trace->event_count;
}

bool acts_on(const struct event *event, const char *name)
{
	return event->object && name && !strcmp(event->object, name);
}

bool rule_is(const struct symptom *symptom, const char *kind)
{
	return !strcmp(symptom->rule->kind->name, kind);
}
