/*
 * The scenarios of exercise.json.  Names of faults and limits stand in
 * tables, one row each.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/exercise_parts.h"

#define SCHEDULES_DEFAULT 50
#define SCHEDULES_MAX 1000000
#define SECONDS_MAX 1e6

static const struct {
	const char *name;
	enum run_fault_kind kind;
} FAULTS[] = {
	{"kill-main", RUN_FAULT_KILL_MAIN},
	{"kill-holder", RUN_FAULT_KILL_HOLDER},
	{"stop-child", RUN_FAULT_STOP_CHILD},
	{"late-child", RUN_FAULT_LATE_CHILD},
	{"delay-read", RUN_FAULT_DELAY_READ},
};

static int64_t microseconds(double seconds)
{
	return (int64_t)(seconds * 1e6 + 0.5);
}

static int read_fault(struct run_fault *fault, const struct json_node *node)
{
	static const char *const fields[] = {
		"kind", "nth", "at", "for", "object", NULL};
	auto_free char *kind = NULL;
	char *object = NULL;
	double at = 0, for_how_long = 0;
	int64_t nth = 0;
	size_t i = 0;

	if (json_check_fields(node, fields) != 0 ||
		json_get_text(node, "kind", true, &kind) != 0 ||
		json_get_whole(node, "nth", false, 0, 1000, &nth) != 0 ||
		json_get_number(node, "at", false, 0, SECONDS_MAX, &at) != 0 ||
		json_get_number(
			node, "for", false, 0, SECONDS_MAX, &for_how_long) != 0)
		return -EINVAL;
	while (i < sizeof(FAULTS) / sizeof(FAULTS[0]) &&
		strcmp(FAULTS[i].name, kind) != 0)
		i++;
	if (i == sizeof(FAULTS) / sizeof(FAULTS[0]))
		return json_fail(node, "kind", "unknown fault '%s'", kind);
	if (json_get_text(node, "object", false, &object) != 0)
		return -EINVAL;
	*fault = (struct run_fault){
		.kind = FAULTS[i].kind,
		.nth = (int)nth,
		.at_us = microseconds(at),
		.for_us = microseconds(for_how_long),
		.object = object,
	};
	return 0;
}

static int read_faults(struct scenario *scenario, const struct json_node *node)
{
	struct json_node list;
	size_t count;

	if (json_get_list(node, "faults", false, &list, &count) != 0)
		return -EINVAL;
	scenario->faults = xcalloc(count + 1, sizeof(*scenario->faults));
	for (size_t i = 0; i < count; i++) {
		struct json_node element = json_element(&list, i);

		if (read_fault(&scenario->faults[i], &element) != 0)
			return -EINVAL;
		scenario->fault_count++;
	}
	return 0;
}

static int read_file(struct run_file *file, const struct json_node *node)
{
	static const char *const fields[] = {"name", "text", "watched", NULL};

	if (json_check_fields(node, fields) != 0 ||
		json_get_text(node, "name", true, &file->name) != 0 ||
		json_get_text(node, "text", true, &file->data) != 0 ||
		json_get_bool(node, "watched", &file->watched) != 0)
		return -EINVAL;
	if (strchr(file->name, '/') || !strcmp(file->name, ".") ||
		!strcmp(file->name, ".."))
		return json_fail(node, "name", "must be one path component");
	file->length = strlen(file->data);
	file->regular = true;
	return 0;
}

static int read_files(struct scenario *scenario, const struct json_node *node)
{
	struct json_node list;
	size_t count;

	if (json_get_list(node, "files", false, &list, &count) != 0)
		return -EINVAL;
	scenario->files = xcalloc(count + 1, sizeof(*scenario->files));
	for (size_t i = 0; i < count; i++) {
		struct json_node element = json_element(&list, i);

		scenario->file_count++;
		if (read_file(&scenario->files[i], &element) != 0)
			return -EINVAL;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(scenario->files[j].name,
				    scenario->files[i].name))
				return json_fail(
					&element, "name", "given twice");
	}
	return 0;
}

static int read_limits(struct scenario *scenario, const struct json_node *node)
{
	static const char *const fields[] = {"processes", "virtual_seconds",
		"cpu_seconds", "wall_seconds", "memory_bytes", "disk_bytes",
		"output_bytes", "steps", NULL};
	struct run_limits *limits = &scenario->limits;
	double virtual_s = 0, cpu_s = 0, wall_s = 0;
	int64_t processes = 0;
	struct json_node child;
	const int64_t most = INT64_C(1) << 40;

	if (!json_child(node, "limits", &child))
		return 0;
	if (json_check_fields(&child, fields) != 0 ||
		json_get_whole(&child, "processes", false, 1, 10000,
			&processes) != 0 ||
		json_get_number(&child, "virtual_seconds", false, 0.001,
			SECONDS_MAX, &virtual_s) != 0 ||
		json_get_number(&child, "cpu_seconds", false, 0.001,
			SECONDS_MAX, &cpu_s) != 0 ||
		json_get_number(&child, "wall_seconds", false, 0.001,
			SECONDS_MAX, &wall_s) != 0 ||
		json_get_whole(&child, "memory_bytes", false, 1, most,
			&limits->memory_bytes) != 0 ||
		json_get_whole(&child, "disk_bytes", false, 1, most,
			&limits->disk_bytes) != 0 ||
		json_get_whole(&child, "output_bytes", false, 1, most,
			&limits->output_bytes) != 0 ||
		json_get_whole(
			&child, "steps", false, 1, most, &limits->steps) != 0)
		return -EINVAL;
	limits->processes = (int)processes;
	limits->virtual_us = microseconds(virtual_s);
	limits->cpu_us = microseconds(cpu_s);
	limits->wall_us = microseconds(wall_s);
	return 0;
}

static int read_values(struct scenario *scenario, const struct json_node *node)
{
	struct json_node child;
	size_t count;

	if (!json_child(node, "values", &child))
		return 0;
	if (!json_is_object(&child))
		return json_fail(node, "values", "an object expected");
	count = json_field_count(&child);
	scenario->values = xcalloc(count + 1, sizeof(*scenario->values));
	for (size_t i = 0; i < count; i++) {
		struct expression_value *value = &scenario->values[i];

		value->name = xstrdup(json_field_name(&child, i));
		scenario->value_count++;
		if (json_get_number(&child, value->name, true, -1e9, 1e9,
			    &value->value) != 0)
			return -EINVAL;
	}
	return 0;
}

static int read_arguments(struct scenario *scenario, const char *program,
	const struct json_node *node)
{
	char **arguments = NULL;
	struct buf command = {0};
	size_t count = 0;

	if (json_get_texts(node, "arguments", true, &arguments, &count) != 0)
		return -EINVAL;
	scenario->argv = xcalloc(count + 2, sizeof(*scenario->argv));
	scenario->argv[0] = xasprintf("./%s", program);
	buf_adds(&command, scenario->argv[0]);
	for (size_t i = 0; i < count; i++) {
		const char *text = arguments[i];
		bool quote = !*text || strpbrk(text, " \t'\"\\*?$");

		scenario->argv[i + 1] = arguments[i];
		buf_addf(&command, quote ? " '%s'" : " %s", text);
	}
	free(arguments);
	scenario->command = buf_detach(&command);
	return 0;
}

static int read_how(struct scenario *scenario, const struct json_node *node)
{
	auto_free char *output = NULL;
	int64_t schedules = SCHEDULES_DEFAULT;
	bool order_matters = true;

	if (json_get_text(node, "stdout", false, &output) != 0 ||
		json_get_text(node, "stdin", false, &scenario->stdin_data) !=
			0 ||
		json_get_bool(node, "hidden", &scenario->hidden) != 0 ||
		json_get_bool(node, "order_matters", &order_matters) != 0 ||
		json_get_bool(node, "early_clock", &scenario->early_clock) !=
			0 ||
		json_get_whole(node, "schedules", false, 1, SCHEDULES_MAX,
			&schedules) != 0 ||
		json_get_texts(node, "groups", false, &scenario->groups,
			&scenario->group_count) != 0)
		return -EINVAL;
	if (output && !strcmp(output, "pipe"))
		scenario->stdout_kind = RUN_STDOUT_PIPE;
	else if (output && strcmp(output, "terminal") != 0)
		return json_fail(
			node, "stdout", "'terminal' or 'pipe' expected");
	if (scenario->stdin_data)
		scenario->stdin_length = strlen(scenario->stdin_data);
	scenario->early_exit = !order_matters;
	scenario->schedules = (size_t)schedules;
	return 0;
}

int exercise_read_scenario(struct scenario *scenario, const char *program,
	const struct json_node *node)
{
	static const char *const fields[] = {"id", "title", "arguments",
		"stdin", "files", "stdout", "hidden", "order_matters",
		"early_clock", "schedules", "faults", "limits", "groups",
		"values", NULL};

	if (json_check_fields(node, fields) != 0 ||
		json_get_text(node, "id", true, &scenario->id) != 0 ||
		json_get_bilingual(node, "title", false, &scenario->title) !=
			0 ||
		read_arguments(scenario, program, node) != 0 ||
		read_how(scenario, node) != 0 ||
		read_files(scenario, node) != 0 ||
		read_faults(scenario, node) != 0 ||
		read_limits(scenario, node) != 0 ||
		read_values(scenario, node) != 0)
		return -EINVAL;
	if (!scenario->title.zh) {
		scenario->title.zh = xstrdup(scenario->command);
		scenario->title.en = xstrdup(scenario->command);
	}
	return 0;
}

/* A fault borrows its object's name; the exercise's is its own copy. */
static void release_fault(struct run_fault *fault)
{
	union {
		const char *borrowed;
		char *owned;
	} object = {.borrowed = fault->object};

	free(object.owned);
}

void exercise_release_scenario(struct scenario *scenario)
{
	free(scenario->id);
	free(scenario->title.zh);
	free(scenario->title.en);
	text_list_free(scenario->argv);
	free(scenario->command);
	free(scenario->stdin_data);
	for (size_t i = 0; i < scenario->file_count; i++) {
		free(scenario->files[i].name);
		free(scenario->files[i].data);
	}
	free(scenario->files);
	for (size_t i = 0; i < scenario->fault_count; i++)
		release_fault(&scenario->faults[i]);
	free(scenario->faults);
	text_list_free(scenario->groups);
	for (size_t i = 0; i < scenario->value_count; i++)
		free(scenario->values[i].name);
	free(scenario->values);
}
