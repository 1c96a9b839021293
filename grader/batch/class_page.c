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

#define TENTHS 11 /* 0-9, 10-19 ... 90-99, 100 */

/* What is counted of an exercise. */
struct tally {
	const struct exercise *exercise;
	size_t *failed; /* a criterion */
	size_t done, missing, trouble, refused, waiting;
	size_t tenths[TENTHS];
	double sum;
};

struct page_writing {
	const struct batch_options *options;
	struct tally *tallies;
	struct atomic_stream stream;
	struct buf text;    /* written and emptied now and then */
	struct buf persons; /* who needs a person, as list items */
	char *student;      /* whose row is open; NULL: none */
	double total;
	size_t students;
};

static struct tally *tally_of(
	struct page_writing *writing, const struct item *item)
{
	for (size_t i = 0; i < writing->options->exercise_count; i++)
		if (!strcmp(writing->tallies[i].exercise->id, item->exercise))
			return &writing->tallies[i];
	return NULL;
}

static void count_criteria(struct tally *tally, const struct point_list *list)
{
	for (size_t i = 0; i < tally->exercise->criterion_count; i++) {
		const struct points *one =
			points_find(list, tally->exercise->criteria[i].id);

		tally->failed[i] += one && !strcmp(one->verdict, "fail");
	}
}

static void add_person(
	struct page_writing *writing, const struct item *item, const char *why)
{
	struct buf *out = &writing->persons;

	buf_adds(out, "<li>");
	html_text(out, item->name);
	buf_adds(out, " · ");
	html_text(out, item->exercise);
	buf_adds(out, ": ");
	html_text(out, why);
	buf_adds(out, "</li>\n");
}

static bool waits(const struct point_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].verdict &&
			!strcmp(list->items[i].verdict, "needs-grading"))
			return true;
	return false;
}

static int count_item(void *context, const struct item *item)
{
	struct page_writing *writing = context;
	struct tally *tally = tally_of(writing, item);
	struct point_list list = {0};
	size_t tenth;

	if (!writing->student || strcmp(writing->student, item->student) != 0) {
		free(writing->student);
		writing->student = xstrdup(item->student);
		writing->students++;
	}
	if (!tally)
		return 0;
	tally->missing += item->state == ITEM_MISSING;
	tally->trouble += item->state == ITEM_TROUBLE;
	if (item->state == ITEM_TROUBLE)
		add_person(writing, item, item->trouble);
	if (item->state != ITEM_DONE)
		return 0;
	points_read(&list, item->criteria);
	count_criteria(tally, &list);
	if (waits(&list))
		add_person(writing, item, item->verdict);
	tally->waiting += waits(&list);
	tally->refused += !strcmp(item->verdict, "refused");
	tally->done++;
	tally->sum += item->score;
	tenth = item->max_score > 0
			? (size_t)(item->score * 10 / item->max_score)
			: 0;
	tally->tenths[tenth < TENTHS ? tenth : TENTHS - 1]++;
	points_release(&list);
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
	for (size_t i = TENTHS; i-- > 0;) {
		if (i == TENTHS - 1)
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

static void add_persons(struct page_writing *writing)
{
	struct buf *out = &writing->text;

	if (!writing->persons.length)
		return;
	buf_adds(out, "<section>\n<h2>");
	html_both(out, "需要人看的", "For a person to look at");
	buf_adds(out, "</h2>\n<ul>\n");
	buf_adds(out, buf_text(&writing->persons));
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
	html_both_take(out, xasprintf("班级：%zu 名学生", writing->students),
		xasprintf("The class: %zu students", writing->students));
	buf_adds(out, "</h1>\n</header>\n<main>\n");
	for (size_t i = 0; i < writing->options->exercise_count; i++)
		add_tally(out, &writing->tallies[i]);
	add_persons(writing);
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
	buf_addf(&writing->text, "<td class=\"sum\">%g</td></tr>\n",
		writing->total);
	free(writing->student);
	writing->student = NULL;
	writing->total = 0;
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
		auto_free char *page = xstrndup(
			item->report, strlen(item->report) - strlen("json"));

		buf_adds(out, "<a href=\"");
		add_uri(out, page);
		buf_addf(out, "html\">%g</a>", item->score);
		if (item->extra_score > 0)
			buf_addf(out, " +%g", item->extra_score);
	} else if (item->state == ITEM_MISSING) {
		html_both(out, "未交", "missing");
	} else {
		html_both(out, "出错", "trouble");
	}
	buf_adds(out, "</td>");
}

static int add_item(void *context, const struct item *item)
{
	struct page_writing *writing = context;
	const struct tally *tally = tally_of(writing, item);
	struct buf *out = &writing->text;
	struct point_list list = {0};

	if (writing->student && strcmp(writing->student, item->student) != 0)
		end_row(writing);
	if (!writing->student) {
		writing->student = xstrdup(item->student);
		buf_adds(out, "<tr><th scope=\"row\">");
		html_text(out, item->name);
		buf_adds(out, "</th>");
	}
	writing->total += item->score;
	add_mark(out, item);
	points_read(&list, item->criteria);
	for (size_t i = 0; tally && i < tally->exercise->criterion_count; i++)
		add_cell(out,
			points_find(&list, tally->exercise->criteria[i].id));
	points_release(&list);
	return 0;
}

static int write_all(
	struct page_writing *writing, struct journal *journal, struct err *err)
{
	int r = journal_each(journal, count_item, writing, err);

	free(writing->student);
	writing->student = NULL;
	if (r)
		return r;
	add_head(writing);
	begin_matrix(writing);
	flush(writing);
	r = journal_each(journal, add_item, writing, err);
	end_row(writing);
	buf_adds(&writing->text,
		"</tbody></table>\n</div>\n</section>\n</main>\n</div>\n");
	html_end(&writing->text);
	flush(writing);
	return r;
}

int class_page_write(struct journal *journal,
	const struct batch_options *options, struct err *err)
{
	auto_free char *path = xasprintf("%s/class.html", options->output);
	struct page_writing writing = {.options = options};
	int r = atomic_stream_begin(&writing.stream, path, err), other;

	if (r)
		return r;
	writing.tallies =
		xcalloc(options->exercise_count + 1, sizeof(*writing.tallies));
	for (size_t i = 0; i < options->exercise_count; i++) {
		const struct exercise *exercise = options->exercises[i];

		writing.tallies[i].exercise = exercise;
		writing.tallies[i].failed =
			xcalloc(exercise->criterion_count + 1, sizeof(size_t));
	}
	r = write_all(&writing, journal, err);
	other = atomic_stream_end(&writing.stream, !r, err);
	for (size_t i = 0; i < options->exercise_count; i++)
		free(writing.tallies[i].failed);
	free(writing.tallies);
	buf_release(&writing.text);
	buf_release(&writing.persons);
	return r ? r : other;
}
