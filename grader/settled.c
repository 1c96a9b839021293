/*
 * For a criterion that others have as their premise it is not enough that a
 * rule has failed: as long as it failed in every run, one in which it holds
 * would change what becomes of the others.
 */
#include "grader/settled.h"

#include "grader/rules/rule.h"

/* Was it lost in each scenario so far in which it was asked, and is it here? */
static bool is_lost_again(const struct counted *counted, int criterion)
{
	size_t before = 0;

	if (criterion < 0 ||
		!premise_lost_in(counted, criterion, counted->over))
		return false;
	for (size_t i = 0; i < counted->over; i++) {
		const struct criterion_spec *spec =
			&counted->exercise->criteria[criterion];
		bool asked = false;

		for (size_t j = 0; j < spec->rule_count; j++)
			asked |= rule_applies(&spec->rules[j], i);
		if (asked && !premise_lost_in(counted, criterion, i))
			return false;
		before += asked;
	}
	return before > 0;
}

static bool is_out(const struct counted *counted, int criterion)
{
	return premise_gone(counted, criterion) ||
	       is_lost_again(counted, criterion);
}

/* Is it sure that the criterion will not pass? */
static bool is_lost(const struct counted *counted, int criterion)
{
	if (criterion < 0)
		return false;
	for (size_t i = 0; i <= counted->over; i++)
		if (criterion_fails_in(counted, (size_t)criterion, i, false))
			return true;
	return premise_gone(counted, criterion);
}

static bool is_premise(const struct counted *counted, size_t criterion)
{
	for (size_t i = 0; i < counted->exercise->criterion_count; i++)
		if (counted->exercise->criteria[i].premise == (int)criterion)
			return true;
	return false;
}

static bool rule_is_settled(
	const struct counted *counted, size_t criterion, size_t number)
{
	const struct criterion_spec *spec =
		&counted->exercise->criteria[criterion];
	const struct rule *rule = &spec->rules[number];
	struct rule_count count = counted->count(
		counted->context, criterion, number, counted->over);

	if (is_out(counted, spec->premise) || is_lost(counted, rule->premise))
		return true;
	return rule_has_failed(rule, &count) &&
	       (count.fails < count.runs || !is_premise(counted, criterion) ||
		       is_out(counted, (int)criterion));
}

bool settled(const struct exercise *exercise, size_t scenario,
	rule_count_fn *count, const void *context)
{
	const struct counted counted = {exercise, scenario, count, context};

	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];

		for (size_t j = 0; j < spec->rule_count; j++)
			if (spec->rules[j].kind->judge &&
				rule_applies(&spec->rules[j], scenario) &&
				!rule_is_settled(&counted, i, j))
				return false;
	}
	return true;
}
