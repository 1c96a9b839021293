/* The page: what it says, what it keeps to itself, and hostile texts. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/html.h"
#include "grader/report_verdict.h"
#include "grader/tell.h"
#include "grader/told_trace.h"

static struct bilingual both(const char *zh, const char *en)
{
	return (struct bilingual){xstrdup(zh), xstrdup(en)};
}

static struct told_event told(uint32_t seq, int task, enum event_kind kind)
{
	return (struct told_event){.seq = seq,
		.time_us = 1000,
		.task = task,
		.kind = kind,
		.other = -1,
		.status = -1,
		.object = xstrdup("db"),
		.what = both("做了", "did it"),
		.place = xstrdup("a.c:2")};
}

/* Two children that read and write one file. */
static struct told_trace make_trace(void)
{
	static const enum event_kind kinds[] = {
		EVENT_READ, EVENT_READ, EVENT_WRITE, EVENT_WRITE};
	struct told_trace trace = {.scenario = xstrdup("visible"),
		.hash = xstrdup("aa"),
		.tasks = xcalloc(3, sizeof(*trace.tasks)),
		.task_count = 3,
		.events = xcalloc(4, sizeof(*trace.events)),
		.event_count = 4,
		.event_total = 9};

	for (int i = 0; i < 3; i++)
		trace.tasks[i] =
			(struct told_task){.name = xasprintf("buyer %d", i),
				.parent = i ? 0 : -1,
				.process = i,
				.died_us = -1};
	for (uint32_t i = 0; i < 4; i++)
		trace.events[i] = told(i, 1 + (int)i % 2, kinds[i]);
	return trace;
}

static struct finding make_finding(const char *scenario, bool hidden)
{
	struct finding finding = {.rule = xstrdup("never-overlap"),
		.message = both(hidden ? "泄密的话" : "同时",
			hidden ? "secret words" : "at the same time"),
		.hint = both("想想锁", "think of a lock"),
		.cause = xstrdup("lost-update"),
		.story = both(hidden ? "秘密经过" : "经过",
			hidden ? "secret story" : "the story, see a.c:2"),
		.remedy = both("加锁", "take a lock"),
		.scenario = xstrdup(scenario),
		.scenario_command =
			xasprintf("./a %s", hidden ? "secret 42" : "lock"),
		.hidden = hidden,
		.policy = xstrdup("random"),
		.seed = UINT64_MAX,
		.trace_hash = xstrdup("aa"),
		.found_policy = xstrdup("random"),
		.failing_schedules = 3,
		.schedules = 5,
		.events = xcalloc(1, sizeof(struct verdict_event)),
		.event_count = 1};

	finding.events[0] = (struct verdict_event){.seq = 2,
		.who = xstrdup("buyer 1"),
		.what = both(hidden ? "秘密输出" : "写了",
			hidden ? "secret output" : "wrote"),
		.place = xstrdup("a.c:2")};
	return finding;
}

static struct verdict make_verdict(void)
{
	struct verdict verdict = {.exercise = xstrdup("x"),
		.exercise_title = both("题目", "title"),
		.submission = xstrdup("/home/teacher/a.c"),
		.submission_hash = xasprintf("%064d", 0),
		.state = VERDICT_FAIL,
		.max_score = 10,
		.sandbox_grade = 'A',
		.sources = xcalloc(1, sizeof(struct source_text)),
		.source_count = 1,
		.traces = xcalloc(1, sizeof(struct told_trace)),
		.trace_count = 1,
		.criteria = xcalloc(1, sizeof(struct criterion)),
		.criterion_count = 1};
	struct criterion *criterion = &verdict.criteria[0];

	verdict.compile.command = xstrdup("gcc a.c");
	verdict.compile.ok = true;
	verdict.compile.log = xstrdup("");
	verdict.sources[0] = source_text_make("a.c", "int a;\r\nwrite(a);\n",
		strlen("int a;\r\nwrite(a);\n"));
	verdict.traces[0] = make_trace();
	*criterion = (struct criterion){.id = xstrdup("mutex"),
		.title = both("互斥", "exclusion"),
		.state = VERDICT_FAIL,
		.max_points = 10,
		.findings = xcalloc(2, sizeof(struct finding)),
		.finding_count = 2};
	criterion->findings[0] = make_finding("hidden-one", true);
	criterion->findings[1] = make_finding("visible", false);
	verdict.run.started = xstrdup("2026-01-01T00:00:00Z");
	verdict.run.host = xstrdup("host");
	verdict.run.grader_version = xstrdup("0");
	return verdict;
}

/* Owned. */
static char *page_of(const struct verdict *verdict)
{
	struct buf out = {0};

	report_html_write(&out, verdict, LANGUAGE_EN, "r.json");
	return buf_detach(&out);
}

static char *escaped(const char *text, size_t length)
{
	struct buf out = {0};

	html_text_n(&out, text, length);
	return buf_detach(&out);
}

static void expect_escaped(
	const char *text, size_t length, const char *expected)
{
	auto_free char *made = escaped(text, length);

	cr_assert_str_eq(made, expected);
}

Test(report_html, no_text_is_a_tag_or_ends_an_attribute)
{
	expect_escaped("</script><b x=\"y\" z='w'>&amp;",
		strlen("</script><b x=\"y\" z='w'>&amp;"),
		"&lt;/script&gt;&lt;b x=&quot;y&quot; z=&#39;w&#39;&gt;"
		"&amp;amp;");
}

Test(report_html, what_cannot_be_seen_is_shown)
{
	expect_escaped("a\0b", 3,
		"a\xef\xbf\xbd"
		"b");
	expect_escaped("\x1b[31m", 5, "\xef\xbf\xbd[31m");
	expect_escaped(
		"\xff\xc0\xaf<", 4, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd&lt;");
	expect_escaped("x\xe2\x80\xaey", 5, "x<b class=\"odd\">U+202E</b>y");
	expect_escaped("\xc2\x9b", 2, "\xef\xbf\xbd");
	expect_escaped("tab\tline\n路", 12, "tab\tline\n路");
}

Test(report_html, an_attribute_has_no_tags)
{
	struct buf out = {0};

	html_plain(&out, "\xe2\x80\xae\"<");
	cr_assert_str_eq(buf_text(&out), "U+202E&quot;&lt;");
	buf_release(&out);
}

Test(report_html, the_page_tells_the_visible_finding)
{
	struct verdict verdict = make_verdict();
	auto_free char *page = page_of(&verdict);

	cr_assert(strstr(page, "at the same time"));
	cr_assert(strstr(page, "<svg class=\"diagram\""));
	cr_assert(strstr(page, "the story, see <a class=\"place\" "
			       "href=\"#s0-2\">a.c:2</a>"));
	cr_assert(strstr(page, "id=\"s0-2\" class=\"named\""));
	cr_assert(strstr(page, "href=\"#c0-1\""));
	cr_assert(strstr(page, "grader replay r.json mutex"));
	cr_assert(strstr(page, "default-src 'none'"));
	verdict_release(&verdict);
}

Test(report_html, nothing_of_a_hidden_scenario_is_on_the_page)
{
	struct verdict verdict = make_verdict();
	auto_free char *page = page_of(&verdict);
	auto_free char *only = NULL;

	cr_assert_null(strstr(page, "secret"));
	cr_assert_null(strstr(page, "秘密"));
	cr_assert_null(strstr(page, "泄密"));
	cr_assert_null(strstr(page, "hidden-one"));
	cr_assert_null(strstr(page, "/home/teacher"));
	/* nor when there is nothing else to tell */
	finding_release(&verdict.criteria[0].findings[1]);
	verdict.criteria[0].finding_count = 1;
	only = page_of(&verdict);
	cr_assert_null(strstr(only, "secret"));
	cr_assert_null(strstr(only, "秘密"));
	cr_assert_null(strstr(only, "hidden-one"));
	cr_assert(strstr(only, "Take a lock") || strstr(only, "take a lock"));
	/* and then there is no picture to be sent to */
	cr_assert(strstr(page, "the steps that matter and the picture"));
	cr_assert_null(strstr(only, "the steps that matter and the picture"));
	cr_assert(strstr(only, "It shows in hidden tests only."));
	verdict_release(&verdict);
}

Test(report_html, hostile_texts_make_no_tag)
{
	static const char hostile[] = "</svg></style></script><script>alert(1)"
				      "</script><img src=x onerror=alert(1)>";
	struct verdict verdict = make_verdict();
	auto_free char *page = NULL;
	size_t scripts = 0;

	free(verdict.traces[0].tasks[1].name);
	verdict.traces[0].tasks[1].name = xstrdup(hostile);
	free(verdict.traces[0].events[0].what.en);
	verdict.traces[0].events[0].what.en = xstrdup(hostile);
	free(verdict.traces[0].events[1].place);
	verdict.traces[0].events[1].place = xstrdup(hostile);
	free(verdict.sources[0].text);
	verdict.sources[0].text = xstrdup(hostile);
	free(verdict.sources[0].name);
	verdict.sources[0].name = xstrdup("\"><script>");
	free(verdict.compile.log);
	verdict.compile.log = xstrdup(hostile);
	free(verdict.criteria[0].id);
	verdict.criteria[0].id = xstrdup("\"><script>");
	page = page_of(&verdict);
	cr_assert_null(strstr(page, "<img"));
	for (const char *at = page; (at = strstr(at, "<script")); at++)
		scripts++;
	cr_assert_eq(scripts, 1);
	verdict_release(&verdict);
}

Test(report_html, an_answer_and_its_mark_are_shown)
{
	struct verdict verdict = make_verdict();
	struct criterion *criterion = &verdict.criteria[0];
	auto_free char *page = NULL;

	criterion->written = true;
	criterion->answer.file = xstrdup("ANSWER.md");
	criterion->answer.hash = xstrdup("ab");
	criterion->answer.text = xstrdup("<b>because</b>");
	criterion->mark = xcalloc(1, sizeof(*criterion->mark));
	criterion->mark->points = 7.5;
	criterion->mark->comment = xstrdup("why <i>?");
	criterion->mark->of = xstrdup("ab");
	criterion->mark->counts = true;
	page = page_of(&verdict);
	cr_assert(strstr(page, "&lt;b&gt;because&lt;/b&gt;"));
	cr_assert(strstr(page, "why &lt;i&gt;?"));
	cr_assert(strstr(page, "7.5"));
	verdict_release(&verdict);
}

Test(report_html, a_report_read_again_gives_the_same_report)
{
	struct verdict verdict = make_verdict(), again;
	struct buf one = {0}, other = {0};
	enum language language = LANGUAGE_ZH;
	struct err err = {""};

	verdict.criteria[0].written = true;
	verdict.criteria[0].answer.file = xstrdup("ANSWER.md");
	verdict.criteria[0].answer.hash = xasprintf("%064d", 1);
	verdict.criteria[0].answer.text = xstrdup("text");
	verdict.criteria[0].mark = xcalloc(1, sizeof(struct mark));
	verdict.criteria[0].mark->of = xasprintf("%064d", 1);
	verdict.criteria[0].mark->by = xstrdup("Li");
	report_json_write(&one, &verdict, LANGUAGE_EN);
	cr_assert_eq(report_verdict_read(&again, &language, buf_text(&one),
			     one.length, "r", &err),
		0, "%s", err.text);
	cr_assert_eq(language, LANGUAGE_EN);
	report_json_write(&other, &again, language);
	cr_assert_str_eq(buf_text(&one), buf_text(&other));
	buf_release(&one);
	buf_release(&other);
	verdict_release(&verdict);
	verdict_release(&again);
}

/* Reads the report with FROM replaced by TO, of the same length. */
static int read_changed(const char *from, const char *to, struct err *err)
{
	struct verdict verdict = make_verdict(), again;
	struct buf text = {0};
	char *at;
	int r;

	cr_assert_eq(strlen(from), strlen(to));
	report_json_write(&text, &verdict, LANGUAGE_EN);
	at = strstr(text.data, from);
	cr_assert(at, "%s", from);
	memcpy(at, to, strlen(to));
	r = report_verdict_read(
		&again, NULL, buf_text(&text), text.length, "r", err);
	if (r == 0)
		verdict_release(&again);
	buf_release(&text);
	verdict_release(&verdict);
	return r;
}

Test(report_html, a_mended_report_is_not_taken)
{
	struct err err = {""};

	cr_assert_neq(read_changed("\"task\":2", "\"task\":7", &err), 0);
	cr_assert(strstr(err.text, "task"), "%s", err.text);
	cr_assert_neq(
		read_changed("\"kind\":\"read\"", "\"kind\":\"raed\"", &err),
		0);
	cr_assert_neq(read_changed("\"parent\":0", "\"parent\":9", &err), 0);
	cr_assert_neq(
		read_changed("\"event_total\":9", "\"event_total\":1", &err),
		0);
	cr_assert_eq(read_changed("\"seq\":3", "\"seq\":8", &err), 0);
}

Test(report_html, a_source_keeps_its_lines_and_is_cut_at_one)
{
	size_t size = SOURCE_TEXT_MAX + 100;
	char *big = xcalloc(size + 1, 1);
	struct source_text source;

	memset(big, 'x', size);
	big[10] = '\r';
	big[11] = '\n';
	big[SOURCE_TEXT_MAX - 5] = '\n';
	source = source_text_make("a.c", big, size);
	cr_assert(source.cut);
	cr_assert_eq(strlen(source.text), SOURCE_TEXT_MAX - 5);
	cr_assert_eq(source.text[10], '\n');
	free(source.text);
	free(source.name);
	free(big);
}
