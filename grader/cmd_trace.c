/* grader trace: one schedule of one scenario, its trace as JSON Lines. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/catalog.h"
#include "grader/command.h"
#include "grader/compile.h"
#include "grader/explore.h"
#include "grader/language.h"
#include "grader/submission.h"
#include "grader/suggest.h"
#include "trace/trace_json.h"

struct arguments {
	const char *exercise, *path, *scenario;
	enum schedule_policy policy;
	uint64_t seed;
	bool seed_given;
	struct schedule_switch *switches; /* owned */
	size_t switch_count;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	int policy;

	switch (key) {
	case 'c':
		arguments->scenario = text;
		return 0;
	case 's':
		arguments->seed = command_number("--seed", text, 0, UINT64_MAX);
		arguments->seed_given = true;
		return 0;
	case 'w':
		free(arguments->switches);
		arguments->switches = NULL;
		if (switches_read(text, &arguments->switches,
			    &arguments->switch_count))
			argp_error(state,
				"--switches '%s' is not a list as in "
				"0.13:2,2.7:0",
				text);
		return 0;
	case 'p':
		policy = schedule_policy_by_name(text);
		if (policy < 0)
			argp_error(state, "there is no policy '%s'", text);
		else
			arguments->policy = (enum schedule_policy)policy;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			arguments->exercise = text;
		else if (state->arg_num == 1)
			arguments->path = text;
		else
			argp_error(state, "too many arguments: '%s'", text);
		return 0;
	case ARGP_KEY_END:
		if (!arguments->path || !arguments->scenario ||
			!arguments->seed_given)
			argp_error(state,
				"needs EXERCISE, PATH, --scenario and --seed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct argp_option options[] = {
		{"scenario", 'c', "ID", 0, N_("the scenario's id"), 0},
		{"seed", 's', "N", 0, N_("the schedule's seed"), 0},
		{"policy", 'p', "NAME", 0,
			N_("the scheduling policy (default random)"), 0},
		{"switches", 'w', "LIST", 0,
			N_("choices that are fixed, as TASK.POINT:TO,..."), 0},
		{0},
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "EXERCISE PATH",
		.doc = N_("Runs PATH once and prints its trace as JSON Lines, "
			  "see grader-trace(5)."),
	};

	arguments->policy = SCHEDULE_RANDOM;
	command_parse(&argp, argc, argv, arguments);
}

/* The scenario's index, or -1 with the message printed. */
static long find_scenario(const struct exercise *exercise, const char *id)
{
	const char **ids = xcalloc(exercise->scenario_count + 1, sizeof(*ids));
	const char *near;

	for (size_t i = 0; i < exercise->scenario_count; i++) {
		ids[i] = exercise->scenarios[i].id;
		if (!strcmp(ids[i], id)) {
			free(ids);
			return (long)i;
		}
	}
	near = suggest(id, ids, exercise->scenario_count);
	fprintf(stderr, _("grader: exercise '%s' has no scenario '%s'"),
		exercise->id, id);
	if (near)
		fprintf(stderr, _("; did you mean '%s'?\n"), near);
	else
		fputs(_("; it has:"), stderr);
	for (size_t i = 0; !near && i < exercise->scenario_count; i++)
		fprintf(stderr, " %s%s", ids[i],
			i + 1 == exercise->scenario_count ? "\n" : "");
	free(ids);
	return -1;
}

static int print_trace(const struct explore_target *target, size_t scenario,
	const struct arguments *arguments)
{
	const struct explore_schedule schedule = {
		.policy = arguments->policy,
		.seed = arguments->seed,
		.switches = arguments->switches,
		.switch_count = arguments->switch_count,
	};
	struct run_outcome outcome = {0};
	struct buf text = {0};
	struct err err = {""};

	if (explore_replay(target, scenario, &schedule, &outcome, &err))
		return command_fail(EXIT_TROUBLE, &err);
	trace_json_write(
		&text, &outcome.trace, places_find, target->program->places);
	fputs(buf_text(&text), stdout);
	buf_release(&text);
	run_outcome_release(&outcome);
	return EXIT_FULL_MARKS;
}

static int run(const struct arguments *arguments,
	const struct exercise *exercise, const struct submission *submission)
{
	struct program program = PROGRAM_INIT;
	struct jail_context *jail = NULL;
	struct err err = {""};
	int status = EXIT_TROUBLE;
	long scenario = find_scenario(exercise, arguments->scenario);

	if (scenario < 0)
		return EXIT_USAGE;
	if (jail_context_new(&jail, &err) ||
		compile_submission(jail, submission, &program, &err)) {
		command_fail(status, &err);
	} else if (!program.compile.ok) {
		command_show(stderr, program.compile.log);
		status = EXIT_NOT_FULL;
	} else {
		struct explore_target target = {.jail = jail,
			.exercise = exercise,
			.program = &program};

		status = print_trace(&target, (size_t)scenario, arguments);
	}
	program_release(&program);
	jail_context_free(jail);
	return status;
}

int cmd_trace(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct submission submission = {0};
	struct exercise *exercise = NULL;
	struct err err = {""};
	int status, r;

	parse_arguments(argc, argv, &arguments);
	r = catalog_load(&exercise, arguments.exercise, &err);
	if (r) {
		free(arguments.switches);
		return command_fail(
			r == -ENOENT ? EXIT_USAGE : EXIT_TROUBLE, &err);
	}
	r = submission_read(&submission, arguments.path, &err);
	if (r) {
		status = command_fail(EXIT_USAGE, &err);
	} else if (submission.refusal.en) {
		status = command_tell(EXIT_NOT_FULL,
			language_pick(&submission.refusal, language_default()));
	} else {
		status = run(&arguments, exercise, &submission);
	}
	submission_release(&submission);
	exercise_free(exercise);
	free(arguments.switches);
	return status;
}
