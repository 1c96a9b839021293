/*
 * A criterion that others have as their premise is skipped together with them
 * when it failed in every schedule of some scenario, so for such a one it is
 * not enough that a rule has failed: as long as it failed in every run, one in
 * which it holds would change what becomes of the others.
 *
 * Premises stand before what depends on them, so following them ends.
 */
#include "grader/settled.h"

#include "grader/rules/rule.h"

struct view {
	const struct exercise *exercise;
	size_t scenario;
	rule_count_fn *count;
	const void *context;
};

bool rule_applies(const struct rule *rule, size_t scenario)
{
	for (size_t i = 0; i < rule->scenario_count; i++)
		if (rule->scenarios[i] == scenario)
			return true;
	return false;
}

static struct rule_count count_of(
	const struct view *view, size_t criterion, size_t rule, size_t scenario)
{
	return view->count(view->context, criterion, rule, scenario);
}

/* Has the rule failed in the scenario, whatever further runs may bring? */
static bool has_failed(const struct rule *rule, const struct rule_count *count)
{
	return !rule->some && count->fails > count->refused;
}

/* Has a rule of the criterion failed in the scenario, in EACH run of it? */
static bool fails_in(
	const struct view *view, size_t criterion, size_t scenario, bool each)
{
	const struct criterion_spec *spec =
		&view->exercise->criteria[criterion];

	for (size_t i = 0; i < spec->rule_count; i++) {
		struct rule_count count =
			count_of(view, criterion, i, scenario);

		if (spec->rules[i].premise < 0 &&
			has_failed(&spec->rules[i], &count) &&
			(!each || count.fails == count.runs))
			return true;
	}
	return false;
}

/* Has the criterion failed for good, in a scenario that is over? */
static bool is_gone(const struct view *view, int criterion)
{
	if (criterion < 0)
		return false;
	for (size_t i = 0; i < view->scenario; i++)
		if (fails_in(view, (size_t)criterion, i, true))
			return true;
	return is_gone(view, view->exercise->criteria[criterion].premise);
}

/* Is it sure that the criterion will not pass? */
static bool is_lost(const struct view *view, int criterion)
{
	if (criterion < 0)
		return false;
	for (size_t i = 0; i <= view->scenario; i++)
		if (fails_in(view, (size_t)criterion, i, false))
			return true;
	return is_gone(view, criterion);
}

static bool is_premise(const struct view *view, size_t criterion)
{
	for (size_t i = 0; i < view->exercise->criterion_count; i++)
		if (view->exercise->criteria[i].premise == (int)criterion)
			return true;
	return false;
}

static bool rule_is_settled(
	const struct view *view, size_t criterion, size_t number)
{
	const struct criterion_spec *spec =
		&view->exercise->criteria[criterion];
	const struct rule *rule = &spec->rules[number];
	struct rule_count count =
		count_of(view, criterion, number, view->scenario);

	if (is_gone(view, spec->premise) || is_lost(view, rule->premise))
		return true;
	return has_failed(rule, &count) &&
	       (count.fails < count.runs || !is_premise(view, criterion) ||
		       is_gone(view, (int)criterion));
}

bool settled(const struct exercise *exercise, size_t scenario,
	rule_count_fn *count, const void *context)
{
	const struct view view = {exercise, scenario, count, context};

	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];

		for (size_t j = 0; j < spec->rule_count; j++)
			if (spec->rules[j].kind->judge &&
				rule_applies(&spec->rules[j], scenario) &&
				!rule_is_settled(&view, i, j))
				return false;
	}
	return true;
}
