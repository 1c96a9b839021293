/*
 * How it works: the file becomes a list of cases, of which the first that names
 * student and exercise counts.
 */
#include "grader/gradebook/policy.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "grader/json_reader.h"

#define DAY 86400

struct due {
	char *exercise;
	int64_t time;
};

struct special {
	char *student;
	char *exercise;         /* NULL: all of them */
	double extension_hours; /* of the student */
	int64_t handed_in;      /* 0: as it was found */
	double score;           /* < 0: as it was graded */
	char *comment;
};

struct policy {
	double percent_per_day, grace_minutes, most_percent;
	double missing_score; /* < 0: no mark */
	struct due *dues;
	size_t due_count, due_capacity;
	struct special *specials;
	size_t special_count, special_capacity;
};

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	for (size_t i = 0; i < policy->due_count; i++)
		free(policy->dues[i].exercise);
	for (size_t i = 0; i < policy->special_count; i++) {
		free(policy->specials[i].student);
		free(policy->specials[i].exercise);
		free(policy->specials[i].comment);
	}
	free(policy->dues);
	free(policy->specials);
	free(policy);
}

/* "+08:00" or "Z" as seconds east of Greenwich; false when it is neither. */
static bool read_zone(const char *text, int *east)
{
	int hours, minutes, end = 0;

	*east = 0;
	if (!strcmp(text, "Z"))
		return true;
	if ((text[0] != '+' && text[0] != '-') ||
		sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &end) != 2 ||
		text[1 + end] || hours < 0 || hours > 14 || minutes < 0 ||
		minutes > 59)
		return false;
	*east = (hours * 60 + minutes) * (text[0] == '-' ? -60 : 60);
	return true;
}

int policy_time(const char *text, int64_t *seconds)
{
	struct tm utc;
	const char *rest;
	int east;

	memset(&utc, 0, sizeof(utc));
	rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &utc);
	if (!rest || !read_zone(rest, &east))
		return -EINVAL;
	*seconds = (int64_t)timegm(&utc) - east;
	return 0;
}

static int get_time(
	const struct json_node *node, const char *field, int64_t *seconds)
{
	auto_free char *text = NULL;
	int r = json_get_text(node, field, false, &text);

	if (!r && text && policy_time(text, seconds))
		r = json_fail(node, field,
			"'%.40s' is no time as in 2026-11-20T23:59:00+08:00",
			text);
	return r;
}

static int read_late(const struct json_node *root, struct policy *policy)
{
	static const char *const fields[] = {
		"percent_per_day", "grace_minutes", "most_percent", NULL};
	struct json_node late;
	int r;

	policy->most_percent = 100;
	if (!json_child(root, "late", &late))
		return 0;
	if (!json_is_object(&late))
		return json_fail(root, "late", "an object expected");
	r = json_check_fields(&late, fields);
	if (!r)
		r = json_get_number(&late, "percent_per_day", true, 0, 100,
			&policy->percent_per_day);
	if (!r)
		r = json_get_number(&late, "grace_minutes", false, 0, 1e6,
			&policy->grace_minutes);
	if (!r)
		r = json_get_number(&late, "most_percent", false, 0, 100,
			&policy->most_percent);
	return r;
}

static int read_due(const struct json_node *node, const char *exercise,
	struct policy *policy)
{
	static const char *const fields[] = {"due", NULL};
	struct due *due;
	int64_t time = 0;
	int r;

	if (!json_is_object(node))
		return json_fail(node, NULL, "an object expected");
	r = json_check_fields(node, fields);
	if (!r)
		r = get_time(node, "due", &time);
	if (r || !time)
		return r;
	grow_array(&policy->dues, policy->due_count, &policy->due_capacity,
		sizeof(*policy->dues));
	due = &policy->dues[policy->due_count++];
	*due = (struct due){xstrdup(exercise), time};
	return 0;
}

static struct special *add_special(
	struct policy *policy, const char *student, const char *exercise)
{
	struct special *special;

	grow_array(&policy->specials, policy->special_count,
		&policy->special_capacity, sizeof(*policy->specials));
	special = &policy->specials[policy->special_count++];
	*special = (struct special){.student = xstrdup(student),
		.exercise = exercise ? xstrdup(exercise) : NULL,
		.score = -1};
	return special;
}

static int read_special(const struct json_node *node, const char *student,
	const char *exercise, struct policy *policy)
{
	static const char *const fields[] = {
		"score", "handed_in", "comment", NULL};
	struct special *special = add_special(policy, student, exercise);
	int r;

	if (!json_is_object(node))
		return json_fail(node, NULL, "an object expected");
	r = json_check_fields(node, fields);
	if (!r)
		r = json_get_number(
			node, "score", false, 0, 1e6, &special->score);
	if (!r)
		r = get_time(node, "handed_in", &special->handed_in);
	if (!r)
		r = json_get_text(node, "comment", false, &special->comment);
	return r;
}

/* Calls EACH for every field of the object FIELD of NODE, if it is there. */
static int each_field(const struct json_node *node, const char *field,
	int (*each)(const struct json_node *node, const char *name,
		const char *outer, struct policy *policy),
	const char *outer, struct policy *policy)
{
	struct json_node object;
	size_t count;
	int r = 0;

	if (!json_child(node, field, &object))
		return 0;
	if (!json_is_object(&object))
		return json_fail(node, field, "an object expected");
	count = json_field_count(&object);
	for (size_t i = 0; i < count && !r; i++) {
		const char *name = json_field_name(&object, i);
		struct json_node child;

		json_child(&object, name, &child);
		r = each(&child, name, outer, policy);
	}
	return r;
}

static int each_due(const struct json_node *node, const char *name,
	const char *outer, struct policy *policy)
{
	(void)outer;
	return read_due(node, name, policy);
}

static int each_special(const struct json_node *node, const char *name,
	const char *outer, struct policy *policy)
{
	return read_special(node, outer, name, policy);
}

static int each_student(const struct json_node *node, const char *name,
	const char *outer, struct policy *policy)
{
	static const char *const fields[] = {
		"extension_hours", "exercises", NULL};
	struct special *special = add_special(policy, name, NULL);
	int r;

	(void)outer;
	if (!json_is_object(node))
		return json_fail(node, NULL, "an object expected");
	r = json_check_fields(node, fields);
	if (!r)
		r = json_get_number(node, "extension_hours", false, 0, 1e5,
			&special->extension_hours);
	return r ? r
		 : each_field(node, "exercises", each_special, name, policy);
}

static int read_root(const struct json_node *root, struct policy *policy)
{
	static const char *const fields[] = {
		"late", "missing_score", "exercises", "students", NULL};
	int r;

	if (!json_is_object(root))
		return json_fail(root, NULL, "an object expected");
	r = json_check_fields(root, fields);
	if (!r)
		r = read_late(root, policy);
	policy->missing_score = -1;
	if (!r)
		r = json_get_number(root, "missing_score", false, 0, 1e6,
			&policy->missing_score);
	if (!r)
		r = each_field(root, "exercises", each_due, NULL, policy);
	if (!r)
		r = each_field(root, "students", each_student, NULL, policy);
	return r;
}

int policy_read(struct policy **out, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct policy *policy = xcalloc(1, sizeof(*policy));
	struct json_document document;
	struct json_node root;
	int r = json_document_open(&document, text, length, name, err);

	if (!r) {
		root = json_document_root(&document);
		r = read_root(&root, policy);
		json_document_close(&document);
	}
	if (r)
		policy_free(policy);
	else
		*out = policy;
	return r;
}

static const struct special *find_special(
	const struct policy *policy, const char *student, const char *exercise)
{
	for (size_t i = 0; i < policy->special_count; i++) {
		const struct special *special = &policy->specials[i];

		if (strcmp(special->student, student) != 0)
			continue;
		if (exercise ? special->exercise &&
					!strcmp(special->exercise, exercise)
			     : !special->exercise)
			return special;
	}
	return NULL;
}

static int64_t find_due(const struct policy *policy, const char *exercise)
{
	for (size_t i = 0; i < policy->due_count; i++)
		if (!strcmp(policy->dues[i].exercise, exercise))
			return policy->dues[i].time;
	return 0;
}

static void count_days(const struct policy *policy,
	const struct policy_case *one, const struct special *special,
	struct policy_outcome *outcome)
{
	const struct special *student =
		find_special(policy, one->student, NULL);
	int64_t due = find_due(policy, one->exercise);
	int64_t handed_in = special && special->handed_in ? special->handed_in
							  : one->handed_in;
	double late;

	if (!due || !handed_in)
		return;
	late = (double)(handed_in - due);
	if (student)
		late -= student->extension_hours * 3600;
	if (late <= policy->grace_minutes * 60)
		return;
	outcome->days = (int)ceil(late / DAY);
	outcome->percent = outcome->days * policy->percent_per_day;
	if (outcome->percent > policy->most_percent)
		outcome->percent = policy->most_percent;
	outcome->score *= 1 - outcome->percent / 100;
}

struct policy_outcome policy_apply(
	const struct policy *policy, const struct policy_case *one)
{
	struct policy_outcome outcome = {
		.score = one->score, .none = one->missing};
	const struct special *special;

	if (!policy)
		return outcome;
	special = find_special(policy, one->student, one->exercise);
	if (special)
		outcome.comment = special->comment;
	if (special && special->score >= 0) {
		outcome.score = special->score;
		outcome.overruled = true;
		outcome.none = false;
		return outcome;
	}
	if (one->missing && policy->missing_score >= 0) {
		outcome.score = policy->missing_score;
		outcome.none = false;
	}
	if (one->missing)
		return outcome;
	count_days(policy, one, special, &outcome);
	return outcome;
}
