/* The report writers over a hand-made verdict. */
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/layout.h"
#include "grader/report/report.h"

static struct bilingual both(const char *zh, const char *en)
{
	return (struct bilingual){xstrdup(zh), xstrdup(en)};
}

static void add_event(struct finding *finding, int64_t time_us, const char *who,
	struct bilingual what, const char *place)
{
	struct verdict_event *event;

	finding->events = xreallocarray(finding->events,
		finding->event_count + 1, sizeof(*finding->events));
	event = &finding->events[finding->event_count++];
	*event = (struct verdict_event){.seq = 7,
		.time_us = time_us,
		.who = xstrdup(who),
		.what = what,
		.place = place ? xstrdup(place) : NULL};
}

static struct finding make_finding(void)
{
	struct finding finding = {.rule = xstrdup("never-overlap"),
		.message = both("路人1 和 路人3 同时在买票：两个人都读到余票 "
				"3，又都写回了 2，同一张票卖了两次。",
			"路人1 and 路人3 bought at the same time: both read "
			"3 and both wrote 2, so one ticket was sold twice."),
		.hint = both("从再次读文件到写回文件，中间不能有别人。",
			"nobody else may come between the second read and "
			"the write."),
		.scenario = xstrdup("lock-10"),
		.scenario_command = xstrdup("./tickets lock 10"),
		.hidden = true,
		.policy = xstrdup("random"),
		.seed = UINT64_MAX,
		.schedule = 3,
		.failing_schedules = 23,
		.schedules = 50};

	add_event(&finding, 1000000, "路人1",
		both("读到 db.json：{\"count\": 3}",
			"reads db.json: {\"count\": 3}"),
		"tickets.c:41");
	add_event(&finding, 1000000, "路人3",
		both("读到 db.json：{\"count\": 3}，这时路人1 "
		     "还没有写回它减过一的余票",
			"reads db.json: {\"count\": 3}, before 路人1 has "
			"written its own count"),
		"tickets.c:41");
	add_event(&finding, 2000000, "路人1",
		both("写入 {\"count\": 2}", "writes {\"count\": 2}"), NULL);
	return finding;
}

static void explain_it(struct finding *finding)
{
	finding->cause = xstrdup("lost-update");
	finding->story = both("两个人都读到 3。", "both read 3.");
	finding->remedy = both("加锁。", "take a lock.");
}

static struct criterion make_criterion(const char *id, const char *zh,
	const char *en, enum verdict_state state, double points)
{
	return (struct criterion){.id = xstrdup(id),
		.title = both(zh, en),
		.state = state,
		.points = state == VERDICT_PASS ? points : 0,
		.max_points = points};
}

static struct verdict make_verdict(void)
{
	struct verdict verdict = {.exercise = xstrdup("tickets"),
		.exercise_title =
			both("进程互斥锁", "A lock between processes"),
		.submission = xstrdup("work/my tickets.c"),
		.submission_hash = xstrdup("0123"),
		.state = VERDICT_FAIL,
		.score = 5,
		.max_score = 35,
		.extra_max = 5,
		.sandbox_grade = 'A',
		.master_seed = 1,
		.schedules = 312,
		.distinct_traces = 200,
		.scenarios = 7,
		.virtual_us = 1,
		.criterion_count = 3,
		.criteria = xcalloc(3, sizeof(struct criterion))};

	verdict.compile.command = xstrdup("/usr/bin/gcc -o program ./my.c");
	verdict.compile.ok = true;
	verdict.compile.log = xstrdup("");
	verdict.criteria[0] = make_criterion(
		"compiles", "能编译", "It compiles", VERDICT_PASS, 5);
	verdict.criteria[1] = make_criterion("exclusion", "买票互斥",
		"Buying is exclusive", VERDICT_FAIL, 30);
	verdict.criteria[1].findings = xcalloc(1, sizeof(struct finding));
	verdict.criteria[1].findings[0] = make_finding();
	verdict.criteria[1].finding_count = 1;
	verdict.criteria[2] = make_criterion("whole-file", "读到完整的文件",
		"Whole file", VERDICT_SKIPPED, 5);
	verdict.criteria[2].extra = true;
	verdict.run.started = xstrdup("2026-01-01T00:00:00Z");
	verdict.run.host = xstrdup("host");
	verdict.run.grader_version = xstrdup("0");
	return verdict;
}

/* The terminal report; owned by the caller. */
static char *terminal(const struct verdict *verdict, enum language language)
{
	struct report_style style = {.language = language, .columns = 80};
	struct buf out = {0};

	report_terminal_write(&out, verdict, &style);
	return buf_detach(&out);
}

static void assert_lines_fit(const char *text, size_t columns)
{
	while (*text) {
		auto_free char *line = xstrndup(text, strcspn(text, "\n"));

		cr_assert_leq(layout_width(line), columns, "%s", line);
		text += strlen(line) + (text[strlen(line)] == '\n');
	}
}

Test(report, terminal_tells_a_failure_and_one_next_step_in_80_columns)
{
	struct verdict verdict = make_verdict();
	auto_free char *zh = terminal(&verdict, LANGUAGE_ZH);
	auto_free char *en = terminal(&verdict, LANGUAGE_EN);

	assert_lines_fit(zh, 80);
	assert_lines_fit(en, 80);
	cr_assert(strstr(zh, "5 / 35"));
	cr_assert(strstr(zh, "✗ 买票互斥"));
	cr_assert(strstr(zh, "50 次调度中有 23 次"));
	cr_assert(strstr(zh, "隐藏场景"));
	cr_assert(strstr(zh, "tickets.c:41"));
	cr_assert(strstr(zh, "下一步"));
	cr_assert(strstr(en, "Buying is exclusive"));
	cr_assert(strstr(en, "hidden scenario"));
	cr_assert_null(strstr(zh, "\033"));
	verdict_release(&verdict);
}

Test(report, terminal_tells_a_story_once_and_the_remedy_for_the_hint)
{
	struct verdict verdict = make_verdict();
	auto_free char *text = NULL;
	const char *story;

	verdict.criteria[2].state = VERDICT_FAIL;
	verdict.criteria[2].findings = xcalloc(1, sizeof(struct finding));
	verdict.criteria[2].findings[0] = make_finding();
	verdict.criteria[2].finding_count = 1;
	explain_it(&verdict.criteria[1].findings[0]);
	explain_it(&verdict.criteria[2].findings[0]);
	text = terminal(&verdict, LANGUAGE_EN);
	assert_lines_fit(text, 80);
	story = strstr(text, "both read 3.");
	cr_assert(story);
	cr_assert_null(strstr(story + 1, "both read 3."));
	cr_assert(strstr(story, "the same as above (lost-update)"));
	cr_assert(strstr(story, "take a lock."));
	cr_assert_null(strstr(text, "hint"));
	verdict_release(&verdict);
}

/* A second failure, of another mistake. */
static struct verdict with_two_failures(void)
{
	struct verdict verdict = make_verdict();

	explain_it(&verdict.criteria[1].findings[0]);
	verdict.criteria[2].state = VERDICT_FAIL;
	verdict.criteria[2].findings = xcalloc(1, sizeof(struct finding));
	verdict.criteria[2].findings[0] = make_finding();
	verdict.criteria[2].finding_count = 1;
	return verdict;
}

/* As terminal(), the report being in a file, with HINTS or without. */
static char *terminal_of_file(const struct verdict *verdict, bool hints)
{
	struct report_style style = {.language = LANGUAGE_EN,
		.columns = 80,
		.report_path = "my report.json",
		.hints = hints};
	struct buf out = {0};

	report_terminal_write(&out, verdict, &style);
	return buf_detach(&out);
}

Test(report, terminal_advises_on_the_first_failure_and_on_demand_on_all)
{
	struct verdict verdict = with_two_failures();
	auto_free char *few = terminal_of_file(&verdict, false);
	auto_free char *all = terminal_of_file(&verdict, true);

	assert_lines_fit(few, 80);
	assert_lines_fit(all, 80);
	cr_assert(strstr(few, "take a lock."));
	cr_assert_null(strstr(few, "nobody else may come between"));
	cr_assert(strstr(few, "grader check --hints"));
	cr_assert(strstr(all, "take a lock."));
	cr_assert(strstr(all, "nobody else may come between"));
	cr_assert_null(strstr(all, "grader check --hints"));
	verdict_release(&verdict);
}

Test(report, terminal_advises_on_what_the_next_step_is_about)
{
	struct verdict verdict = with_two_failures();
	auto_free char *text = NULL;

	/* it hangs: that comes first, wherever it stands */
	verdict.criteria[2].extra = false;
	free(verdict.criteria[2].findings[0].rule);
	verdict.criteria[2].findings[0].rule = xstrdup("ends");
	text = terminal_of_file(&verdict, false);
	cr_assert_null(strstr(text, "take a lock."));
	cr_assert(strstr(text, "nobody else may come between"));
	cr_assert(strstr(text, "begin with \"Whole file\""));
	cr_assert(strstr(text, "grader explain 'my report.json' whole-file"));
	verdict_release(&verdict);
}

Test(report, next_step_names_the_explanation_where_there_is_one)
{
	struct verdict verdict = make_verdict();
	auto_free char *without = terminal(&verdict, LANGUAGE_ZH);
	auto_free char *with = terminal_of_file(&verdict, false);

	cr_assert_null(strstr(without, "grader explain"));
	cr_assert(strstr(with, "grader explain 'my report.json' exclusion"));
	verdict_release(&verdict);
}

Test(report, json_has_a_story_with_its_cause_only)
{
	struct verdict verdict = make_verdict();
	struct buf out = {0};

	report_json_write(&out, &verdict, LANGUAGE_EN);
	cr_assert(strstr(buf_text(&out), "\"cause\":\tnull"));
	cr_assert_null(strstr(buf_text(&out), "\"story\""));
	buf_clear(&out);
	explain_it(&verdict.criteria[1].findings[0]);
	report_json_write(&out, &verdict, LANGUAGE_EN);
	cr_assert(strstr(buf_text(&out), "\"cause\":\t\"lost-update\""));
	cr_assert(strstr(buf_text(&out), "\"stories\""));
	cr_assert(strstr(buf_text(&out), "\"remedies\""));
	buf_release(&out);
	verdict_release(&verdict);
}

Test(report, terminal_shows_the_diagnostics_of_gcc)
{
	struct verdict verdict = make_verdict();
	auto_free char *text = NULL;

	verdict.compile.ok = false;
	free(verdict.compile.log);
	verdict.compile.log =
		xstrdup("./my.c:3:5: error: expected ';'\n    3 |  x\n");
	text = terminal(&verdict, LANGUAGE_EN);
	cr_assert(strstr(text, "./my.c:3:5: error: expected ';'"));
	cr_assert(strstr(text, "mend the first error (my.c:3:5)"));
	verdict_release(&verdict);
}

Test(report, a_shrunk_schedule_is_told_and_can_be_replayed)
{
	struct verdict verdict = make_verdict();
	struct finding *finding = &verdict.criteria[1].findings[0];
	const struct report_style style = {.language = LANGUAGE_EN,
		.columns = 80,
		.report_path = "out/my report.json"};
	struct buf text = {0}, command = {0};

	finding->switches = xstrdup("0.13:2,2.7:0");
	finding->switch_count = 1;
	finding->found_switches = 40;
	report_terminal_write(&text, &verdict, &style);
	cr_expect(strstr(buf_text(&text), "1 forced switch(es) are enough"));
	cr_expect(strstr(buf_text(&text),
		"grader replay 'out/my report.json' exclusion"));
	assert_lines_fit(buf_text(&text), 80);
	report_replay_command(&command, &verdict, finding);
	cr_expect(strstr(buf_text(&command), " --switches 0.13:2,2.7:0"));
	buf_release(&text);
	buf_release(&command);
	verdict_release(&verdict);
}

Test(report, replay_command_can_be_pasted_into_a_shell)
{
	struct verdict verdict = make_verdict();
	struct buf out = {0};

	report_replay_command(&out, &verdict, &verdict.criteria[1].findings[0]);
	cr_assert_str_eq(buf_text(&out),
		"grader trace tickets 'work/my tickets.c' --scenario lock-10 "
		"--policy random --seed 18446744073709551615");
	buf_release(&out);
	verdict_release(&verdict);
}

Test(report, json_keeps_what_must_not_get_lost)
{
	struct verdict verdict = make_verdict();
	struct buf out = {0};
	cJSON *root, *finding;

	report_json_write(&out, &verdict, LANGUAGE_EN);
	root = cJSON_Parse(buf_text(&out));
	cr_assert(root);
	cr_assert_str_eq(cJSON_GetObjectItem(root, "schema")->valuestring,
		REPORT_SCHEMA);
	finding = cJSON_GetArrayItem(
		cJSON_GetObjectItem(
			cJSON_GetArrayItem(
				cJSON_GetObjectItem(root, "criteria"), 1),
			"findings"),
		0);
	cr_assert_str_eq(cJSON_GetObjectItem(finding, "seed")->valuestring,
		"18446744073709551615");
	cr_assert(cJSON_IsTrue(cJSON_GetObjectItem(finding, "hidden")));
	cr_assert(strstr(cJSON_GetObjectItem(finding, "message")->valuestring,
		"sold twice"));
	cr_assert_eq(
		cJSON_GetArraySize(cJSON_GetObjectItem(finding, "events")), 3);
	cJSON_Delete(root);
	buf_release(&out);
	verdict_release(&verdict);
}

Test(report, json_differs_between_gradings_under_run_only)
{
	struct verdict first = make_verdict(), second = make_verdict();
	struct buf a = {0}, b = {0};
	cJSON *one, *two;

	free(second.run.host);
	second.run.host = xstrdup("another");
	second.run.seconds = 12.5;
	report_json_write(&a, &first, LANGUAGE_ZH);
	report_json_write(&b, &second, LANGUAGE_ZH);
	cr_assert_str_neq(buf_text(&a), buf_text(&b));
	one = cJSON_Parse(buf_text(&a));
	two = cJSON_Parse(buf_text(&b));
	cJSON_DeleteItemFromObject(one, "run");
	cJSON_DeleteItemFromObject(two, "run");
	cr_assert(cJSON_Compare(one, two, true));
	cJSON_Delete(one);
	cJSON_Delete(two);
	buf_release(&a);
	buf_release(&b);
	verdict_release(&first);
	verdict_release(&second);
}

Test(report, json_stays_valid_utf8_whatever_the_student_wrote)
{
	struct verdict verdict = make_verdict();
	struct buf out = {0};

	free(verdict.submission);
	verdict.submission = xstrdup("\xff\x1b[31m.c");
	report_json_write(&out, &verdict, LANGUAGE_ZH);
	cr_assert_null(strchr(buf_text(&out), '\xff'));
	cr_assert_null(strchr(buf_text(&out), '\x1b'));
	buf_release(&out);
	verdict_release(&verdict);
}
