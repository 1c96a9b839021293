/* Reports read again, and what a replay looks like. */
#include "grader/report_verdict.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/layout.h"
#include "grader/report/report_replay.h"

#define A16 "aaaaaaaaaaaaaaaa"
#define HASH A16 A16 A16 A16

/* A report with what a replay needs of it, and something that is not read. */
#define CRITERION(id, zh, findings)                                            \
	"{\"id\":\"" id "\",\"titles\":{\"zh\":\"" zh "\",\"en\":\"c\"},"      \
	"\"verdict\":\"fail\",\"points\":0,\"max_points\":5,\"extra\":false,"  \
	"\"findings\":[" findings "]}"
#define FINDING                                                                \
	"{\"rule\":\"x\",\"messages\":{\"zh\":\"坏\",\"en\":\"bad\"},"        \
	"\"hints\":{\"zh\":\"\",\"en\":\"\"},\"scenario\":\"one\","            \
	"\"command\":\"./x 1\",\"hidden\":true,\"policy\":\"run-to-block\","   \
	"\"seed\":\"18446744073709551615\",\"switches\":\"0.13:2,2.7:0\","     \
	"\"switch_count\":1,\"found_switches\":99,\"trace_hash\":\"ab\","      \
	"\"events\":[" EVENT("4") "," EVENT("9") "]}"
#define EVENT(seq)                                                             \
	"{\"seq\":" seq ",\"other\":1,\"messages\":{\"zh\":\"\",\"en\":\"\"}}"
#define REPORT                                                                 \
	"{\"schema\":\"grader-report-1\",\"exercise\":\"tickets\","            \
	"\"titles\":{\"zh\":\"\",\"en\":\"\"},\"verdict\":\"fail\","           \
	"\"submission\":\"a.c\",\"submission_hash\":\"" HASH "\",\"new\":[1]," \
	"\n\"criteria\":[" CRITERION("compiles", "甲", "") ",\n" CRITERION(    \
		"mutex", "锁", FINDING) "]}"

static int read_part(struct verdict *report, enum report_depth depth,
	const char *text, struct err *err)
{
	return report_verdict_read_part(
		report, depth, text, strlen(text), "r", err);
}

Test(report_read, what_a_replay_needs_is_read)
{
	struct verdict report;
	const struct finding *finding;
	struct err err = {""};

	cr_assert_eq(read_part(&report, REPORT_FINDINGS, REPORT, &err), 0, "%s",
		err.text);
	cr_expect_str_eq(report.exercise, "tickets");
	cr_expect_str_eq(report.submission, "a.c");
	cr_expect_str_eq(report.submission_hash, HASH);
	cr_assert_eq(report.criterion_count, 2);
	cr_expect_str_eq(report.criteria[1].id, "mutex");
	cr_expect_eq(report.criteria[0].finding_count, 0);
	cr_assert_eq(report.criteria[1].finding_count, 1);
	finding = &report.criteria[1].findings[0];
	cr_expect_str_eq(finding->message.zh, "坏");
	cr_expect_str_eq(finding->hint.en, "");
	cr_expect_str_eq(finding->scenario, "one");
	cr_expect(finding->hidden);
	cr_expect_str_eq(finding->policy, "run-to-block");
	cr_expect_eq(finding->seed, UINT64_MAX);
	cr_expect_str_eq(finding->switches, "0.13:2,2.7:0");
	cr_expect_eq(finding->switch_count, 1);
	cr_expect_eq(finding->found_switches, 99);
	cr_assert_eq(finding->event_count, 2);
	cr_expect_eq(finding->events[1].seq, 9);
	verdict_release(&report);
}

/* The report with FROM replaced by TO; owned. */
static char *changed(const char *from, const char *to)
{
	const char *at = strstr(REPORT, from);

	cr_assert_not_null(at, "%s", from);
	return xasprintf(
		"%.*s%s%s", (int)(at - REPORT), REPORT, to, at + strlen(from));
}

Test(report_read, a_damaged_report_is_refused_with_the_field)
{
	static const struct {
		const char *from, *to, *says;
	} cases[] = {
		{"grader-report-1", "grader-trace-1", "schema"},
		{"\"exercise\":\"tickets\"", "\"exercise\":7", "exercise"},
		{"\"criteria\":[", "\"criterias\":[", "criteria"},
		{"\"id\":\"mutex\",", "", "criteria[1].id"},
		{"\"findings\":[{", "\"finding\":[{", "criteria[1].findings"},
		{"run-to-block", "walk", "findings[0].policy"},
		{"\"run-to-block\"", "null", "findings[0].policy"},
		{"18446744073709551615", "18446744073709551616", "seed"},
		{"18446744073709551615", "-1", "seed"},
		{"0.13:2,", "0.13:2;", "switches"},
		{"\"switches\":\"0.13:2,2.7:0\",", "", "switches"},
		{"\"0.13:2,2.7:0\"", "7", "switches"},
		{"\"switch_count\":1", "\"switch_count\":-1", "switch_count"},
		{"\"switch_count\":1,", "", "switch_count"},
		{"\"trace_hash\":\"ab\",", "", "trace_hash"},
		{"\"trace_hash\":\"ab\"", "\"trace_hash\":null", "trace_hash"},
		{"\"hidden\":true", "\"hidden\":\"yes\"", "hidden"},
		{"\"seq\":9", "\"seq\":1e99", "events[1].seq"},
		{"\"messages\":{", "\"message\":{", "messages"},
		{"\"scenario\":\"one\",", "", "scenario"},
		{"\"command\":\"./x 1\",", "", "command"},
		{"]}]}", "]}", "r:"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		auto_free char *text = changed(cases[i].from, cases[i].to);
		struct verdict report;
		struct err err = {""};

		cr_expect_eq(read_part(&report, REPORT_FINDINGS, text, &err),
			-EINVAL, "%s", cases[i].to);
		cr_expect(strstr(err.text, cases[i].says), "%s", err.text);
		cr_expect_null(report.criteria);
	}
}

/* A mark is not lost because of what it has nothing to do with. */
Test(report_read, for_marks_the_findings_need_not_be_right)
{
	auto_free char *text = changed("run-to-block", "of another version");
	struct verdict report;
	struct err err = {""};

	cr_assert_eq(read_part(&report, REPORT_FINDINGS, text, &err), -EINVAL);
	cr_assert_eq(read_part(&report, REPORT_MARKS, text, &err), 0, "%s",
		err.text);
	cr_assert_eq(report.criterion_count, 2);
	cr_expect_eq(report.criteria[1].finding_count, 0);
	verdict_release(&report);
	/* and the whole is more than that */
	cr_expect_eq(read_part(&report, REPORT_WHOLE, REPORT, &err), -EINVAL);
	cr_expect(strstr(err.text, "language"), "%s", err.text);
}

Test(report_read, a_finding_without_a_run_has_no_schedule)
{
	auto_free char *text =
		changed("\"scenario\":\"one\",\"command\":\"./x 1\"",
			"\"scenario\":null,\"command\":null");
	struct verdict report;
	struct err err = {""};

	cr_assert_eq(read_part(&report, REPORT_FINDINGS, text, &err), 0, "%s",
		err.text);
	cr_expect_null(report.criteria[1].findings[0].scenario);
	verdict_release(&report);
}

/* Sixty steps by three tasks; event 30 is evidence, a switch before it. */
static struct replay make_replay(void)
{
	struct replay replay = {
		.exercise = xstrdup("tickets"),
		.criterion = {xstrdup("买票互斥"), xstrdup("exclusive")},
		.message = {xstrdup("同一张票卖了两次。"),
			xstrdup("one ticket was sold twice.")},
		.hint = {xstrdup(""), xstrdup("")},
		.command = xstrdup("./tickets lock 10"),
		.found_switches = 12,
		.events = xcalloc(60, sizeof(struct replay_event)),
		.event_count = 60,
		.switches = xcalloc(1, sizeof(struct replay_switch)),
		.switch_count = 1,
	};

	for (size_t i = 0; i < 60; i++) {
		struct verdict_event *told = &replay.events[i].told;

		told->task = (int)(i % 3);
		told->time_us = (int64_t)i * 100000;
		told->who = xasprintf("路人%zu", i % 3);
		told->what.zh = xasprintf("做了第 %zu 件事，它的说明很长很长，"
					  "一行怎么也写不下，只好换一行",
			i);
		told->what.en = xasprintf("did thing %zu", i);
		told->place = xstrdup("tickets.c:41");
		replay.events[i].source =
			xstrdup("if (count > 0) /* 这一行也很长很长很长很长很长"
				"很长很长很长很长很长很长很长很长很长 */");
	}
	replay.events[30].evidence = true;
	replay.switches[0] =
		(struct replay_switch){30, xstrdup("路人2"), xstrdup("路人0")};
	return replay;
}

static char *shown(
	const struct replay *replay, bool all, enum language language)
{
	const struct report_style style = {.language = language, .columns = 80};
	struct buf out = {0};

	report_replay_write(&out, replay, all, &style);
	return buf_detach(&out);
}

static void assert_lines_fit(const char *text)
{
	while (*text) {
		auto_free char *line = xstrndup(text, strcspn(text, "\n"));

		cr_assert_leq(layout_width(line), 80, "%s", line);
		text += strlen(line) + (text[strlen(line)] == '\n');
	}
}

Test(report_replay, steps_near_the_evidence_are_shown_others_are_counted)
{
	struct replay replay = make_replay();
	auto_free char *en = shown(&replay, false, LANGUAGE_EN);
	auto_free char *zh = shown(&replay, false, LANGUAGE_ZH);
	const char *mark = strstr(en, "switch 1 of 1: 路人2 could go on");

	cr_assert_not_null(mark);
	cr_expect(strstr(mark, "» did thing 30"), "the switch comes first");
	cr_expect(strstr(en, "did thing 28") && strstr(en, "did thing 32"));
	cr_expect_not(strstr(en, "did thing 27 "));
	cr_expect(strstr(en, "27 steps are left out"));
	cr_expect(strstr(en, "26 steps are left out"));
	cr_expect(strstr(en, "(12"));
	cr_expect(strstr(en, "41 │  if (count > 0)"));
	cr_expect(strstr(en, "✗ one ticket was sold twice."));
	cr_expect(strstr(zh, "✗ 同一张票卖了两次。"));
	assert_lines_fit(en);
	assert_lines_fit(zh);
	replay_release(&replay);
}

Test(report_replay, all_steps_are_shown_when_asked_for)
{
	struct replay replay = make_replay();
	auto_free char *text = shown(&replay, true, LANGUAGE_EN);

	cr_expect(strstr(text, "did thing 27 ") && strstr(text, "thing 59"));
	cr_expect_not(strstr(text, "left out"));
	replay_release(&replay);
}

Test(report_replay, a_switch_to_nobody_is_the_clock)
{
	struct replay replay = make_replay();
	auto_free char *text = NULL;

	free(replay.switches[0].to);
	replay.switches[0].to = NULL;
	text = shown(&replay, false, LANGUAGE_EN);
	cr_expect(strstr(text, "but time passes first"));
	replay_release(&replay);
}
