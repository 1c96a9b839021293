/*
 * report.json, as `grader mark` reads and changes it.  What is accepted can be
 * marked, written and read again, and the mark is then the same.
 */
#include "fuzz.h"
#include "grader/marks.h"
#include "grader/report/report.h"

static void give(struct verdict *verdict, const struct criterion *criterion)
{
	char comment[] = "##[well said]", by[] = "Li";
	struct mark mark = {.comment = comment, .by = by};
	struct err err = {{0}};

	mark.points = criterion->max_points / 2;
	assert((marks_give(verdict, criterion->id, &mark, &err) == 0) ==
		marks_are_for(criterion));
}

/* Marks whatever can be, and reads that again. */
static void check(struct verdict *verdict, const char *text, size_t length)
{
	struct verdict again = {0}, carried = {0};
	struct buf out = {0};
	struct err err = {{0}};

	for (size_t i = 0; i < verdict->criterion_count; i++)
		give(verdict, &verdict->criteria[i]);
	report_json_update(&out, text, length, verdict);
	assert(marks_read(&again, out.data, out.length, "r", &err) == 0);
	assert(again.criterion_count == verdict->criterion_count);
	assert(marks_count(&again) == marks_count(verdict));
	assert(marks_read(&carried, text, length, "r", &err) == 0);
	marks_carry(&again, &carried);
	assert(marks_count(&carried) == marks_count(&again));
	verdict_release(&again);
	verdict_release(&carried);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_copy(data, size);
	struct verdict verdict = {0};
	struct err err = {{0}};

	if (marks_read(&verdict, text, size, "report.json", &err) == 0) {
		assert(verdict.exercise && verdict.submission_hash);
		check(&verdict, text, size);
	} else {
		assert(err.text[0] && !verdict.exercise && !verdict.criteria);
	}
	verdict_release(&verdict);
	return 0;
}
