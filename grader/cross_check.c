/*
 * A run costs some ten milliseconds, as much as a few schedules, so only a
 * few scenarios are run: evenly spread over those in which a difference could
 * mean something.  A run that is cut short for its time is the last one: the
 * next would likely be as slow.
 */
#include "grader/cross_check.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "grader/compile.h"
#include "grader/parallel.h"

struct picked {
	size_t scenario;
	struct parallel_seen seen;
};

struct cross_check {
	const struct exercise *exercise;
	struct picked picked[CROSS_CHECK_RUNS];
	size_t count;
};

/*
 * Nothing is injected without a schedule, which ends with main; a wrong
 * argument makes a program without order; and a note would tell what a hidden
 * scenario is.
 */
static bool is_eligible(const struct scenario *scenario)
{
	return !scenario->hidden && !scenario->early_exit &&
	       !scenario->outlives_main && scenario->fault_count == 0;
}

struct cross_check *cross_check_new(const struct exercise *exercise)
{
	struct cross_check *check = xcalloc(1, sizeof(*check));
	size_t eligible = 0, nth = 0, wanted;

	check->exercise = exercise;
	for (size_t i = 0; i < exercise->scenario_count; i++)
		eligible += is_eligible(&exercise->scenarios[i]);
	wanted = eligible < CROSS_CHECK_RUNS ? eligible : CROSS_CHECK_RUNS;
	for (size_t i = 0; i < exercise->scenario_count; i++) {
		if (!is_eligible(&exercise->scenarios[i]))
			continue;
		/* the first of each of the WANTED equal parts */
		if (check->count < wanted &&
			nth * wanted >= check->count * eligible)
			check->picked[check->count++].scenario = i;
		nth++;
	}
	return check;
}

void cross_check_free(struct cross_check *check)
{
	if (!check)
		return;
	for (size_t i = 0; i < check->count; i++)
		parallel_seen_release(&check->picked[i].seen);
	free(check);
}

void cross_check_hear(struct cross_check *check, const struct observed_run *run)
{
	size_t scenario = (size_t)(run->scenario - check->exercise->scenarios);

	for (size_t i = 0; i < check->count; i++)
		if (check->picked[i].scenario == scenario)
			parallel_hear(&check->picked[i].seen, run);
}

static int run_scenario(const struct cross_check *check, size_t scenario,
	const struct jail_context *jail, const struct program *program,
	struct run_outcome *outcome, struct err *err)
{
	const struct scenario *what = &check->exercise->scenarios[scenario];
	const struct run_spec spec = {
		.program_fd = program->plain_fd,
		.argv = (const char *const *)what->argv,
		.stdin_data = what->stdin_data,
		.stdin_length = what->stdin_length,
		.stdout_kind = what->stdout_kind,
		.files = what->files,
		.file_count = what->file_count,
		.limits = what->limits,
		.allow_unix_sockets = check->exercise->allow_unix_sockets,
	};

	return run_parallel(jail, &spec, outcome, err);
}

static void add_note(struct verdict_run *run, const struct scenario *scenario,
	struct bilingual text)
{
	run->parallel_notes = xreallocarray(run->parallel_notes,
		run->parallel_note_count + 1, sizeof(*run->parallel_notes));
	run->parallel_notes[run->parallel_note_count++] = (struct verdict_note){
		.kind = xstrdup(scenario->id),
		.text = text,
	};
}

/* One scenario's run; *IN_TIME tells whether it was not cut short. */
static int compare(struct cross_check *check, const struct picked *picked,
	const struct jail_context *jail, const struct program *program,
	struct verdict_run *to, bool *in_time, struct err *err)
{
	struct run_outcome outcome = {0};
	struct observed_run run = {
		.exercise = check->exercise,
		.scenario = &check->exercise->scenarios[picked->scenario],
		.outcome = &outcome,
		.trace = &outcome.trace,
	};
	struct bilingual text;
	int error = run_scenario(
		check, picked->scenario, jail, program, &outcome, err);

	if (error)
		return error;
	to->parallel_runs++;
	observe_run(&run);
	if (parallel_differs(&picked->seen, &run, &text))
		add_note(to, run.scenario, text);
	*in_time = outcome.end != RUN_END_LIMIT;
	observed_run_release(&run);
	run_outcome_release(&outcome);
	return 0;
}

int cross_check_run(struct cross_check *check, const struct jail_context *jail,
	const struct program *program, struct verdict *verdict, struct err *err)
{
	bool in_time = true;

	for (size_t i = 0; i < check->count && in_time; i++) {
		const struct picked *picked = &check->picked[i];
		int error = 0;

		if (parallel_is_comparable(&picked->seen))
			error = compare(check, picked, jail, program,
				&verdict->run, &in_time, err);
		if (error == -ENOTSUP)
			return 0;
		if (error)
			return err_context(err, error, "in true parallel");
	}
	return 0;
}
