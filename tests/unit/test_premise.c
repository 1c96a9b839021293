/* What a premise that fails in some scenarios takes with it, and what not. */
#include "grader/premise.h"
#include "synthetic.h"

/* Six scenarios; "some" and "all" depend on "base", "more" on "some". */
static const char *const EXERCISE =
	"{'id':'x','title':{'zh':'甲','en':'x'},'program':'x','patterns':[],"
	"'scenarios':[{'id':'a','arguments':[]},{'id':'b','arguments':[]},"
	"{'id':'c','arguments':[]},{'id':'d','arguments':[]},"
	"{'id':'e','arguments':[]},{'id':'f','arguments':[]}],'criteria':["
	"{'id':'base','title':{'zh':'甲','en':'b'},'points':40,"
	"'scenarios':['a','b','c','d'],'rules':[{'rule':'ends'}]},"
	"{'id':'some','title':{'zh':'甲','en':'r'},'points':20,"
	"'premise':'base','scenarios':['a','b'],'rules':[{'rule':'ends'}]},"
	"{'id':'all','title':{'zh':'甲','en':'l'},'points':20,"
	"'premise':'base','scenarios':['a','b','c','d'],"
	"'rules':[{'rule':'ends'}]},"
	"{'id':'more','title':{'zh':'甲','en':'m'},'points':20,"
	"'premise':'some','scenarios':['e','f'],'rules':[{'rule':'ends'}]}]}";

enum { BASE, SOME, ALL, MORE, CRITERIA };
enum { A, B, C, D, E, F, SCENARIOS };

/* Of ten runs, so many failed, and so many of these after a refused call. */
struct fails {
	size_t at[SCENARIOS][CRITERIA], refused[SCENARIOS][CRITERIA];
};

static struct rule_count count(
	const void *context, size_t criterion, size_t rule, size_t scenario)
{
	const struct fails *fails = context;

	(void)rule;
	return (struct rule_count){10, fails->at[scenario][criterion],
		fails->refused[scenario][criterion]};
}

static struct exercise *exercise;

static void parse(void)
{
	auto_free char *text = xstrdup(EXERCISE);
	struct err err = {{0}};

	double_quotes(text);
	cr_assert_eq(exercise_parse(&exercise, text, strlen(text), "x", &err),
		0, "%s", err.text);
}

static void release(void)
{
	exercise_free(exercise);
}

TestSuite(premise, .init = parse, .fini = release);

static struct counted all_over(const struct fails *fails)
{
	return (struct counted){exercise, SCENARIOS, count, fails};
}

Test(premise, nothing_failed_and_nothing_is_lost)
{
	const struct fails fails = {0};
	const struct counted counted = all_over(&fails);

	for (int i = BASE; i < CRITERIA; i++) {
		cr_expect_not(premise_gone(&counted, i));
		cr_expect_not(premise_takes(&counted, (size_t)i));
	}
	cr_expect_not(premise_lost_in(&counted, -1, A));
	cr_expect_not(premise_gone(&counted, -1));
}

Test(premise, what_failed_in_one_scenario_of_four_is_lost_there_alone)
{
	const struct fails fails = {.at[D][BASE] = 10};
	const struct counted counted = all_over(&fails);

	cr_expect(premise_lost_in(&counted, BASE, D));
	cr_expect(premise_lost_in(&counted, ALL, D));
	cr_expect_not(premise_lost_in(&counted, BASE, A));
	cr_expect_not(premise_gone(&counted, BASE));
	cr_expect_not(premise_takes(&counted, ALL));
	cr_expect_not(premise_takes(&counted, SOME));
	cr_expect_not(premise_takes(&counted, MORE));
}

Test(premise, a_third_of_its_scenarios_is_too_much_for_a_criterion)
{
	const struct fails fails = {.at[A][BASE] = 10};
	const struct counted counted = all_over(&fails);

	cr_expect(premise_takes(&counted, SOME)); /* one of two */
	cr_expect_not(premise_takes(&counted, ALL));
}

Test(premise, half_of_its_own_scenarios_takes_all_that_depends_on_it)
{
	const struct fails fails = {.at[C][BASE] = 10, .at[D][BASE] = 10};
	const struct counted counted = all_over(&fails);

	cr_expect(premise_gone(&counted, BASE));
	cr_expect(premise_takes(&counted, SOME));
	cr_expect(premise_takes(&counted, ALL));
	cr_expect(premise_takes(&counted, MORE)); /* by way of "some" */
}

Test(premise, a_failure_in_some_runs_loses_no_scenario)
{
	const struct fails fails = {.at[A][BASE] = 9,
		.at[B][BASE] = 9,
		.at[C][BASE] = 9,
		.at[D][BASE] = 9};
	const struct counted counted = all_over(&fails);

	cr_expect_not(premise_gone(&counted, BASE));
	cr_expect_not(premise_lost_in(&counted, BASE, A));
}

Test(premise, a_failure_that_a_refused_call_may_excuse_loses_no_scenario)
{
	const struct fails fails = {.at[A][BASE] = 10, .refused[A][BASE] = 10};
	const struct counted counted = all_over(&fails);

	cr_expect_not(premise_lost_in(&counted, BASE, A));
	cr_expect_not(premise_takes(&counted, SOME));
}

Test(premise, scenarios_that_are_not_over_do_not_count_yet)
{
	const struct fails fails = {.at[A][BASE] = 10, .at[B][BASE] = 10};
	struct counted counted = all_over(&fails);

	counted.over = B;
	cr_expect_not(premise_gone(&counted, BASE));
	counted.over = C;
	cr_expect(premise_gone(&counted, BASE));
}
