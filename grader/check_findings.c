/*
 * The findings of a check.  A tally has that of its simplest failing run so
 * far.  Those that are told are shrunk at last: each becomes that of the
 * simplest run that fails in its way, for a bounded number of runs more.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/check_parts.h"
#include "grader/explain/explain.h"
#include "grader/refusal.h"
#include "grader/tell.h"

#define SHRINK_PERCENT 30 /* of the runs so far, spent on shrinking, ... */
#define SHRINK_RUNS 120   /* ... but so many when those were few */

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

/* As of a rule that has none. */
static char no_text[] = "";
static const struct bilingual no_hint = {no_text, no_text};

static void make_finding(struct finding *finding, const struct rule *rule,
	const struct rule_memory *memory, const struct observed_run *run,
	struct rule_result *result)
{
	finding->rule = xstrdup(rule->kind->name);
	finding->message = bilingual_copy(&result->message);
	if (!result->unhinted)
		finding->hint = bilingual_copy(&rule->hint);
	else
		finding->hint = bilingual_copy(&no_hint);
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

void check_note_failure(struct check *check, struct tally *tally,
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

void check_take_finding(
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
int check_shrink_findings(struct check *check,
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

void tally_release(struct tally *tally)
{
	bilingual_release(&tally->reason);
	bilingual_release(&tally->refusal);
	failure_release(&tally->failure);
	finding_release(&tally->finding); /* unless it was taken over */
}
