/*
 * The page of a submission: first what is told of each criterion is chosen,
 * then it is written (html_page.c).  A page is for its student, so it is made
 * of visible scenarios only; of a hidden one that it failed is all that is
 * said.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/format.h"
#include "grader/report/html.h"

/* What a reader gets of it: a picture, and a name for the mistake. */
static int worth(const struct verdict *verdict, const struct finding *finding)
{
	return 2 * (verdict_trace(verdict, finding) != NULL) +
	       (finding->cause != NULL);
}

/* The visible finding to show: the first of those that tell most. */
static const struct finding *choose(
	const struct verdict *verdict, const struct criterion *criterion)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < criterion->finding_count; i++) {
		const struct finding *finding = &criterion->findings[i];

		if (!finding->hidden &&
			(!found || worth(verdict, finding) >
					   worth(verdict, found)))
			found = finding;
	}
	return found;
}

static const struct told_trace *right_of(
	const struct verdict *verdict, const struct finding *finding)
{
	for (size_t i = 0; i < verdict->trace_count; i++)
		if (verdict->traces[i].right && finding->scenario &&
			!strcmp(verdict->traces[i].scenario, finding->scenario))
			return &verdict->traces[i];
	return NULL;
}

/* The same steps of the same run. */
static bool is_same(const struct html_case *one, const struct html_case *other)
{
	const struct diagram *a = &one->diagram, *b = &other->diagram;

	if (!one->trace || one->trace != other->trace || !a->step_count ||
		a->step_count != b->step_count)
		return false;
	for (size_t i = 0; i < a->step_count; i++)
		if (a->rows[a->steps[i]].event != b->rows[b->steps[i]].event)
			return false;
	return true;
}

static void add_case(struct page *page, size_t index)
{
	const struct verdict *verdict = page->verdict;
	const struct criterion *criterion = &verdict->criteria[index];
	struct html_case *one = &page->cases[page->case_count];

	if (criterion->state != VERDICT_FAIL || !criterion->finding_count)
		return;
	*one = (struct html_case){.criterion = index,
		.finding = choose(verdict, criterion),
		.same = HTML_NO_CASE};
	if (one->finding) {
		one->trace = verdict_trace(verdict, one->finding);
		one->right = right_of(verdict, one->finding);
	}
	if (one->trace)
		diagram_make(&one->diagram, one->trace, one->finding);
	for (size_t i = 0; i < page->case_count; i++)
		if (one->same == HTML_NO_CASE && is_same(one, &page->cases[i]))
			one->same = i;
	page->case_count++;
}

/* One that has the same steps and a name for the mistake speaks for both. */
static void prefer_explained(struct page *page)
{
	for (size_t i = 0; i < page->case_count; i++) {
		struct html_case *one = &page->cases[i];
		size_t other = i + 1;

		if (!one->finding || one->finding->cause)
			continue;
		while (other < page->case_count &&
			(page->cases[other].same != i ||
				!page->cases[other].finding->cause))
			other++;
		if (other == page->case_count)
			continue;
		for (size_t j = 0; j < page->case_count; j++)
			if (page->cases[j].same == i)
				page->cases[j].same = other;
		one->same = other;
		page->cases[other].same = HTML_NO_CASE;
	}
}

void report_html_write(struct buf *out, const struct verdict *verdict,
	enum language language, const char *report_path)
{
	struct page page = {.out = out,
		.verdict = verdict,
		.language = language,
		.report_path = report_path,
		.cases = xcalloc(
			verdict->criterion_count + 1, sizeof(*page.cases))};

	for (size_t i = 0; i < verdict->criterion_count; i++)
		add_case(&page, i);
	prefer_explained(&page);
	html_write_page(&page);
	for (size_t i = 0; i < page.case_count; i++)
		diagram_release(&page.cases[i].diagram);
	free(page.cases);
}

void format_html(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	report_html_write(out, verdict, style->language,
		style->report_path ? style->report_path : "report.json");
}
