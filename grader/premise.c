/* Premises stand before what depends on them, so following them ends. */
#include "grader/premise.h"

#include "grader/rules/rule.h"

bool rule_applies(const struct rule *rule, size_t scenario)
{
	for (size_t i = 0; i < rule->scenario_count; i++)
		if (rule->scenarios[i] == scenario)
			return true;
	return false;
}

bool rule_has_failed(const struct rule *rule, const struct rule_count *count)
{
	return !rule->some && count->fails > count->refused;
}

/* The same, of one that must hold in some run, of a whole scenario. */
static bool never_held(const struct rule *rule, const struct rule_count *count)
{
	return rule->some && count->runs > 0 && count->fails == count->runs &&
	       count->refused == 0;
}

bool criterion_fails_in(const struct counted *counted, size_t criterion,
	size_t scenario, bool each)
{
	const struct criterion_spec *spec =
		&counted->exercise->criteria[criterion];

	for (size_t i = 0; i < spec->rule_count; i++) {
		struct rule_count count = counted->count(
			counted->context, criterion, i, scenario);

		if (spec->rules[i].premise >= 0)
			continue;
		if (each && never_held(&spec->rules[i], &count))
			return true;
		if (rule_has_failed(&spec->rules[i], &count) &&
			(!each || count.fails == count.runs))
			return true;
	}
	return false;
}

static bool criterion_applies(
	const struct criterion_spec *spec, size_t scenario)
{
	for (size_t i = 0; i < spec->rule_count; i++)
		if (spec->rules[i].kind->judge &&
			rule_applies(&spec->rules[i], scenario))
			return true;
	return false;
}

bool premise_lost_in(
	const struct counted *counted, int criterion, size_t scenario)
{
	const struct criterion_spec *spec;

	if (criterion < 0)
		return false;
	spec = &counted->exercise->criteria[criterion];
	return criterion_fails_in(counted, (size_t)criterion, scenario, true) ||
	       premise_lost_in(counted, spec->premise, scenario);
}

/* Of the scenarios of CRITERION, is one of PARTS, or more, lost to LOST_TO? */
static bool part_is_lost(const struct counted *counted, size_t criterion,
	int lost_to, size_t parts)
{
	const struct exercise *exercise = counted->exercise;
	size_t all = 0, lost = 0;

	for (size_t i = 0; i < exercise->scenario_count; i++) {
		if (!criterion_applies(&exercise->criteria[criterion], i))
			continue;
		all++;
		lost += i < counted->over &&
			premise_lost_in(counted, lost_to, i);
	}
	return lost > 0 && parts * lost >= all;
}

bool premise_gone(const struct counted *counted, int criterion)
{
	return criterion >= 0 &&
	       (part_is_lost(counted, (size_t)criterion, criterion, 2) ||
		       premise_gone(counted,
			       counted->exercise->criteria[criterion].premise));
}

bool premise_takes(const struct counted *counted, size_t criterion)
{
	int premise = counted->exercise->criteria[criterion].premise;

	return premise_gone(counted, premise) ||
	       (premise >= 0 && part_is_lost(counted, criterion, premise, 3));
}
