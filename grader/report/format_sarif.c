/*
 * SARIF 2.1.0 (OASIS): what did not pass, notes and gcc's warnings, with their
 * places; the evidence of a finding is a code flow with a thread flow a task,
 * which is what the format has for an interleaving.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/hash.h"
#include "grader/report/format.h"
#include "grader/report/json_build.h"
#include "grader/report/sarif.h"
#include "grader/report/test_list.h"

#define SCHEMA                                                                 \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"  \
	"sarif-schema-2.1.0.json"

static void add_message(cJSON *object, const char *key, const char *text)
{
	json_add_text(cJSON_AddObjectToObject(object, key), "text", text);
}

static void add_place(cJSON *location, const char *file, long line, long column)
{
	cJSON *physical, *artifact, *region;
	struct buf uri = {0};

	add_uri(&uri, file);
	physical = cJSON_AddObjectToObject(location, "physicalLocation");
	artifact = cJSON_AddObjectToObject(physical, "artifactLocation");
	json_add_text(artifact, "uri", buf_text(&uri));
	if (line > 0) {
		region = cJSON_AddObjectToObject(physical, "region");
		json_add_number(region, "startLine", (double)line);
		if (column > 0)
			json_add_number(region, "startColumn", (double)column);
	}
	buf_release(&uri);
}

void sarif_add_locations(
	cJSON *result, const char *file, long line, long column)
{
	cJSON *locations = cJSON_AddArrayToObject(result, "locations");

	if (file)
		add_place(json_add_element(locations), file, line, column);
}

/* What makes it the same result in the next grading: never a line number. */
static void add_fingerprint(cJSON *result, const char *rule, const char *text)
{
	struct hash *hash = hash_new();
	auto_free char *hex = NULL;

	hash_add_part(hash, rule, strlen(rule));
	hash_add_part(hash, text, strlen(text));
	hex = hash_hex(hash);
	json_add_text(cJSON_AddObjectToObject(result, "partialFingerprints"),
		"finding/v1", hex);
}

cJSON *sarif_add_result(
	cJSON *results, const char *rule, const char *level, const char *text)
{
	cJSON *result = json_add_element(results);

	json_add_text(result, "ruleId", rule);
	json_add_text(result, "level", level);
	add_message(result, "message", text);
	add_fingerprint(result, rule, text);
	return result;
}

static void add_step(cJSON *steps, const struct verdict *verdict,
	const struct verdict_event *event, size_t order, enum language language)
{
	cJSON *step = json_add_element(steps), *location;
	auto_free char *what =
		shown_text(language_pick(&event->what, language));
	auto_free char *text =
		xasprintf("%.3f s  %s  %s", (double)event->time_us / 1e6,
			event->who ? event->who : "", what);
	auto_free char *file = NULL;
	long line;

	location = cJSON_AddObjectToObject(step, "location");
	place_split(verdict, event->place, &file, &line);
	if (file)
		add_place(location, file, line, 0);
	add_message(location, "message", text);
	json_add_number(step, "executionOrder", (double)order);
}

/* The steps of the task of event FIRST, if no event before was of it. */
static void add_thread(cJSON *threads, const struct verdict *verdict,
	const struct finding *finding, size_t first, enum language language)
{
	const int task = finding->events[first].task;
	cJSON *thread, *steps;

	for (size_t i = 0; i < first; i++)
		if (finding->events[i].task == task)
			return;
	thread = json_add_element(threads);
	json_add_text(thread, "id",
		finding->events[first].who ? finding->events[first].who : "");
	steps = cJSON_AddArrayToObject(thread, "locations");
	for (size_t i = first; i < finding->event_count; i++)
		if (finding->events[i].task == task)
			add_step(steps, verdict, &finding->events[i], i + 1,
				language);
}

static void add_flow(cJSON *result, const struct verdict *verdict,
	const struct finding *finding, enum language language)
{
	cJSON *threads;

	if (!finding->event_count)
		return;
	threads = cJSON_AddArrayToObject(
		json_add_element(cJSON_AddArrayToObject(result, "codeFlows")),
		"threadFlows");
	for (size_t i = 0; i < finding->event_count; i++)
		add_thread(threads, verdict, finding, i, language);
}

static void add_criteria(cJSON *results, const struct verdict *verdict,
	const struct test_list *list, enum language language)
{
	/* in front of the criteria stands a refusal, if any */
	const size_t shift = list->count - verdict->criterion_count;

	for (size_t i = 0; i < list->count; i++) {
		const struct test *test = &list->tests[i];
		auto_free char *text = xasprintf("%s: %s%s%s", test->title,
			test->message, *test->detail ? "\n" : "", test->detail);
		cJSON *result;

		if (test->outcome != TEST_FAILED &&
			test->outcome != TEST_MISSED)
			continue;
		result = sarif_add_result(results, test->id,
			test->extra ? "note" : "error", text);
		sarif_add_locations(result, test->file, test->line, 0);
		if (i >= shift && verdict->criteria[i - shift].finding_count)
			add_flow(result, verdict,
				&verdict->criteria[i - shift].findings[0],
				language);
	}
}

static void add_notes(
	cJSON *results, const struct verdict *verdict, enum language language)
{
	for (size_t i = 0; i < verdict->warning_count; i++) {
		const struct verdict_note *note = &verdict->warnings[i];
		auto_free char *text =
			shown_text(language_pick(&note->text, language));
		cJSON *result =
			sarif_add_result(results, note->kind, "note", text);

		sarif_add_locations(result, NULL, 0, 0);
	}
}

static void add_rules(cJSON *driver, const struct test_list *list)
{
	cJSON *rules = cJSON_AddArrayToObject(driver, "rules");

	for (size_t i = 0; i < list->count; i++) {
		cJSON *rule = json_add_element(rules);

		json_add_text(rule, "id", list->tests[i].id);
		add_message(rule, "shortDescription", list->tests[i].title);
	}
}

void format_sarif(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);
	cJSON *root = cJSON_CreateObject(), *run, *driver, *results;

	json_add_text(root, "$schema", SCHEMA);
	json_add_text(root, "version", "2.1.0");
	run = json_add_element(cJSON_AddArrayToObject(root, "runs"));
	driver = cJSON_AddObjectToObject(
		cJSON_AddObjectToObject(run, "tool"), "driver");
	json_add_text(driver, "name", "grader");
	if (verdict->run.grader_version)
		json_add_text(driver, "version", verdict->run.grader_version);
	add_rules(driver, &list);
	json_add_text(run, "columnKind", "unicodeCodePoints");
	results = cJSON_AddArrayToObject(run, "results");
	add_criteria(results, verdict, &list, style->language);
	sarif_add_compiler(results, verdict);
	add_notes(results, verdict, style->language);
	json_finish(out, root);
	test_list_release(&list);
}
