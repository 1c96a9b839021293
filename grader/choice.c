#include "grader/choice.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/report/report_explain.h"
#include "grader/suggest.h"

static int unknown_criterion(
	const struct verdict *verdict, const char *id, struct err *err)
{
	auto_free const char **ids =
		xcalloc(verdict->criterion_count + 1, sizeof(*ids));
	struct buf failed = {0};
	const char *near;

	for (size_t i = 0; i < verdict->criterion_count; i++) {
		ids[i] = verdict->criteria[i].id;
		if (verdict->criteria[i].finding_count)
			buf_addf(&failed, " %s", ids[i]);
	}
	near = suggest(id, ids, verdict->criterion_count);
	if (near)
		err_set(err, -ENOENT,
			"the report has no criterion '%.60s'; did you mean "
			"'%s'?",
			id, near);
	else
		err_set(err, -ENOENT,
			"the report has no criterion '%.60s'; those that "
			"failed:%s",
			id, failed.data ? failed.data : " none");
	buf_release(&failed);
	return -ENOENT;
}

int choice_make(const struct verdict *verdict, const char *id, size_t number,
	const struct criterion **criterion, const struct finding **finding,
	struct err *err)
{
	const struct criterion *found = NULL;

	if (!id)
		found = report_explain_first(verdict);
	for (size_t i = 0; id && !found; i++) {
		if (i == verdict->criterion_count)
			return unknown_criterion(verdict, id, err);
		if (!strcmp(verdict->criteria[i].id, id))
			found = &verdict->criteria[i];
	}
	if (found && number > found->finding_count)
		return err_set(err, -ENOENT,
			"criterion '%s' has %zu finding(s), not %zu", found->id,
			found->finding_count, number);
	*criterion = found;
	*finding = !found   ? NULL
		   : number ? &found->findings[number - 1]
			    : report_explain_finding(verdict, found);
	return 0;
}
