/*
 * The rules of exercise.json.  A rule's fields are read by the table of its
 * kind, so a new kind needs nothing here.  Everything that can be wrong is
 * found now and not while judging: unknown observations and groups, and
 * expressions with a value that one of the rule's scenarios does not have.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/exercise_parts.h"
#include "grader/rules/rule.h"

#define DIMENSIONS_MAX 4
#define FIELDS_MAX 24

struct context {
	const struct exercise *exercise;
	const struct rule *rule;
};

static int check_observation(const struct context *context,
	const struct json_node *node, const char *field, const char *kind)
{
	const struct exercise *exercise = context->exercise;
	size_t count = exercise->pattern_count;
	auto_free const char **kinds = xcalloc(count + 1, sizeof(*kinds));

	for (size_t i = 0; i < count; i++)
		kinds[i] = exercise->patterns[i].kind;
	if (exercise_has_observation(exercise, kind))
		return 0;
	return json_fail_unknown(
		node, field, "no pattern makes", kind, kinds, count);
}

static int check_group(const struct context *context,
	const struct json_node *node, const char *field, const char *group)
{
	const struct exercise *exercise = context->exercise;
	auto_free const char **groups =
		xcalloc(exercise->pattern_count * PATTERN_VALUES_MAX + 1,
			sizeof(*groups));
	size_t count = 0;

	for (size_t i = 0; i < exercise->pattern_count; i++) {
		const struct pattern *pattern = &exercise->patterns[i];

		if (pattern_value_index(pattern, group) >= 0)
			return 0;
		for (size_t j = 0; j < pattern->name_count; j++)
			groups[count++] = pattern->names[j];
	}
	return json_fail_unknown(
		node, field, "no pattern has the group", group, groups, count);
}

static int check_number(const struct context *context,
	const struct json_node *node, const char *field, const char *text)
{
	const struct rule *rule = context->rule;
	char built_in[][16] = {"killed", "killed_wrote"};
	char message[120];
	double ignored;

	for (size_t i = 0; i < rule->scenario_count; i++) {
		const struct scenario *scenario =
			&context->exercise->scenarios[rule->scenarios[i]];
		size_t count = scenario->value_count;
		auto_free struct expression_value *values =
			xcalloc(count + 2, sizeof(*values));

		for (size_t j = 0; j < count; j++)
			values[j] = scenario->values[j];
		for (size_t j = 0; j < 2; j++)
			values[count + j] = (struct expression_value){
				.name = built_in[j], .varies = true};
		if (expression_evaluate(text, values, count + 2, &ignored,
			    message, sizeof(message)) != 0)
			return json_fail(node, field, "scenario '%s': %s",
				scenario->id, message);
	}
	return 0;
}

static int read_number(const struct context *context,
	const struct json_node *node, const char *field, bool required,
	char **out)
{
	int error = json_get_expression(node, field, required, out);

	if (error != 0 || !*out)
		return error;
	return check_number(context, node, field, *out);
}

/* One row of texts; a single text stands for a row of one. */
static int read_row(
	struct rule_dimension *dimension, const struct json_node *element)
{
	struct json_node holder = *element;
	char **row =
		&dimension->rows[dimension->row_count * dimension->group_count];
	size_t count = 1;

	if (!json_is_text(element)) {
		if (!json_is_list(element))
			return json_fail(element, NULL,
				"a text or a list of texts expected");
		count = json_field_count(element);
	}
	if (count != dimension->group_count)
		return json_fail(element, NULL, "%zu texts expected",
			dimension->group_count);
	for (size_t i = 0; i < count; i++) {
		if (!json_is_text(element))
			holder = json_element(element, i);
		if (!json_is_text(&holder))
			return json_fail(&holder, NULL, "a text expected");
		row[i] = xstrdup(json_text(&holder));
	}
	dimension->row_count++;
	return 0;
}

static int forbid(
	const struct json_node *node, const char *field, const char *why)
{
	struct json_node there;

	return json_child(node, field, &there)
		       ? json_fail(node, field, "%s", why)
		       : 0;
}

static int read_rows(const struct context *context,
	struct rule_dimension *dimension, const struct json_node *node)
{
	struct json_node list;
	size_t count;

	if (json_get_list(node, "rows", true, &list, &count) != 0 ||
		forbid(node, "from", "not with 'rows'") != 0 ||
		forbid(node, "to", "not with 'rows'") != 0)
		return -EINVAL;
	dimension->rows = xcalloc(
		count * dimension->group_count + 1, sizeof(*dimension->rows));
	for (size_t i = 0; i < count; i++) {
		struct json_node element = json_element(&list, i);

		if (read_row(dimension, &element) != 0)
			return -EINVAL;
	}
	return read_number(context, node, "first", false, &dimension->first);
}

static int read_dimension(const struct context *context,
	struct rule_dimension *dimension, const struct json_node *node)
{
	static const char *const fields[] = {
		"groups", "rows", "first", "from", "to", NULL};
	struct json_node rows;

	if (json_check_fields(node, fields) != 0 ||
		json_get_texts(node, "groups", true, &dimension->groups,
			&dimension->group_count) != 0)
		return -EINVAL;
	if (dimension->group_count == 0)
		return json_fail(node, "groups", "is empty");
	for (size_t i = 0; i < dimension->group_count; i++)
		if (check_group(
			    context, node, "groups", dimension->groups[i]) != 0)
			return -EINVAL;
	if (json_child(node, "rows", &rows))
		return read_rows(context, dimension, node);
	if (dimension->group_count != 1)
		return json_fail(
			node, "groups", "a range of numbers has one group");
	if (forbid(node, "first", "only with 'rows'") != 0 ||
		read_number(context, node, "from", true, &dimension->from) != 0)
		return -EINVAL;
	return read_number(context, node, "to", true, &dimension->to);
}

static int read_keys(const struct context *context, struct rule_value *value,
	const struct json_node *node, const char *field)
{
	struct json_node list;
	size_t count;

	if (json_get_list(node, field, true, &list, &count) != 0)
		return -EINVAL;
	if (count > DIMENSIONS_MAX)
		return json_fail(
			node, field, "more than %d dimensions", DIMENSIONS_MAX);
	value->keys = xcalloc(count + 1, sizeof(*value->keys));
	for (size_t i = 0; i < count; i++) {
		struct json_node element = json_element(&list, i);

		value->key_count++;
		if (read_dimension(context, &value->keys[i], &element) != 0)
			return -EINVAL;
	}
	return 0;
}

static int read_content(const struct context *context, struct rule_value *value,
	const struct json_node *node, const char *field)
{
	struct json_node child;
	size_t count;

	if (!json_child(node, field, &child) || !json_is_object(&child))
		return json_fail(node, field, "an object expected");
	count = json_field_count(&child);
	value->names = xcalloc(count + 1, sizeof(*value->names));
	value->texts = xcalloc(count + 1, sizeof(*value->texts));
	for (size_t i = 0; i < count; i++) {
		const char *name = json_field_name(&child, i);

		value->names[i] = xstrdup(name);
		if (read_number(
			    context, &child, name, true, &value->texts[i]) != 0)
			return -EINVAL;
		value->count++;
	}
	return 0;
}

static int check_choice(const struct rule_field *field, const char *text,
	const struct json_node *node)
{
	const char *at = field->choices;
	size_t length = strlen(text);

	while (at) {
		if (!strncmp(at, text, length) &&
			(at[length] == '|' || at[length] == '\0'))
			return 0;
		at = strchr(at, '|');
		at = at ? at + 1 : NULL;
	}
	return json_fail(
		node, field->name, "one of %s expected", field->choices);
}

static int read_text_list(const struct context *context,
	const struct rule_field *field, struct rule_value *value,
	const struct json_node *node)
{
	if (json_get_texts(
		    node, field->name, true, &value->texts, &value->count) != 0)
		return -EINVAL;
	if (value->count == 0)
		return json_fail(node, field->name, "is empty");
	for (size_t i = 0; i < value->count; i++) {
		int error = field->type == RULE_OBSERVATIONS
				    ? check_observation(context, node,
					      field->name, value->texts[i])
				    : check_group(context, node, field->name,
					      value->texts[i]);

		if (error != 0)
			return error;
	}
	return 0;
}

static int read_value(const struct context *context,
	const struct rule_field *field, struct rule_value *value,
	const struct json_node *node)
{
	struct json_node child;

	if (!json_child(node, field->name, &child))
		return field->required ? json_fail(node, field->name, "missing")
				       : 0;
	value->set = true;
	switch (field->type) {
	case RULE_FLAG:
		return json_get_bool(node, field->name, &value->flag);
	case RULE_NUMBER:
		return read_number(
			context, node, field->name, true, &value->text);
	case RULE_KEYS:
		return read_keys(context, value, node, field->name);
	case RULE_CONTENT:
		return read_content(context, value, node, field->name);
	case RULE_OBSERVATIONS:
	case RULE_NAMES:
		return read_text_list(context, field, value, node);
	case RULE_OBSERVATION:
	case RULE_NAME:
	case RULE_CHOICE:
		break;
	}
	if (json_get_text(node, field->name, true, &value->text) != 0)
		return -EINVAL;
	if (field->type == RULE_OBSERVATION)
		return check_observation(
			context, node, field->name, value->text);
	if (field->type == RULE_CHOICE)
		return check_choice(field, value->text, node);
	return 0;
}

/* True when NAME is the scenario's id or one of its groups. */
static bool scenario_is(const struct scenario *scenario, const char *name)
{
	if (!strcmp(scenario->id, name))
		return true;
	for (size_t i = 0; i < scenario->group_count; i++)
		if (!strcmp(scenario->groups[i], name))
			return true;
	return false;
}

static int fail_no_scenario(const struct exercise *exercise,
	const struct json_node *node, const char *name)
{
	const char **names = NULL;
	size_t count = 0, capacity = 0;
	int error;

	for (size_t i = 0; i < exercise->scenario_count; i++) {
		const struct scenario *scenario = &exercise->scenarios[i];

		grow_array(&names, count, &capacity, sizeof(*names));
		names[count++] = scenario->id;
		for (size_t j = 0; j < scenario->group_count; j++) {
			grow_array(&names, count, &capacity, sizeof(*names));
			names[count++] = scenario->groups[j];
		}
	}
	error = json_fail_unknown(
		node, "scenarios", "no scenario or group", name, names, count);
	free(names);
	return error;
}

static int read_scenarios(struct rule *rule, const struct exercise *exercise,
	const struct json_node *node)
{
	auto_free bool *wanted =
		xcalloc(exercise->scenario_count + 1, sizeof(*wanted));
	char **names = NULL;
	size_t count = 0;
	int error = json_get_texts(node, "scenarios", true, &names, &count);

	for (size_t i = 0; error == 0 && i < count; i++) {
		bool found = false;

		for (size_t j = 0; j < exercise->scenario_count; j++) {
			if (!scenario_is(&exercise->scenarios[j], names[i]))
				continue;
			wanted[j] = true;
			found = true;
		}
		if (!found)
			error = fail_no_scenario(exercise, node, names[i]);
	}
	text_list_free(names);
	if (error != 0)
		return error;
	if (count == 0)
		return json_fail(node, "scenarios", "is empty");
	rule->scenarios =
		xcalloc(exercise->scenario_count, sizeof(*rule->scenarios));
	for (size_t j = 0; j < exercise->scenario_count; j++)
		if (wanted[j])
			rule->scenarios[rule->scenario_count++] = j;
	return 0;
}

int exercise_check_scenarios(
	const struct exercise *exercise, const struct json_node *criterion)
{
	struct rule ignored = {0};
	struct json_node there;
	int error = 0;

	if (json_child(criterion, "scenarios", &there))
		error = read_scenarios(&ignored, exercise, criterion);
	free(ignored.scenarios);
	return error;
}

static int check_rule_fields(
	const struct rule_kind *kind, const struct json_node *node)
{
	const char *allowed[FIELDS_MAX + 6] = {
		"rule", "scenarios", "in", "hint", "premise"};
	size_t count = 5;

	for (size_t i = 0; i < FIELDS_MAX && kind->fields[i].name; i++)
		allowed[count++] = kind->fields[i].name;
	return json_check_fields(node, allowed);
}

static int read_common(struct rule *rule, const struct exercise *exercise,
	const struct json_node *node, const struct json_node *criterion)
{
	auto_free char *in = NULL, *premise = NULL;
	struct json_node own;

	if (json_get_bilingual(node, "hint", false, &rule->hint) != 0 ||
		json_get_text(node, "in", false, &in) != 0)
		return -EINVAL;
	if (in && strcmp(in, "every") != 0 && strcmp(in, "some") != 0)
		return json_fail(node, "in", "'every' or 'some' expected");
	rule->some = in && !strcmp(in, "some");
	if (json_get_text(node, "premise", false, &premise) != 0 ||
		exercise_find_premise(
			exercise, premise, node, &rule->premise) != 0)
		return -EINVAL;
	rule->line = json_line(node, "rule");
	if (!rule->hint.zh) {
		rule->hint.zh = xstrdup("");
		rule->hint.en = xstrdup("");
	}
	return read_scenarios(rule, exercise,
		json_child(node, "scenarios", &own) ? node : criterion);
}

static int fail_unknown_rule(const struct json_node *node, const char *name)
{
	const char **names = NULL;
	size_t count = 0, capacity = 0;
	int error;

	for (; RULE_KINDS[count]; count++) {
		grow_array(&names, count, &capacity, sizeof(*names));
		names[count] = RULE_KINDS[count]->name;
	}
	error = json_fail_unknown(
		node, "rule", "unknown rule", name, names, count);
	free(names);
	return error;
}

int exercise_read_rule(struct rule *rule, const struct exercise *exercise,
	const struct json_node *node, const struct json_node *criterion)
{
	struct context context = {.exercise = exercise, .rule = rule};
	auto_free char *name = NULL;
	const struct rule_kind *kind;
	size_t count = 0;

	if (!json_is_object(node))
		return json_fail(node, NULL, "an object expected");
	if (json_get_text(node, "rule", true, &name) != 0)
		return -EINVAL;
	kind = rule_kind_by_name(name);
	if (!kind)
		return fail_unknown_rule(node, name);
	if (check_rule_fields(kind, node) != 0 ||
		read_common(rule, exercise, node, criterion) != 0)
		return -EINVAL;
	while (kind->fields[count].name)
		count++;
	rule->kind = kind;
	rule->values = xcalloc(count + 1, sizeof(*rule->values));
	for (size_t i = 0; i < count; i++)
		if (read_value(&context, &kind->fields[i], &rule->values[i],
			    node) != 0)
			return -EINVAL;
	return 0;
}

static void release_dimension(struct rule_dimension *dimension)
{
	text_list_free(dimension->groups);
	for (size_t i = 0; dimension->rows && dimension->rows[i]; i++)
		free(dimension->rows[i]);
	free(dimension->rows);
	free(dimension->first);
	free(dimension->from);
	free(dimension->to);
}

void exercise_release_rule(struct rule *rule)
{
	for (size_t i = 0; rule->values && rule->kind->fields[i].name; i++) {
		struct rule_value *value = &rule->values[i];

		free(value->text);
		text_list_free(value->names);
		text_list_free(value->texts);
		for (size_t j = 0; j < value->key_count; j++)
			release_dimension(&value->keys[j]);
		free(value->keys);
	}
	free(rule->values);
	free(rule->scenarios);
	free(rule->hint.zh);
	free(rule->hint.en);
}
