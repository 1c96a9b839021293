/*
 * The runs are made once more, rather than kept by whoever judged them: a
 * check judges thousands, and only at its end is known which findings are
 * told.  A run that does not come out as it was (it hit a limit, which is a
 * matter of real time) is not shown.
 */
#include "grader/told_trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/compile.h"
#include "grader/tell.h"
#include "scheduler/switches.h"

#define TEXT_MAX 160
#define WORDS_MAX 400
#define TRACES_MAX 12
#define CRITERION_TRACES_MAX 2
#define LIMIT_RUNS_MAX 1 /* each costs real time */

/* A clean copy of at most MAX bytes, cut at a character; NULL of NULL. */
static char *cut_at(const char *text, size_t max)
{
	struct buf clean = {0};
	size_t length = text ? strlen(text) : 0;
	size_t end = length < max ? length : max;

	if (!text)
		return NULL;
	while (end < length && end > 0 &&
		((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	buf_add_clean(&clean, text, end);
	if (end < length)
		buf_adds(&clean, "…");
	return buf_detach(&clean);
}

static char *cut(const char *text)
{
	return cut_at(text, TEXT_MAX);
}

static void tell_task(
	const struct observed_run *run, size_t index, struct told_task *task)
{
	const struct trace_task *from = &run->trace->tasks[index];

	task->name = cut(observed_name(run, (int)index));
	task->parent = from->parent;
	task->process = from->process;
	task->born_us = from->born_us;
	task->died_us = from->died_us;
}

static void tell_one(
	const struct observed_run *run, size_t index, struct told_event *event)
{
	const struct event *from = &run->trace->events[index];
	struct verdict_event told;

	tell_event(run, index, &told);
	*event = (struct told_event){
		.seq = from->seq,
		.time_us = from->time_us,
		.task = from->task,
		.kind = from->kind,
		.other = from->other,
		.value = from->value,
		.offset = from->offset,
		.status = from->status,
		.signal = from->signal,
		.object = cut(from->object),
		.text = cut(from->text),
		.after = cut(from->after),
		.call = cut(from->call),
		.what = {cut_at(told.what.zh, WORDS_MAX),
			cut_at(told.what.en, WORDS_MAX)},
		.place = cut(told.place),
	};
	tell_event_release(&told);
}

static void tell_switches(
	const struct observed_run *run, struct told_trace *told)
{
	const struct run_outcome *outcome = run->outcome;

	told->switches =
		xcalloc(outcome->switch_count + 1, sizeof(*told->switches));
	for (size_t i = 0; i < outcome->switch_count; i++) {
		const struct schedule_switch *made = &outcome->switches[i];
		bool clock = made->to >= run->trace->task_count;

		if (!made->involuntary || made->position > TOLD_EVENTS_MAX)
			continue;
		told->switches[told->switch_count++] = (struct told_switch){
			.position = made->position,
			.from = (int)made->task,
			.to = clock ? -1 : (int)made->to,
		};
	}
}

struct told_trace told_trace_make(const struct observed_run *run)
{
	const struct trace *trace = run->trace;
	struct told_trace told = {
		.scenario = xstrdup(run->scenario->id),
		.task_count = trace->task_count,
		.event_total = trace->event_count,
		.event_count = trace->event_count,
	};

	if (told.event_count > TOLD_EVENTS_MAX)
		told.event_count = TOLD_EVENTS_MAX;
	told.tasks = xcalloc(told.task_count + 1, sizeof(*told.tasks));
	told.events = xcalloc(told.event_count + 1, sizeof(*told.events));
	for (size_t i = 0; i < told.task_count; i++)
		tell_task(run, i, &told.tasks[i]);
	for (size_t i = 0; i < told.event_count; i++)
		tell_one(run, i, &told.events[i]);
	tell_switches(run, &told);
	/* thousands of tasks may come after the last event that is kept */
	told_trace_cut(&told, told.event_count);
	return told;
}

/* Runs the finding's schedule and keeps it; 1 when it hit a limit. */
static int record(const struct explore_target *target, struct verdict *verdict,
	const struct finding *finding, struct err *err)
{
	const struct scenario *scenario =
		exercise_scenario(target->exercise, finding->scenario);
	int policy = schedule_policy_by_name(finding->policy);
	auto_free struct schedule_switch *switches = NULL;
	struct explore_schedule schedule = {.seed = finding->seed};
	struct run_outcome outcome = {0};
	struct observed_run run = {.exercise = target->exercise,
		.scenario = scenario,
		.outcome = &outcome,
		.trace = &outcome.trace,
		.policy = (enum schedule_policy)policy,
		.seed = finding->seed,
		.place = target->program->places ? places_find : NULL,
		.place_context = target->program->places};
	auto_free char *hash = NULL;
	int r;

	if (!scenario || policy < 0 ||
		(finding->switches &&
			switches_read(finding->switches, &switches,
				&schedule.switch_count)))
		return 0;
	schedule.policy = run.policy;
	schedule.switches = switches;
	r = explore_replay(target,
		(size_t)(scenario - target->exercise->scenarios), &schedule,
		&outcome, err);
	if (r)
		return r;
	observe_run(&run);
	hash = explore_trace_hash(&run);
	if (!strcmp(hash, finding->trace_hash)) {
		verdict->traces = xreallocarray(verdict->traces,
			verdict->trace_count + 1, sizeof(*verdict->traces));
		verdict->traces[verdict->trace_count] = told_trace_make(&run);
		verdict->traces[verdict->trace_count++].hash = xstrdup(hash);
	}
	r = outcome.end == RUN_END_LIMIT;
	observed_run_release(&run);
	run_outcome_release(&outcome);
	return r;
}

int told_traces_record(const struct explore_target *target,
	struct verdict *verdict, const struct check_options *options,
	struct err *err)
{
	const struct check_progress progress = {.exercise = target->exercise,
		.done = verdict->schedules,
		.total = verdict->schedules};
	size_t limits = 0;

	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];
		size_t kept = 0;

		for (size_t j = 0; j < criterion->finding_count; j++) {
			const struct finding *finding = &criterion->findings[j];
			int r;

			if (finding->hidden || !finding->trace_hash ||
				kept++ >= CRITERION_TRACES_MAX ||
				limits >= LIMIT_RUNS_MAX ||
				verdict->trace_count >= TRACES_MAX ||
				verdict_trace(verdict, finding))
				continue;
			if (options->progress &&
				options->progress(options->context, &progress))
				return err_set(err, -ECANCELED, "interrupted");
			r = record(target, verdict, finding, err);
			if (r < 0)
				return r;
			limits += (size_t)r;
		}
	}
	return 0;
}

struct source_text source_text_make(
	const char *name, const char *data, size_t length)
{
	struct source_text source = {.cut = length > SOURCE_TEXT_MAX};
	struct buf text = {0};

	if (source.cut) {
		length = SOURCE_TEXT_MAX;
		while (length > 0 && data[length - 1] != '\n')
			length--;
	}
	/* a carriage return in front of a newline is a part of it */
	for (size_t at = 0; at < length;) {
		const char *line = data + at;
		const char *end = memchr(line, '\n', length - at);
		size_t size = end ? (size_t)(end - line) : length - at;

		at += size + (end ? 1 : 0);
		if (end && size > 0 && line[size - 1] == '\r')
			size--;
		buf_add_clean(&text, line, size);
		if (end)
			buf_addc(&text, '\n');
	}
	source.text = buf_detach(&text);
	buf_add_clean(&text, name, strlen(name));
	source.name = buf_detach(&text);
	return source;
}
