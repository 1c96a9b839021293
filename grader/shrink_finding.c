/*
 * Most findings of a submission come from the same bug, often from the same
 * run.  So the plans that were found are tried first on the next finding of
 * their scenario: one run instead of dozens, and the findings tell one story.
 */
#include "grader/shrink_finding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/compile.h"
#include "grader/refusal.h"
#include "grader/tell.h"

#define TRIES_MAX 60 /* for one finding */
#define PLAN_MAX 400 /* departures; each is some ten bytes of a report */

struct shrunk_schedule {
	size_t scenario;
	uint64_t seed;
	struct shrink_plan plan;
};

/* One finding being shrunk. */
struct job {
	struct shrinker *shrinker;
	const struct rule *rule;
	const struct rule_memory *memory;
	size_t scenario;
	const struct failure *failure;
	struct finding *finding;
	uint64_t seed;
	bool hit_limit;
	bool take; /* the next run that fails becomes the finding */
};

/* All but the plan: nothing in it is owned. */
static struct failure describe(
	const struct observed_run *run, const struct rule_result *result)
{
	return (struct failure){
		.manner = result->manner,
		.follows = result->follows,
		.end = run->outcome->end,
		.main_signal = run->outcome->main_signal,
		.refused = refusal_find(run) != NULL,
	};
}

static bool is_same(const struct failure *a, const struct failure *b)
{
	return a->end == b->end && a->main_signal == b->main_signal &&
	       a->follows == b->follows && a->refused == b->refused &&
	       !strcmp(a->manner ? a->manner : "", b->manner ? b->manner : "");
}

void failure_note(struct failure *failure, const struct observed_run *run,
	const struct rule_result *result)
{
	*failure = describe(run, result);
	failure->plan = shrink_plan_copy(
		run->outcome->switches, run->outcome->switch_count);
}

bool failure_is_simpler(const struct failure *than,
	const struct observed_run *run, const struct rule_result *result)
{
	const struct run_outcome *outcome = run->outcome;
	struct failure failure;

	if (switches_count(outcome->switches, outcome->switch_count) >=
		switches_count(than->plan.switches, than->plan.count))
		return false;
	failure = describe(run, result);
	return is_same(&failure, than);
}

void failure_release(struct failure *failure)
{
	shrink_plan_release(&failure->plan);
	memset(failure, 0, sizeof(*failure));
}

void shrinker_release(struct shrinker *shrinker)
{
	for (size_t i = 0; i < shrinker->known_count; i++)
		shrink_plan_release(&shrinker->known[i].plan);
	free(shrinker->known);
	shrinker->known = NULL;
	shrinker->known_count = 0;
	shrinker->known_capacity = 0;
}

/* The finding of this run in place of the one that there was. */
static void replace(struct job *job, const struct rule_memory *memory,
	const struct observed_run *run, struct rule_result *result)
{
	struct finding *old = job->finding, made = {0};

	job->shrinker->make(&made, job->rule, memory, run, result);
	made.schedule = old->schedule;
	made.found_policy = xstrdup(old->found_policy);
	made.found_switches = old->found_switches;
	made.failing_schedules = old->failing_schedules;
	made.schedules = old->schedules;
	finding_release(old);
	*old = made;
}

static int judge(struct job *job, const struct observed_run *run)
{
	struct rule_memory memory = rule_memory_copy(job->memory);
	struct rule_result result = {0};
	struct failure failure;
	bool same;

	rule_judge(job->rule, run, &memory, &result);
	failure = describe(run, &result);
	same = result.state == RULE_FAILS && is_same(&failure, job->failure);
	if (same && job->take)
		replace(job, &memory, run, &result);
	rule_result_release(&result);
	rule_memory_release(&memory);
	return same;
}

static int try(void *context, const struct shrink_plan *plan,
	struct shrink_plan *made, struct err *err)
{
	struct job *job = context;
	const struct explore_target *target = job->shrinker->target;
	const struct explore_schedule schedule = {
		.policy = SCHEDULE_RUN_TO_BLOCK,
		.seed = job->seed,
		.switches = plan->switches,
		.switch_count = plan->count,
	};
	struct run_outcome outcome = {0};
	struct observed_run run = {
		.exercise = target->exercise,
		.scenario = &target->exercise->scenarios[job->scenario],
		.outcome = &outcome,
		.trace = &outcome.trace,
		.schedule = job->finding->schedule,
		.policy = schedule.policy,
		.seed = schedule.seed,
		.place = target->program->places ? places_find : NULL,
		.place_context = target->program->places,
	};
	int r;

	if (job->shrinker->interrupted(job->shrinker->context))
		return err_set(err, -ECANCELED, "interrupted");
	r = explore_replay(target, job->scenario, &schedule, &outcome, err);
	if (r < 0)
		return r;
	observe_run(&run);
	job->hit_limit = outcome.end == RUN_END_LIMIT;
	r = job->hit_limit ? -EALREADY : judge(job, &run);
	if (r > 0)
		*made = shrink_plan_copy(
			outcome.switches, outcome.switch_count);
	observed_run_release(&run);
	run_outcome_release(&outcome);
	return r;
}

/* The plan of another finding, if this one shows under it too. */
static int try_known(struct job *job, struct shrink_plan *plan, struct err *err)
{
	struct shrinker *shrinker = job->shrinker;
	size_t own = switches_count(plan->switches, plan->count);
	int r = 0;

	for (size_t i = 0; i < shrinker->known_count && r == 0; i++) {
		const struct shrunk_schedule *known = &shrinker->known[i];
		struct shrink_plan made = {0};

		if (known->scenario != job->scenario || !shrinker->tries ||
			switches_count(
				known->plan.switches, known->plan.count) >= own)
			continue;
		job->seed = known->seed;
		shrinker->tries--;
		r = try(job, &known->plan, &made, err);
		if (r > 0) {
			shrink_plan_release(plan);
			*plan = made;
		}
	}
	if (r == 0)
		job->seed = job->finding->seed;
	return r < 0 ? r : 0;
}

static void remember(const struct job *job, const struct shrink_plan *plan)
{
	struct shrinker *shrinker = job->shrinker;

	grow_array(&shrinker->known, shrinker->known_count,
		&shrinker->known_capacity, sizeof(*shrinker->known));
	shrinker->known[shrinker->known_count++] = (struct shrunk_schedule){
		.scenario = job->scenario,
		.seed = job->seed,
		.plan = shrink_plan_copy(plan->switches, plan->count),
	};
}

/* Searches, within what is left for this finding. */
static int search(struct job *job, struct shrink_plan *plan, struct err *err)
{
	struct shrinker *shrinker = job->shrinker;
	size_t mine = shrinker->tries < TRIES_MAX ? shrinker->tries : TRIES_MAX;
	size_t left = mine;
	int r = shrink(plan, &left, try, job, err);

	shrinker->tries -= mine - left;
	return r;
}

int shrink_finding(struct shrinker *shrinker, const struct rule *rule,
	const struct rule_memory *memory, size_t scenario,
	const struct failure *failure, struct finding *finding, struct err *err)
{
	struct job job = {
		.shrinker = shrinker,
		.rule = rule,
		.memory = memory,
		.scenario = scenario,
		.failure = failure,
		.finding = finding,
		.seed = finding->seed,
	};
	struct shrink_plan plan, made = {0};
	int r;

	if (!failure->plan.count || failure->end == RUN_END_LIMIT ||
		!shrinker->tries)
		return 0;
	plan = shrink_plan_copy(failure->plan.switches, failure->plan.count);
	shrinker->tries--; /* for the run that makes the finding */
	r = try_known(&job, &plan, err);
	if (r == 0)
		r = search(&job, &plan, err);
	/* else policy and seed tell the schedule in less */
	if ((r == 0 || job.hit_limit) && plan.count <= PLAN_MAX) {
		job.take = true;
		r = try(&job, &plan, &made, err);
		if (r > 0)
			remember(&job, &made);
	}
	shrink_plan_release(&made);
	shrink_plan_release(&plan);
	return r < 0 && !job.hit_limit ? r : 0;
}
