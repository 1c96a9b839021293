/* A criterion that a person marks from an answer: declared, and in a verdict.
 */
#include "grader/answer.h"

#include "grader/check.h"
#include "grader/tell.h"
#include "synthetic.h"

/* A right exercise, in which tests replace what follows '@'. */
static const char *const START =
	"{\n"
	"'id': 'x', 'title': {'zh': '甲', 'en': 'x'}, 'program': 'x',\n"
	"'patterns': [],\n"
	"'scenarios': [{'id': 'one', 'arguments': []}],\n"
	"'criteria': [\n"
	"{'id': 'c', 'title': {'zh': '甲', 'en': 'c'}, 'points': 100,\n"
	"'scenarios': ['one'], 'rules': [{'rule': 'compiles'}]},\n"
	"{'id': 'd', 'title': {'zh': '乙', 'en': 'd'}, 'points': 5,\n"
	"'extra': true, ";

static int parse(struct exercise **exercise, const char *rest, struct err *err)
{
	auto_free char *text = xasprintf("%s%s]}", START, rest);

	double_quotes(text);
	return exercise_parse(exercise, text, strlen(text), "x.json", err);
}

static void expect_error(const char *rest, const char *message)
{
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	cr_expect_lt(parse(&exercise, rest, &err), 0, "accepted: %s", rest);
	cr_expect(exercise == NULL);
	cr_expect(strstr(err.text, message) != NULL, "'%s' is not in '%s'",
		message, err.text);
}

static struct exercise *written(void)
{
	struct exercise *exercise = NULL;
	struct err err = {{0}};

	cr_assert_eq(parse(&exercise, "'answer': {'file': 'ANSWER.md'}}", &err),
		0, "%s", err.text);
	return exercise;
}

Test(answer, a_criterion_may_be_for_a_person_to_mark)
{
	struct exercise *exercise = written();

	cr_expect_str_eq(exercise->criteria[1].answer, "ANSWER.md");
	cr_expect_eq(exercise->criteria[1].rule_count, 0);
	cr_expect_null(exercise->criteria[0].answer);
	cr_expect(criterion_needs_person(&exercise->criteria[1]));
	cr_expect(!criterion_needs_person(&exercise->criteria[0]));
	exercise_free(exercise);
}

Test(answer, mistakes_in_it_are_told_with_line_and_field)
{
	expect_error("\n'answer': {'file': 'ANSWER.txt'}}",
		"x.json:10: field 'criteria[1].answer.file': 'ANSWER.md' "
		"expected");
	expect_error(
		"'answer': {}}", "field 'criteria[1].answer.file': missing");
	expect_error(
		"'answer': {'file': 7}}", "field 'criteria[1].answer.file'");
	expect_error("'answer': 'ANSWER.md'}", "field 'criteria[1].answer'");
	expect_error("'answer': {'file': 'ANSWER.md', 'size': 1}}",
		"field 'criteria[1].answer.size': unknown field");
	expect_error("'answer': {'file': 'ANSWER.md'}, 'rules': []}",
		"field 'criteria[1].rules': a criterion with an answer");
	expect_error("'answer': {'file': 'ANSWER.md'}, 'scenarios': ['one']}",
		"field 'criteria[1].scenarios': a criterion with an answer");
	expect_error("'answer': {'file': 'ANSWER.md'}, 'elsewhere': true}",
		"field 'criteria[1].elsewhere': a criterion with an answer");
	expect_error("'answer': {'file': 'ANSWER.md'}, 'premise': 'c'}",
		"field 'criteria[1].premise': a criterion with an answer");
}

Test(answer, no_program_is_judged_by_what_a_person_marks)
{
	expect_error("'answer': {'file': 'ANSWER.md'}},"
		     "{'id': 'e', 'title': {'zh': '甲', 'en': 'e'}, 'points': "
		     "5, 'extra': true, 'premise': 'd', 'scenarios': ['one'],"
		     "'rules': [{'rule': 'ends'}]}",
		"field 'criteria[2].premise': 'd' is marked by a person");
}

/* What a program that does not compile gets, with that answer. */
static void check(struct verdict *verdict, const struct answer *answer)
{
	struct exercise *exercise = written();
	const struct check_options options = {.master_seed = 1};
	struct err err = {{0}};

	cr_assert_eq(check_run(NULL, exercise, NULL, &options, verdict, &err),
		0, "%s", err.text);
	answer_attach(answer, verdict);
	verdict_settle(verdict);
	cr_expect_eq(verdict->criteria[0].state, VERDICT_FAIL);
	cr_expect_eq(verdict->criteria[0].finding_count, 0);
	cr_expect_float_eq(verdict->extra_score, 0, 1e-9);
	exercise_free(exercise);
}

Test(answer, it_waits_whatever_the_program_does)
{
	struct verdict verdict = {0};
	struct answer answer = {0};

	answer_take(&answer, "ANSWER.md", "words\n", 6);
	check(&verdict, &answer);
	cr_expect_eq(verdict.criteria[1].state, VERDICT_NEEDS_GRADING);
	cr_expect_str_eq(verdict.criteria[1].answer.text, "words\n");
	cr_expect_str_eq(verdict.criteria[1].answer.hash, answer.written.hash);
	cr_expect_eq(verdict.criteria[1].finding_count, 0);
	verdict_release(&verdict);
	answer_release(&answer);
}

Test(answer, without_one_a_finding_says_so)
{
	struct verdict verdict = {0};
	struct answer answer = {0};

	check(&verdict, &answer);
	cr_expect_eq(verdict.criteria[1].state, VERDICT_FAIL);
	cr_expect_null(verdict.criteria[1].answer.text);
	cr_assert_eq(verdict.criteria[1].finding_count, 1);
	cr_expect_str_eq(verdict.criteria[1].findings[0].message.en,
		"there is no ANSWER.md: no points for this part");
	verdict_release(&verdict);
}

Test(answer, one_that_is_too_large_is_none_and_a_finding_says_so)
{
	struct verdict verdict = {0};
	struct answer answer = {0};

	answer_take_large(&answer, "ANSWER.md");
	check(&verdict, &answer);
	cr_expect_eq(verdict.criteria[1].state, VERDICT_FAIL);
	cr_expect_str_eq(verdict.criteria[1].findings[0].message.en,
		"'ANSWER.md' is too large: the limit is 64 KiB; no points for "
		"this part");
	verdict_release(&verdict);
	answer_release(&answer);
}

Test(answer, its_name_may_be_in_any_letters)
{
	cr_expect(answer_is_name("ANSWER.md"));
	cr_expect(answer_is_name("answer.MD"));
	cr_expect(!answer_is_name("ANSWER.txt"));
	cr_expect(!answer_is_name("ANSWER.md~"));
	cr_expect(!answer_is_name("ＡNSWER.md"));
}
