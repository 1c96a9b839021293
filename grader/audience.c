#include "grader/audience.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/tell.h"

int audience_by_name(const char *name, enum audience *audience)
{
	if (!strcmp(name, "student"))
		*audience = AUDIENCE_STUDENT;
	else if (!strcmp(name, "staff"))
		*audience = AUDIENCE_STAFF;
	else
		return -1;
	return 0;
}

static void drop(char **text)
{
	free(*text);
	*text = NULL;
}

static void say(struct bilingual *text, const char *zh, const char *en)
{
	bilingual_release(text);
	text->zh = xstrdup(zh);
	text->en = xstrdup(en);
}

static void drop_events(struct finding *finding)
{
	for (size_t i = 0; i < finding->event_count; i++) {
		free(finding->events[i].who);
		bilingual_release(&finding->events[i].what);
		free(finding->events[i].place);
	}
	free(finding->events);
	finding->events = NULL;
	finding->event_count = 0;
}

static void redact_finding(struct finding *finding)
{
	say(&finding->message, "在一个隐藏场景里没有做到。",
		"It does not hold in a hidden scenario.");
	if (finding->cause)
		say(&finding->story, "这是在一个隐藏场景里看到的，经过不公开。",
			"It was seen in a hidden scenario, of which no more "
			"is told.");
	drop(&finding->scenario);
	drop(&finding->scenario_command);
	drop(&finding->policy);
	drop(&finding->switches);
	drop(&finding->trace_hash);
	drop(&finding->found_policy);
	finding->seed = 0;
	finding->switch_count = 0;
	finding->schedule = 0;
	finding->found_switches = 0;
	finding->failing_schedules = 0;
	finding->schedules = 0;
	drop_events(finding);
}

/* Those of visible scenarios come first, so it is clear what happened. */
static void sort_findings(struct criterion *criterion)
{
	size_t kept = 0;

	for (size_t i = 0; i < criterion->finding_count; i++) {
		struct finding finding = criterion->findings[i];

		if (finding.hidden)
			continue;
		memmove(&criterion->findings[kept + 1],
			&criterion->findings[kept],
			(i - kept) * sizeof(finding));
		criterion->findings[kept++] = finding;
	}
}

static void drop_notes(struct verdict *verdict)
{
	size_t kept = 0;

	for (size_t i = 0; i < verdict->warning_count; i++) {
		struct verdict_note *note = &verdict->warnings[i];

		if (!note->hidden) {
			verdict->warnings[kept++] = *note;
			continue;
		}
		free(note->kind);
		bilingual_release(&note->text);
	}
	verdict->warning_count = kept;
}

void verdict_redact(struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->criterion_count; i++) {
		struct criterion *criterion = &verdict->criteria[i];

		sort_findings(criterion);
		for (size_t j = 0; j < criterion->finding_count; j++)
			if (criterion->findings[j].hidden)
				redact_finding(&criterion->findings[j]);
	}
	drop_notes(verdict);
}
