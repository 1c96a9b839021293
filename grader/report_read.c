/*
 * The report is checked as strictly as an exercise, field by field, for it
 * may have been mended by hand or cut by a full disk.
 */
#include "grader/report_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/json_reader.h"
#include "grader/report/report.h"
#include "grader/tell.h"

static void release_finding(struct recorded_finding *finding)
{
	bilingual_release(&finding->message);
	bilingual_release(&finding->hint);
	free(finding->scenario);
	free(finding->command);
	free(finding->switches);
	free(finding->trace_hash);
	free(finding->events);
}

void recorded_report_release(struct recorded_report *report)
{
	free(report->exercise);
	free(report->submission);
	free(report->submission_hash);
	for (size_t i = 0; i < report->criterion_count; i++) {
		struct recorded_criterion *criterion = &report->criteria[i];

		free(criterion->id);
		bilingual_release(&criterion->title);
		for (size_t j = 0; j < criterion->finding_count; j++)
			release_finding(&criterion->findings[j]);
		free(criterion->findings);
	}
	free(report->criteria);
	memset(report, 0, sizeof(*report));
}

/* A text, which may be empty. */
static int read_any_text(
	const struct json_node *node, const char *field, char **out)
{
	struct json_node text;

	if (!json_child(node, field, &text))
		return json_fail(node, field, "missing");
	if (!json_is_text(&text))
		return json_fail(node, field, "a text expected");
	*out = xstrdup(json_text(&text));
	return 0;
}

static int read_both(
	const struct json_node *node, const char *field, struct bilingual *out)
{
	struct json_node both;
	int r;

	if (!json_child(node, field, &both) || !json_is_object(&both))
		return json_fail(node, field, "an object expected");
	r = read_any_text(&both, "zh", &out->zh);
	return r ? r : read_any_text(&both, "en", &out->en);
}

static int read_seed(
	const struct json_node *node, struct recorded_finding *finding)
{
	auto_free char *text = NULL;
	char *end;
	int r = json_get_text(node, "seed", true, &text);

	if (r)
		return r;
	errno = 0;
	finding->seed = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno)
		return json_fail(node, "seed",
			"'%.40s' is not a whole number below 2^64", text);
	return 0;
}

static int read_policy(
	const struct json_node *node, struct recorded_finding *finding)
{
	auto_free char *text = NULL;
	int policy, r = json_get_text(node, "policy", true, &text);

	if (r)
		return r;
	policy = schedule_policy_by_name(text);
	if (policy < 0)
		return json_fail(
			node, "policy", "there is no policy '%.40s'", text);
	finding->policy = (enum schedule_policy)policy;
	return 0;
}

static int read_switches(
	const struct json_node *node, struct recorded_finding *finding)
{
	auto_free char *text = NULL;
	int64_t proper = 0, found = 0;
	struct json_node list;
	int r = 0;

	if (!json_child(node, "switches", &list))
		return json_fail(node, "switches", "missing");
	if (json_is_text(&list)) /* null: none */
		r = read_any_text(node, "switches", &text);
	if (r)
		return r;
	if (text &&
		switches_read(text, &finding->switches, &finding->switch_count))
		return json_fail(node, "switches",
			"'%.40s' is not a list as in 0.13:2,2.7:0", text);
	r = json_get_whole(node, "switch_count", true, 0, UINT32_MAX, &proper);
	if (!r)
		r = json_get_whole(
			node, "found_switches", true, 0, UINT32_MAX, &found);
	finding->proper = (size_t)proper;
	finding->found = (size_t)found;
	return r;
}

static int read_events(
	const struct json_node *node, struct recorded_finding *finding)
{
	struct json_node list;
	size_t count = 0;
	int r = json_get_list(node, "events", true, &list, &count);

	if (r)
		return r;
	finding->events = xcalloc(count + 1, sizeof(*finding->events));
	finding->event_count = count;
	for (size_t i = 0; i < count && !r; i++) {
		struct json_node event = json_element(&list, i);
		int64_t seq = 0;

		r = json_get_whole(&event, "seq", true, 0, UINT32_MAX, &seq);
		finding->events[i] = (uint32_t)seq;
	}
	return r;
}

/* The schedule of a finding that has one. */
static int read_schedule(
	const struct json_node *node, struct recorded_finding *finding)
{
	int r = read_any_text(node, "command", &finding->command);

	if (!r)
		r = json_get_bool(node, "hidden", &finding->hidden);
	if (!r)
		r = read_policy(node, finding);
	if (!r)
		r = read_seed(node, finding);
	if (!r)
		r = read_switches(node, finding);
	if (!r)
		r = json_get_text(
			node, "trace_hash", true, &finding->trace_hash);
	if (!r)
		r = read_events(node, finding);
	return r;
}

static int read_finding(
	const struct json_node *node, struct recorded_finding *finding)
{
	struct json_node scenario;
	int r = read_both(node, "messages", &finding->message);

	if (!r)
		r = read_both(node, "hints", &finding->hint);
	if (r)
		return r;
	if (!json_child(node, "scenario", &scenario))
		return json_fail(node, "scenario", "missing");
	if (!json_is_text(&scenario)) /* null: the compiler's, say */
		return 0;
	finding->scenario = xstrdup(json_text(&scenario));
	return read_schedule(node, finding);
}

static int read_criterion(
	const struct json_node *node, struct recorded_criterion *criterion)
{
	struct json_node list;
	size_t count = 0;
	int r = json_get_text(node, "id", true, &criterion->id);

	if (!r)
		r = read_both(node, "titles", &criterion->title);
	if (!r)
		r = json_get_list(node, "findings", true, &list, &count);
	if (r)
		return r;
	criterion->findings = xcalloc(count + 1, sizeof(*criterion->findings));
	criterion->finding_count = count;
	for (size_t i = 0; i < count && !r; i++) {
		struct json_node finding = json_element(&list, i);

		r = read_finding(&finding, &criterion->findings[i]);
	}
	return r;
}

static int read_root(
	const struct json_node *root, struct recorded_report *report)
{
	auto_free char *schema = NULL;
	struct json_node list;
	size_t count = 0;
	int r;

	if (!json_is_object(root))
		return json_fail(root, NULL, "a report is an object");
	r = json_get_text(root, "schema", true, &schema);
	if (!r && strcmp(schema, REPORT_SCHEMA) != 0)
		r = json_fail(root, "schema",
			"'%s' expected, is this a report?", REPORT_SCHEMA);
	if (!r)
		r = json_get_text(root, "exercise", true, &report->exercise);
	if (!r)
		r = read_any_text(root, "submission", &report->submission);
	if (!r)
		r = json_get_text(root, "submission_hash", true,
			&report->submission_hash);
	if (!r)
		r = json_get_list(root, "criteria", true, &list, &count);
	if (r)
		return r;
	report->criteria = xcalloc(count + 1, sizeof(*report->criteria));
	report->criterion_count = count;
	for (size_t i = 0; i < count && !r; i++) {
		struct json_node criterion = json_element(&list, i);

		r = read_criterion(&criterion, &report->criteria[i]);
	}
	return r;
}

int report_read(struct recorded_report *report, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct json_document document;
	struct json_node root;
	int r;

	memset(report, 0, sizeof(*report));
	r = json_document_open(&document, text, length, name, err);
	if (r)
		return r;
	root = json_document_root(&document);
	r = read_root(&root, report);
	json_document_close(&document);
	if (r)
		recorded_report_release(report);
	return r;
}
