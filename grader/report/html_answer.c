/* What was answered in words, and what a person has said about it. */
#include "grader/report/html.h"

static void add_mark(const struct page *page, const struct mark *mark)
{
	struct buf *out = page->out;

	if (!mark->counts)
		return;
	buf_adds(out, "<p class=\"remark\"><b>");
	html_both(out, "老师评分：", "Marked by a person: ");
	buf_addf(out, "%g</b> ", mark->points);
	if (mark->comment)
		html_text(out, mark->comment);
	if (mark->by) {
		buf_adds(out, " — ");
		html_text(out, mark->by);
	}
	buf_adds(out, "</p>\n");
}

static void add_answer(const struct page *page, size_t index)
{
	const struct criterion *criterion = &page->verdict->criteria[index];
	struct buf *out = page->out;

	buf_adds(out, "<h3>");
	html_bilingual(out, &criterion->title);
	buf_adds(out, "</h3>\n");
	if (criterion->mark)
		add_mark(page, criterion->mark);
	if (criterion->answer.text) {
		buf_adds(out, "<pre class=\"answer\" tabindex=\"0\">");
		html_text(out, criterion->answer.text);
		buf_adds(out, "</pre>\n");
	}
}

void html_write_answers(const struct page *page)
{
	struct buf *out = page->out;
	size_t count = 0;

	for (size_t i = 0; i < page->verdict->criterion_count; i++) {
		const struct criterion *criterion = &page->verdict->criteria[i];

		if (!criterion->answer.text && !criterion->mark)
			continue;
		if (count++ == 0) {
			buf_adds(out, "<section id=\"answers\" "
				      "aria-labelledby=\"answers-h\">\n<h2 "
				      "id=\"answers-h\">");
			html_both(out, "由人评的部分", "What a person marks");
			buf_adds(out, "</h2>\n");
		}
		add_answer(page, i);
	}
	if (count)
		buf_adds(out, "</section>\n");
}
