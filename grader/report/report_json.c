/*
 * How it works: the verdict becomes a cJSON tree, key by key in a fixed
 * order, and is printed.  Every text is cleaned on its way in, since cJSON
 * would emit malformed UTF-8 unchanged.  Seeds use all 64 bits, more than a
 * JSON number carries everywhere: they are strings.
 */
#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/report.h"
#include "grader/shown.h"

static void add_text(cJSON *object, const char *key, const char *text)
{
	struct buf clean = {0};

	if (!text) {
		cJSON_AddNullToObject(object, key);
		return;
	}
	buf_add_clean(&clean, text, strlen(text));
	cJSON_AddStringToObject(object, key, buf_text(&clean));
	buf_release(&clean);
}

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

	add_text(object, key, language_pick(text, language));
	both = cJSON_AddObjectToObject(object, plural);
	add_text(both, "zh", language_pick(text, LANGUAGE_ZH));
	add_text(both, "en", language_pick(text, LANGUAGE_EN));
}

static void add_number(cJSON *object, const char *key, double number)
{
	cJSON_AddNumberToObject(object, key, number);
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

static cJSON *new_element(cJSON *array)
{
	cJSON *element = cJSON_CreateObject();

	cJSON_AddItemToArray(array, element);
	return element;
}

static void write_event(cJSON *object, const struct verdict_event *event,
	enum language language)
{
	add_number(object, "seq", event->seq);
	add_number(object, "time_us", (double)event->time_us);
	add_text(object, "who", event->who);
	add_number(object, "task", event->task);
	add_bilingual(object, "message", &event->what, language);
	add_text(object, "place", event->place);
}

static void write_finding(cJSON *object, const struct verdict *verdict,
	const struct finding *finding, enum language language)
{
	struct buf replay = {0};
	cJSON *events;

	add_text(object, "rule", finding->rule);
	add_bilingual(object, "message", &finding->message, language);
	add_bilingual(object, "hint", &finding->hint, language);
	add_text(object, "cause", finding->cause);
	if (finding->cause) {
		add_bilingual(object, "story", &finding->story, language);
		add_bilingual(object, "remedy", &finding->remedy, language);
	}
	add_text(object, "scenario", finding->scenario);
	add_text(object, "command", finding->scenario_command);
	add_bool(object, "hidden", finding->hidden);
	add_text(object, "policy", finding->policy);
	add_seed(object, "seed", finding->seed);
	add_text(object, "switches", finding->switches);
	add_number(object, "switch_count", (double)finding->switch_count);
	add_text(object, "trace_hash", finding->trace_hash);
	add_number(object, "schedule", (double)finding->schedule);
	add_text(object, "found_policy", finding->found_policy);
	add_number(object, "found_switches", (double)finding->found_switches);
	add_number(object, "failing_schedules",
		(double)finding->failing_schedules);
	add_number(object, "schedules", (double)finding->schedules);
	if (finding->scenario)
		report_replay_command(&replay, verdict, finding);
	add_text(object, "replay", replay.data);
	buf_release(&replay);
	events = cJSON_AddArrayToObject(object, "events");
	for (size_t i = 0; i < finding->event_count; i++)
		write_event(new_element(events), &finding->events[i], language);
}

static cJSON *mark_json(const struct mark *mark)
{
	cJSON *object = cJSON_CreateObject();

	add_number(object, "points", mark->points);
	add_text(object, "comment", mark->comment);
	add_text(object, "by", mark->by);
	add_text(object, "given", mark->given);
	add_text(object, "of", mark->of);
	add_bool(object, "counts", mark->counts);
	return object;
}

/* What a person judges by, and the mark. */
static void write_for_person(cJSON *object, const struct criterion *criterion)
{
	const struct written_answer *written = &criterion->answer;

	if (criterion->written && !written->text) {
		cJSON_AddNullToObject(object, "answer");
	} else if (criterion->written) {
		cJSON *answer = cJSON_AddObjectToObject(object, "answer");

		add_text(answer, "file", written->file);
		add_text(answer, "hash", written->hash);
		add_text(answer, "text", written->text);
	}
	if (criterion->mark)
		cJSON_AddItemToObject(
			object, "mark", mark_json(criterion->mark));
}

static void write_criterion(cJSON *object, const struct verdict *verdict,
	const struct criterion *criterion, enum language language)
{
	cJSON *findings;

	add_text(object, "id", criterion->id);
	add_bilingual(object, "title", &criterion->title, language);
	add_text(object, "verdict", verdict_state_name(criterion->state));
	add_number(object, "points", criterion->points);
	add_number(object, "max_points", criterion->max_points);
	add_bool(object, "extra", criterion->extra);
	findings = cJSON_AddArrayToObject(object, "findings");
	for (size_t i = 0; i < criterion->finding_count; i++)
		write_finding(new_element(findings), verdict,
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
	add_text(object, "command", compile->command);
	add_bool(object, "ok", compile->ok);
	add_text(object, "log", compile->log ? compile->log : "");
	add_bool(object, "log_cut", compile->log_cut);
}

static void write_sources(cJSON *root, const struct verdict *verdict)
{
	cJSON *array = cJSON_AddArrayToObject(root, "sources");

	for (size_t i = 0; i < verdict->source_count; i++) {
		cJSON *object = new_element(array);

		add_text(object, "name", verdict->sources[i].name);
		add_text(object, "text", verdict->sources[i].text);
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
		cJSON *object = new_element(array);

		add_text(object, "kind", verdict->warnings[i].kind);
		add_bilingual(object, "message", &verdict->warnings[i].text,
			language);
		add_bool(object, "hidden", verdict->warnings[i].hidden);
	}
}

static void write_sandbox(cJSON *root, const struct verdict *verdict)
{
	char grade[2] = {verdict->sandbox_grade, '\0'};
	cJSON *object = cJSON_AddObjectToObject(root, "sandbox"), *layers;

	add_text(object, "grade", grade);
	layers = cJSON_AddArrayToObject(object, "layers");
	for (size_t i = 0; i < verdict->layer_count; i++) {
		cJSON *layer = new_element(layers);

		add_text(layer, "name", verdict->layers[i].name);
		add_bool(layer, "on", verdict->layers[i].on);
		add_text(layer, "detail",
			verdict->layers[i].detail ? verdict->layers[i].detail
						  : "");
	}
}

static void write_exploration(cJSON *root, const struct verdict *verdict)
{
	cJSON *object = cJSON_AddObjectToObject(root, "exploration");

	add_seed(object, "master_seed", verdict->master_seed);
	add_number(object, "scenarios", (double)verdict->scenarios);
	add_number(object, "schedules", (double)verdict->schedules);
	add_number(object, "distinct", (double)verdict->distinct_traces);
	add_number(object, "exhausted", (double)verdict->exhausted);
	add_number(object, "virtual_us", (double)verdict->virtual_us);
}

static void write_parallel(
	cJSON *root, const struct verdict_run *run, enum language language)
{
	cJSON *object = cJSON_AddObjectToObject(root, "parallel"), *notes;

	add_number(object, "runs", (double)run->parallel_runs);
	notes = cJSON_AddArrayToObject(object, "notes");
	for (size_t i = 0; i < run->parallel_note_count; i++) {
		cJSON *note = new_element(notes);

		add_text(note, "scenario", run->parallel_notes[i].kind);
		add_bilingual(note, "message", &run->parallel_notes[i].text,
			language);
	}
}

static void write_run(
	cJSON *root, const struct verdict_run *run, enum language language)
{
	cJSON *object = cJSON_AddObjectToObject(root, "run");

	add_text(object, "started", run->started);
	add_text(object, "host", run->host);
	add_number(object, "seconds", run->seconds);
	add_number(object, "compile_seconds", run->compile_seconds);
	add_text(object, "grader_version", run->grader_version);
	write_parallel(object, run, language);
}

static cJSON *build(const struct verdict *verdict, enum language language)
{
	cJSON *root = cJSON_CreateObject(), *criteria;

	assert(root);
	add_text(root, "schema", REPORT_SCHEMA);
	add_text(root, "language", language_name(language));
	add_text(root, "exercise", verdict->exercise);
	add_bilingual(root, "title", &verdict->exercise_title, language);
	add_text(root, "submission", verdict->submission);
	add_text(root, "submission_hash", verdict->submission_hash);
	add_text(root, "verdict", verdict_state_name(verdict->state));
	add_number(root, "score", verdict->score);
	add_number(root, "max_score", verdict->max_score);
	add_number(root, "extra_score", verdict->extra_score);
	add_number(root, "extra_max", verdict->extra_max);
	if (verdict->state == VERDICT_REFUSED)
		add_bilingual(root, "refusal", &verdict->refusal, language);
	write_compile(root, &verdict->compile);
	criteria = cJSON_AddArrayToObject(root, "criteria");
	for (size_t i = 0; i < verdict->criterion_count; i++)
		write_criterion(new_element(criteria), verdict,
			&verdict->criteria[i], language);
	write_sources(root, verdict);
	write_traces(root, verdict);
	write_warnings(root, verdict, language);
	write_sandbox(root, verdict);
	write_exploration(root, verdict);
	write_run(root, &verdict->run, language);
	return root;
}

/* Frees ROOT. */
static void print(struct buf *out, cJSON *root)
{
	char *text = cJSON_Print(root);

	assert(text);
	/* no build server takes a line of a student for a command */
	for (const char *at = text; *at; at++)
		if (shown_is_command(at))
			buf_adds(out, "\\u0023");
		else
			buf_addc(out, *at);
	buf_addc(out, '\n');
	cJSON_free(text);
	cJSON_Delete(root);
}

void report_json_write(
	struct buf *out, const struct verdict *verdict, enum language language)
{
	print(out, build(verdict, language));
}

static void set(cJSON *object, const char *key, cJSON *value)
{
	if (!cJSON_ReplaceItemInObjectCaseSensitive(object, key, value))
		cJSON_AddItemToObject(object, key, value);
}

static void set_state(cJSON *object, enum verdict_state state)
{
	set(object, "verdict", cJSON_CreateString(verdict_state_name(state)));
}

static void set_points(cJSON *object, const char *key, double points)
{
	set(object, key, cJSON_CreateNumber(points));
}

void report_json_update(struct buf *out, const char *text, size_t length,
	const struct verdict *verdict)
{
	cJSON *root = cJSON_ParseWithLength(text, length);
	cJSON *criteria = cJSON_GetObjectItemCaseSensitive(root, "criteria");

	assert(cJSON_GetArraySize(criteria) == (int)verdict->criterion_count);
	set_state(root, verdict->state);
	set_points(root, "score", verdict->score);
	set_points(root, "extra_score", verdict->extra_score);
	for (size_t i = 0; i < verdict->criterion_count; i++) {
		const struct criterion *criterion = &verdict->criteria[i];
		cJSON *object = cJSON_GetArrayItem(criteria, (int)i);

		set_state(object, criterion->state);
		set_points(object, "points", criterion->points);
		cJSON_DeleteItemFromObjectCaseSensitive(object, "mark");
		if (criterion->mark)
			cJSON_AddItemToObject(
				object, "mark", mark_json(criterion->mark));
	}
	print(out, root);
}
