/*
 * How it works: the room of each part is given out from the front, in the bytes
 * that the part takes in report.json.  The first findings are those that are
 * told, and a run's first events those that lead to the failure.
 */
#include "grader/bounds.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/tell.h"

/* What surrounds the texts of a thing in report.json, about. */
#define TASK_BYTES 80
#define SWITCH_BYTES 50
#define EVENT_BYTES 240
#define FINDING_BYTES 900

/* As a JSON string, without the quotes; 0 for NULL. */
static size_t size_of(const char *text)
{
	size_t size = 0;

	for (; text && *text; text++) {
		bool escaped = *text == '"' || *text == '\\' || *text == '\n' ||
			       *text == '\t';

		size += escaped ? 2 : (unsigned char)*text < 0x20 ? 6 : 1;
	}
	return size;
}

static size_t size_of_both(const struct bilingual *text)
{
	return size_of(text->zh) + size_of(text->en);
}

/* Takes SIZE from *ROOM; false when there is not so much. */
static bool take(size_t *room, size_t size)
{
	if (size > *room)
		return false;
	*room -= size;
	return true;
}

/* Cuts *TEXT to MAX bytes and a "…"; true when it was longer. */
static bool cut_text(char **text, size_t max)
{
	size_t end = max;
	char *cut;

	if (!*text || strlen(*text) <= max)
		return false;
	while (end > 0 && ((unsigned char)(*text)[end] & 0xc0) == 0x80)
		end--;
	cut = xasprintf("%.*s…", (int)end, *text);
	free(*text);
	*text = cut;
	return true;
}

static bool cut_both(struct bilingual *text, size_t max)
{
	bool zh = cut_text(&text->zh, max);

	return cut_text(&text->en, max) || zh;
}

/* Cut at the last line that there is room for. */
static void bound_source(struct source_text *source, size_t *room)
{
	size_t size = 0, end = 0;

	if (take(room, size_of(source->text)))
		return;
	for (const char *line = source->text; *line;
		line = source->text + end) {
		size_t length = strcspn(line, "\n");
		auto_free char *one = xstrndup(line, length);

		size += size_of(one) + 2;
		if (size > *room)
			break;
		end += length + (line[length] == '\n');
	}
	source->text[end] = '\0';
	source->cut = true;
	take(room, size_of(source->text));
}

static void bound_sources(struct verdict *verdict)
{
	size_t room = BOUNDS_SOURCES;

	for (size_t i = 0; i < verdict->source_count; i++) {
		bound_source(&verdict->sources[i], &room);
		if (verdict->sources[i].cut)
			verdict->truncated[VERDICT_PART_SOURCES] = true;
	}
}

static size_t size_of_event(const struct told_event *event)
{
	return EVENT_BYTES + size_of(event->object) + size_of(event->text) +
	       size_of(event->after) + size_of(event->call) +
	       size_of(event->place) + size_of_both(&event->what);
}

/* Without its events. */
static size_t size_of_trace(const struct told_trace *trace)
{
	size_t size = trace->task_count * TASK_BYTES +
		      trace->switch_count * SWITCH_BYTES;

	for (size_t i = 0; i < trace->task_count; i++)
		size += size_of(trace->tasks[i].name);
	return size;
}

static void bound_trace(struct told_trace *trace, size_t *room)
{
	size_t count = 0;

	if (take(room, size_of_trace(trace)))
		while (count < trace->event_count &&
			take(room, size_of_event(&trace->events[count])))
			count++;
	if (count == trace->event_count)
		return;
	*room = 0;
	told_trace_cut(trace, count);
}

/* The runs of the submission before those that they are compared with. */
static void bound_traces(struct verdict *verdict)
{
	size_t room = BOUNDS_TRACES;

	for (int right = 0; right < 2; right++)
		for (size_t i = 0; i < verdict->trace_count; i++)
			if (verdict->traces[i].right == (right == 1))
				bound_trace(&verdict->traces[i], &room);
	for (size_t i = 0; i < verdict->trace_count; i++)
		if (verdict->traces[i].event_count <
			verdict->traces[i].event_total)
			verdict->truncated[VERDICT_PART_TRACES] = true;
}

static void release_events(struct finding *finding)
{
	for (size_t i = 0; i < finding->event_count; i++) {
		free(finding->events[i].who);
		bilingual_release(&finding->events[i].what);
		free(finding->events[i].place);
	}
	finding->event_count = 0;
}

/* A text of the chosen language stands there once more. */
static size_t size_of_evidence(const struct finding *finding)
{
	size_t size = 0;

	for (size_t i = 0; i < finding->event_count; i++)
		size += EVENT_BYTES + size_of(finding->events[i].who) +
			2 * size_of_both(&finding->events[i].what) +
			size_of(finding->events[i].place);
	return size;
}

static size_t size_of_finding(const struct finding *finding)
{
	return FINDING_BYTES + 2 * size_of_both(&finding->message) +
	       2 * size_of_both(&finding->hint) +
	       2 * size_of_both(&finding->story) +
	       2 * size_of_both(&finding->remedy) +
	       2 * size_of(finding->switches) +
	       size_of(finding->scenario_command);
}

/* Its texts to MAX bytes; true when something was longer. */
static bool cut_finding(struct finding *finding, size_t max)
{
	bool cut = cut_both(&finding->message, max);

	cut |= cut_both(&finding->story, max);
	cut |= cut_text(&finding->scenario_command, max);
	for (size_t i = 0; i < finding->event_count; i++)
		cut |= cut_both(&finding->events[i].what, max);
	return cut;
}

/* FIRST of its criterion: it stays, if only in short. */
static bool bound_finding(struct finding *finding, bool first, size_t *room)
{
	bool cut = cut_finding(finding, BOUNDS_TEXT);

	if (take(room, size_of_finding(finding) + size_of_evidence(finding)))
		return cut;
	release_events(finding);
	cut_finding(finding, BOUNDS_TEXT / 10);
	if (!take(room, size_of_finding(finding)))
		*room = 0;
	if (!first && !*room)
		finding_release(finding);
	return true;
}

static void bound_findings(
	struct verdict *verdict, struct criterion *criterion, size_t *room)
{
	size_t kept = 0;

	for (size_t i = 0; i < criterion->finding_count; i++) {
		struct finding *finding = &criterion->findings[i];

		if (bound_finding(finding, i == 0, room))
			verdict->truncated[VERDICT_PART_FINDINGS] = true;
		if (finding->rule)
			criterion->findings[kept++] = *finding;
	}
	criterion->finding_count = kept;
}

static void bound_criteria(struct verdict *verdict)
{
	size_t room = BOUNDS_FINDINGS, answers = BOUNDS_ANSWERS;

	for (size_t i = 0; i < verdict->criterion_count; i++) {
		struct criterion *criterion = &verdict->criteria[i];
		size_t size = size_of(criterion->answer.text);

		bound_findings(verdict, criterion, &room);
		if (take(&answers, size))
			continue;
		cut_text(&criterion->answer.text, answers / 6);
		take(&answers, size_of(criterion->answer.text));
		verdict->truncated[VERDICT_PART_ANSWERS] = true;
	}
}

static void bound_notes(
	struct verdict *verdict, struct verdict_note *notes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cut_both(&notes[i].text, BOUNDS_TEXT))
			verdict->truncated[VERDICT_PART_NOTES] = true;
}

void bounds_apply(struct verdict *verdict)
{
	if (verdict->compile.log_cut)
		verdict->truncated[VERDICT_PART_COMPILE] = true;
	cut_both(&verdict->refusal, BOUNDS_TEXT);
	bound_criteria(verdict);
	bound_sources(verdict);
	bound_traces(verdict);
	bound_notes(verdict, verdict->warnings, verdict->warning_count);
	bound_notes(verdict, verdict->run.parallel_notes,
		verdict->run.parallel_note_count);
}
