/*
 * The biggest report that there can be: every part full of what takes most
 * room when it is written.  No format of it has more than 10 MB, and the report
 * says what is not whole.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/bounds.h"
#include "grader/report/format.h"
#include "grader/report_verdict.h"

#define CRITERIA 40
#define FINDINGS 6 /* as many as a check keeps of a criterion */
#define EVIDENCE 12
#define TRACES 16 /* of findings, and right ones */
#define FILES 16
#define NOTES 20

/* LENGTH bytes of it; owned. */
static char *many(const char *piece, size_t length)
{
	struct buf text = {0};

	while (text.length + strlen(piece) <= length)
		buf_adds(&text, piece);
	return buf_detach(&text);
}

static struct bilingual both(const char *piece, size_t length)
{
	return (struct bilingual){many(piece, length), many(piece, length)};
}

static struct told_event make_event(uint32_t seq, const char *piece)
{
	return (struct told_event){.seq = seq,
		.time_us = seq,
		.task = (int)seq,
		.kind = EVENT_FORK,
		.other = (int)seq + 1,
		.status = -1,
		.object = many(piece, 160),
		.text = many(piece, 160),
		.after = many(piece, 160),
		.call = many(piece, 160),
		.what = both(piece, 400),
		.place = many(piece, 60)};
}

/* Each event makes a task, which makes the next: clocks grow and grow. */
static struct told_trace make_trace(size_t number, const char *piece)
{
	struct told_trace trace = {.scenario = xasprintf("s%zu", number),
		.hash = xasprintf("%064zx", number),
		.right = number >= TRACES - 4,
		.task_count = TOLD_EVENTS_MAX + 1,
		.event_count = TOLD_EVENTS_MAX,
		.event_total = 300000,
		.switch_count = TOLD_EVENTS_MAX};

	trace.tasks = xcalloc(trace.task_count, sizeof(*trace.tasks));
	trace.events = xcalloc(trace.event_count, sizeof(*trace.events));
	trace.switches = xcalloc(trace.switch_count, sizeof(*trace.switches));
	for (int i = 0; i < (int)trace.task_count; i++)
		trace.tasks[i] = (struct told_task){.name = many(piece, 160),
			.parent = i - 1,
			.process = i,
			.died_us = -1};
	for (uint32_t i = 0; i < trace.event_count; i++) {
		trace.events[i] = make_event(i, piece);
		trace.switches[i] = (struct told_switch){i, (int)i, -1};
	}
	return trace;
}

static struct finding make_finding(size_t number, const char *piece)
{
	struct finding finding = {.rule = xstrdup("never-overlap"),
		.message = both(piece, 40000),
		.hint = both(piece, 400),
		.cause = xstrdup("lost-update"),
		.story = both(piece, 40000),
		.remedy = both(piece, 400),
		.scenario = xasprintf("s%zu", number % TRACES),
		.scenario_command = many(piece, 9000),
		.policy = xstrdup("run-to-block"),
		.seed = UINT64_MAX,
		.switches = many("10000.10000:10,", 6000),
		.trace_hash = xasprintf("%064zx", number % TRACES),
		.found_policy = xstrdup("random"),
		.events = xcalloc(EVIDENCE, sizeof(struct verdict_event)),
		.event_count = EVIDENCE};

	finding.switches[strlen(finding.switches) - 1] = '\0';
	for (size_t i = 0; i < EVIDENCE; i++)
		finding.events[i] = (struct verdict_event){.seq = (uint32_t)i,
			.task = 1,
			.who = many(piece, 160),
			.what = both(piece, 9000),
			.place = xasprintf("f%zu.c:%zu", i % FILES, i + 1)};
	return finding;
}

static void make_criterion(
	struct criterion *criterion, size_t number, const char *piece)
{
	*criterion = (struct criterion){.id = xasprintf("c%zu", number),
		.title = both("题", 60),
		.state = VERDICT_FAIL,
		.max_points = 2,
		.findings = xcalloc(FINDINGS, sizeof(struct finding)),
		.finding_count = FINDINGS,
		.written = true};
	criterion->answer.file = xstrdup("ANSWER.md");
	criterion->answer.hash = many("0", 64);
	criterion->answer.text = many(piece, 64 << 10);
	for (size_t i = 0; i < FINDINGS; i++)
		criterion->findings[i] = make_finding(number, piece);
}

static void make_parts(struct verdict *verdict, const char *piece)
{
	auto_free char *log =
		many("./f1.c:1:1: warning: \"<&\n", (64 << 10) - 8);

	verdict->compile.command = many("'f.c' ", 20000);
	verdict->compile.ok = true;
	verdict->compile.log = xasprintf("%s", log);
	verdict->compile.log_cut = true;
	verdict->sources = xcalloc(FILES, sizeof(*verdict->sources));
	verdict->source_count = FILES;
	for (size_t i = 0; i < FILES; i++)
		verdict->sources[i] =
			(struct source_text){.name = xasprintf("f%zu.c", i),
				.text = many(piece, 256 << 10),
				.cut = true};
	verdict->traces = xcalloc(TRACES, sizeof(*verdict->traces));
	verdict->trace_count = TRACES;
	for (size_t i = 0; i < TRACES; i++)
		verdict->traces[i] = make_trace(i, piece);
	verdict->criteria = xcalloc(CRITERIA, sizeof(*verdict->criteria));
	verdict->criterion_count = CRITERIA;
	for (size_t i = 0; i < CRITERIA; i++)
		make_criterion(&verdict->criteria[i], i, piece);
	verdict->warnings = xcalloc(NOTES, sizeof(*verdict->warnings));
	verdict->warning_count = NOTES;
	for (size_t i = 0; i < NOTES; i++)
		verdict->warnings[i] = (struct verdict_note){
			.kind = xstrdup("denied"), .text = both(piece, 20000)};
}

static struct verdict make_verdict(const char *piece)
{
	struct verdict verdict = {.exercise = xstrdup("x"),
		.exercise_title = both("题", 30),
		.submission = xstrdup("/home/teacher/work"),
		.submission_hash = many("0", 64),
		.max_score = 2 * CRITERIA,
		.sandbox_grade = 'A'};

	make_parts(&verdict, piece);
	verdict.run.started = xstrdup("2026-01-01T00:00:00Z");
	verdict.run.host = xstrdup("host");
	verdict.run.grader_version = xstrdup("0");
	verdict_settle(&verdict);
	return verdict;
}

static void expect_small(const struct verdict *verdict, const char *piece)
{
	struct report_style style = {.language = LANGUAGE_ZH, .columns = 80};

	for (const struct report_format *format = REPORT_FORMATS; format->name;
		format++) {
		struct buf out = {0};

		format->write(&out, verdict, &style);
		cr_expect_leq(out.length, BOUNDS_REPORT, "%s of '%s': %zu",
			format->name, piece, out.length);
		buf_release(&out);
	}
}

static void expect_bounded(const char *piece)
{
	struct verdict verdict = make_verdict(piece), again;
	struct buf json = {0};
	struct err err = {{0}};

	bounds_apply(&verdict);
	for (int part = 0; part < VERDICT_PART_COUNT; part++)
		cr_expect(verdict.truncated[part], "%s of '%s'",
			verdict_part_name((enum verdict_part)part), piece);
	expect_small(&verdict, piece);
	report_json_write(&json, &verdict, LANGUAGE_EN);
	cr_assert_eq(report_verdict_read(&again, NULL, buf_text(&json),
			     json.length, "r.json", &err),
		0, "%s", err.text);
	cr_expect_arr_eq(
		again.truncated, verdict.truncated, sizeof(again.truncated));
	/* nothing was left out behind the back of the marks */
	for (size_t i = 0; i < verdict.trace_count; i++)
		cr_expect_eq(again.traces[i].event_count,
			verdict.traces[i].event_count);
	verdict_release(&again);
	buf_release(&json);
	verdict_release(&verdict);
}

Test(bounds, hold_for_signs_of_html, .timeout = 120)
{
	expect_bounded("<");
}

Test(bounds, hold_for_quotes, .timeout = 120)
{
	expect_bounded("\"");
}

Test(bounds, hold_for_lines_without_anything, .timeout = 120)
{
	expect_bounded("\n");
}

Test(bounds, hold_for_words, .timeout = 120)
{
	expect_bounded("字 ");
}

/* The control: without them the report is as big as the submission likes. */
Test(bounds, are_what_keeps_the_report_small)
{
	struct verdict verdict = make_verdict("<");
	struct buf json = {0};

	report_json_write(&json, &verdict, LANGUAGE_EN);
	cr_expect_gt(json.length, 2 * (size_t)BOUNDS_REPORT);
	buf_release(&json);
	verdict_release(&verdict);
}

Test(bounds, leave_a_usual_report_as_it_is)
{
	struct verdict verdict = {
		.sources = xcalloc(1, sizeof(struct source_text)),
		.source_count = 1};
	struct told_trace *trace;

	verdict.sources[0].name = xstrdup("a.c");
	verdict.sources[0].text = many("int a;\n", 200 << 10);
	verdict.traces = xcalloc(1, sizeof(*verdict.traces));
	verdict.trace_count = 1;
	trace = &verdict.traces[0];
	trace->tasks = xcalloc(1, sizeof(*trace->tasks));
	trace->tasks[0].name = xstrdup("main");
	trace->task_count = 1;
	trace->events = xcalloc(1, sizeof(*trace->events));
	trace->events[0] = make_event(0, "a");
	trace->events[0].other = -1;
	trace->event_count = trace->event_total = 1;
	bounds_apply(&verdict);
	for (int part = 0; part < VERDICT_PART_COUNT; part++)
		cr_expect_not(verdict.truncated[part]);
	cr_expect_eq(strlen(verdict.sources[0].text), (200u << 10) / 7 * 7);
	cr_expect_eq(trace->event_count, 1);
	verdict_release(&verdict);
}

Test(bounds, cut_a_source_at_a_line_and_a_text_at_a_character)
{
	struct verdict verdict = {
		.sources = xcalloc(2, sizeof(struct source_text)),
		.source_count = 2,
		.warnings = xcalloc(1, sizeof(struct verdict_note)),
		.warning_count = 1};
	const char *text;

	for (size_t i = 0; i < 2; i++) {
		verdict.sources[i].name = xstrdup("a.c");
		verdict.sources[i].text = many("int a;\n", 700 << 10);
	}
	verdict.warnings[0].kind = xstrdup("x");
	verdict.warnings[0].text = both("字", 3000);
	bounds_apply(&verdict);
	cr_expect_not(verdict.sources[0].cut);
	cr_expect(verdict.sources[1].cut);
	text = verdict.sources[1].text;
	cr_expect_eq(strlen(text) % 7, 0);
	cr_expect_gt(strlen(text), 0);
	text = verdict.warnings[0].text.zh;
	cr_expect_eq(strlen(text), 1998 + strlen("…"));
	cr_expect_str_eq(text + 1998, "…");
	verdict_release(&verdict);
}

Test(bounds, a_cut_run_has_no_task_that_nobody_names)
{
	struct told_trace trace = make_trace(0, "a");

	told_trace_cut(&trace, 10);
	cr_expect_eq(trace.event_count, 10);
	cr_expect_eq(trace.task_count, 11);
	cr_expect_eq(trace.switch_count, 11);
	told_trace_cut(&trace, 0);
	cr_expect_eq(trace.task_count, 1);
	cr_expect_eq(trace.switch_count, 1);
	told_trace_release(&trace);
}
