/*
 * The page as a whole.  It has no script that it needs, asks no server for
 * anything and says so in its policy, which names its one style sheet and its
 * one script by their hashes; so it has no style attributes either.
 *
 * Both languages are in it.  Two radio buttons say which is shown; the style
 * sheet does the rest.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/html.h"

/* What arrows end with, and hatching. */
static void add_shapes(struct buf *out)
{
	static const char *const heads[] = {
		"head", "head-bad", "head-item", "head-lock"};

	buf_adds(out, "<svg class=\"shapes\" width=\"0\" height=\"0\" "
		      "aria-hidden=\"true\" focusable=\"false\"><defs>\n");
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		buf_addf(out,
			"<marker id=\"%s\" viewBox=\"0 0 8 8\" refX=\"7\" "
			"refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
			"markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path "
			"class=\"%s\" d=\"M0 0l8 4-8 4z\"/></marker>\n",
			heads[i], heads[i]);
	buf_adds(out,
		"<pattern id=\"hatch\" width=\"6\" height=\"6\" "
		"patternUnits=\"userSpaceOnUse\" "
		"patternTransform=\"rotate(45)\"><path class=\"hatch\" "
		"d=\"M0 0v6\"/></pattern>\n"
		"<pattern id=\"hatch-bad\" width=\"6\" height=\"6\" "
		"patternUnits=\"userSpaceOnUse\" "
		"patternTransform=\"rotate(45)\"><path class=\"hatch bad\" "
		"d=\"M0 0v6\"/></pattern>\n</defs></svg>\n");
}

static void add_state(struct buf *out, enum verdict_state state)
{
	switch (state) {
	case VERDICT_PASS:
		html_both(out, "全部通过", "All right");
		break;
	case VERDICT_FAIL:
		html_both(out, "还有问题要改", "Something is to be mended");
		break;
	case VERDICT_NEEDS_GRADING:
		html_both(out, "有一部分等老师评", "A part waits for a person");
		break;
	case VERDICT_REFUSED:
		html_both(out, "没有评分", "Not graded");
		break;
	case VERDICT_SKIPPED:
		html_both(out, "没有判", "Not judged");
		break;
	}
}

static const char *state_class(enum verdict_state state)
{
	return state == VERDICT_PASS      ? "good"
	       : state == VERDICT_FAIL    ? "bad"
	       : state == VERDICT_REFUSED ? "bad"
					  : "open";
}

static const char *state_mark(enum verdict_state state)
{
	return state == VERDICT_PASS            ? "✓"
	       : state == VERDICT_FAIL          ? "✗"
	       : state == VERDICT_NEEDS_GRADING ? "?"
						: "–";
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void add_banner(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	struct buf *out = page->out;

	buf_adds(out, "<header>\n");
	html_add_switch(out, page->language);
	buf_adds(out, "<h1>");
	html_bilingual(out, &verdict->exercise_title);
	buf_addf(out, "</h1>\n<p class=\"verdict %s\"><strong>",
		state_class(verdict->state));
	add_state(out, verdict->state);
	buf_addf(out, "</strong> <span class=\"score\">%g / %g</span>",
		verdict->score, verdict->max_score);
	if (verdict->extra_max > 0) {
		buf_adds(out, " <span class=\"extra\">");
		html_both_take(out,
			xasprintf("附加 %g / %g", verdict->extra_score,
				verdict->extra_max),
			xasprintf("extra %g / %g", verdict->extra_score,
				verdict->extra_max));
		buf_adds(out, "</span>");
	}
	buf_adds(out, "</p>\n<p class=\"of\"><code>");
	html_text(out, base_name(verdict->submission));
	buf_adds(out, "</code></p>\n</header>\n");
}

/* The first case that has something to tell, or NULL. */
static const struct html_case *first_case(const struct page *page)
{
	for (size_t i = 0; i < page->case_count; i++)
		if (page->cases[i].finding &&
			page->cases[i].same == HTML_NO_CASE)
			return &page->cases[i];
	return page->case_count ? &page->cases[0] : NULL;
}

/* Where the first key step that has a place is. */
static const char *first_place(const struct html_case *one)
{
	for (size_t i = 0; i < one->diagram.step_count; i++) {
		size_t row = one->diagram.steps[i];
		const char *place =
			one->trace->events[one->diagram.rows[row].event].place;

		if (place)
			return place;
	}
	for (size_t i = 0; one->finding && i < one->finding->event_count; i++)
		if (one->finding->events[i].place)
			return one->finding->events[i].place;
	return NULL;
}

static void add_start_of(const struct page *page, const struct html_case *one)
{
	const struct finding *finding = one->finding;
	const struct cause_words *words =
		finding ? html_cause_words(finding->cause) : NULL;
	const char *place = first_place(one);
	struct buf *out = page->out;

	buf_adds(out, "<p>");
	if (words) {
		buf_adds(out, "<b>");
		html_both(out, words->zh, words->en);
		buf_adds(out, "</b>");
		html_both(out, "。", ". ");
		html_both(out, words->zh_why, words->en_why);
	} else if (finding) {
		html_prose_both(page, &finding->message);
	} else {
		html_bilingual(
			out, &page->verdict->criteria[one->criterion].title);
	}
	buf_adds(out, "</p>\n<p>");
	if (place) {
		html_both(out, "先看 ", "Look first at ");
		html_place(page, place);
		html_both(out, "，再看 ", ", then at ");
	} else if (finding) {
		html_both(out, "经过见 ", "What happened: ");
	} else {
		html_both(out, "只在隐藏的测试里出现；怎么办见 ",
			"It shows in hidden tests only. What to do: ");
	}
	buf_addf(out, "<a href=\"#c%zu\">", one->criterion);
	if (finding)
		html_both(out, "关键的几步和图",
			"the steps that matter and the picture");
	else
		html_both(out, "这一项", "see there");
	buf_adds(out, "</a>");
	html_both(out, "。", ".");
	buf_adds(out, "</p>\n");
}

static void add_start(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	const struct html_case *one = first_case(page);
	struct buf *out = page->out;

	buf_adds(out, "<section id=\"start\" aria-labelledby=\"start-h\">\n"
		      "<h2 id=\"start-h\">");
	if (verdict->state == VERDICT_PASS)
		html_both(out, one ? "还可以更好" : "做得好",
			one ? "It could be even better" : "Well done");
	else
		html_both(out, "从这里开始", "Start here");
	buf_adds(out, "</h2>\n");
	if (verdict->state == VERDICT_REFUSED) {
		buf_adds(out, "<p>");
		html_bilingual(out, &verdict->refusal);
		buf_adds(out, "</p>\n");
	} else if (verdict->compile.command && !verdict->compile.ok) {
		buf_adds(out, "<p>");
		html_both(out, "程序没有编译通过，别的都还没有判。",
			"The program does not compile; nothing else was "
			"judged.");
		buf_adds(out, " <a href=\"#compile\">");
		html_both(out, "看编译器的第一条消息",
			"Look at the compiler's first message");
		buf_adds(out, "</a></p>\n");
	} else if (one) {
		add_start_of(page, one);
	} else {
		buf_adds(out, "<p>");
		html_both(out, "没有什么要改的。",
			"There is nothing to be mended.");
		buf_adds(out, "</p>\n");
	}
	buf_adds(out, "</section>\n");
}

/* The case about criterion INDEX, or NULL. */
static const struct html_case *case_of(const struct page *page, size_t index)
{
	for (size_t i = 0; i < page->case_count; i++)
		if (page->cases[i].criterion == index)
			return &page->cases[i];
	return NULL;
}

/* The static hint or remedy of its first finding. */
static const struct bilingual *next_words(const struct criterion *criterion)
{
	const struct finding *finding = criterion->findings;

	if (!criterion->finding_count)
		return NULL;
	return *language_pick(&finding->remedy, LANGUAGE_EN) ? &finding->remedy
							     : &finding->hint;
}

static void add_next(const struct page *page, size_t index)
{
	const struct criterion *criterion = &page->verdict->criteria[index];
	const struct html_case *one = case_of(page, index);
	const struct bilingual *words = next_words(criterion);
	struct buf *out = page->out;

	if (criterion->state == VERDICT_SKIPPED) {
		html_both(out, "先把前面的改好，再来判这一条。",
			"Judged once what comes before it is mended.");
	} else if (criterion->state == VERDICT_NEEDS_GRADING) {
		html_both(out, "等老师看。", "A person looks at it.");
	} else if (one && one->same != HTML_NO_CASE) {
		size_t same = page->cases[one->same].criterion;

		html_both(out, "同一个错误：", "The same mistake as: ");
		html_bilingual(out, &page->verdict->criteria[same].title);
	} else if (criterion->state == VERDICT_FAIL &&
		   page->verdict->compile.command &&
		   !page->verdict->compile.ok) {
		html_both(out, "从编译器的第一条消息看起。",
			"Begin with the compiler's first message.");
	} else if (criterion->state == VERDICT_FAIL && words) {
		html_prose_both(page, words);
	}
}

static void add_criterion(const struct page *page, size_t index)
{
	const struct criterion *criterion = &page->verdict->criteria[index];
	bool told = case_of(page, index) != NULL;
	struct buf *out = page->out;

	buf_addf(out, "<tr class=\"%s\"><td class=\"mark\">",
		state_class(criterion->state));
	buf_addf(out, "<span aria-hidden=\"true\">%s</span>",
		state_mark(criterion->state));
	buf_adds(out, "<span class=\"said\">");
	html_both(out,
		criterion->state == VERDICT_PASS   ? "通过"
		: criterion->state == VERDICT_FAIL ? "没有通过"
						   : "没有判",
		verdict_state_name(criterion->state));
	buf_adds(out, "</span></td><th scope=\"row\">");
	if (told)
		buf_addf(out, "<a href=\"#c%zu\">", index);
	html_bilingual(out, &criterion->title);
	buf_adds(out, told ? "</a>" : "");
	buf_adds(out, "</th><td class=\"points\">");
	if (criterion->max_points > 0)
		buf_addf(out, "%g / %g", criterion->points,
			criterion->max_points);
	buf_adds(out, "</td><td class=\"next\">");
	add_next(page, index);
	buf_adds(out, "</td></tr>\n");
}

static void add_criteria(const struct page *page)
{
	struct buf *out = page->out;

	buf_adds(out, "<section id=\"criteria\" "
		      "aria-labelledby=\"criteria-h\">\n<h2 "
		      "id=\"criteria-h\">");
	html_both(out, "各项", "Criteria");
	buf_adds(out, "</h2>\n<table class=\"criteria\">\n<thead><tr><th "
		      "scope=\"col\"><span class=\"said\">");
	html_both(out, "结果", "result");
	buf_adds(out, "</span></th><th scope=\"col\">");
	html_both(out, "要求", "what is asked for");
	buf_adds(out, "</th><th scope=\"col\">");
	html_both(out, "得分", "points");
	buf_adds(out, "</th><th scope=\"col\">");
	html_both(out, "下一步", "what next");
	buf_adds(out, "</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < page->verdict->criterion_count; i++)
		add_criterion(page, i);
	buf_adds(out, "</tbody></table>\n</section>\n");
}

static void add_footer(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	struct buf *out = page->out;

	buf_adds(out, "<footer>\n<p>");
	if (verdict->schedules)
		html_both_take(out,
			xasprintf("这个程序在 %zu 个场景里按 %zu "
				  "种不同的次序跑过，"
				  "时间是虚拟的：睡眠不用真的等。"
				  "同样的代码每次评出来都一样。",
				verdict->scenarios, verdict->schedules),
			xasprintf("The program ran in %zu scenarios, in %zu "
				  "different "
				  "orders. Time is virtual: nobody waits for a "
				  "sleep. "
				  "The same code always gets the same report.",
				verdict->scenarios, verdict->schedules));
	buf_adds(out, "</p>\n<p>grader ");
	html_text(out, verdict->run.grader_version);
	buf_adds(out, " · ");
	html_text(out, verdict->run.started);
	buf_adds(out, " · SHA-256 <code>");
	html_text(out, verdict->submission_hash);
	buf_adds(out, "</code></p>\n</footer>\n");
}

void html_write_page(const struct page *page)
{
	struct buf *out = page->out;

	html_begin(out, page->language,
		language_pick(&page->verdict->exercise_title, page->language));
	add_shapes(out);
	buf_adds(out, "<div class=\"page\">\n");
	add_banner(page);
	buf_adds(out, "<main>\n");
	add_start(page);
	add_criteria(page);
	for (size_t i = 0; i < page->case_count; i++)
		html_write_case(page, &page->cases[i]);
	html_write_answers(page);
	html_write_compile(page);
	html_write_sources(page);
	html_write_notes(page);
	buf_adds(out, "</main>\n");
	add_footer(page);
	buf_adds(out, "</div>\n");
	html_end(out);
}
