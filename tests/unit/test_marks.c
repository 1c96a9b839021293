/* Marks that people give: what is read, given, refused and handed on. */
#include "grader/marks.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/report/report.h"

#define A16 "aaaaaaaaaaaaaaaa"
#define B16 "bbbbbbbbbbbbbbbb"
#define HASH_A A16 A16 A16 A16
#define HASH_B B16 B16 B16 B16

/* The report that report_json_write() makes has more, which is not read. */
static const char *const REPORT =
	"{\n\t\"schema\":\t\"grader-report-1\",\n\t\"exercise\":\t\"x\",\n"
	"\t\"titles\":\t{\n\t\t\"zh\":\t\"甲\",\n\t\t\"en\":\t\"ex\"\n\t},\n"
	"\t\"submission\":\t\"w\",\n"
	"\t\"submission_hash\":\t\"" HASH_A "\",\n\t\"verdict\":\t\"pass\",\n"
	"\t\"score\":\t100,\n\t\"extra_score\":\t0,\n\t\"criteria\":\t[{\n"
	"\t\t\t\"id\":\t\"rules\",\n\t\t\t\"titles\":\t{\n"
	"\t\t\t\t\"zh\":\t\"规\",\n\t\t\t\t\"en\":\t\"r\"\n\t\t\t},\n"
	"\t\t\t\"verdict\":\t\"pass\",\n\t\t\t\"points\":\t100,\n"
	"\t\t\t\"max_points\":\t100,\n\t\t\t\"extra\":\tfalse\n\t\t}, {\n"
	"\t\t\t\"id\":\t\"answer\",\n\t\t\t\"titles\":\t{\n"
	"\t\t\t\t\"zh\":\t\"答\",\n\t\t\t\t\"en\":\t\"a\"\n\t\t\t},\n"
	"\t\t\t\"verdict\":\t\"needs-grading\",\n\t\t\t\"points\":\t0,\n"
	"\t\t\t\"max_points\":\t10,\n\t\t\t\"extra\":\ttrue,\n"
	"\t\t\t\"answer\":\t{\n\t\t\t\t\"file\":\t\"ANSWER.md\",\n"
	"\t\t\t\t\"hash\":\t\"" HASH_B "\",\n"
	"\t\t\t\t\"text\":\t\"\\u0023#[error]\"\n\t\t\t}\n\t\t}]\n}\n";

static struct verdict verdict;
static struct err err;

static void teardown(void)
{
	verdict_release(&verdict);
}

TestSuite(marks, .fini = teardown);

/* The report with FROM replaced by TO; owned. */
static char *changed(const char *from, const char *to)
{
	const char *at = strstr(REPORT, from);

	cr_assert_not_null(at, "%s", from);
	return xasprintf(
		"%.*s%s%s", (int)(at - REPORT), REPORT, to, at + strlen(from));
}

static void read_it(struct verdict *to, const char *text)
{
	cr_assert_eq(marks_read(to, text, strlen(text), "r.json", &err), 0,
		"%s", err.text);
}

static int give(double points, const char *comment, const char *id)
{
	char by[] = "Li", given[] = "2026-01-01T00:00:00Z", text[5000];
	struct mark mark = {.points = points, .by = by, .given = given};

	if (comment) {
		snprintf(text, sizeof(text), "%s", comment);
		mark.comment = text;
	}
	return marks_give(&verdict, id, &mark, &err);
}

Test(marks, what_there_is_to_mark_is_read)
{
	read_it(&verdict, REPORT);
	cr_expect_str_eq(verdict.exercise, "x");
	cr_expect_eq(verdict.state, VERDICT_PASS);
	cr_assert_eq(verdict.criterion_count, 2);
	cr_expect(!marks_are_for(&verdict.criteria[0]));
	cr_expect(marks_are_for(&verdict.criteria[1]));
	cr_expect_str_eq(verdict.criteria[1].answer.text, "##[error]");
	cr_expect_float_eq(verdict.score, 100, 1e-9);
	cr_expect_float_eq(verdict.extra_max, 10, 1e-9);
	cr_expect_eq(marks_count(&verdict), 0);
}

Test(marks, a_mark_gives_points_and_is_written_and_read_again)
{
	struct verdict again = {0};
	struct buf out = {0}, back = {0};

	read_it(&verdict, REPORT);
	cr_assert_eq(give(7.25, "说得好\n##[x]", "answer"), 0, "%s", err.text);
	cr_expect_float_eq(verdict.extra_score, 7.25, 1e-9);
	cr_expect_float_eq(verdict.score, 100, 1e-9);
	cr_expect_eq(verdict.state, VERDICT_PASS);
	cr_expect_eq(verdict.criteria[1].state, VERDICT_FAIL);
	report_json_update(&out, REPORT, strlen(REPORT), &verdict);
	cr_expect_null(strstr(buf_text(&out), "##["));
	read_it(&again, buf_text(&out));
	cr_assert_not_null(again.criteria[1].mark);
	cr_expect(again.criteria[1].mark->counts);
	cr_expect_str_eq(again.criteria[1].mark->comment, "说得好\n##[x]");
	cr_expect_str_eq(again.criteria[1].mark->by, "Li");
	cr_expect_str_eq(again.criteria[1].mark->of, HASH_B);
	cr_expect_float_eq(again.extra_score, 7.25, 1e-9);
	cr_expect_eq(marks_count(&again), 1);
	cr_assert_eq(marks_take_back(&again, "answer", &err), 0);
	report_json_update(&back, out.data, out.length, &again);
	cr_expect_str_eq(buf_text(&back), REPORT);
	verdict_release(&again);
	buf_release(&out);
	buf_release(&back);
}

/* TEXT with a mark of 7 points for the answer; owned. */
static char *marked(const char *text)
{
	struct buf out = {0};

	read_it(&verdict, text);
	cr_assert_eq(give(7, "\"x\"", "answer"), 0, "%s", err.text);
	report_json_update(&out, text, strlen(text), &verdict);
	return buf_detach(&out);
}

/* TEXT, which has a mark for the answer, without it; owned. */
static char *unmarked(const char *text)
{
	struct verdict given;
	struct buf out = {0};

	read_it(&given, text);
	cr_assert_eq(
		marks_take_back(&given, "answer", &err), 0, "%s", err.text);
	report_json_update(&out, text, strlen(text), &given);
	verdict_release(&given);
	return buf_detach(&out);
}

/* What another program, or a person, made of the layout stays. */
Test(marks, a_mark_changes_no_other_byte)
{
	auto_free char *odd = changed(
		"\"extra_score\":\t0,\n\t\"criteria\":\t[{\n",
		"\"extra_score\" :0 , \"traces\":[\n{\"a\":1.50},{}, [ ]],"
		"\"criteria\":\n[ {");
	auto_free char *given = marked(odd), *back = unmarked(given);
	const char *mark =
		strstr(given, ",\n\t\t\t\"mark\":\t{\n\t\t\t\t\"points"
			      "\":\t7,\n\t\t\t\t\"comment\":");

	cr_expect(strstr(given, "\"extra_score\" :7 , \"traces\":[\n{\"a\":"
				"1.50},{}, [ ]],\"criteria\":\n[ {"));
	cr_assert_not_null(mark, "%s", given);
	cr_expect_str_eq(back, odd);
	/* on one line, too */
	free(odd);
	odd = xstrdup(REPORT);
	for (char *from = odd, *to = odd;; from++) {
		if (*from != '\n' && *from != '\t')
			*to++ = *from;
		if (!*from)
			break;
	}
	free(given);
	free(back);
	verdict_release(&verdict);
	given = marked(odd);
	back = unmarked(given);
	cr_expect(strstr(given, "#[error]\"},\"mark\":{\"points\":7,"), "%s",
		given);
	cr_expect_null(strchr(given, '\n'));
	cr_expect_str_eq(back, odd);
}

Test(marks, a_mark_that_stands_first_or_in_the_middle_is_found)
{
	static const char *const mark =
		"\"mark\":\t{\"points\":0,\"comment\":\"}\\\"]\",\"by\":null,"
		"\"given\":null,\"of\":\"" HASH_B "\",\"counts\":true} ,";
	static const char *const places[] = {
		"\"id\":\t\"answer\"", "\"extra\":\ttrue"};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		auto_free char *to = xasprintf("%s %s", mark, places[i]);
		auto_free char *text = changed(places[i], to);
		auto_free char *back = unmarked(text);
		auto_free char *given = marked(text);
		auto_free char *plain = changed(places[i], places[i]);

		cr_expect_null(strstr(back, "mark"));
		cr_expect_leq(strlen(back), strlen(plain) + 4, "%s", back);
		cr_expect(strstr(given, "\"points\":\t7,"), "%s", given);
		verdict_release(&verdict);
		read_it(&verdict, given);
		cr_expect_float_eq(verdict.criteria[1].mark->points, 7, 1e-9);
		verdict_release(&verdict);
	}
}

Test(marks, full_points_pass_and_decimals_add_up)
{
	read_it(&verdict, REPORT);
	cr_assert_eq(give(10, NULL, "answer"), 0);
	cr_expect_eq(verdict.criteria[1].state, VERDICT_PASS);
	cr_expect_null(verdict.criteria[1].mark->comment);
	cr_assert_eq(give(0.1, NULL, "answer"), 0);
	cr_expect(verdict.extra_score == 0.1);
	cr_assert_eq(give(0, NULL, "answer"), 0);
	cr_expect_eq(verdict.criteria[1].state, VERDICT_FAIL);
}

static void expect_refused(
	double points, const char *comment, const char *id, int error)
{
	cr_expect_eq(give(points, comment, id), error, "%g %s %s", points, id,
		err.text);
	cr_expect_null(verdict.criteria[1].mark);
	cr_expect_eq(verdict.criteria[1].state, VERDICT_NEEDS_GRADING);
}

Test(marks, what_a_person_cannot_give_is_refused)
{
	char text[MARKS_TEXT_MAX + 2] = "";

	read_it(&verdict, REPORT);
	expect_refused(10.25, NULL, "answer", -ERANGE);
	expect_refused(-1, NULL, "answer", -ERANGE);
	expect_refused(1, NULL, "rules", -EPERM);
	expect_refused(1, NULL, "anwser", -ENOENT);
	cr_expect(strstr(err.text, "did you mean 'answer'"), "%s", err.text);
	expect_refused(1, NULL, "zzzzzz", -ENOENT);
	cr_expect(strstr(err.text, "for a person: answer"), "%s", err.text);
	expect_refused(1, "\033[2J", "answer", -EINVAL);
	expect_refused(1, "\xd6\xd0", "answer", -EINVAL);
	memset(text, 'x', sizeof(text) - 1);
	expect_refused(1, text, "answer", -EINVAL);
	cr_expect_eq(marks_take_back(&verdict, "answer", &err), -ENOENT);
	cr_expect_eq(marks_take_back(&verdict, "rules", &err), -EPERM);
	text[MARKS_TEXT_MAX] = '\0';
	cr_expect_eq(give(1, text, "answer"), 0);
}

Test(marks, without_an_answer_nothing_can_be_marked)
{
	auto_free char *text =
		changed("{\n\t\t\t\t\"file\":\t\"ANSWER.md\",\n"
			"\t\t\t\t\"hash\":\t\"" HASH_B "\",\n"
			"\t\t\t\t\"text\":\t\"\\u0023#[error]\"\n\t\t\t}",
			"null");

	read_it(&verdict, text); /* although it says that it waits */
	cr_expect(!marks_are_for(&verdict.criteria[1]));
	expect_refused(1, NULL, "answer", -EPERM);
}

Test(marks, points_are_plain_numbers)
{
	static const char *const bad[] = {"", " 1", "1 ", "-1", "+1", "1e1",
		"0x1", "nan", "inf", ".5", "5.", "1.234", "1,5", "1.5.5",
		"1234567890"};
	double points = -1;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		cr_expect_eq(marks_parse_points(bad[i], &points), -EINVAL,
			"'%s'", bad[i]);
		cr_expect(points == -1);
	}
	cr_expect_eq(marks_parse_points("7.25", &points), 0);
	cr_expect(points == 7.25);
	cr_expect_eq(marks_parse_points("0", &points), 0);
	cr_expect(points == 0);
}

Test(marks, a_damaged_report_is_refused_with_the_field)
{
	static const struct {
		const char *from, *to, *says;
	} cases[] = {
		{"grader-report-1", "grader-report-9", "schema"},
		{"\"exercise\":\t\"x\"", "\"exercise\":\t7", "exercise"},
		{HASH_A, "ab", "submission_hash': 64 hex"},
		{HASH_B, "AB", "criteria[1].answer.hash': 64 hex"},
		{"needs-grading", "good", "criteria[1].verdict"},
		{"\"points\":\t0", "\"points\":\t11", "criteria[1].points"},
		{"\"id\":\t\"answer\"", "\"id\":\t\"rules\"", "given twice"},
		{"\"answer\":\t{", "\"answer\":\t[], \"x\":\t{",
			"criteria[1].answer': an object or null"},
		{"\"extra\":\ttrue", "\"extra\":\ttrue, \"mark\":\t7",
			"criteria[1].mark': an object"},
		{"\"extra\":\ttrue",
			"\"extra\":\ttrue, \"mark\":\t{\"points\":0,"
			"\"comment\":null,\"by\":null,\"given\":null,"
			"\"of\":\"" HASH_A "\",\"counts\":true}",
			"not for what is there"},
		{"\"extra\":\ttrue",
			"\"extra\":\ttrue, \"mark\":\t{\"points\":9,"
			"\"comment\":null,\"by\":null,\"given\":null,"
			"\"of\":\"" HASH_B "\",\"counts\":true}",
			"do not fit"},
		{"\"extra\":\ttrue",
			"\"extra\":\ttrue, \"mark\":\t{\"points\":0,"
			"\"comment\":8,\"by\":null,\"given\":null,"
			"\"of\":\"" HASH_B "\",\"counts\":true}",
			"criteria[1].mark.comment"},
		{"}]\n}", "}]\n", "r.json"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_free char *text = changed(cases[i].from, cases[i].to);

		cr_expect_eq(marks_read(&verdict, text, strlen(text), "r.json",
				     &err),
			-EINVAL, "%s", cases[i].to);
		cr_expect(strstr(err.text, cases[i].says), "'%s' not in '%s'",
			cases[i].says, err.text);
		cr_expect_null(verdict.criteria);
	}
}

/* A new grading by the same exercise, from the report changed. */
static struct verdict graded(const char *from, const char *to)
{
	auto_free char *text = changed(from, to);
	struct verdict made = {0};

	read_it(&made, text);
	return made;
}

static void expect_carried(struct verdict made, bool counts)
{
	const struct criterion *criterion = &made.criteria[1];

	marks_carry(&verdict, &made);
	cr_assert_not_null(criterion->mark);
	cr_expect_eq(criterion->mark->counts, counts);
	cr_expect_str_eq(criterion->mark->by, "Li");
	cr_expect_float_eq(criterion->points, counts ? 7 : 0, 1e-9);
	cr_expect_float_eq(made.extra_score, counts ? 7 : 0, 1e-9);
	cr_expect_eq(made.warning_count, 0);
	verdict_release(&made);
}

Test(marks, a_regrade_keeps_the_mark_of_the_same_answer_only)
{
	read_it(&verdict, REPORT);
	cr_assert_eq(give(7, NULL, "answer"), 0);
	expect_carried(graded(HASH_A, HASH_B), true); /* another program */
	expect_carried(graded(HASH_B, HASH_A), false);
	expect_carried(
		graded("\"max_points\":\t10,", "\"max_points\":\t6,"), false);
	expect_carried(graded("needs-grading", "skipped"), false);
}

Test(marks, one_that_does_not_count_is_kept_and_comes_back)
{
	struct verdict other = graded(HASH_B, HASH_A), again;

	read_it(&verdict, REPORT);
	cr_assert_eq(give(7, NULL, "answer"), 0);
	marks_carry(&verdict, &other);
	cr_expect_eq(marks_count(&other), 1);
	again = graded("w", "w");
	marks_carry(&other, &again);
	cr_expect_float_eq(again.extra_score, 7, 1e-9);
	verdict_release(&other);
	verdict_release(&again);
}

Test(marks, of_a_criterion_that_is_gone_a_note_tells)
{
	struct verdict made = graded("\"answer\"", "\"other\"");

	read_it(&verdict, REPORT);
	cr_assert_eq(give(7, NULL, "answer"), 0);
	marks_carry(&verdict, &made);
	cr_assert_eq(made.warning_count, 1);
	cr_expect_str_eq(made.warnings[0].kind, "lost-mark");
	cr_expect(strstr(made.warnings[0].text.en, "7 points"));
	verdict_release(&made);
}

Test(marks, what_the_grader_could_not_judge_is_marked_for_the_program)
{
	struct verdict waits = graded("\"pass\",\n\t\t\t\"points\":\t100",
			       "\"needs-grading\",\n\t\t\t\"points\":\t0"),
		       other;

	verdict = waits;
	cr_expect_eq(verdict.state, VERDICT_NEEDS_GRADING);
	cr_assert_eq(give(100, NULL, "rules"), 0, "%s", err.text);
	cr_expect_eq(verdict.state, VERDICT_PASS);
	cr_expect_str_eq(verdict.criteria[0].mark->of, HASH_A);
	other = graded("w", "w"); /* now the grader can */
	marks_carry(&verdict, &other);
	cr_expect(!other.criteria[0].mark->counts);
	cr_expect_float_eq(other.score, 100, 1e-9);
	verdict_release(&other);
}
