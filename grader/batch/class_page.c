/*
 * How it works: the journal is gone through twice, once for what is counted and
 * once for the matrix, a row of which is in memory at a time.
 */
#include "grader/batch/class_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/batch/points.h"
#include "grader/report/html.h"
#include "grader/report/test_list.h"

struct page_writing {
	const struct batch_options *options;
	const struct class_tally *tally;
	struct atomic_stream stream;
	struct buf text;    /* written and emptied now and then */
	struct buf persons; /* who needs a person, as list items */
	struct buf without; /* who handed in nothing, likewise */
	char *student;      /* whose row is open; NULL: none */
	char *name;         /* of that one */
	bool handed_in;     /* something, as far as it came */
	double total;
	bool marked; /* a mark is in the total */
};

/* The page beside a report, as a part of a link. */
static void add_page_link(struct buf *out, const char *report)
{
	auto_free char *page =
		xstrndup(report, strlen(report) - strlen("json"));

	buf_adds(out, "<a href=\"");
	add_uri(out, page);
	buf_adds(out, "html\">");
}

static void add_student(struct buf *out, const char *name, const char *id)
{
	html_text(out, name);
	if (strcmp(name, id) == 0)
		return;
	buf_adds(out, " (");
	html_text(out, id);
	buf_addc(out, ')');
}

static void add_person(
	struct page_writing *writing, const struct item *item, const char *why)
{
	const struct reason_words *words = tally_reason_words(why);
	const bool linked = item->state == ITEM_DONE;
	struct buf *out = &writing->persons;

	buf_adds(out, "<li>");
	if (linked)
		add_page_link(out, item->report);
	add_student(out, item->name, item->student);
	buf_adds(out, " · ");
	html_text(out, item->exercise);
	if (linked)
		buf_adds(out, "</a>");
	buf_adds(out, ": ");
	html_both(out, words->zh, words->en);
	if (!strcmp(why, "trouble")) {
		buf_adds(out, ": ");
		html_text(out, item->trouble);
	}
	buf_adds(out, "</li>\n");
}

static void end_student(struct page_writing *writing)
{
	if (writing->student && !writing->handed_in) {
		buf_adds(&writing->without, "<li>");
		add_student(&writing->without, writing->name, writing->student);
		buf_adds(&writing->without, "</li>\n");
	}
	free(writing->student);
	free(writing->name);
	writing->student = writing->name = NULL;
	writing->handed_in = writing->marked = false;
	writing->total = 0;
}

static bool begin_student(struct page_writing *writing, const struct item *item)
{
	if (writing->student && !strcmp(writing->student, item->student))
		return false;
	end_student(writing);
	writing->student = xstrdup(item->student);
	writing->name = xstrdup(item->name);
	return true;
}

static int note_item(void *context, const struct item *item)
{
	struct page_writing *writing = context;
	const char *reasons[REASONS_MAX];
	size_t count;

	if (item->state == ITEM_ELSEWHERE)
		return 0;
	count = tally_reasons(item, begin_student(writing, item), reasons);
	writing->handed_in |= item->state != ITEM_MISSING;
	for (size_t i = 0; i < count; i++)
		add_person(writing, item, reasons[i]);
	return 0;
}

static void add_bar(struct buf *out, size_t count, size_t of)
{
	buf_addf(out,
		"<td>%zu</td><td><meter min=\"0\" max=\"%zu\" "
		"value=\"%zu\">%zu</meter></td></tr>\n",
		count, of ? of : 1, count, count);
}

static void add_spread(struct buf *out, const struct tally *tally)
{
	buf_adds(out, "<h3>");
	html_both(out, "分数分布", "How the marks are spread");
	buf_adds(out, "</h3>\n<table class=\"bars\"><tbody>\n");
	for (size_t i = TALLY_TENTHS; i-- > 0;) {
		if (i == TALLY_TENTHS - 1)
			buf_adds(out, "<tr><th scope=\"row\">100 %</th>");
		else
			buf_addf(out, "<tr><th scope=\"row\">%zu–%zu %%</th>",
				i * 10, i * 10 + 9);
		add_bar(out, tally->tenths[i], tally->done);
	}
	buf_adds(out, "</tbody></table>\n");
}

static void add_failures(struct buf *out, const struct tally *tally)
{
	buf_adds(out, "<h3>");
	html_both(out, "每个评分点有多少人没通过", "Who fails what");
	buf_adds(out, "</h3>\n<table class=\"bars\"><tbody>\n");
	for (size_t i = 0; i < tally->exercise->criterion_count; i++) {
		buf_adds(out, "<tr><th scope=\"row\">");
		html_bilingual(out, &tally->exercise->criteria[i].title);
		buf_adds(out, "</th>");
		add_bar(out, tally->failed[i], tally->done);
	}
	buf_adds(out, "</tbody></table>\n");
}

static void add_tally(struct buf *out, const struct tally *tally)
{
	buf_adds(out, "<section>\n<h2>");
	html_bilingual(out, &tally->exercise->title);
	buf_adds(out, "</h2>\n<p>");
	html_both_take(out,
		xasprintf("评了 %zu 份，平均 %.1f；未交 %zu，不能评 %zu，"
			  "等人工 %zu，评分器出错 %zu。",
			tally->done,
			tally->done ? tally->sum / (double)tally->done : 0,
			tally->missing, tally->refused, tally->waiting,
			tally->trouble),
		xasprintf("%zu graded, %.1f on average; %zu not handed in, %zu "
			  "refused, %zu wait for a person, %zu with trouble of "
			  "the grader.",
			tally->done,
			tally->done ? tally->sum / (double)tally->done : 0,
			tally->missing, tally->refused, tally->waiting,
			tally->trouble));
	buf_adds(out, "</p>\n");
	add_spread(out, tally);
	add_failures(out, tally);
	buf_adds(out, "</section>\n");
}

static void add_list(struct page_writing *writing, const struct buf *items,
	size_t count, const char *zh, const char *en)
{
	struct buf *out = &writing->text;

	if (!count)
		return;
	buf_adds(out, "<section>\n<h2>");
	html_both_take(out, xasprintf("%s：%zu", zh, count),
		xasprintf("%s: %zu", en, count));
	buf_adds(out, "</h2>\n<ul class=\"people\">\n");
	buf_adds(out, buf_text(items));
	buf_adds(out, "</ul>\n</section>\n");
}

static void add_head(struct page_writing *writing)
{
	struct buf *out = &writing->text;

	html_begin(out, writing->options->language,
		writing->options->language == LANGUAGE_ZH ? "班级" : "class");
	buf_adds(out, "<div class=\"page\">\n<header>\n");
	html_add_switch(out, writing->options->language);
	buf_adds(out, "<h1>");
	html_both_take(out,
		xasprintf("班级：%zu 名学生", writing->tally->students),
		xasprintf("The class: %zu students", writing->tally->students));
	buf_adds(out, "</h1>\n</header>\n<main>\n");
	add_list(writing, &writing->persons, writing->tally->persons,
		"需要人看的", "For a person to look at");
	add_list(writing, &writing->without, writing->tally->without,
		"没有交的", "No submission");
	for (size_t i = 0; i < writing->options->exercise_count; i++)
		add_tally(out, &writing->tally->exercises[i]);
}

static void begin_matrix(struct page_writing *writing)
{
	struct buf *out = &writing->text;
	const struct batch_options *options = writing->options;

	buf_adds(out, "<section>\n<h2>");
	html_both(out, "学生和评分点", "Students and criteria");
	buf_adds(out, "</h2>\n<div class=\"scroll\" tabindex=\"0\">\n<table "
		      "class=\"matrix\">\n<thead><tr><th scope=\"col\">");
	html_both(out, "学生", "student");
	buf_adds(out, "</th>");
	for (size_t i = 0; i < options->exercise_count; i++) {
		const struct exercise *exercise = options->exercises[i];

		buf_adds(out, "<th scope=\"col\">");
		html_text(out, exercise->id);
		buf_adds(out, "</th>");
		for (size_t j = 0; j < exercise->criterion_count; j++) {
			buf_adds(out, "<th scope=\"col\">");
			html_text(out, exercise->criteria[j].id);
			buf_adds(out, "</th>");
		}
	}
	buf_adds(out, "<th scope=\"col\">");
	html_both(out, "总分", "total");
	buf_adds(out, "</th></tr></thead>\n<tbody>\n");
}

/* Written piece by piece: a class may be large. */
static void flush(struct page_writing *writing)
{
	fwrite(buf_text(&writing->text), 1, writing->text.length,
		writing->stream.file);
	buf_clear(&writing->text);
}

static void end_row(struct page_writing *writing)
{
	if (!writing->student)
		return;
	if (writing->marked)
		buf_addf(&writing->text, "<td class=\"sum\">%g</td></tr>\n",
			writing->total);
	else
		buf_adds(&writing->text, "<td class=\"sum\">–</td></tr>\n");
	flush(writing);
}

static void add_cell(struct buf *out, const struct points *one)
{
	static const struct {
		const char *verdict, *class, *mark;
	} cells[] = {{"pass", "good", "✓"}, {"fail", "bad", "✗"},
		{"needs-grading", "open", "?"}};

	for (size_t i = 0; one && i < sizeof(cells) / sizeof(*cells); i++) {
		if (strcmp(one->verdict, cells[i].verdict) != 0)
			continue;
		buf_addf(out, "<td class=\"%s\">%s</td>", cells[i].class,
			cells[i].mark);
		return;
	}
	buf_adds(out, "<td>–</td>");
}

/* The mark, which leads to the page. */
static void add_mark(struct buf *out, const struct item *item)
{
	buf_adds(out, "<td class=\"sum\">");
	if (item->state == ITEM_DONE) {
		add_page_link(out, item->report);
		buf_addf(out, "%g</a>", item->score);
		if (item->extra_score > 0)
			buf_addf(out, " +%g", item->extra_score);
	} else if (item->state == ITEM_MISSING) {
		html_both(out, "未交", "no submission");
	} else {
		html_both(out, "出错", "trouble");
	}
	buf_adds(out, "</td>");
}

static int add_item(void *context, const struct item *item)
{
	struct page_writing *writing = context;
	const struct tally *tally =
		class_tally_of(writing->tally, item->exercise);
	struct buf *out = &writing->text;
	struct point_list list = {0};

	if (item->state == ITEM_ELSEWHERE)
		return 0;
	if (writing->student && strcmp(writing->student, item->student) != 0)
		end_row(writing);
	if (begin_student(writing, item)) {
		buf_adds(out, "<tr><th scope=\"row\">");
		html_text(out, item->name);
		buf_adds(out, "</th>");
	}
	writing->total += item->score;
	writing->marked |= tally_has_mark(item);
	add_mark(out, item);
	points_read(&list, item->criteria);
	for (size_t i = 0; tally && i < tally->exercise->criterion_count; i++)
		add_cell(out,
			points_find(&list, tally->exercise->criteria[i].id));
	points_release(&list);
	return 0;
}

/* In the foot, which may differ from one grading to another. */
static void add_slowest(struct page_writing *writing)
{
	const struct class_tally *tally = writing->tally;
	struct buf *out = &writing->text;

	buf_adds(out, "<footer>\n<h2>");
	html_both(out, "评得最久的", "What took longest");
	buf_adds(out, "</h2>\n<ol>\n");
	for (size_t i = 0; i < tally->slow_count; i++) {
		const struct tally_slow *slow = &tally->slowest[i];

		buf_adds(out, "<li>");
		add_page_link(out, slow->report);
		html_text(out, slow->name);
		buf_adds(out, " · ");
		html_text(out, slow->exercise);
		buf_addf(out, "</a>: %.1f s</li>\n", slow->seconds);
	}
	buf_adds(out, "</ol>\n</footer>\n");
}

static int write_all(
	struct page_writing *writing, struct journal *journal, struct err *err)
{
	int r = journal_each(journal, note_item, writing, err);

	end_student(writing);
	if (r)
		return r;
	add_head(writing);
	begin_matrix(writing);
	flush(writing);
	r = journal_each(journal, add_item, writing, err);
	end_row(writing);
	end_student(writing);
	buf_adds(&writing->text,
		"</tbody></table>\n</div>\n</section>\n</main>\n");
	if (writing->tally->slow_count)
		add_slowest(writing);
	buf_adds(&writing->text, "</div>\n");
	html_end(&writing->text);
	flush(writing);
	return r;
}

int class_page_write(struct journal *journal,
	const struct batch_options *options, const struct class_tally *tally,
	struct err *err)
{
	auto_free char *path = xasprintf("%s/class.html", options->output);
	struct page_writing writing = {.options = options, .tally = tally};
	int r = atomic_stream_begin(&writing.stream, path, err), other;

	if (r)
		return r;
	r = write_all(&writing, journal, err);
	other = atomic_stream_end(&writing.stream, !r, err);
	buf_release(&writing.text);
	buf_release(&writing.persons);
	buf_release(&writing.without);
	return r ? r : other;
}
