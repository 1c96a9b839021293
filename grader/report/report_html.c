/*
 * The page of a submission: first what is told of each criterion is chosen,
 * then it is written (html_page.c).  A page is for its student, so it is made
 * of visible scenarios only; of a hidden one that it failed is all that is
 * said.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/html.h"

/* The visible finding to show: one with a trace before one without. */
static const struct finding *choose(
	const struct verdict *verdict, const struct criterion *criterion)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < criterion->finding_count; i++) {
		const struct finding *finding = &criterion->findings[i];

		if (finding->hidden)
			continue;
		if (!found || (!verdict_trace(verdict, found) &&
				      verdict_trace(verdict, finding)))
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
	html_write_page(&page);
	for (size_t i = 0; i < page.case_count; i++)
		diagram_release(&page.cases[i].diagram);
	free(page.cases);
}
