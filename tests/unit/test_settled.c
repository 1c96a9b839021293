/* When further schedules could change nothing that counts. */
#include "grader/settled.h"
#include "synthetic.h"

/* Two scenarios; "base" is the premise of "rest", and one rule's of "loose" */
static const char *const EXERCISE =
	"{'id':'x','title':{'zh':'甲','en':'x'},'program':'x','patterns':[],"
	"'scenarios':[{'id':'one','arguments':[]},"
	"{'id':'two','arguments':[]}],'criteria':["
	"{'id':'base','title':{'zh':'甲','en':'b'},'points':40,"
	"'scenarios':['one','two'],'rules':[{'rule':'ends'}]},"
	"{'id':'rest','title':{'zh':'甲','en':'r'},'points':30,"
	"'premise':'base','scenarios':['one','two'],"
	"'rules':[{'rule':'reaped'},{'rule':'nothing-left'}]},"
	"{'id':'loose','title':{'zh':'甲','en':'l'},'points':30,"
	"'scenarios':['one','two'],"
	"'rules':[{'rule':'exit-status','status':0,'premise':'base'}]}]}";

enum { BASE, REST, LOOSE };

struct counts {
	struct rule_count at[2][3][2]; /* [scenario][criterion][rule] */
};

static struct rule_count count(
	const void *context, size_t criterion, size_t rule, size_t scenario)
{
	const struct counts *all = context;

	return all->at[scenario][criterion][rule];
}

static bool is_settled(const struct counts *all, size_t scenario)
{
	auto_free char *text = xstrdup(EXERCISE);
	struct exercise *exercise = NULL;
	struct err err = {{0}};
	bool answer;

	double_quotes(text);
	cr_assert_eq(exercise_parse(&exercise, text, strlen(text), "x", &err),
		0, "%s", err.text);
	answer = settled(exercise, scenario, count, all);
	exercise_free(exercise);
	return answer;
}

#define RUNS(fails)                                                            \
	{                                                                      \
		10, fails, 0                                                   \
	}

Test(settled, what_passes_so_far_can_still_fail)
{
	const struct counts all = {
		{{{RUNS(4)}, {RUNS(3), RUNS(0)}, {RUNS(2)}}, {{{0}}}}};

	cr_expect_not(is_settled(&all, 0));
}

Test(settled, all_rules_failed_in_some_runs_is_settled)
{
	const struct counts all = {
		{{{RUNS(4)}, {RUNS(3), RUNS(10)}, {RUNS(2)}}, {{{0}}}}};

	cr_expect(is_settled(&all, 0));
}

Test(settled, a_premise_that_failed_each_time_may_still_hold_once)
{
	const struct counts all = {
		{{{RUNS(10)}, {RUNS(3), RUNS(10)}, {RUNS(2)}}, {{{0}}}}};

	cr_expect_not(is_settled(&all, 0));
}

Test(settled, a_premise_that_failed_in_a_whole_scenario_takes_all_with_it)
{
	const struct counts all = {{{{RUNS(10)}, {RUNS(0), RUNS(0)}, {RUNS(0)}},
		{{RUNS(10)}, {RUNS(0), RUNS(0)}, {RUNS(0)}}}};

	cr_expect(is_settled(&all, 1));
}

Test(settled, a_rule_whose_premise_is_lost_is_not_waited_for)
{
	const struct counts all = {
		{{{RUNS(4)}, {RUNS(3), RUNS(10)}, {RUNS(0)}}, {{{0}}}}};

	cr_expect(is_settled(&all, 0));
}

Test(settled, failures_that_a_refused_call_may_excuse_do_not_count)
{
	const struct counts all = {
		{{{RUNS(4)}, {{10, 3, 3}, RUNS(10)}, {RUNS(2)}}, {{{0}}}}};

	cr_expect_not(is_settled(&all, 0));
}
