/*
 * What is said about one criterion that is not fulfilled: what happened, what
 * kind of mistake that is, the steps that matter, the diagram, and how to see
 * it again.  Of a hidden scenario only what the exercise itself says.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/html.h"

#define STEPS_SHOWN 24

static const struct criterion *criterion_of(
	const struct page *page, const struct html_case *one)
{
	return &page->verdict->criteria[one->criterion];
}

static void add_heading(struct buf *out, const char *zh, const char *en)
{
	buf_adds(out, "<h3>");
	html_both(out, zh, en);
	buf_adds(out, "</h3>\n");
}

/* Name of the mistake, why it is one, and what happened. */
static void add_mistake(const struct page *page, const struct finding *finding)
{
	const struct cause_words *words = html_cause_words(finding->cause);
	struct buf *out = page->out;

	if (!finding->cause)
		return;
	buf_adds(out, "<div class=\"mistake\">\n<h3>");
	html_both(out, "这是哪一种错误：", "What kind of mistake: ");
	if (words)
		html_both(out, words->zh, words->en);
	else
		html_text(out, finding->cause);
	buf_adds(out, "</h3>\n");
	if (words) {
		buf_adds(out, "<p class=\"why\">");
		html_both(out, words->zh_why, words->en_why);
		buf_adds(out, "</p>\n");
	}
	buf_adds(out, "<p><b>");
	html_both(out, "在你的程序里：", "In your program: ");
	buf_adds(out, "</b>");
	html_prose_both(page, &finding->story);
	buf_adds(out, "</p>\n</div>\n");
}

static void add_todo(const struct page *page, const struct finding *finding)
{
	const struct bilingual *remedy = &finding->remedy;
	const struct bilingual *hint = &finding->hint;

	if (!*language_pick(remedy, LANGUAGE_EN) &&
		!*language_pick(hint, LANGUAGE_EN))
		return;
	buf_adds(page->out, "<div class=\"todo\">\n");
	add_heading(page->out, "怎么办", "What to do");
	if (*language_pick(remedy, LANGUAGE_EN)) {
		buf_adds(page->out, "<p>");
		html_prose_both(page, remedy);
		buf_adds(page->out, "</p>\n");
	}
	if (*language_pick(hint, LANGUAGE_EN)) {
		buf_adds(page->out, "<p>");
		html_prose_both(page, hint);
		buf_adds(page->out, "</p>\n");
	}
	buf_adds(page->out, "</div>\n");
}

struct step {
	int64_t time_us;
	const char *who;
	const struct bilingual *what;
	const char *place;
	enum diagram_role role;
};

/* <li>: when, who, what, where, and the line of the source. */
static void add_step(const struct page *page, const struct html_case *one,
	const struct step *step, size_t number)
{
	auto_free char *line = html_source_line(page->verdict, step->place);
	const char *zh = html_role_zh(step->role);
	const char *en = html_role_en(step->role);
	struct buf *out = page->out;

	buf_addf(out, "<li id=\"c%zu-%zu\"><span class=\"when\">",
		one->criterion, number);
	html_seconds(out, step->time_us);
	buf_adds(out, "</span> <b class=\"who\">");
	if (step->who)
		html_text(out, step->who);
	else
		html_both(out, "评分器", "the grader");
	buf_adds(out, "</b> ");
	html_bilingual(out, step->what);
	if (step->place) {
		buf_adds(out, " · ");
		html_place(page, step->place);
	}
	if (zh) {
		buf_adds(out, "<br><em>");
		html_both(out, zh, en);
		buf_adds(out, "</em>");
	}
	if (line && *line) {
		buf_adds(out, "<code class=\"line\">");
		html_text(out, line);
		buf_adds(out, "</code>");
	}
	buf_adds(out, "</li>\n");
}

static void add_traced_steps(
	const struct page *page, const struct html_case *one)
{
	const struct diagram *diagram = &one->diagram;

	for (size_t i = 0; i < diagram->step_count && i < STEPS_SHOWN; i++) {
		const struct diagram_row *row =
			&diagram->rows[diagram->steps[i]];
		const struct told_event *event =
			&one->trace->events[row->event];
		struct step step = {event->time_us,
			event->task < 0 ? NULL
					: one->trace->tasks[event->task].name,
			&event->what, event->place, row->role};

		add_step(page, one, &step, i + 1);
	}
}

static void add_told_steps(const struct page *page, const struct html_case *one)
{
	const struct finding *finding = one->finding;

	for (size_t i = 0; i < finding->event_count && i < STEPS_SHOWN; i++) {
		const struct verdict_event *event = &finding->events[i];
		struct step step = {event->time_us, event->who, &event->what,
			event->place, DIAGRAM_EVIDENCE};

		add_step(page, one, &step, i + 1);
	}
}

static void add_steps(const struct page *page, const struct html_case *one)
{
	size_t count = one->trace ? one->diagram.step_count
				  : one->finding->event_count;

	if (!count)
		return;
	add_heading(page->out, "关键的几步", "The steps that matter");
	buf_adds(page->out, "<ol class=\"steps\">\n");
	if (one->trace)
		add_traced_steps(page, one);
	else
		add_told_steps(page, one);
	buf_adds(page->out, "</ol>\n");
	if (count > STEPS_SHOWN) {
		buf_adds(page->out, "<p>");
		html_both_take(page->out,
			xasprintf("……还有 %zu 步。", count - STEPS_SHOWN),
			xasprintf("... and %zu more.", count - STEPS_SHOWN));
		buf_adds(page->out, "</p>\n");
	}
}

static void add_command(struct buf *out, const char *command)
{
	buf_adds(out, "<pre class=\"command\"><code>");
	html_text(out, command);
	buf_adds(out, "</code></pre>\n");
}

/* The command names the program as it is called where the student is. */
static void add_trace_command(
	const struct page *page, const struct finding *finding)
{
	struct verdict here = *page->verdict;
	char *slash = strrchr(here.submission, '/');
	struct buf command = {0};

	if (slash && slash[1])
		here.submission = slash + 1;
	report_replay_command(&command, &here, finding);
	add_command(page->out, buf_text(&command));
	buf_release(&command);
}

static void add_again(const struct page *page, const struct html_case *one)
{
	const struct criterion *criterion = criterion_of(page, one);
	const struct finding *finding = one->finding;
	size_t number = (size_t)(finding - criterion->findings);
	struct buf command = {0};
	struct buf *out = page->out;

	if (!finding->scenario)
		return;
	add_heading(out, "自己再看一遍", "See it again yourself");
	buf_adds(out, "<p>");
	html_both(out, "同样的执行可以一步不差地重放：",
		"The same run can be replayed, step by step:");
	buf_adds(out, "</p>\n");
	report_show_command(&command, page->report_path, criterion->id);
	if (number > 0)
		buf_addf(&command, " --finding %zu", number + 1);
	add_command(out, buf_text(&command));
	buf_release(&command);
	buf_adds(out, "<p>");
	html_both(out, "没有报告文件时，也可以直接打印这次执行的轨迹：",
		"Without the report, this prints the trace of that run:");
	buf_adds(out, "</p>\n");
	add_trace_command(page, finding);
}

/* In which run it shows, and how often. */
static void add_occasion(const struct page *page, const struct finding *finding)
{
	struct buf *out = page->out;

	if (!finding->scenario_command)
		return;
	buf_adds(out, "<p class=\"occasion\"><code>");
	html_text(out, finding->scenario_command);
	buf_adds(out, "</code> · ");
	html_both_take(out,
		xasprintf("试了 %zu 种执行次序，%zu 种出错", finding->schedules,
			finding->failing_schedules),
		xasprintf("%zu orders of execution were tried, %zu go wrong",
			finding->schedules, finding->failing_schedules));
	buf_adds(out, "</p>\n");
}

/* The findings that are not shown. */
static void add_others(const struct page *page, const struct html_case *one)
{
	const struct criterion *criterion = criterion_of(page, one);
	struct buf *out = page->out;
	size_t hidden = 0, shown = 0;

	for (size_t i = 0; i < criterion->finding_count; i++) {
		const struct finding *finding = &criterion->findings[i];

		if (finding->hidden) {
			hidden++;
			continue;
		}
		if (finding == one->finding)
			continue;
		buf_adds(out, shown++ ? "<li>" : "<ul class=\"also\">\n<li>");
		html_both(out, "还有：", "also: ");
		html_prose_both(page, &finding->message);
		if (finding->scenario_command) {
			buf_adds(out, " (<code>");
			html_text(out, finding->scenario_command);
			buf_adds(out, "</code>)");
		}
		buf_adds(out, "</li>\n");
	}
	if (shown)
		buf_adds(out, "</ul>\n");
	if (hidden) {
		buf_adds(out, "<p class=\"hidden\">");
		html_both_take(out,
			xasprintf("另有 %zu 处只在隐藏的测试里出现，"
				  "这里不说细节。",
				hidden),
			xasprintf("%zu more finding%s of hidden tests, about "
				  "which nothing is told here.",
				hidden,
				hidden == 1 ? " comes from" : "s come from"));
		buf_adds(out, "</p>\n");
	}
}

/* Only hidden scenarios show it. */
static void add_hidden_hint(
	const struct page *page, const struct criterion *criterion)
{
	for (size_t i = 0; i < criterion->finding_count; i++) {
		const struct finding *finding = &criterion->findings[i];
		const struct cause_words *words =
			html_cause_words(finding->cause);

		if (!words)
			continue;
		buf_adds(page->out, "<p>");
		html_both(page->out, "看起来是：", "It seems to be: ");
		buf_adds(page->out, "<b>");
		html_both(page->out, words->zh, words->en);
		buf_adds(page->out, "</b>");
		html_both(page->out, "。", ". ");
		html_both(page->out, words->zh_why, words->en_why);
		buf_adds(page->out, "</p>\n");
		break;
	}
	if (criterion->finding_count)
		add_todo(page, &criterion->findings[0]);
}

static void add_told(const struct page *page, const struct html_case *one)
{
	const struct finding *finding = one->finding;

	buf_adds(page->out, "<p class=\"message\">");
	html_prose_both(page, &finding->message);
	buf_adds(page->out, "</p>\n");
	add_occasion(page, finding);
	if (one->same != HTML_NO_CASE) {
		size_t number = page->cases[one->same].criterion;

		buf_adds(page->out, "<p class=\"same\">");
		html_both(page->out, "这是同一个错误的又一个后果，经过和图见：",
			"The same mistake shows here too; what happened, and "
			"the diagram: ");
		buf_addf(page->out, "<a href=\"#c%zu\">", number);
		html_bilingual(
			page->out, &page->verdict->criteria[number].title);
		buf_adds(page->out, "</a></p>\n");
		return;
	}
	add_mistake(page, finding);
	add_steps(page, one);
	html_write_figure(page, one);
	add_todo(page, finding);
	add_again(page, one);
}

void html_write_case(const struct page *page, const struct html_case *one)
{
	const struct criterion *criterion = criterion_of(page, one);
	struct buf *out = page->out;

	buf_addf(out,
		"<section class=\"case\" id=\"c%zu\" "
		"aria-labelledby=\"c%zu-h\">\n"
		"<h2 id=\"c%zu-h\"><span class=\"mark bad\" "
		"aria-hidden=\"true\">✗</span> ",
		one->criterion, one->criterion, one->criterion);
	html_bilingual(out, &criterion->title);
	buf_adds(out, "</h2>\n");
	if (one->finding)
		add_told(page, one);
	else
		add_hidden_hint(page, criterion);
	add_others(page, one);
	buf_adds(out, "</section>\n");
}
