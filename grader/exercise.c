/*
 * exercise.json is read once, strictly: a mistake in it must be found by the
 * teacher who makes it, not by a student.  Patterns come first, then
 * scenarios, then criteria, since rules name both.
 */
#include "grader/exercise.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/answer.h"
#include "grader/exercise_parts.h"
#include "grader/tell.h"

#define FILE_MAX (1 << 20)
#define FULL_MARKS 100
#define ARGUMENTS_MAX 100

static bool is_id(const char *id)
{
	return *id && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
			      strlen(id);
}

static int fail_no_group(const struct json_node *node, const char *field,
	const struct pattern *pattern, const char *group)
{
	return json_fail_unknown(node, field, "the pattern has no group", group,
		pattern->names, pattern->name_count);
}

/* Every {group} of the display name is a group of the pattern. */
static int check_who(
	const struct pattern *pattern, const struct json_node *node)
{
	const char *at = pattern->who;

	while (at && (at = strchr(at, '{'))) {
		const char *close = strchr(at, '}');
		auto_free char *name = NULL;

		if (!close)
			return json_fail(node, "who", "'}' is missing");
		name = xstrndup(at + 1, (size_t)(close - at - 1));
		if (pattern_value_index(pattern, name) < 0)
			return fail_no_group(node, "who", pattern, name);
		at = close;
	}
	return 0;
}

/* {"name": 1}: the group is the scenario's first argument. */
static int read_arguments(struct pattern *pattern, const struct json_node *node)
{
	struct json_node child;

	if (!json_child(node, "arguments", &child))
		return 0;
	if (!json_is_object(&child))
		return json_fail(node, "arguments", "an object expected");
	for (size_t i = 0; i < json_field_count(&child); i++) {
		const char *name = json_field_name(&child, i);
		int index = pattern_value_index(pattern, name);
		int64_t number = 0;

		if (index < 0)
			return fail_no_group(node, "arguments", pattern, name);
		if (json_get_whole(
			    &child, name, true, 1, ARGUMENTS_MAX, &number) != 0)
			return -EINVAL;
		pattern->arguments[index] = (int)number;
	}
	return 0;
}

static int read_pattern(struct pattern *pattern, const struct json_node *node)
{
	static const char *const fields[] = {"kind", "pattern", "label", "who",
		"subject", "arguments", NULL};
	auto_free char *source = NULL;
	struct buf stripped = {0};
	bool blanks;
	char message[240];

	if (json_check_fields(node, fields) != 0 ||
		json_get_text(node, "pattern", true, &source) != 0)
		return -EINVAL;
	pattern_strip(&stripped, source);
	blanks = strcmp(buf_text(&stripped), source) != 0;
	buf_release(&stripped);
	if (blanks)
		return json_fail(node, "pattern",
			"has a blank: lines are matched without blanks");
	if (pattern_compile(pattern, source, message, sizeof(message)) != 0)
		return json_fail(node, "pattern", "%s", message);
	if (json_get_text(node, "kind", true, &pattern->kind) != 0 ||
		json_get_text(node, "label", true, &pattern->label) != 0 ||
		json_get_text(node, "who", false, &pattern->who) != 0 ||
		json_get_text(node, "subject", false, &pattern->subject) != 0)
		return -EINVAL;
	if (!is_id(pattern->kind))
		return json_fail(
			node, "kind", "small letters, digits and '-' expected");
	if (pattern->subject &&
		pattern_value_index(pattern, pattern->subject) < 0)
		return fail_no_group(
			node, "subject", pattern, pattern->subject);
	if (read_arguments(pattern, node) != 0)
		return -EINVAL;
	return check_who(pattern, node);
}

static int read_patterns(
	struct exercise *exercise, const struct json_node *root)
{
	struct json_node list;
	size_t count;

	if (json_get_list(root, "patterns", true, &list, &count) != 0)
		return -EINVAL;
	exercise->patterns = xcalloc(count + 1, sizeof(*exercise->patterns));
	for (size_t i = 0; i < count; i++) {
		struct json_node element = json_element(&list, i);

		exercise->pattern_count++;
		if (read_pattern(&exercise->patterns[i], &element) != 0)
			return -EINVAL;
	}
	return 0;
}

/* A rule gives scenarios by id or group, so no name may be both. */
static int check_groups(
	const struct exercise *exercise, const struct json_node *root)
{
	for (size_t i = 0; i < exercise->scenario_count; i++) {
		const struct scenario *scenario = &exercise->scenarios[i];

		for (size_t j = 0; j < scenario->group_count; j++)
			if (exercise_scenario(exercise, scenario->groups[j]))
				return json_fail(root, "scenarios",
					"'%s' is both a scenario and a group",
					scenario->groups[j]);
	}
	return 0;
}

/* Those of exercise.json, or of hidden.json behind them. */
static int read_scenarios(
	struct exercise *exercise, const struct json_node *root, bool hidden)
{
	const size_t before = exercise->scenario_count;
	struct json_node list;
	size_t count;

	if (json_get_list(root, "scenarios", true, &list, &count) != 0)
		return -EINVAL;
	if (count == 0)
		return json_fail(root, "scenarios", "is empty");
	exercise->scenarios = xreallocarray(exercise->scenarios, before + count,
		sizeof(*exercise->scenarios));
	for (size_t i = before; i < before + count; i++) {
		struct json_node element = json_element(&list, i - before);
		struct scenario *scenario = &exercise->scenarios[i];

		memset(scenario, 0, sizeof(*scenario));
		scenario->hidden = hidden;
		exercise->scenario_count++;
		if (exercise_read_scenario(
			    scenario, exercise->program, &element) != 0)
			return -EINVAL;
		if (!is_id(scenario->id))
			return json_fail(&element, "id",
				"small letters, digits and '-' expected");
		for (size_t j = 0; j < i; j++)
			if (!strcmp(exercise->scenarios[j].id, scenario->id))
				return json_fail(&element, "id",
					"'%s' is given twice", scenario->id);
	}
	return check_groups(exercise, root);
}

static int read_hidden(struct exercise *exercise, const struct json_node *root)
{
	static const char *const fields[] = {"scenarios", NULL};

	if (json_check_fields(root, fields) != 0)
		return -EINVAL;
	return read_scenarios(exercise, root, true);
}

static int fail_no_criterion(const struct exercise *exercise,
	const struct json_node *node, const char *id)
{
	size_t count = exercise->criterion_count - 1;
	auto_free const char **ids = xcalloc(count + 1, sizeof(*ids));

	for (size_t i = 0; i < count; i++)
		ids[i] = exercise->criteria[i].id;
	return json_fail_unknown(
		node, "premise", "no earlier criterion", id, ids, count);
}

int exercise_find_premise(const struct exercise *exercise, const char *id,
	const struct json_node *node, int *premise)
{
	*premise = -1;
	if (!id)
		return 0;
	/* the last one is being read */
	for (size_t i = 0; i + 1 < exercise->criterion_count; i++)
		if (!strcmp(exercise->criteria[i].id, id))
			*premise = (int)i;
	if (*premise >= 0 && exercise->criteria[*premise].answer)
		return json_fail(
			node, "premise", "'%s' is marked by a person", id);
	return *premise >= 0 ? 0 : fail_no_criterion(exercise, node, id);
}

static int read_rules(struct criterion_spec *criterion,
	const struct exercise *exercise, const struct json_node *node)
{
	struct json_node list;
	size_t count;

	if (json_get_list(node, "rules", true, &list, &count) != 0 ||
		exercise_check_scenarios(exercise, node) != 0)
		return -EINVAL;
	if (count == 0 && !criterion->elsewhere)
		return json_fail(node, "rules", "is empty");
	if (count > 0 && criterion->elsewhere)
		return json_fail(node, "rules",
			"there are rules, so it is not judged elsewhere");
	criterion->rules = xcalloc(count + 1, sizeof(*criterion->rules));
	for (size_t i = 0; i < count; i++) {
		struct json_node element = json_element(&list, i);

		criterion->rule_count++;
		if (exercise_read_rule(&criterion->rules[i], exercise, &element,
			    node) != 0)
			return -EINVAL;
	}
	return 0;
}

/*
 * {"file": "ANSWER.md"}: a person judges it, and nothing else.  Without the
 * field *THERE is false.
 */
static int read_answer(struct criterion_spec *criterion,
	const struct json_node *node, bool *there)
{
	static const char *const fields[] = {"file", NULL};
	static const char *const others[] = {
		"rules", "scenarios", "premise", "elsewhere"};
	struct json_node answer, other;

	*there = json_child(node, "answer", &answer);
	if (!*there)
		return 0;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (json_child(node, others[i], &other))
			return json_fail(node, others[i],
				"a criterion with an answer is judged by a "
				"person alone");
	if (json_check_fields(&answer, fields) != 0 ||
		json_get_text(&answer, "file", true, &criterion->answer) != 0)
		return -EINVAL;
	return strcmp(criterion->answer, ANSWER_NAME)
		       ? json_fail(&answer, "file",
				 "'%s' expected: no other file of words is "
				 "read",
				 ANSWER_NAME)
		       : 0;
}

static int read_criterion(
	struct exercise *exercise, size_t index, const struct json_node *node)
{
	static const char *const fields[] = {"id", "title", "points", "extra",
		"elsewhere", "premise", "scenarios", "rules", "answer", NULL};
	struct criterion_spec *criterion = &exercise->criteria[index];
	auto_free char *premise = NULL;
	bool written;

	if (json_check_fields(node, fields) != 0 ||
		json_get_text(node, "id", true, &criterion->id) != 0 ||
		json_get_bilingual(node, "title", true, &criterion->title) !=
			0 ||
		json_get_number(node, "points", true, 0, FULL_MARKS,
			&criterion->points) != 0 ||
		json_get_bool(node, "extra", &criterion->extra) != 0 ||
		json_get_bool(node, "elsewhere", &criterion->elsewhere) != 0 ||
		json_get_text(node, "premise", false, &premise) != 0)
		return -EINVAL;
	if (!is_id(criterion->id))
		return json_fail(
			node, "id", "small letters, digits and '-' expected");
	for (size_t i = 0; i < index; i++)
		if (!strcmp(exercise->criteria[i].id, criterion->id))
			return json_fail(node, "id", "'%s' is given twice",
				criterion->id);
	if (exercise_find_premise(
		    exercise, premise, node, &criterion->premise) != 0 ||
		read_answer(criterion, node, &written) != 0)
		return -EINVAL;
	return written ? 0 : read_rules(criterion, exercise, node);
}

static int read_criteria(
	struct exercise *exercise, const struct json_node *root)
{
	struct json_node list;
	size_t count;
	double sum = 0;

	if (json_get_list(root, "criteria", true, &list, &count) != 0)
		return -EINVAL;
	exercise->criteria = xcalloc(count + 1, sizeof(*exercise->criteria));
	for (size_t i = 0; i < count; i++) {
		struct json_node element = json_element(&list, i);

		exercise->criterion_count++;
		if (read_criterion(exercise, i, &element) != 0)
			return -EINVAL;
		if (!exercise->criteria[i].extra)
			sum += exercise->criteria[i].points;
	}
	if (sum < FULL_MARKS - 1e-9 || sum > FULL_MARKS + 1e-9)
		return json_fail(root, "criteria",
			"points without extras add up to %g, not to %d", sum,
			FULL_MARKS);
	exercise->points = FULL_MARKS;
	return 0;
}

/* HIDDEN is hidden.json's, or NULL. */
static int read_exercise(struct exercise *exercise,
	const struct json_node *root, const struct json_node *hidden)
{
	static const char *const fields[] = {"id", "title", "program",
		"note_arguments", "unix_sockets", "after_main", "patterns",
		"scenarios", "criteria", NULL};
	double after_main_s = 0;

	if (json_check_fields(root, fields) != 0 ||
		json_get_text(root, "id", true, &exercise->id) != 0 ||
		json_get_bilingual(root, "title", true, &exercise->title) !=
			0 ||
		json_get_text(root, "program", true, &exercise->program) != 0 ||
		json_get_text(root, "note_arguments", false,
			&exercise->note_arguments) != 0 ||
		json_get_bool(root, "unix_sockets",
			&exercise->allow_unix_sockets) != 0 ||
		json_get_number(root, "after_main", false, 0.001,
			EXERCISE_SECONDS_MAX, &after_main_s) != 0)
		return -EINVAL;
	exercise->after_main_us = exercise_microseconds(after_main_s);
	if (!is_id(exercise->id))
		return json_fail(
			root, "id", "small letters, digits and '-' expected");
	if (!is_id(exercise->program))
		return json_fail(root, "program",
			"small letters, digits and '-' expected");
	if (!exercise->note_arguments)
		exercise->note_arguments = xstrdup("");
	if (read_patterns(exercise, root) != 0 ||
		read_scenarios(exercise, root, false) != 0 ||
		(hidden && read_hidden(exercise, hidden) != 0))
		return -EINVAL;
	return read_criteria(exercise, root);
}

/* What both files say, of which the second may be missing. */
static int make_exercise(struct exercise **exercise,
	const struct json_document *document,
	const struct json_document *hidden)
{
	struct exercise *made = xcalloc(1, sizeof(*made));
	struct json_node root = json_document_root(document), hidden_root;
	int error;

	if (hidden)
		hidden_root = json_document_root(hidden);
	error = read_exercise(made, &root, hidden ? &hidden_root : NULL);
	if (error != 0)
		exercise_free(made);
	else
		*exercise = made;
	return error;
}

int exercise_parse_files(struct exercise **exercise,
	const struct exercise_text *text, const struct exercise_text *hidden,
	struct err *err)
{
	struct json_document document, hidden_document;
	int error = json_document_open_strict(
		&document, text->data, text->length, text->name, err);

	if (error != 0)
		return error;
	if (hidden)
		error = json_document_open_strict(&hidden_document,
			hidden->data, hidden->length, hidden->name, err);
	if (error == 0)
		error = make_exercise(
			exercise, &document, hidden ? &hidden_document : NULL);
	if (error == 0 && hidden)
		json_document_close(&hidden_document);
	json_document_close(&document);
	return error;
}

int exercise_parse(struct exercise **exercise, const char *text, size_t length,
	const char *name, struct err *err)
{
	const struct exercise_text whole = {name, text, length};

	return exercise_parse_files(exercise, &whole, NULL, err);
}

/* 1: there is no such file. */
static int read_file(struct buf *text, const char *name, struct err *err)
{
	auto_close int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int error;

	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0)
		return err_errno(err, -errno, "cannot open '%s'", name);
	error = buf_read_fd(text, fd, FILE_MAX);
	return error ? err_errno(err, error, "cannot read '%s'", name) : 0;
}

int exercise_load(
	struct exercise **exercise, const char *folder, struct err *err)
{
	auto_free char *name = xasprintf("%s/exercise.json", folder);
	auto_free char *hidden_name = xasprintf("%s/hidden.json", folder);
	struct buf text = {0}, hidden_text = {0};
	struct exercise_text main, hidden;
	int error = read_file(&text, name, err), extra = 1;

	if (error == 1)
		error = err_errno(err, -ENOENT, "cannot open '%s'", name);
	if (error == 0)
		extra = read_file(&hidden_text, hidden_name, err);
	main = (struct exercise_text){name, buf_text(&text), text.length};
	hidden = (struct exercise_text){
		hidden_name, buf_text(&hidden_text), hidden_text.length};
	if (extra < 0)
		error = extra;
	else if (error == 0)
		error = exercise_parse_files(
			exercise, &main, extra == 0 ? &hidden : NULL, err);
	if (error == 0)
		(*exercise)->folder = xstrdup(folder);
	buf_release(&text);
	buf_release(&hidden_text);
	return error;
}

void exercise_free(struct exercise *exercise)
{
	if (!exercise)
		return;
	for (size_t i = 0; i < exercise->pattern_count; i++)
		pattern_release(&exercise->patterns[i]);
	for (size_t i = 0; i < exercise->scenario_count; i++)
		exercise_release_scenario(&exercise->scenarios[i]);
	for (size_t i = 0; i < exercise->criterion_count; i++) {
		struct criterion_spec *criterion = &exercise->criteria[i];

		for (size_t j = 0; j < criterion->rule_count; j++)
			exercise_release_rule(&criterion->rules[j]);
		free(criterion->rules);
		free(criterion->id);
		free(criterion->title.zh);
		free(criterion->title.en);
		free(criterion->answer);
	}
	free(exercise->patterns);
	free(exercise->scenarios);
	free(exercise->criteria);
	free(exercise->id);
	free(exercise->folder);
	free(exercise->title.zh);
	free(exercise->title.en);
	free(exercise->program);
	free(exercise->note_arguments);
	free(exercise);
}

const struct scenario *exercise_scenario(
	const struct exercise *exercise, const char *id)
{
	for (size_t i = 0; i < exercise->scenario_count; i++)
		if (!strcmp(exercise->scenarios[i].id, id))
			return &exercise->scenarios[i];
	return NULL;
}

static char *word(const char *text, int number)
{
	size_t length;

	for (;;) {
		text += strspn(text, " ");
		length = strcspn(text, " ");
		if (length == 0)
			return NULL;
		if (--number == 0)
			return xstrndup(text, length);
		text += length;
	}
}

char *exercise_argument(const struct exercise *exercise,
	const struct scenario *scenario, int number)
{
	if (!scenario->argv[1])
		return word(exercise->note_arguments, number);
	for (int i = 1; scenario->argv[i]; i++)
		if (i == number)
			return xstrdup(scenario->argv[i]);
	return NULL;
}

bool criterion_needs_person(const struct criterion_spec *spec)
{
	return spec->elsewhere || spec->answer;
}

struct criterion exercise_criterion(const struct criterion_spec *spec)
{
	return (struct criterion){
		.id = xstrdup(spec->id),
		.title = bilingual_copy(&spec->title),
		.state = criterion_needs_person(spec) ? VERDICT_NEEDS_GRADING
						      : VERDICT_PASS,
		.written = spec->answer != NULL,
		.extra = spec->extra,
		.max_points = spec->points,
	};
}

bool exercise_has_observation(const struct exercise *exercise, const char *kind)
{
	for (size_t i = 0; i < exercise->pattern_count; i++)
		if (!strcmp(exercise->patterns[i].kind, kind))
			return true;
	return false;
}
