#include "grader/report/chosen.h"

#include <string.h>

#include "grader/report/report_explain.h"

static struct chosen run_of(const struct verdict *verdict,
	const struct criterion *criterion, size_t number)
{
	struct chosen chosen = {.criterion = criterion};

	if (number > criterion->finding_count)
		return (struct chosen){0};
	chosen.finding = number ? &criterion->findings[number - 1]
				: report_explain_finding(verdict, criterion);
	if (chosen.finding)
		chosen.trace = verdict_trace(verdict, chosen.finding);
	return chosen.trace ? chosen : (struct chosen){0};
}

struct chosen chosen_run(
	const struct verdict *verdict, const struct report_style *style)
{
	const struct criterion *first = report_explain_first(verdict);
	struct chosen chosen = {0};

	if (!style->criterion && first)
		chosen = run_of(verdict, first, style->finding);
	for (size_t i = 0; i < verdict->criterion_count && !chosen.trace; i++)
		if (!style->criterion ||
			!strcmp(verdict->criteria[i].id, style->criterion))
			chosen = run_of(
				verdict, &verdict->criteria[i], style->finding);
	return chosen;
}
