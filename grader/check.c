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
 * The findings that are told are shrunk at last: each becomes that of the
 * simplest run that fails in its way, for a bounded number of runs more.
 *
 * A failure in a run in which the sandbox refused a call is not one: the
 * program may have been built on that call.  A rule that fails in such runs
 * only waits for a person.
 *
 * Within a criterion rules are judged in order; one that cannot judge a run
 * stops those behind it for this run.
 *
 * A criterion is skipped when its premise failed for good, that is, in every
 * schedule of some scenario: what went wrong in a few schedules only has left
 * the others to judge by.
 *
 * A scenario is left before its last schedule when nothing that counts can
 * change any more: see settled.h.
 *
 * A program that hits a limit costs real time each time, and more schedules
 * would hardly show more, so a scenario is left after LIMIT_RUNS of them.
 */
#include "grader/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/compile.h"
#include "grader/cross_check.h"
#include "grader/explain/explain.h"
#include "grader/explore.h"
#include "grader/notes.h"
#include "grader/references.h"
#include "grader/refusal.h"
#include "grader/rules/rule.h"
#include "grader/settled.h"
#include "grader/shrink_finding.h"
#include "grader/tell.h"
#include "jail/keep.h"

#define LIMIT_RUNS 2        /* in one scenario */
#define LIMIT_RUNS_ALL 6    /* after them one run a scenario is enough */
#define SETTLED_RUNS_MIN 10 /* in one scenario */
#define FINDINGS_MAX 6      /* of a criterion */
#define FINDINGS_RULE_MAX 2
#define SHRINK_PERCENT 30 /* of the runs so far, spent on shrinking, ... */
#define SHRINK_RUNS 120   /* ... but so many when those were few */

/* A rule in a scenario. */
struct tally {
	size_t runs, fails, unjudged;
	size_t refused; /* fails in runs with a refused call */
	bool unsupported;
	bool follows;             /* see struct rule_result */
	struct finding finding;   /* of the simplest failing run */
	struct failure failure;   /* how that run failed */
	struct bilingual reason;  /* why the first unjudged one was not */
	struct bilingual refusal; /* the first refused call of a failing run */
};

struct judged_rule {
	struct rule_memory memory;
	struct tally *tallies; /* one a scenario of the exercise */
	bool noted;
};

/* A finding that is told, and where it came from. */
struct told {
	size_t criterion, rule, scenario;
	size_t finding; /* its number in the criterion */
};

struct check {
	const struct exercise *exercise;
	const struct check_options *options;
	const struct program *program;
	struct verdict *verdict;
	struct judged_rule **rules;    /* [criterion][rule] */
	bool *failed_for_good;         /* one a criterion */
	struct references *references; /* NULL: none are compared with */
	struct cross_check *cross;     /* NULL: none is wanted */
	struct check_progress progress;
	struct notes_said said;
	struct told *told;
	size_t told_count, told_capacity;
	size_t limit_runs, limit_runs_all;
	bool enough;                 /* this scenario is left early */
	bool racy;                   /* a data race was seen */
	const struct event *refusal; /* of the run being judged; NULL none */
};

static void add_explanation(struct finding *finding, const struct rule *rule,
	const struct rule_memory *memory, const struct observed_run *run,
	const struct rule_result *result)
{
	struct explanation explanation = {0};

	if (!explain(run, rule, memory, result, &explanation))
		return;
	finding->cause = xstrdup(explanation.cause);
	finding->story = bilingual_copy(&explanation.story);
	finding->remedy = bilingual_copy(&explanation.remedy);
	explanation_release(&explanation);
}

static void make_finding(struct finding *finding, const struct rule *rule,
	const struct rule_memory *memory, const struct observed_run *run,
	struct rule_result *result)
{
	finding->rule = xstrdup(rule->kind->name);
	finding->message = bilingual_copy(&result->message);
	finding->hint = bilingual_copy(&rule->hint);
	finding->scenario = xstrdup(run->scenario->id);
	finding->scenario_command = xstrdup(run->scenario->command);
	finding->hidden = run->scenario->hidden;
	finding->policy = xstrdup(schedule_policy_name(run->policy));
	finding->seed = run->seed;
	finding->schedule = run->schedule;
	finding->switches =
		run->trace->switches ? xstrdup(run->trace->switches) : NULL;
	finding->switch_count = switches_count(
		run->outcome->switches, run->outcome->switch_count);
	finding->trace_hash = explore_trace_hash(run);
	finding->events =
		xcalloc(result->evidence_count + 1, sizeof(*finding->events));
	for (size_t i = 0; i < result->evidence_count; i++)
		if (result->evidence[i] < run->trace->event_count)
			tell_event(run, result->evidence[i],
				&finding->events[finding->event_count++]);
	add_explanation(finding, rule, memory, run, result);
}

static void keep_failure(struct tally *tally, const struct rule *rule,
	const struct rule_memory *memory, const struct observed_run *run,
	struct rule_result *result)
{
	make_finding(&tally->finding, rule, memory, run, result);
	tally->finding.found_policy = xstrdup(tally->finding.policy);
	tally->finding.found_switches = tally->finding.switch_count;
	failure_note(&tally->failure, run, result);
}

static void note_failure(struct check *check, struct tally *tally,
	const struct rule *rule, const struct rule_memory *memory,
	const struct observed_run *run, struct rule_result *result)
{
	if (tally->fails++ == 0) {
		tally->follows = result->follows;
		keep_failure(tally, rule, memory, run, result);
	} else if (failure_is_simpler(&tally->failure, run, result)) {
		failure_release(&tally->failure);
		finding_release(&tally->finding);
		keep_failure(tally, rule, memory, run, result);
	}
	if (check->refusal && tally->refused++ == 0)
		tally->refusal = refusal_tell(run, check->refusal);
}

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
		note_failure(check, tally, rule, &state->memory, run, &result);
	if (!judged && tally->unjudged++ == 0)
		tally->reason = bilingual_copy(&result.message);
	if (!judged && (run->outcome->end == RUN_END_UNSUPPORTED ||
			       run->outcome->end == RUN_END_LIMIT))
		tally->unsupported = true;
	if (result.note.zh && !state->noted) {
		state->noted = true;
		note_add(check->verdict, "note", bilingual_copy(&result.note));
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
	}
	check->enough = check->limit_runs >= LIMIT_RUNS ||
			check->limit_runs_all >= LIMIT_RUNS_ALL ||
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

static void take_finding(
	struct check *check, struct tally *tally, const struct told *told)
{
	struct criterion *criterion =
		&check->verdict->criteria[told->criterion];
	struct finding *finding;

	grow_array(&check->told, check->told_count, &check->told_capacity,
		sizeof(*check->told));
	check->told[check->told_count] = *told;
	check->told[check->told_count++].finding = criterion->finding_count;
	criterion->findings = xreallocarray(criterion->findings,
		criterion->finding_count + 1, sizeof(*criterion->findings));
	finding = &criterion->findings[criterion->finding_count++];
	*finding = tally->finding;
	finding->failing_schedules = tally->fails;
	finding->schedules = tally->runs;
	memset(&tally->finding, 0, sizeof(tally->finding));
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

/* Adds up the tallies of one rule. */
static void conclude_rule(struct check *check, size_t index, size_t number)
{
	const struct criterion_spec *spec = &check->exercise->criteria[index];
	const struct rule *rule = &spec->rules[number];
	struct criterion *criterion = &check->verdict->criteria[index];
	size_t told = 0;

	for (size_t i = 0; i < rule->scenario_count; i++) {
		struct tally *tally = &check->rules[index][number]
					       .tallies[rule->scenarios[i]];
		bool fails = rule->some ? tally->runs > 0 &&
						  tally->fails == tally->runs
					: tally->fails > 0;

		if (fails && is_excused(rule, tally)) {
			/* once is enough: the rest follows from it */
			if (criterion->state == VERDICT_PASS)
				wait_for_person(check, index, &tally->refusal,
					&tally->finding.message);
		} else if (fails) {
			criterion->state = VERDICT_FAIL;
			if (tally->fails == tally->runs)
				check->failed_for_good[index] = true;
			/* the cause has been told */
			if (tally->follows && criterion->finding_count > 0)
				continue;
			if (told++ < FINDINGS_RULE_MAX &&
				criterion->finding_count < FINDINGS_MAX)
				take_finding(check, tally,
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

static bool premise_failed(const struct check *check, int premise)
{
	return premise >= 0 && check->failed_for_good[premise];
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
	struct verdict *verdict = check->verdict;

	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];
		struct criterion *criterion = &verdict->criteria[i];
		if (!check->program && is_compiles(spec)) {
			criterion->state = VERDICT_FAIL;
		} else if (!check->program ||
			   premise_failed(check, spec->premise)) {
			criterion->state = VERDICT_SKIPPED;
			check->failed_for_good[i] = true;
		} else {
			conclude_criterion(check, i);
		}
		if (criterion->state == VERDICT_PASS)
			criterion->points = criterion->max_points;
	}
}

static int is_interrupted(void *context)
{
	struct check *check = context;
	const struct check_options *options = check->options;

	return options->progress
		       ? options->progress(options->context, &check->progress)
		       : 0;
}

static size_t shrink_tries(size_t schedules)
{
	size_t tries = schedules * SHRINK_PERCENT / 100;

	return tries < SHRINK_RUNS ? SHRINK_RUNS : tries;
}

static int shrink_told(struct check *check, struct shrinker *shrinker,
	const struct told *told, struct err *err)
{
	struct judged_rule *state = &check->rules[told->criterion][told->rule];

	return shrink_finding(shrinker,
		&check->exercise->criteria[told->criterion].rules[told->rule],
		&state->memory, told->scenario,
		&state->tallies[told->scenario].failure,
		&check->verdict->criteria[told->criterion]
			 .findings[told->finding],
		err);
}

/* The findings that are shown in full come first, then the others. */
static int shrink_findings(struct check *check,
	const struct explore_target *target, struct err *err)
{
	struct shrinker shrinker = {
		.target = target,
		.tries = shrink_tries(check->verdict->schedules),
		.make = make_finding,
		.interrupted = is_interrupted,
		.context = check,
	};
	int r = 0;

	for (size_t others = 0; others < 2; others++)
		for (size_t i = 0; i < check->told_count && r == 0; i++)
			if ((check->told[i].finding > 0) == others)
				r = shrink_told(
					check, &shrinker, &check->told[i], err);
	shrinker_release(&shrinker);
	return r;
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
	check->failed_for_good = xcalloc(
		exercise->criterion_count, sizeof(*check->failed_for_good));
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

static void release_tally(struct tally *tally)
{
	bilingual_release(&tally->reason);
	bilingual_release(&tally->refusal);
	failure_release(&tally->failure);
	finding_release(&tally->finding); /* unless it was taken over */
}

static void release(struct check *check)
{
	const struct exercise *exercise = check->exercise;

	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];

		for (size_t j = 0; j < spec->rule_count; j++) {
			struct judged_rule *state = &check->rules[i][j];

			for (size_t k = 0; k < exercise->scenario_count; k++)
				release_tally(&state->tallies[k]);
			rule_memory_release(&state->memory);
			free(state->tallies);
		}
		free(check->rules[i]);
	}
	free(check->rules);
	free(check->failed_for_good);
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
			error = shrink_findings(&check, &target, err);
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
