/*
 * How it works: the verdict becomes a cJSON tree, key by key in a fixed
 * order, and is printed.  Seeds use all 64 bits, more than a
 * JSON number carries everywhere: they are strings.
 */
#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/json_build.h"
#include "grader/report/report.h"

/* "hint" -> "hints", "story" -> "stories"; owned by the caller. */
static char *plural_of(const char *key)
{
	size_t length = strlen(key);

	if (key[length - 1] == 'y')
		return xasprintf("%.*sies", (int)(length - 1), key);
	return xasprintf("%ss", key);
}

/* KEY in the chosen language, its plural in both. */
static void add_bilingual(cJSON *object, const char *key,
	const struct bilingual *text, enum language language)
{
	auto_free char *plural = plural_of(key);
	cJSON *both;

	json_add_text(object, key, language_pick(text, language));
	both = cJSON_AddObjectToObject(object, plural);
	json_add_text(both, "zh", language_pick(text, LANGUAGE_ZH));
	json_add_text(both, "en", language_pick(text, LANGUAGE_EN));
}

static void add_bool(cJSON *object, const char *key, bool value)
{
	cJSON_AddBoolToObject(object, key, value);
}

static void add_seed(cJSON *object, const char *key, uint64_t seed)
{
	auto_free char *text = xasprintf("%" PRIu64, seed);

	cJSON_AddStringToObject(object, key, text);
}

static void write_event(cJSON *object, const struct verdict_event *event,
	enum language language)
{
	json_add_number(object, "seq", event->seq);
	json_add_number(object, "time_us", (double)event->time_us);
	json_add_text(object, "who", event->who);
	json_add_number(object, "task", event->task);
	add_bilingual(object, "message", &event->what, language);
	json_add_text(object, "place", event->place);
}

static void write_finding(cJSON *object, const struct verdict *verdict,
	const struct finding *finding, enum language language)
{
	struct buf replay = {0};
	cJSON *events;

	json_add_text(object, "rule", finding->rule);
	add_bilingual(object, "message", &finding->message, language);
	add_bilingual(object, "hint", &finding->hint, language);
	json_add_text(object, "cause", finding->cause);
	if (finding->cause) {
		add_bilingual(object, "story", &finding->story, language);
		add_bilingual(object, "remedy", &finding->remedy, language);
	}
	json_add_text(object, "scenario", finding->scenario);
	json_add_text(object, "command", finding->scenario_command);
	add_bool(object, "hidden", finding->hidden);
	json_add_text(object, "policy", finding->policy);
	add_seed(object, "seed", finding->seed);
	json_add_text(object, "switches", finding->switches);
	json_add_number(object, "switch_count", (double)finding->switch_count);
	json_add_text(object, "trace_hash", finding->trace_hash);
	json_add_number(object, "schedule", (double)finding->schedule);
	json_add_text(object, "found_policy", finding->found_policy);
	json_add_number(
		object, "found_switches", (double)finding->found_switches);
	json_add_number(object, "failing_schedules",
		(double)finding->failing_schedules);
	json_add_number(object, "schedules", (double)finding->schedules);
	if (finding->scenario)
		report_replay_command(&replay, verdict, finding);
	json_add_text(object, "replay", replay.data);
	buf_release(&replay);
	events = cJSON_AddArrayToObject(object, "events");
	for (size_t i = 0; i < finding->event_count; i++)
		write_event(json_add_element(events), &finding->events[i],
			language);
}

/* What a person judges by, and the mark. */
static void write_for_person(cJSON *object, const struct criterion *criterion)
{
	const struct written_answer *written = &criterion->answer;

	if (criterion->written && !written->text) {
		cJSON_AddNullToObject(object, "answer");
	} else if (criterion->written) {
		cJSON *answer = cJSON_AddObjectToObject(object, "answer");

		json_add_text(answer, "file", written->file);
		json_add_text(answer, "hash", written->hash);
		json_add_text(answer, "text", written->text);
	}
	if (criterion->mark)
		cJSON_AddItemToObject(
			object, "mark", json_of_mark(criterion->mark));
}

static void write_criterion(cJSON *object, const struct verdict *verdict,
	const struct criterion *criterion, enum language language)
{
	cJSON *findings;

	json_add_text(object, "id", criterion->id);
	add_bilingual(object, "title", &criterion->title, language);
	json_add_text(object, "verdict", verdict_state_name(criterion->state));
	json_add_number(object, "points", criterion->points);
	json_add_number(object, "max_points", criterion->max_points);
	add_bool(object, "extra", criterion->extra);
	findings = cJSON_AddArrayToObject(object, "findings");
	for (size_t i = 0; i < criterion->finding_count; i++)
		write_finding(json_add_element(findings), verdict,
			&criterion->findings[i], language);
	write_for_person(object, criterion);
}

static void write_compile(cJSON *root, const struct verdict_compile *compile)
{
	cJSON *object;

	if (!compile->command) {
		cJSON_AddNullToObject(root, "compile");
		return;
	}
	object = cJSON_AddObjectToObject(root, "compile");
	json_add_text(object, "command", compile->command);
	add_bool(object, "ok", compile->ok);
	json_add_text(object, "log", compile->log ? compile->log : "");
	add_bool(object, "log_cut", compile->log_cut);
}

static void write_sources(cJSON *root, const struct verdict *verdict)
{
	cJSON *array = cJSON_AddArrayToObject(root, "sources");

	for (size_t i = 0; i < verdict->source_count; i++) {
		cJSON *object = json_add_element(array);

		json_add_text(object, "name", verdict->sources[i].name);
		json_add_text(object, "text", verdict->sources[i].text);
		add_bool(object, "cut", verdict->sources[i].cut);
	}
}

static void write_traces(cJSON *root, const struct verdict *verdict)
{
	struct buf text = {0};

	report_json_write_traces(&text, verdict);
	cJSON_AddRawToObject(root, "traces", buf_text(&text));
	buf_release(&text);
}

static void write_warnings(
	cJSON *root, const struct verdict *verdict, enum language language)
{
	cJSON *array = cJSON_AddArrayToObject(root, "warnings");

	for (size_t i = 0; i < verdict->warning_count; i++) {
		cJSON *object = json_add_element(array);

		json_add_text(object, "kind", verdict->warnings[i].kind);
		add_bilingual(object, "message", &verdict->warnings[i].text,
			language);
		add_bool(object, "hidden", verdict->warnings[i].hidden);
	}
}

static void write_sandbox(cJSON *root, const struct verdict *verdict)
{
	char grade[2] = {verdict->sandbox_grade, '\0'};
	cJSON *object = cJSON_AddObjectToObject(root, "sandbox"), *layers;

	json_add_text(object, "grade", grade);
	layers = cJSON_AddArrayToObject(object, "layers");
	for (size_t i = 0; i < verdict->layer_count; i++) {
		cJSON *layer = json_add_element(layers);

		json_add_text(layer, "name", verdict->layers[i].name);
		add_bool(layer, "on", verdict->layers[i].on);
		json_add_text(layer, "detail",
			verdict->layers[i].detail ? verdict->layers[i].detail
						  : "");
	}
}

static void write_exploration(cJSON *root, const struct verdict *verdict)
{
	cJSON *object = cJSON_AddObjectToObject(root, "exploration");

	add_seed(object, "master_seed", verdict->master_seed);
	json_add_number(object, "scenarios", (double)verdict->scenarios);
	json_add_number(object, "schedules", (double)verdict->schedules);
	json_add_number(object, "distinct", (double)verdict->distinct_traces);
	json_add_number(object, "exhausted", (double)verdict->exhausted);
	json_add_number(object, "virtual_us", (double)verdict->virtual_us);
}

static void write_parallel(
	cJSON *root, const struct verdict_run *run, enum language language)
{
	cJSON *object = cJSON_AddObjectToObject(root, "parallel"), *notes;

	json_add_number(object, "runs", (double)run->parallel_runs);
	notes = cJSON_AddArrayToObject(object, "notes");
	for (size_t i = 0; i < run->parallel_note_count; i++) {
		cJSON *note = json_add_element(notes);

		json_add_text(note, "scenario", run->parallel_notes[i].kind);
		add_bilingual(note, "message", &run->parallel_notes[i].text,
			language);
	}
}

static void write_run(
	cJSON *root, const struct verdict_run *run, enum language language)
{
	cJSON *object = cJSON_AddObjectToObject(root, "run");

	json_add_text(object, "started", run->started);
	json_add_text(object, "host", run->host);
	json_add_number(object, "seconds", run->seconds);
	json_add_number(object, "compile_seconds", run->compile_seconds);
	json_add_text(object, "grader_version", run->grader_version);
	write_parallel(object, run, language);
}

static void write_truncated(cJSON *root, const struct verdict *verdict)
{
	cJSON *array = cJSON_AddArrayToObject(root, "truncated");

	for (int part = 0; part < VERDICT_PART_COUNT; part++)
		if (verdict->truncated[part])
			cJSON_AddItemToArray(
				array, cJSON_CreateString(verdict_part_name(
					       (enum verdict_part)part)));
}

static cJSON *build(const struct verdict *verdict, enum language language)
{
	cJSON *root = cJSON_CreateObject(), *criteria;

	assert(root);
	json_add_text(root, "schema", REPORT_SCHEMA);
	json_add_text(root, "language", language_name(language));
	json_add_text(root, "exercise", verdict->exercise);
	add_bilingual(root, "title", &verdict->exercise_title, language);
	json_add_text(root, "submission", verdict->submission);
	json_add_text(root, "submission_hash", verdict->submission_hash);
	json_add_text(root, "verdict", verdict_state_name(verdict->state));
	json_add_number(root, "score", verdict->score);
	json_add_number(root, "max_score", verdict->max_score);
	json_add_number(root, "extra_score", verdict->extra_score);
	json_add_number(root, "extra_max", verdict->extra_max);
	if (verdict->state == VERDICT_REFUSED)
		add_bilingual(root, "refusal", &verdict->refusal, language);
	write_compile(root, &verdict->compile);
	criteria = cJSON_AddArrayToObject(root, "criteria");
	for (size_t i = 0; i < verdict->criterion_count; i++)
		write_criterion(json_add_element(criteria), verdict,
			&verdict->criteria[i], language);
	write_sources(root, verdict);
	write_traces(root, verdict);
	write_warnings(root, verdict, language);
	write_truncated(root, verdict);
	write_sandbox(root, verdict);
	write_exploration(root, verdict);
	write_run(root, &verdict->run, language);
	return root;
}

void report_json_write(
	struct buf *out, const struct verdict *verdict, enum language language)
{
	json_finish(out, build(verdict, language));
}
