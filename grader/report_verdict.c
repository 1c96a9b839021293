/*
 * A text that is missing where somebody wants one is an error, what nobody
 * looks at is not.  The first error stays (report_fields.h).
 */
#include "grader/report_verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/report.h"
#include "grader/report_fields.h"
#include "scheduler/policy.h"
#include "scheduler/switches.h"

#define COUNT_MAX (INT64_C(1) << 53)
#define POINTS_MAX 1e6
#define SECONDS_MAX 1e12

static size_t field_count(struct fields *fields, const char *name)
{
	return (size_t)field_whole(fields, name, 0, COUNT_MAX, 0);
}

static enum verdict_state field_state(struct fields *fields)
{
	auto_free char *name = field_needed(fields, "verdict");

	for (int state = VERDICT_PASS; name && state <= VERDICT_REFUSED;
		state++)
		if (!strcmp(name, verdict_state_name(state)))
			return (enum verdict_state)state;
	if (name)
		fields->error = json_fail(&fields->node, "verdict",
			"there is no verdict '%.40s'", name);
	return VERDICT_FAIL;
}

static int read_event(const struct json_node *node, struct verdict_event *event)
{
	struct fields fields = fields_of(node);

	event->seq = (uint32_t)field_whole(&fields, "seq", 0, UINT32_MAX, 0);
	event->time_us = field_whole(&fields, "time_us", 0, COUNT_MAX, 0);
	event->task = (int)field_whole(&fields, "task", -1, INT32_MAX, -1);
	event->who = field_text(&fields, "who");
	event->what = field_both(&fields, "messages");
	event->place = field_text(&fields, "place");
	return fields.error;
}

static void read_events(struct fields *fields, struct finding *finding)
{
	struct json_node list;
	size_t count = field_list(fields, "events", &list);

	finding->events = xcalloc(count + 1, sizeof(*finding->events));
	finding->event_count = count;
	for (size_t i = 0; i < count && !fields->error; i++) {
		struct json_node element = json_element(&list, i);

		fields->error = read_event(&element, &finding->events[i]);
	}
}

/* The finding has a scenario: it can be run again. */
static void check_schedule(struct fields *fields, const struct finding *finding)
{
	static const char *const needed[] = {"command", "policy", "switches",
		"switch_count", "trace_hash", "found_switches"};
	auto_free struct schedule_switch *switches = NULL;
	size_t count;

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		field_expect(fields, needed[i]);
	if (fields->error)
		return;
	if (!finding->trace_hash)
		fields->error = json_fail(
			&fields->node, "trace_hash", "a text expected");
	else if (!finding->policy ||
		 schedule_policy_by_name(finding->policy) < 0)
		fields->error = json_fail(&fields->node, "policy",
			"there is no policy '%.40s'",
			finding->policy ? finding->policy : "null");
	else if (finding->switches &&
		 switches_read(finding->switches, &switches, &count))
		fields->error = json_fail(&fields->node, "switches",
			"'%.40s' is not a list as in 0.13:2,2.7:0",
			finding->switches);
}

static int read_finding(const struct json_node *node, struct finding *finding)
{
	struct fields fields = fields_of(node);

	finding->rule = field_needed(&fields, "rule");
	finding->message = field_both(&fields, "messages");
	finding->hint = field_both(&fields, "hints");
	finding->cause = field_text(&fields, "cause");
	if (finding->cause) {
		finding->story = field_both(&fields, "stories");
		finding->remedy = field_both(&fields, "remedies");
	}
	field_expect(&fields, "scenario");
	finding->scenario = field_text(&fields, "scenario");
	finding->scenario_command = field_text(&fields, "command");
	finding->hidden = field_bool(&fields, "hidden");
	finding->policy = field_text(&fields, "policy");
	finding->seed = field_seed(&fields, "seed");
	finding->switches = field_text(&fields, "switches");
	finding->switch_count = field_count(&fields, "switch_count");
	finding->trace_hash = field_text(&fields, "trace_hash");
	finding->schedule = field_count(&fields, "schedule");
	finding->found_policy = field_text(&fields, "found_policy");
	finding->found_switches = field_count(&fields, "found_switches");
	finding->failing_schedules = field_count(&fields, "failing_schedules");
	finding->schedules = field_count(&fields, "schedules");
	read_events(&fields, finding);
	if (finding->scenario)
		check_schedule(&fields, finding);
	return fields.error;
}

/* What a person judges by. */
static void read_answer(struct fields *fields, struct criterion *criterion)
{
	struct written_answer *answer = &criterion->answer;
	struct json_node child;
	struct fields inner;

	criterion->written = json_child(&fields->node, "answer", &child);
	if (!field_object(fields, "answer", &inner))
		return;
	answer->file = field_needed(&inner, "file");
	answer->hash = field_hash(&inner, "hash");
	answer->text = field_needed(&inner, "text");
	fields->error = inner.error;
}

/* What marks_give() and marks_carry() make is so. */
static void check_mark(struct fields *fields, const struct verdict *verdict,
	const struct criterion *criterion)
{
	const char *hash = criterion->written ? criterion->answer.hash
					      : verdict->submission_hash;
	const struct mark *mark = criterion->mark;

	if (fields->error || !mark || !mark->counts)
		return;
	if (!hash || strcmp(hash, mark->of) != 0)
		fields->error = json_fail(&fields->node, "mark",
			"it counts, but not for what is there");
	else if (mark->points > criterion->max_points ||
		 mark->points != criterion->points)
		fields->error = json_fail(&fields->node, "mark",
			"%g points do not fit the criterion's %g of %g",
			mark->points, criterion->points, criterion->max_points);
}

/* The points that a person gave. */
static void read_mark(struct fields *fields, struct criterion *criterion)
{
	struct fields inner;
	struct mark *mark;

	if (!field_object(fields, "mark", &inner))
		return;
	criterion->mark = mark = xcalloc(1, sizeof(*mark));
	field_expect(&inner, "comment");
	field_expect(&inner, "by");
	field_expect(&inner, "given");
	mark->points = field_number(&inner, "points", POINTS_MAX);
	mark->comment = field_text(&inner, "comment");
	mark->by = field_text(&inner, "by");
	mark->given = field_text(&inner, "given");
	mark->of = field_hash(&inner, "of");
	mark->counts = field_bool(&inner, "counts");
	fields->error = inner.error;
}

static void read_findings(struct fields *fields, struct criterion *criterion)
{
	struct json_node list;
	size_t count;

	field_expect(fields, "findings");
	count = field_list(fields, "findings", &list);
	criterion->findings = xcalloc(count + 1, sizeof(*criterion->findings));
	criterion->finding_count = count;
	for (size_t i = 0; i < count && !fields->error; i++) {
		struct json_node element = json_element(&list, i);

		fields->error = read_finding(&element, &criterion->findings[i]);
	}
}

static int read_criterion(const struct json_node *node,
	const struct verdict *verdict, enum report_depth depth,
	struct criterion *criterion)
{
	struct fields fields = fields_of(node);

	criterion->id = field_needed(&fields, "id");
	criterion->title = field_both(&fields, "titles");
	criterion->state = field_state(&fields);
	criterion->max_points = field_number(&fields, "max_points", POINTS_MAX);
	criterion->points =
		field_number(&fields, "points", criterion->max_points);
	criterion->extra = field_bool(&fields, "extra");
	read_answer(&fields, criterion);
	read_mark(&fields, criterion);
	check_mark(&fields, verdict, criterion);
	if (depth >= REPORT_FINDINGS)
		read_findings(&fields, criterion);
	return fields.error;
}

static void read_criteria(
	struct fields *fields, struct verdict *verdict, enum report_depth depth)
{
	struct json_node list;
	size_t count;

	field_expect(fields, "criteria");
	count = field_list(fields, "criteria", &list);
	verdict->criteria = xcalloc(count + 1, sizeof(*verdict->criteria));
	verdict->criterion_count = count;
	for (size_t i = 0; i < count && !fields->error; i++) {
		struct criterion *criterion = &verdict->criteria[i];
		struct json_node element = json_element(&list, i);

		fields->error =
			read_criterion(&element, verdict, depth, criterion);
		for (size_t j = 0; j < i && !fields->error; j++)
			if (!strcmp(verdict->criteria[j].id, criterion->id))
				fields->error = json_fail(&element, "id",
					"'%s' is given twice", criterion->id);
	}
}

static void read_compile(struct fields *fields, struct verdict *verdict)
{
	struct json_node node;
	struct fields inner;

	if (fields->error || !json_child(&fields->node, "compile", &node) ||
		!json_is_object(&node))
		return;
	inner = fields_of(&node);
	verdict->compile.command = field_needed(&inner, "command");
	verdict->compile.ok = field_bool(&inner, "ok");
	verdict->compile.log = field_needed(&inner, "log");
	verdict->compile.log_cut = field_bool(&inner, "log_cut");
	fields->error = inner.error;
}

static void read_sources(struct fields *fields, struct verdict *verdict)
{
	struct json_node list;
	size_t count = field_list(fields, "sources", &list);

	verdict->sources = xcalloc(count + 1, sizeof(*verdict->sources));
	verdict->source_count = count;
	for (size_t i = 0; i < count && !fields->error; i++) {
		struct json_node element = json_element(&list, i);
		struct fields inner = fields_of(&element);

		verdict->sources[i].name = field_needed(&inner, "name");
		verdict->sources[i].text = field_needed(&inner, "text");
		verdict->sources[i].cut = field_bool(&inner, "cut");
		fields->error = inner.error;
	}
}

static void read_warnings(struct fields *fields, struct verdict *verdict)
{
	struct json_node list;
	size_t count = field_list(fields, "warnings", &list);

	verdict->warnings = xcalloc(count + 1, sizeof(*verdict->warnings));
	verdict->warning_count = count;
	for (size_t i = 0; i < count && !fields->error; i++) {
		struct json_node element = json_element(&list, i);
		struct fields inner = fields_of(&element);

		verdict->warnings[i].kind = field_needed(&inner, "kind");
		verdict->warnings[i].text = field_both(&inner, "messages");
		verdict->warnings[i].hidden = field_bool(&inner, "hidden");
		fields->error = inner.error;
	}
}

/* Reports of earlier versions have it not. */
static void read_truncated(struct fields *fields, struct verdict *verdict)
{
	struct json_node list;
	size_t count = field_list(fields, "truncated", &list);

	for (size_t i = 0; i < count; i++) {
		struct json_node name = json_element(&list, i);

		for (int part = 0; part < VERDICT_PART_COUNT; part++)
			if (json_is_text(&name) &&
				!strcmp(json_text(&name),
					verdict_part_name(
						(enum verdict_part)part)))
				verdict->truncated[part] = true;
	}
}

/* The object NAME, which must be there; its error is handed back by the caller.
 */
static struct fields fields_in(const struct fields *fields, const char *name)
{
	struct fields inner = {.error = fields->error};
	struct json_node node;

	if (inner.error)
		return inner;
	if (json_child(&fields->node, name, &node))
		return fields_of(&node);
	inner.error = json_fail(&fields->node, name, "missing");
	return inner;
}

static void read_layers(struct fields *sandbox, struct verdict *verdict)
{
	struct json_node list;
	size_t count = field_list(sandbox, "layers", &list);

	verdict->layers = xcalloc(count + 1, sizeof(*verdict->layers));
	verdict->layer_count = count;
	for (size_t i = 0; i < count && !sandbox->error; i++) {
		struct json_node element = json_element(&list, i);
		struct fields inner = fields_of(&element);

		verdict->layers[i].name = field_needed(&inner, "name");
		verdict->layers[i].on = field_bool(&inner, "on");
		verdict->layers[i].detail = field_text(&inner, "detail");
		sandbox->error = inner.error;
	}
}

static void read_sandbox(struct fields *fields, struct verdict *verdict)
{
	struct fields inner = fields_in(fields, "sandbox");
	auto_free char *grade = field_needed(&inner, "grade");

	verdict->sandbox_grade = '?';
	if (grade && *grade)
		verdict->sandbox_grade = *grade;
	read_layers(&inner, verdict);
	fields->error = inner.error;
}

static void read_exploration(struct fields *fields, struct verdict *verdict)
{
	struct fields inner = fields_in(fields, "exploration");

	verdict->master_seed = field_seed(&inner, "master_seed");
	verdict->scenarios = field_count(&inner, "scenarios");
	verdict->schedules = field_count(&inner, "schedules");
	verdict->distinct_traces = field_count(&inner, "distinct");
	verdict->exhausted = field_count(&inner, "exhausted");
	verdict->virtual_us = (int64_t)field_count(&inner, "virtual_us");
	fields->error = inner.error;
}

static void read_parallel(struct fields *fields, struct verdict_run *run)
{
	struct fields inner = fields_in(fields, "parallel");
	struct json_node list;
	size_t count = field_list(&inner, "notes", &list);

	run->parallel_runs = field_count(&inner, "runs");
	run->parallel_notes = xcalloc(count + 1, sizeof(*run->parallel_notes));
	run->parallel_note_count = count;
	for (size_t i = 0; i < count && !inner.error; i++) {
		struct json_node element = json_element(&list, i);
		struct fields note = fields_of(&element);

		run->parallel_notes[i].kind = field_needed(&note, "scenario");
		run->parallel_notes[i].text = field_both(&note, "messages");
		inner.error = note.error;
	}
	fields->error = inner.error;
}

static void read_run(struct fields *fields, struct verdict *verdict)
{
	struct fields inner = fields_in(fields, "run");

	verdict->run.started = field_needed(&inner, "started");
	verdict->run.host = field_needed(&inner, "host");
	verdict->run.grader_version = field_needed(&inner, "grader_version");
	verdict->run.seconds = field_number(&inner, "seconds", SECONDS_MAX);
	verdict->run.compile_seconds =
		field_number(&inner, "compile_seconds", SECONDS_MAX);
	read_parallel(&inner, &verdict->run);
	fields->error = inner.error;
}

/* What is not read for marks alone. */
static int read_rest(
	struct fields *fields, struct verdict *verdict, enum language *language)
{
	auto_free char *name = field_needed(fields, "language");

	if (name && language && language_by_name(name, language))
		fields->error = json_fail(
			&fields->node, "language", "zh or en expected");
	verdict->score = field_number(fields, "score", POINTS_MAX);
	verdict->max_score = field_number(fields, "max_score", POINTS_MAX);
	verdict->extra_score = field_number(fields, "extra_score", POINTS_MAX);
	verdict->extra_max = field_number(fields, "extra_max", POINTS_MAX);
	if (!fields->error && verdict->state == VERDICT_REFUSED)
		verdict->refusal = field_both(fields, "refusals");
	read_compile(fields, verdict);
	read_sources(fields, verdict);
	read_warnings(fields, verdict);
	read_truncated(fields, verdict);
	read_sandbox(fields, verdict);
	read_exploration(fields, verdict);
	read_run(fields, verdict);
	return fields->error ? fields->error
			     : report_traces_read(&fields->node, verdict);
}

static int read_root(const struct json_node *root, struct verdict *verdict,
	enum report_depth depth, enum language *language)
{
	struct fields fields = fields_of(root);
	auto_free char *schema = field_needed(&fields, "schema");

	if (schema && strcmp(schema, REPORT_SCHEMA) != 0)
		fields.error = json_fail(root, "schema",
			"'%s' expected, is this a report?", REPORT_SCHEMA);
	verdict->exercise = field_needed(&fields, "exercise");
	verdict->exercise_title = field_both(&fields, "titles");
	verdict->submission = field_needed(&fields, "submission");
	verdict->submission_hash = field_hash(&fields, "submission_hash");
	verdict->state = field_state(&fields);
	read_criteria(&fields, verdict, depth);
	if (fields.error || depth < REPORT_WHOLE)
		return fields.error;
	return read_rest(&fields, verdict, language);
}

static int read(struct verdict *verdict, enum report_depth depth,
	enum language *language, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct json_document document;
	struct json_node root;
	int r;

	memset(verdict, 0, sizeof(*verdict));
	r = json_document_open(&document, text, length, name, err);
	if (r)
		return r;
	root = json_document_root(&document);
	r = read_root(&root, verdict, depth, language);
	json_document_close(&document);
	if (r)
		verdict_release(verdict);
	return r;
}

int report_verdict_read_part(struct verdict *verdict, enum report_depth depth,
	const char *text, size_t length, const char *name, struct err *err)
{
	return read(verdict, depth, NULL, text, length, name, err);
}

int report_verdict_read(struct verdict *verdict, enum language *language,
	const char *text, size_t length, const char *name, struct err *err)
{
	return read(verdict, REPORT_WHOLE, language, text, length, name, err);
}
