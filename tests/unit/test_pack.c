/*
 * Filtering exercise.json for students: what names a hidden scenario goes, and
 * what is left is an exercise.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/exercise.h"
#include "grader/pack.h"
#include "synthetic.h"

/* Scenario "two" and the groups "late" and "all" of it are in hidden.json. */
static const char *const WHOLE =
	"{'id': 'x', 'title': {'zh': '甲', 'en': 'x'}, 'program': 'x',"
	"'patterns': [{'kind': 'a', 'label': 'A', 'pattern': 'a'}],"
	"'scenarios': [{'id': 'one', 'arguments': [], 'groups': ['all']}],"
	"'criteria': ["
	"{'id': 'both', 'title': {'zh': '甲', 'en': 'c'}, 'points': 60,"
	"'scenarios': ['all', 'late'], 'rules': [{'rule': 'ends'},"
	"{'rule': 'reaped', 'scenarios': ['late']}]},"
	"{'id': 'hidden', 'title': {'zh': '乙', 'en': 'd'}, 'points': 40,"
	"'scenarios': ['late'], 'rules': [{'rule': 'ends'}]},"
	"{'id': 'own', 'title': {'zh': '丙', 'en': 'e'}, 'points': 5,"
	"'extra': true, 'scenarios': ['two'], 'rules': [{'rule': 'ends'},"
	"{'rule': 'ends', 'scenarios': ['one', 'two']}]}]}";

static int filter(struct buf *out, const char *from, const char *to)
{
	const char *at = strstr(WHOLE, from);
	auto_free char *text = NULL;
	struct err err = {""};
	int error;

	cr_assert_not_null(at);
	text = xasprintf(
		"%.*s%s%s", (int)(at - WHOLE), WHOLE, to, at + strlen(from));
	double_quotes(text);
	error = pack_filter(out, text, strlen(text), "x.json", &err);
	cr_expect(error == 0 || strstr(err.text, "x.json"), "%s", err.text);
	return error;
}

Test(pack, what_is_only_about_hidden_scenarios_goes)
{
	struct exercise *exercise = NULL;
	struct buf out = {0};
	struct err err = {""};

	cr_assert_eq(filter(&out, "'x'", "'x'"), 0);
	cr_assert_eq(
		exercise_parse(&exercise, out.data, out.length, "x.json", &err),
		0, "%s", err.text);
	cr_expect_null(strstr(out.data, "late"));
	cr_expect_null(strstr(out.data, "two"));
	cr_assert_eq(exercise->criterion_count, 3);
	cr_expect_eq(exercise->criteria[0].rule_count, 1);
	cr_expect(!exercise->criteria[0].elsewhere);
	cr_expect_eq(exercise->criteria[1].rule_count, 0);
	cr_expect(exercise->criteria[1].elsewhere);
	cr_expect_eq(exercise->criteria[1].points, 40);
	cr_expect_eq(exercise->criteria[2].rule_count, 1);
	exercise_free(exercise);
	buf_release(&out);
}

Test(pack, a_written_answer_stays_what_it_is)
{
	struct exercise *exercise = NULL;
	struct buf out = {0};
	struct err err = {""};

	cr_assert_eq(filter(&out,
			     "'scenarios': ['two'], 'rules': [{'rule': 'ends'},"
			     "{'rule': 'ends', 'scenarios': ['one', 'two']}]}",
			     "'answer': {'file': 'ANSWER.md'}}"),
		0);
	cr_assert_eq(
		exercise_parse(&exercise, out.data, out.length, "x.json", &err),
		0, "%s", err.text);
	cr_expect_str_eq(exercise->criteria[2].answer, "ANSWER.md");
	cr_expect_str_eq(exercise->criteria[2].title.en, "e");
	cr_expect(!exercise->criteria[2].elsewhere);
	exercise_free(exercise);
	buf_release(&out);
}

Test(pack, what_is_no_exercise_is_refused)
{
	struct buf out = {0};

	cr_expect_lt(filter(&out, "'program': 'x',", "'program': 'x'"), 0);
	cr_expect_lt(filter(&out, "'points': 60", "'points': 61"), 0);
	cr_expect_eq(out.length, 0);
	buf_release(&out);
}

Test(pack, a_criterion_is_judged_here_or_elsewhere)
{
	struct buf out = {0};

	cr_expect_lt(filter(&out, "'points': 60",
			     "'points': 60,"
			     "'elsewhere': true"),
		0);
	buf_release(&out);
}
