/*
 * The verdict is a tree of owned values; releasing it walks the tree.
 */
#include "grader/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/tell.h"

const char *verdict_state_name(enum verdict_state state)
{
	switch (state) {
	case VERDICT_PASS:
		return "pass";
	case VERDICT_FAIL:
		return "fail";
	case VERDICT_SKIPPED:
		return "skipped";
	case VERDICT_NEEDS_GRADING:
		return "needs-grading";
	case VERDICT_REFUSED:
		return "refused";
	}
	return "?";
}

void finding_release(struct finding *finding)
{
	free(finding->rule);
	bilingual_release(&finding->message);
	bilingual_release(&finding->hint);
	free(finding->cause);
	bilingual_release(&finding->story);
	bilingual_release(&finding->remedy);
	free(finding->scenario);
	free(finding->scenario_command);
	free(finding->policy);
	free(finding->switches);
	free(finding->trace_hash);
	free(finding->found_policy);
	for (size_t i = 0; i < finding->event_count; i++)
		tell_event_release(&finding->events[i]);
	free(finding->events);
	memset(finding, 0, sizeof(*finding));
}

void written_answer_release(struct written_answer *answer)
{
	free(answer->file);
	free(answer->hash);
	free(answer->text);
	memset(answer, 0, sizeof(*answer));
}

static char *copy_text(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

struct mark *mark_copy(const struct mark *mark)
{
	struct mark *copy;

	if (!mark)
		return NULL;
	copy = xcalloc(1, sizeof(*copy));
	*copy = (struct mark){
		.points = mark->points,
		.comment = copy_text(mark->comment),
		.by = copy_text(mark->by),
		.given = copy_text(mark->given),
		.of = copy_text(mark->of),
		.counts = mark->counts,
	};
	return copy;
}

void mark_free(struct mark *mark)
{
	if (!mark)
		return;
	free(mark->comment);
	free(mark->by);
	free(mark->given);
	free(mark->of);
	free(mark);
}

static void release_criterion(struct criterion *criterion)
{
	free(criterion->id);
	bilingual_release(&criterion->title);
	for (size_t i = 0; i < criterion->finding_count; i++)
		finding_release(&criterion->findings[i]);
	free(criterion->findings);
	written_answer_release(&criterion->answer);
	mark_free(criterion->mark);
}

static void release_notes(struct verdict_note *notes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(notes[i].kind);
		bilingual_release(&notes[i].text);
	}
	free(notes);
}

static void release_event(struct told_event *event)
{
	free(event->object);
	free(event->text);
	free(event->after);
	free(event->call);
	bilingual_release(&event->what);
	free(event->place);
}

void told_trace_release(struct told_trace *trace)
{
	free(trace->scenario);
	free(trace->hash);
	for (size_t i = 0; i < trace->task_count; i++)
		free(trace->tasks[i].name);
	free(trace->tasks);
	for (size_t i = 0; i < trace->event_count; i++)
		release_event(&trace->events[i]);
	free(trace->events);
	free(trace->switches);
	memset(trace, 0, sizeof(*trace));
}

static void name_task(size_t *count, int task)
{
	if (task >= 0 && (size_t)task >= *count)
		*count = (size_t)task + 1;
}

void told_trace_cut(struct told_trace *trace, size_t count)
{
	size_t tasks = trace->task_count ? 1 : 0, switches = 0;

	for (size_t i = count; i < trace->event_count; i++)
		release_event(&trace->events[i]);
	if (count < trace->event_count)
		trace->event_count = count;
	for (size_t i = 0; i < trace->event_count; i++) {
		name_task(&tasks, trace->events[i].task);
		name_task(&tasks, trace->events[i].other);
	}
	for (size_t i = 0; i < trace->switch_count; i++) {
		const struct told_switch *made = &trace->switches[i];

		if (made->position > trace->event_count ||
			made->from >= (int)tasks || made->to >= (int)tasks)
			continue;
		trace->switches[switches++] = *made;
	}
	trace->switch_count = switches;
	for (size_t i = tasks; i < trace->task_count; i++)
		free(trace->tasks[i].name);
	if (tasks < trace->task_count)
		trace->task_count = tasks;
}

const struct told_trace *verdict_trace(
	const struct verdict *verdict, const struct finding *finding)
{
	for (size_t i = 0; i < verdict->trace_count; i++) {
		const struct told_trace *trace = &verdict->traces[i];

		if (finding->scenario && finding->trace_hash && !trace->right &&
			!strcmp(trace->scenario, finding->scenario) &&
			!strcmp(trace->hash, finding->trace_hash))
			return trace;
	}
	return NULL;
}

const char *verdict_part_name(enum verdict_part part)
{
	static const char *const names[] = {
		[VERDICT_PART_COMPILE] = "compile",
		[VERDICT_PART_SOURCES] = "sources",
		[VERDICT_PART_TRACES] = "traces",
		[VERDICT_PART_FINDINGS] = "findings",
		[VERDICT_PART_NOTES] = "notes",
		[VERDICT_PART_ANSWERS] = "answers",
	};

	return names[part];
}

static void release_sources(struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->source_count; i++) {
		free(verdict->sources[i].name);
		free(verdict->sources[i].text);
	}
	free(verdict->sources);
}

void verdict_release(struct verdict *verdict)
{
	free(verdict->exercise);
	bilingual_release(&verdict->exercise_title);
	free(verdict->submission);
	free(verdict->submission_hash);
	release_sources(verdict);
	for (size_t i = 0; i < verdict->trace_count; i++)
		told_trace_release(&verdict->traces[i]);
	free(verdict->traces);
	free(verdict->compile.command);
	free(verdict->compile.log);
	bilingual_release(&verdict->refusal);
	for (size_t i = 0; i < verdict->criterion_count; i++)
		release_criterion(&verdict->criteria[i]);
	free(verdict->criteria);
	release_notes(verdict->warnings, verdict->warning_count);
	for (size_t i = 0; i < verdict->layer_count; i++) {
		free(verdict->layers[i].name);
		free(verdict->layers[i].detail);
	}
	free(verdict->layers);
	free(verdict->run.started);
	free(verdict->run.host);
	free(verdict->run.grader_version);
	release_notes(
		verdict->run.parallel_notes, verdict->run.parallel_note_count);
	memset(verdict, 0, sizeof(*verdict));
}

/* Points given by people have decimals, which are not exact in binary. */
static double tidy(double points)
{
	return round(points * 1e6) / 1e6;
}

/*
 * The whole is a pass with full marks; it waits for a person when nothing
 * failed but something has to be looked at.
 */
void verdict_settle(struct verdict *verdict)
{
	bool failed = false, waits = false;

	verdict->score = 0;
	verdict->max_score = 0;
	verdict->extra_score = 0;
	verdict->extra_max = 0;
	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];

		if (criterion->extra) {
			verdict->extra_score += criterion->points;
			verdict->extra_max += criterion->max_points;
			continue;
		}
		verdict->score += criterion->points;
		verdict->max_score += criterion->max_points;
		failed = failed || criterion->state == VERDICT_FAIL ||
			 criterion->state == VERDICT_SKIPPED;
		waits = waits || criterion->state == VERDICT_NEEDS_GRADING;
	}
	verdict->score = tidy(verdict->score);
	verdict->extra_score = tidy(verdict->extra_score);
	if (verdict->state == VERDICT_REFUSED)
		return;
	verdict->state = failed  ? VERDICT_FAIL
			 : waits ? VERDICT_NEEDS_GRADING
				 : VERDICT_PASS;
}
