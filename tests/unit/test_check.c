/*
 * The check without running anything: a submission that did not compile, and
 * the adding up of verdicts.  What it says about real programs is tested with
 * all solutions, end to end.
 */
#include "grader/check.h"
#include "grader/notes.h"
#include "grader/tell.h"
#include "synthetic.h"

static const char *const EXERCISE =
	"{'id':'x','title':{'zh':'甲','en':'x'},'program':'x','patterns':[],"
	"'scenarios':[{'id':'one','arguments':[]}],'criteria':["
	"{'id':'compiles','title':{'zh':'甲','en':'c'},'points':10,"
	"'scenarios':['one'],'rules':[{'rule':'compiles'}]},"
	"{'id':'ends','title':{'zh':'甲','en':'e'},'points':90,"
	"'premise':'compiles','scenarios':['one'],"
	"'rules':[{'rule':'ends'}]}]}";

Test(check, what_does_not_compile_is_not_judged_further)
{
	auto_free char *text = xstrdup(EXERCISE);
	struct exercise *exercise = NULL;
	struct verdict verdict = {0};
	struct check_options options = {0};
	struct err err = {{0}};

	double_quotes(text);
	cr_assert_eq(exercise_parse(&exercise, text, strlen(text), "x", &err),
		0, "%s", err.text);
	cr_assert_eq(check_run(NULL, exercise, NULL, &options, &verdict, &err),
		0, "%s", err.text);
	cr_expect_eq(verdict.criteria[0].state, VERDICT_FAIL);
	cr_expect_eq(verdict.criteria[1].state, VERDICT_SKIPPED);
	cr_expect_eq(verdict.state, VERDICT_FAIL);
	cr_expect_float_eq(verdict.score, 0, 1e-9);
	cr_expect_float_eq(verdict.max_score, 100, 1e-9);
	cr_expect_str_eq(verdict.exercise, "x");
	verdict_release(&verdict);
	exercise_free(exercise);
}

static struct verdict three_criteria(void)
{
	struct verdict verdict = {0};

	verdict.criteria = xcalloc(3, sizeof(*verdict.criteria));
	verdict.criterion_count = 3;
	for (size_t i = 0; i < 3; i++) {
		verdict.criteria[i].points = 10;
		verdict.criteria[i].max_points = 10;
	}
	verdict.criteria[2].extra = true;
	return verdict;
}

Test(check, extras_do_not_count_for_full_marks)
{
	struct verdict verdict = three_criteria();

	verdict.criteria[2].state = VERDICT_FAIL;
	verdict.criteria[2].points = 0;
	verdict_settle(&verdict);
	cr_expect_eq(verdict.state, VERDICT_PASS);
	cr_expect_float_eq(verdict.score, 20, 1e-9);
	cr_expect_float_eq(verdict.extra_max, 10, 1e-9);
	cr_expect_float_eq(verdict.extra_score, 0, 1e-9);
	verdict_release(&verdict);
}

Test(check, a_failure_outweighs_what_waits_for_a_person)
{
	struct verdict verdict = three_criteria();

	verdict.criteria[0].state = VERDICT_NEEDS_GRADING;
	verdict.criteria[0].points = 0;
	verdict_settle(&verdict);
	cr_expect_eq(verdict.state, VERDICT_NEEDS_GRADING);
	verdict.criteria[1].state = VERDICT_FAIL;
	verdict_settle(&verdict);
	cr_expect_eq(verdict.state, VERDICT_FAIL);
	verdict_release(&verdict);
}

Test(check, a_note_appears_once)
{
	struct verdict verdict = {0};

	for (int i = 0; i < 3; i++)
		note_add(&verdict, "k",
			(struct bilingual){xstrdup("甲"), xstrdup("a")});
	for (int i = 0; i < 100; i++)
		note_add(&verdict, "k",
			(struct bilingual){xstrdup("甲"), xasprintf("%d", i)});
	cr_expect_eq(verdict.warning_count, 20);
	verdict_release(&verdict);
}

Test(check, states_have_names)
{
	for (int i = VERDICT_PASS; i <= VERDICT_REFUSED; i++)
		cr_expect_str_neq(
			verdict_state_name((enum verdict_state)i), "?");
}
