/*
 * Every run is judged at once by all rules of its scenario and then thrown
 * away; what stays is a tally a rule and scenario, with the finding of the
 * first schedule that failed, or of a later one that failed in the same way
 * with fewer switches.  At the end tallies become states:
 *
 *	a rule for every schedule fails when it failed in one,
 *	a rule for some schedule fails when it held in none,
 *	a criterion fails when a rule of it fails, and waits for a person when
 *	none fails but one could not be judged.
 *
 * A failure in a run in which the sandbox refused a call is not one: the
 * program may have been built on that call.  A rule that fails in such runs
 * only waits for a person.
 *
 * Within a criterion rules are judged in order; one that cannot judge a run
 * stops those behind it for this run.
 *
 * A criterion is not judged where its premise failed in every schedule of a
 * scenario, and skipped when little else is left: see premise.h.
 *
 * A scenario is left before its last schedule when nothing that counts can
 * change any more: see settled.h.
 *
 * A program that hits a limit costs real time each time, and more schedules
 * would hardly show more, so a scenario is left after LIMIT_RUNS of them. After
 * LIMIT_RUNS_ALL of them, or of LIMIT_RUNS when no run came to an end yet, one
 * run a scenario is enough, and a short one.
 */
#include "grader/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/check_parts.h"
#include "grader/compile.h"
#include "grader/cross_check.h"
#include "grader/references.h"
#include "grader/refusal.h"
#include "grader/settled.h"
#include "grader/tell.h"
#include "jail/keep.h"

#define LIMIT_RUNS 2        /* in one scenario */
#define LIMIT_RUNS_ALL 4    /* after them one run a scenario is enough */
#define SETTLED_RUNS_MIN 10 /* in one scenario */
#define FINDINGS_MAX 6      /* of a criterion */
#define FINDINGS_RULE_MAX 2

/* Judges the run by one rule; false when it could not be judged. */
static bool judge_rule(struct check *check, const struct rule *rule,
	struct judged_rule *state, const struct observed_run *run)
{
	size_t scenario = (size_t)(run->scenario - check->exercise->scenarios);
	struct tally *tally = &state->tallies[scenario];
	struct rule_result result = {0};
	bool judged;

	rule_judge(rule, run, &state->memory, &result);
	judged = result.state != RULE_UNJUDGED;
	tally->runs++;
	if (result.state == RULE_FAILS)
		check_note_failure(
			check, tally, rule, &state->memory, run, &result);
	if (!judged && tally->unjudged++ == 0)
		tally->reason = bilingual_copy(&result.message);
	if (!judged && (run->outcome->end == RUN_END_UNSUPPORTED ||
			       run->outcome->end == RUN_END_LIMIT))
		tally->unsupported = true;
	if (result.note.zh && !state->noted) {
		state->noted = true;
		note_add_of(check->verdict, run, "note",
			bilingual_copy(&result.note));
	}
	rule_result_release(&result);
	return judged;
}

static struct rule_count count_rule(
	const void *context, size_t criterion, size_t rule, size_t scenario)
{
	const struct check *check = context;
	const struct tally *tally =
		&check->rules[criterion][rule].tallies[scenario];

	return (struct rule_count){tally->runs, tally->fails, tally->refused};
}

static int visit(void *context, const struct observed_run *run, struct err *err)
{
	struct check *check = context;
	const struct exercise *exercise = check->exercise;
	size_t scenario = (size_t)(run->scenario - exercise->scenarios);

	check->refusal = refusal_find(run);
	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];

		for (size_t j = 0; j < spec->rule_count; j++) {
			const struct rule *rule = &spec->rules[j];

			if (rule->kind->judge && rule_applies(rule, scenario) &&
				!judge_rule(
					check, rule, &check->rules[i][j], run))
				break;
		}
	}
	note_run(check->verdict, run);
	check->racy |= notes_have(check->verdict, "race");
	notes_hear(&check->said, run);
	if (check->cross)
		cross_check_hear(check->cross, run);
	if (check->references)
		references_note(check->references, check->verdict, run);
	check->progress.scenario = scenario;
	check->progress.done++;
	if (check->options->progress &&
		check->options->progress(
			check->options->context, &check->progress) != 0)
		return err_set(err, -ECANCELED, "interrupted");
	if (run->outcome->end == RUN_END_LIMIT) {
		check->limit_runs++;
		check->limit_runs_all++;
	} else {
		check->ended = true;
	}
	check->brief = check->limit_runs_all >=
		       (check->ended ? LIMIT_RUNS_ALL : LIMIT_RUNS);
	check->enough = check->limit_runs >= LIMIT_RUNS || check->brief ||
			(run->schedule + 1 >= SETTLED_RUNS_MIN &&
				settled(exercise, scenario, count_rule, check));
	return check->enough ? -EALREADY : 0;
}

static int run_scenarios(struct check *check,
	const struct explore_target *target, struct err *err)
{
	struct verdict *verdict = check->verdict;
	size_t expected = 0;

	for (size_t i = 0; i < check->exercise->scenario_count; i++)
		check->progress.total += explore_schedules(target, i);
	for (size_t i = 0; i < check->exercise->scenario_count; i++) {
		struct explore_stats stats = {0};
		int error;

		check->limit_runs = 0;
		check->enough = false;
		error = explore_scenario(target, i, visit, check, &stats, err);
		if (error != 0 && !check->enough)
			return error;
		verdict->schedules += stats.schedules;
		verdict->distinct_traces += stats.distinct;
		verdict->virtual_us += stats.virtual_us;
		verdict->scenarios++;
		verdict->exhausted += stats.exhausted;
		expected += explore_schedules(target, i);
		check->progress.done = expected;
	}
	return 0;
}

static void wait_for_person(struct check *check, size_t index,
	const struct bilingual *reason, const struct bilingual *seen)
{
	const struct criterion_spec *spec = &check->exercise->criteria[index];
	struct criterion *criterion = &check->verdict->criteria[index];
	struct bilingual text = {
		.zh = xasprintf("%s：%s%s", spec->title.zh, reason->zh,
			seen ? seen->zh : ""),
		.en = xasprintf("%s: %s%s%s", spec->title.en, reason->en,
			seen ? " " : "", seen ? seen->en : ""),
	};

	if (criterion->state == VERDICT_PASS)
		criterion->state = VERDICT_NEEDS_GRADING;
	note_add(check->verdict, "needs-grading", text);
}

/* May all its failures be due to refused calls? */
static bool is_excused(const struct rule *rule, const struct tally *tally)
{
	return rule->some ? tally->refused > 0 : tally->refused == tally->fails;
}

/* All scenarios are over. */
static struct counted all_counted(const struct check *check)
{
	return (struct counted){check->exercise,
		check->exercise->scenario_count, count_rule, check};
}

/* Adds up the tallies of one rule. */
static void conclude_rule(struct check *check, size_t index, size_t number)
{
	const struct criterion_spec *spec = &check->exercise->criteria[index];
	const struct rule *rule = &spec->rules[number];
	struct criterion *criterion = &check->verdict->criteria[index];
	const struct counted counted = all_counted(check);
	size_t told = 0;

	for (size_t i = 0; i < rule->scenario_count; i++) {
		struct tally *tally = &check->rules[index][number]
					       .tallies[rule->scenarios[i]];
		bool fails = rule->some ? tally->runs > 0 &&
						  tally->fails == tally->runs
					: tally->fails > 0;

		if (premise_lost_in(
			    &counted, spec->premise, rule->scenarios[i]))
			continue;
		if (fails && is_excused(rule, tally)) {
			/* once is enough: the rest follows from it */
			if (criterion->state == VERDICT_PASS)
				wait_for_person(check, index, &tally->refusal,
					&tally->finding.message);
		} else if (fails) {
			criterion->state = VERDICT_FAIL;
			/* the cause has been told */
			if (tally->follows && criterion->finding_count > 0)
				continue;
			if (told++ < FINDINGS_RULE_MAX &&
				criterion->finding_count < FINDINGS_MAX)
				check_take_finding(check, tally,
					&(struct told){index, number,
						rule->scenarios[i], 0});
		} else if (tally->unjudged > 0 &&
			   (tally->unjudged == tally->runs ||
				   tally->unsupported)) {
			wait_for_person(check, index, &tally->reason, NULL);
		}
	}
}

static bool is_compiles(const struct criterion_spec *spec)
{
	for (size_t i = 0; i < spec->rule_count; i++)
		if (!spec->rules[i].kind->judge)
			return true;
	return false;
}

/* What it asks for has been found wanting, and told, by its premise. */
static bool rule_is_moot(const struct check *check, const struct rule *rule)
{
	return rule->premise >= 0 &&
	       check->verdict->criteria[rule->premise].state != VERDICT_PASS;
}

static void conclude_criterion(struct check *check, size_t index)
{
	const struct criterion_spec *spec = &check->exercise->criteria[index];
	struct criterion *criterion = &check->verdict->criteria[index];
	bool moot = false;

	for (size_t i = 0; i < spec->rule_count; i++) {
		if (rule_is_moot(check, &spec->rules[i]))
			moot = true;
		else
			conclude_rule(check, index, i);
	}
	/* an extra is given for what was judged, a part of the marks is not */
	if (moot && !spec->extra && criterion->state == VERDICT_PASS)
		criterion->state = VERDICT_SKIPPED;
}

static void conclude(struct check *check)
{
	const struct exercise *exercise = check->exercise;
	const struct counted counted = all_counted(check);
	struct verdict *verdict = check->verdict;

	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];
		struct criterion *criterion = &verdict->criteria[i];

		/* words are marked whatever the program does */
		if (spec->answer)
			continue;
		if (!check->program && is_compiles(spec)) {
			criterion->state = VERDICT_FAIL;
		} else if (!check->program || premise_takes(&counted, i)) {
			criterion->state = VERDICT_SKIPPED;
		} else {
			conclude_criterion(check, i);
		}
		if (criterion->state == VERDICT_PASS)
			criterion->points = criterion->max_points;
	}
}

static void prepare(struct check *check)
{
	const struct exercise *exercise = check->exercise;
	struct verdict *verdict = check->verdict;

	verdict->exercise = xstrdup(exercise->id);
	verdict->exercise_title = bilingual_copy(&exercise->title);
	verdict->master_seed = check->options->master_seed;
	verdict->criteria =
		xcalloc(exercise->criterion_count, sizeof(*verdict->criteria));
	verdict->criterion_count = exercise->criterion_count;
	check->rules =
		xcalloc(exercise->criterion_count, sizeof(*check->rules));
	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];

		verdict->criteria[i] = exercise_criterion(spec);
		check->rules[i] =
			xcalloc(spec->rule_count, sizeof(*check->rules[i]));
		for (size_t j = 0; j < spec->rule_count; j++)
			check->rules[i][j].tallies = xcalloc(
				exercise->scenario_count, sizeof(struct tally));
	}
}

static void release(struct check *check)
{
	const struct exercise *exercise = check->exercise;

	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];

		for (size_t j = 0; j < spec->rule_count; j++) {
			struct judged_rule *state = &check->rules[i][j];

			for (size_t k = 0; k < exercise->scenario_count; k++)
				tally_release(&state->tallies[k]);
			rule_memory_release(&state->memory);
			free(state->tallies);
		}
		free(check->rules[i]);
	}
	free(check->rules);
	free(check->told);
	references_free(check->references);
	cross_check_free(check->cross);
	notes_said_release(&check->said);
}

static void note_without_hooks(struct verdict *verdict)
{
	note_add(verdict, "no-hooks",
		(struct bilingual){
			.zh = xstrdup("这个程序无法加上对共享内存访问的观察"
				      "（它定义了 __tsan_… 之类的名字？），"
				      "因此两次访问之间的切换没有试过。"),
			.en = xstrdup(
				"This program could not be built so that its "
				"accesses to shared memory are watched (does "
				"it define names such as __tsan_...?): "
				"switches between two of them were not "
				"tried."),
		});
}

int check_run(const struct jail_context *jail, const struct exercise *exercise,
	const struct program *program, const struct check_options *options,
	struct verdict *verdict, struct err *err)
{
	struct check check = {
		.exercise = exercise,
		.options = options,
		.program = program,
		.verdict = verdict,
		.progress = {.exercise = exercise},
	};
	const struct explore_target target = {
		.jail = jail,
		.exercise = exercise,
		.program = program,
		.master_seed = options->master_seed,
		.racy = &check.racy,
		.brief = &check.brief,
		.schedules = options->schedules,
		.thorough = options->thorough,
	};
	int error = 0;

	prepare(&check);
	if (program && !program->hooks && program->fd >= 0)
		note_without_hooks(verdict);
	if (program && exercise->folder && !options->without_references)
		error = references_load(
			&check.references, exercise, exercise->folder, err);
	if (program && options->parallel)
		check.cross = cross_check_new(exercise);
	if (program && error == 0)
		error = run_scenarios(&check, &target, err);
	if (check.cross && error == 0)
		error = cross_check_run(
			check.cross, jail, program, verdict, err);
	if (error == 0) {
		conclude(&check);
		if (!options->states_only)
			error = check_shrink_findings(&check, &target, err);
	}
	if (error == 0) {
		verdict_settle(verdict);
		if (verdict->state != VERDICT_PASS)
			notes_tell(verdict, &check.said);
	} else if (error != -ECANCELED) {
		err_context(err, error, "exercise '%s'", exercise->id);
	}
	if (program)
		jail_keep_end(jail);
	release(&check);
	return error;
}
