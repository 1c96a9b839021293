/* The diagram with what is needed to read it, and the same as a table. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/html.h"

#define TABLE_ROWS_MAX 400

static void add_key(
	struct buf *out, const char *class, const char *zh, const char *en)
{
	buf_addf(out,
		"<li><span class=\"swatch %s\" aria-hidden=\"true\"></span>",
		class);
	html_both(out, zh, en);
	buf_adds(out, "</li>\n");
}

static bool has_span(const struct diagram *diagram, enum diagram_state state)
{
	for (size_t i = 0; i < diagram->span_count; i++)
		if (diagram->spans[i].state == state)
			return true;
	return false;
}

static bool has_arrow(
	const struct diagram *diagram, enum diagram_arrow_kind kind)
{
	for (size_t i = 0; i < diagram->arrow_count; i++)
		if (diagram->arrows[i].kind == kind)
			return true;
	return false;
}

/* Only what is in the diagram. */
static void add_legend(struct buf *out, const struct diagram *diagram)
{
	static const struct {
		enum diagram_state state;
		const char *class, *zh, *en;
	} spans[] = {
		{DIAGRAM_UPDATE, "update", "读出来到写回去之间：别人不该插进来",
			"between read and write: nobody should come in"},
		{DIAGRAM_HOLDS, "holds", "拿着锁", "has a lock"},
		{DIAGRAM_WAITS, "waits", "在等别人", "waits for another"},
		{DIAGRAM_SLEEPS, "sleeps", "睡眠", "sleeps"},
		{DIAGRAM_FOR_EVER, "ever", "等到最后也没有等到",
			"waits, and it never comes"},
		{DIAGRAM_ORPHANED, "orphaned", "父进程已经结束，它还活着",
			"its parent has ended, it lives on"},
		{DIAGRAM_ZOMBIE, "zombie", "已经结束，还没有被回收",
			"has ended, is not yet waited for"},
	};
	static const struct {
		enum diagram_arrow_kind kind;
		const char *class, *zh, *en;
	} arrows[] = {
		{DIAGRAM_FORK, "line", "创建进程，或者回收它",
			"makes a process, or waits for it"},
		{DIAGRAM_ITEM, "line item", "放进去的东西被取走",
			"what was put in is taken out"},
		{DIAGRAM_LOCK, "line lock", "锁放开，等它的人拿到",
			"a lock given back, got by who waited"},
		{DIAGRAM_LOST, "line bad", "盖掉了前一次写入",
			"overwrites the earlier write"},
		{DIAGRAM_WAITS_FOR, "line bad", "在等谁", "waits for whom"},
	};

	buf_adds(out, "<ul class=\"legend\">\n");
	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
		if (has_span(diagram, spans[i].state))
			add_key(out, spans[i].class, spans[i].zh, spans[i].en);
	for (size_t i = 0; i < sizeof(arrows) / sizeof(*arrows); i++)
		if (has_arrow(diagram, arrows[i].kind))
			add_key(out, arrows[i].class, arrows[i].zh,
				arrows[i].en);
	for (size_t i = 0; i < diagram->row_count; i++)
		if (diagram->rows[i].switched) {
			buf_adds(out, "<li>⇄ ");
			html_both(out, "调度器在这里换了一个进程",
				"the scheduler let another go on here");
			buf_adds(out, "</li>\n");
			break;
		}
	buf_adds(out, "</ul>\n");
}

static void add_table_row(const struct page *page,
	const struct told_trace *trace, const struct told_event *event)
{
	struct buf *out = page->out;

	buf_adds(out, "<tr><td>");
	html_seconds(out, event->time_us);
	buf_adds(out, "</td><td>");
	if (event->task >= 0)
		html_text(out, trace->tasks[event->task].name);
	buf_adds(out, "</td><td>");
	html_bilingual(out, &event->what);
	buf_adds(out, "</td><td>");
	if (event->place)
		html_place(page, event->place);
	buf_adds(out, "</td></tr>\n");
}

/* Every step, also those that the diagram folds. */
static void add_table(const struct page *page, const struct told_trace *trace)
{
	struct buf *out = page->out;
	size_t shown = 0;

	buf_adds(out, "<details class=\"all\"><summary>");
	html_both_take(out, xasprintf("全部步骤（%zu 步）", trace->event_total),
		xasprintf("All steps (%zu)", trace->event_total));
	buf_adds(out,
		"</summary>\n<div class=\"scroll\" tabindex=\"0\" "
		"role=\"region\""
		" aria-label=\"全部步骤 / all steps\"><table>\n<thead><tr><th "
		"scope=\"col\">");
	html_both(out, "虚拟时间", "virtual time");
	buf_adds(out, "</th><th scope=\"col\">");
	html_both(out, "谁", "who");
	buf_adds(out, "</th><th scope=\"col\">");
	html_both(out, "做了什么", "did what");
	buf_adds(out, "</th><th scope=\"col\">");
	html_both(out, "哪一行", "where");
	buf_adds(out, "</th></tr></thead>\n<tbody>\n");
	while (shown < trace->event_count && shown < TABLE_ROWS_MAX &&
		out->length < HTML_TABLES_MAX)
		add_table_row(page, trace, &trace->events[shown++]);
	buf_adds(out, "</tbody></table></div>\n");
	if (shown < trace->event_total) {
		buf_adds(out, "<p>");
		html_both_take(out,
			xasprintf("……后面还有 %zu 步，这里没有列出。",
				trace->event_total - shown),
			xasprintf("... %zu more are not listed here.",
				trace->event_total - shown));
		buf_adds(out, "</p>\n");
	}
	buf_adds(out, "</details>\n");
}

static void add_figure(const struct page *page, const struct diagram *diagram,
	size_t number, const char *kind)
{
	auto_free char *caption = xasprintf("c%zu-%s", number, kind);
	struct buf *out = page->out;

	buf_addf(out, "<figure class=\"%s\">\n<figcaption id=\"%s\">", kind,
		caption);
	if (!strcmp(kind, "right"))
		html_both(out,
			"对照：一个正确的程序，用同样的参数执行一次。"
			"看看它在哪里等、在哪里拿锁，和你的哪一步不同。",
			"To compare: a right program, called the same way. "
			"Look where it waits and where it takes a lock, and "
			"at which step yours is different.");
	else
		html_both(out,
			"你的程序出错的那一次执行。每一列是一个进程，"
			"时间往下走；右边说每一步做了什么。",
			"The run of your program that went wrong. A column is "
			"a process, time goes downwards; the words beside a "
			"row say what happens in it.");
	buf_addf(out,
		"</figcaption>\n<div class=\"scroll\" tabindex=\"0\" "
		"role=\"region\" aria-labelledby=\"%s\">\n",
		caption);
	svg_write(page, diagram, caption);
	buf_adds(out, "</div>\n");
	add_legend(out, diagram);
	buf_adds(out, "</figure>\n");
}

void html_write_figure(const struct page *page, const struct html_case *one)
{
	struct diagram right;

	if (!one->trace)
		return;
	buf_adds(page->out, "<h3>");
	html_both(page->out, "当时发生了什么", "What happened, as a picture");
	buf_adds(page->out, "</h3>\n<div class=\"figures\">\n");
	add_figure(page, &one->diagram, one->criterion, "failing");
	if (one->right) {
		diagram_make(&right, one->right, NULL);
		add_figure(page, &right, one->criterion, "right");
		diagram_release(&right);
	}
	buf_adds(page->out, "</div>\n");
	add_table(page, one->trace);
}
