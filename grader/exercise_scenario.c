/*
 * The scenarios of exercise.json.  Names of faults stand in a table, one row
 * each.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/exercise_parts.h"

#define SCHEDULES_DEFAULT 50
#define SCHEDULES_MAX 1000000
#define UPTIME_DEFAULT 1000 /* s; what the clock begins with */
#define UPTIME_MAX 1e8

/* The fields that a kind of fault takes beside "kind". */
#define FAULT_AT 1u
#define FAULT_FOR 2u
#define FAULT_OBJECT 4u
#define FAULT_TASK 8u
#define FAULT_CALL 16u
#define FAULT_BYTES 32u
#define FAULT_REPEAT 64u
#define FAULT_SWEEP 128u
#define FAULT_MAIN_ENDED 256u
#define FAULT_SIGNAL 512u
#define FAULT_NTH 1024u
#define FAULT_READABLE 2048u
#define FAULT_CALLS                                                            \
	(FAULT_NTH | FAULT_AT | FAULT_TASK | FAULT_CALL | FAULT_SWEEP)
#define FAULT_SHORT (FAULT_CALLS | FAULT_OBJECT | FAULT_BYTES | FAULT_REPEAT)
#define FAULT_ONE (FAULT_AT | FAULT_MAIN_ENDED | FAULT_READABLE | FAULT_OBJECT)

static const struct {
	const char *name;
	enum run_fault_kind kind;
	unsigned fields;
} FAULTS[] = {
	{"kill-main", RUN_FAULT_KILL_MAIN, FAULT_AT},
	{"kill-holder", RUN_FAULT_KILL_HOLDER,
		FAULT_NTH | FAULT_OBJECT | FAULT_SWEEP},
	{"stop-child", RUN_FAULT_STOP_CHILD, FAULT_NTH | FAULT_AT | FAULT_FOR},
	{"late-child", RUN_FAULT_LATE_CHILD, FAULT_NTH | FAULT_AT | FAULT_FOR},
	{"delay-read", RUN_FAULT_DELAY_READ,
		FAULT_NTH | FAULT_AT | FAULT_OBJECT},
	{"kill-main-at", RUN_FAULT_KILL_MAIN_AT,
		FAULT_NTH | FAULT_AT | FAULT_SWEEP},
	{"eintr", RUN_FAULT_EINTR, FAULT_CALLS | FAULT_OBJECT},
	{"short-read", RUN_FAULT_SHORT_READ, FAULT_SHORT},
	{"short-write", RUN_FAULT_SHORT_WRITE, FAULT_SHORT},
	{"fork-eagain", RUN_FAULT_FORK_EAGAIN, FAULT_CALLS | FAULT_REPEAT},
	{"enospc", RUN_FAULT_ENOSPC, FAULT_CALLS | FAULT_OBJECT},
	{"slow-call", RUN_FAULT_SLOW_CALL, FAULT_CALLS | FAULT_FOR},
	{"look", RUN_FAULT_LOOK, FAULT_ONE},
	{"signal", RUN_FAULT_SIGNAL, FAULT_ONE | FAULT_SIGNAL},
};
#define FAULT_COUNT (sizeof(FAULTS) / sizeof(FAULTS[0]))

static const struct {
	const char *name;
	unsigned field;
} FAULT_FIELDS[] = {
	{"nth", FAULT_NTH},
	{"at", FAULT_AT},
	{"for", FAULT_FOR},
	{"object", FAULT_OBJECT},
	{"task", FAULT_TASK},
	{"call", FAULT_CALL},
	{"bytes", FAULT_BYTES},
	{"repeat", FAULT_REPEAT},
	{"sweep", FAULT_SWEEP},
	{"main_ended", FAULT_MAIN_ENDED},
	{"readable", FAULT_READABLE},
	{"signal", FAULT_SIGNAL},
};

const char *exercise_fault_name(size_t index)
{
	return index < FAULT_COUNT ? FAULTS[index].name : NULL;
}

/* Which of the table's kinds; FAULT_COUNT = none. */
static size_t find_fault(const char *kind)
{
	size_t i = 0;

	while (i < FAULT_COUNT && strcmp(FAULTS[i].name, kind) != 0)
		i++;
	return i;
}

static int fail_unknown_fault(const struct json_node *node, const char *kind)
{
	const char *names[FAULT_COUNT];

	for (size_t i = 0; i < FAULT_COUNT; i++)
		names[i] = FAULTS[i].name;
	return json_fail_unknown(
		node, "kind", "unknown fault", kind, names, FAULT_COUNT);
}

/* A field that the kind does not look at is a mistake of the author. */
static int check_fault_fields(size_t kind, const struct json_node *node)
{
	struct json_node child;

	for (size_t i = 0; i < sizeof(FAULT_FIELDS) / sizeof(FAULT_FIELDS[0]);
		i++)
		if (!(FAULTS[kind].fields & FAULT_FIELDS[i].field) &&
			json_child(node, FAULT_FIELDS[i].name, &child))
			return json_fail(node, FAULT_FIELDS[i].name,
				"fault '%s' has no such field",
				FAULTS[kind].name);
	return 0;
}

/* "task": "any", "main" or "child N". */
static int read_who(struct run_fault *fault, const struct json_node *node)
{
	auto_free char *who = NULL;
	char *end;
	long number;

	if (json_get_text(node, "task", false, &who) != 0)
		return -EINVAL;
	if (!who || !strcmp(who, "any"))
		return 0;
	fault->who = RUN_FAULT_MAIN;
	if (!strcmp(who, "main"))
		return 0;
	if (strncmp(who, "child ", 6) != 0 || who[6] < '0' || who[6] > '9')
		return json_fail(
			node, "task", "'any', 'main' or 'child N' expected");
	number = strtol(who + 6, &end, 10);
	if (*end || number > 1000)
		return json_fail(
			node, "task", "'any', 'main' or 'child N' expected");
	fault->who = RUN_FAULT_CHILD + (int)number;
	return 0;
}

/* "signal": its name without SIG. */
static int read_signal(struct run_fault *fault, const struct json_node *node)
{
	bool required = fault->kind == RUN_FAULT_SIGNAL;
	auto_free char *name = NULL;

	if (json_get_text(node, "signal", required, &name) != 0)
		return -EINVAL;
	for (int number = 1; name && number < NSIG; number++) {
		const char *abbreviation = sigabbrev_np(number);

		if (abbreviation && !strcmp(abbreviation, name))
			fault->signal = number;
	}
	if (name && !fault->signal)
		return json_fail(node, "signal",
			"no signal '%.60s': its name without SIG expected",
			name);
	return 0;
}

/* At most one of the scenario's faults is swept; it has no number. */
static int read_sweep(struct scenario *scenario, const struct json_node *node)
{
	struct json_node child;
	bool sweep = false;

	if (json_get_bool(node, "sweep", &sweep) != 0)
		return -EINVAL;
	if (!sweep)
		return 0;
	if (json_child(node, "nth", &child))
		return json_fail(node, "nth", "not with 'sweep'");
	if (scenario->sweeps)
		return json_fail(node, "sweep", "only one fault is swept");
	scenario->sweeps = true;
	scenario->swept = scenario->fault_count;
	return 0;
}

static int read_fault_numbers(
	struct run_fault *fault, const struct json_node *node)
{
	double at = 0, for_how_long = 0;
	int64_t nth = 0;

	if (json_get_whole(node, "nth", false, 0, 1000000, &nth) != 0 ||
		json_get_whole(node, "bytes", false, 1, INT32_MAX,
			&fault->bytes) != 0 ||
		json_get_bool(node, "repeat", &fault->repeat) != 0 ||
		json_get_bool(node, "main_ended", &fault->main_ended) != 0 ||
		json_get_bool(node, "readable", &fault->readable) != 0 ||
		json_get_number(
			node, "at", false, 0, EXERCISE_SECONDS_MAX, &at) != 0 ||
		json_get_number(node, "for", false, 0, EXERCISE_SECONDS_MAX,
			&for_how_long) != 0)
		return -EINVAL;
	fault->nth = (int)nth;
	fault->at_us = exercise_microseconds(at);
	fault->for_us = exercise_microseconds(for_how_long);
	return 0;
}

/* The strings that it has got so far are the scenario's to release. */
static int read_fault(struct scenario *scenario, const struct json_node *node)
{
	static const char *const fields[] = {"kind", "nth", "at", "for",
		"object", "task", "call", "bytes", "repeat", "sweep",
		"main_ended", "readable", "signal", NULL};
	struct run_fault *fault = &scenario->faults[scenario->fault_count];
	auto_free char *kind = NULL;
	char *object = NULL, *call = NULL;
	size_t i;

	if (json_check_fields(node, fields) != 0 ||
		json_get_text(node, "kind", true, &kind) != 0)
		return -EINVAL;
	i = find_fault(kind);
	if (i == FAULT_COUNT)
		return fail_unknown_fault(node, kind);
	fault->kind = FAULTS[i].kind;
	if (check_fault_fields(i, node) != 0 ||
		read_fault_numbers(fault, node) != 0 ||
		read_signal(fault, node) != 0 || read_who(fault, node) != 0 ||
		read_sweep(scenario, node) != 0)
		return -EINVAL;
	scenario->fault_count++;
	if (json_get_text(node, "object", false, &object) != 0)
		return -EINVAL;
	fault->object = object;
	if (fault->readable && !object)
		return json_fail(node, "readable", "needs 'object'");
	if (json_get_text(node, "call", false, &call) != 0)
		return -EINVAL;
	fault->call = call;
	if (call && !run_knows_call(call))
		return json_fail(
			node, "call", "no modelled system call '%s'", call);
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

		if (read_fault(scenario, &element) != 0)
			return -EINVAL;
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

/* Can an expression name it? */
static int check_value_name(const struct json_node *values, const char *name)
{
	static const char *const taken[] = {
		"min", "max", "killed", "killed_wrote"};
	const char *letters = "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (!strcmp(name, taken[i]))
			return json_fail(values, name,
				"expressions have a meaning of their own for "
				"this name");
	if (strspn(name, letters) == strlen(name) && *name &&
		!strchr("_0123456789", *name))
		return 0;
	return json_fail(values, name,
		"letters, digits and '_' expected, a letter first");
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
		if (check_value_name(&child, value->name) != 0 ||
			json_get_number(&child, value->name, true, -1e9, 1e9,
				&value->value) != 0)
			return -EINVAL;
	}
	return 0;
}

/* NULL: an error has been told. */
static char **read_argv(const char *program, const struct json_node *node)
{
	char **arguments = NULL, **argv;
	size_t count = 0;

	if (json_get_texts(node, "arguments", true, &arguments, &count) != 0)
		return NULL;
	argv = xcalloc(count + 2, sizeof(*argv));
	argv[0] = xasprintf("./%s", program);
	for (size_t i = 0; i < count; i++)
		argv[i + 1] = arguments[i];
	free(arguments);
	return argv;
}

static void add_command(struct buf *command, char *const *argv)
{
	buf_adds(command, argv[0]);
	for (argv++; *argv; argv++) {
		bool quote = !**argv || strpbrk(*argv, " \t'\"\\*?$");

		buf_addf(command, quote ? " '%s'" : " %s", *argv);
	}
}

/* As the shell would do it: "./x 3 & ./x 3", "./x 3; sleep 1.5; ./x 3". */
static void add_starts(struct scenario *scenario)
{
	struct buf command = {0};
	int64_t now_us = 0;

	buf_adds(&command, scenario->command);
	for (size_t i = 0; i < scenario->start_count; i++) {
		char *const *argv = scenario->start_argv[i];
		int64_t at_us = scenario->starts[i].at_us;

		if (at_us == now_us)
			buf_adds(&command, " & ");
		else
			buf_addf(&command, "; sleep %g; ",
				(double)(at_us - now_us) / 1e6);
		add_command(&command, argv ? argv : scenario->argv);
		now_us = at_us;
	}
	free(scenario->command);
	scenario->command = buf_detach(&command);
}

static int read_arguments(struct scenario *scenario, const char *program,
	const struct json_node *node)
{
	struct buf command = {0};

	scenario->argv = read_argv(program, node);
	if (!scenario->argv)
		return -EINVAL;
	add_command(&command, scenario->argv);
	scenario->command = buf_detach(&command);
	return 0;
}

/* One more start of the program; without arguments it has the first one's. */
static int read_start(struct scenario *scenario, const char *program,
	const struct json_node *node)
{
	static const char *const fields[] = {"at", "arguments", NULL};
	struct run_start *start = &scenario->starts[scenario->start_count];
	char ***argv = &scenario->start_argv[scenario->start_count];
	struct json_node child;
	double at = 0;

	if (json_check_fields(node, fields) != 0 ||
		json_get_number(
			node, "at", true, 0, EXERCISE_SECONDS_MAX, &at) != 0)
		return -EINVAL;
	start->at_us = exercise_microseconds(at);
	if (scenario->start_count > 0 && start[-1].at_us > start->at_us)
		return json_fail(node, "at", "earlier than the one before");
	if (json_child(node, "arguments", &child)) {
		*argv = read_argv(program, node);
		if (!*argv)
			return -EINVAL;
		start->argv = (const char *const *)*argv;
	}
	scenario->start_count++;
	return 0;
}

/* What there is beyond the end of main: of the first start, that is. */
static int read_beyond_main(struct scenario *scenario, const char *program,
	const struct json_node *node)
{
	struct json_node list;
	size_t count;

	if (json_get_bool(node, "outlives_main", &scenario->outlives_main) !=
			0 ||
		json_get_list(node, "starts", false, &list, &count) != 0)
		return -EINVAL;
	if (count > 0 && !scenario->outlives_main)
		return json_fail(node, "starts", "needs 'outlives_main'");
	for (size_t i = 0; i < scenario->fault_count; i++)
		if (scenario->faults[i].main_ended && !scenario->outlives_main)
			return json_fail(node, "faults",
				"'main_ended' needs 'outlives_main'");
	for (size_t i = 0; i < scenario->fault_count; i++)
		if (scenario->faults[i].readable && !scenario->outlives_main)
			return json_fail(node, "faults",
				"'readable' needs 'outlives_main'");
	scenario->starts = xcalloc(count + 1, sizeof(*scenario->starts));
	scenario->start_argv =
		xcalloc(count + 1, sizeof(*scenario->start_argv));
	for (size_t i = 0; i < count; i++) {
		struct json_node element = json_element(&list, i);

		if (read_start(scenario, program, &element) != 0)
			return -EINVAL;
	}
	add_starts(scenario);
	return 0;
}

static int read_how(struct scenario *scenario, const struct json_node *node)
{
	auto_free char *output = NULL;
	int64_t schedules = SCHEDULES_DEFAULT;
	double uptime = UPTIME_DEFAULT;
	bool order_matters = true;

	if (json_get_text(node, "stdout", false, &output) != 0 ||
		json_get_text(node, "stdin", false, &scenario->stdin_data) !=
			0 ||
		json_get_bool(node, "order_matters", &order_matters) != 0 ||
		json_get_bool(node, "early_clock", &scenario->early_clock) !=
			0 ||
		json_get_whole(node, "schedules", false, 1, SCHEDULES_MAX,
			&schedules) != 0 ||
		json_get_whole(node, "first_pid", false, 2, 1000,
			&scenario->first_pid) != 0 ||
		json_get_number(
			node, "uptime", false, 1, UPTIME_MAX, &uptime) != 0 ||
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
	scenario->up_us = exercise_microseconds(uptime) -
			  exercise_microseconds(UPTIME_DEFAULT);
	scenario->schedules = (size_t)schedules;
	return 0;
}

int exercise_read_scenario(struct scenario *scenario, const char *program,
	const struct json_node *node)
{
	static const char *const fields[] = {"id", "title", "arguments",
		"stdin", "files", "stdout", "order_matters", "early_clock",
		"schedules", "first_pid", "uptime", "faults", "limits",
		"groups", "values", "outlives_main", "starts", NULL};
	struct json_node old;

	if (json_child(node, "hidden", &old))
		return json_fail(node, "hidden",
			"is no field: put the scenario into hidden.json");
	if (json_check_fields(node, fields) != 0 ||
		json_get_text(node, "id", true, &scenario->id) != 0 ||
		json_get_bilingual(node, "title", false, &scenario->title) !=
			0 ||
		read_arguments(scenario, program, node) != 0 ||
		read_how(scenario, node) != 0 ||
		read_files(scenario, node) != 0 ||
		read_faults(scenario, node) != 0 ||
		read_beyond_main(scenario, program, node) != 0 ||
		exercise_read_limits(scenario, node) != 0 ||
		read_values(scenario, node) != 0)
		return -EINVAL;
	if (!scenario->title.zh) {
		scenario->title.zh = xstrdup(scenario->command);
		scenario->title.en = xstrdup(scenario->command);
	}
	return 0;
}

/* A fault borrows its strings; the exercise's are its own copies. */
static void free_borrowed(const char *text)
{
	union {
		const char *borrowed;
		char *owned;
	} string = {.borrowed = text};

	free(string.owned);
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
	for (size_t i = 0; i < scenario->fault_count; i++) {
		free_borrowed(scenario->faults[i].object);
		free_borrowed(scenario->faults[i].call);
	}
	free(scenario->faults);
	for (size_t i = 0; i < scenario->start_count; i++)
		text_list_free(scenario->start_argv[i]);
	free(scenario->start_argv);
	free(scenario->starts);
	text_list_free(scenario->groups);
	for (size_t i = 0; i < scenario->value_count; i++)
		free(scenario->values[i].name);
	free(scenario->values);
}
