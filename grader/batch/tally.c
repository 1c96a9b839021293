#include "grader/batch/tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/batch/points.h"
#include "grader/gradebook/roster.h"

struct counting {
	struct class_tally *tally;
	char *student;  /* whose items come */
	bool handed_in; /* something, as far as they came */
};

bool tally_has_mark(const struct item *item)
{
	return item->state == ITEM_DONE;
}

const struct tally *class_tally_of(
	const struct class_tally *tally, const char *exercise)
{
	for (size_t i = 0; i < tally->exercise_count; i++)
		if (!strcmp(tally->exercises[i].exercise->id, exercise))
			return &tally->exercises[i];
	return NULL;
}

static bool waits(const char *criteria)
{
	struct point_list list = {0};
	bool any = false;

	points_read(&list, criteria);
	for (size_t i = 0; i < list.count; i++)
		any |= list.items[i].verdict &&
		       !strcmp(list.items[i].verdict, "needs-grading");
	points_release(&list);
	return any;
}

static bool is_refused(const struct item *item)
{
	return item->state == ITEM_DONE && item->verdict &&
	       !strcmp(item->verdict, "refused");
}

const struct reason_words *tally_reason_words(const char *reason)
{
	static const struct reason_words words[] = {
		{"trouble", "评分器出错", "trouble of the grader"},
		{"refused", "不能评，原因见报告",
			"refused, the report says why"},
		{"needs-grading", "有等人给的分",
			"has points that a person gives"},
		{ROSTER_STRANGER, "名单里没有这个人", "is not in the roster"},
		{ROSTER_SECOND, "名单里的人交的第二份",
			"is a second submission of somebody in the roster"},
		{CONCERN_UNCLEAR, "交了东西，但没有一个以练习命名",
			"handed in something, but nothing that is called as an "
			"exercise is"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(words[i].reason, reason))
			return &words[i];
	return NULL;
}

size_t tally_reasons(
	const struct item *item, bool first, const char *reasons[REASONS_MAX])
{
	const struct reason_words *words = NULL;
	size_t count = 0;

	if (first && item->concern)
		words = tally_reason_words(item->concern);
	if (words)
		reasons[count++] = words->reason;
	if (item->state == ITEM_TROUBLE)
		reasons[count++] = "trouble";
	else if (is_refused(item))
		reasons[count++] = "refused";
	else if (item->state == ITEM_DONE && waits(item->criteria))
		reasons[count++] = "needs-grading";
	return count;
}

static void release_slow(struct tally_slow *slow)
{
	free(slow->student);
	free(slow->name);
	free(slow->exercise);
	free(slow->report);
	free(slow->input);
}

/* Among the slowest, unless it is there under another's name. */
static void note_slow(struct class_tally *tally, const struct item *item)
{
	struct tally_slow *slowest = tally->slowest;
	size_t at = tally->slow_count;

	for (size_t i = 0; i < tally->slow_count; i++)
		if (!strcmp(slowest[i].input, item->input))
			return;
	while (at > 0 && slowest[at - 1].seconds < item->seconds)
		at--;
	if (at == TALLY_SLOWEST || item->seconds <= 0)
		return;
	if (tally->slow_count == TALLY_SLOWEST)
		release_slow(&slowest[--tally->slow_count]);
	memmove(&slowest[at + 1], &slowest[at],
		(tally->slow_count - at) * sizeof(*slowest));
	tally->slow_count++;
	slowest[at] = (struct tally_slow){
		.student = xstrdup(item->student),
		.name = xstrdup(item->name),
		.exercise = xstrdup(item->exercise),
		.report = xstrdup(item->report),
		.input = xstrdup(item->input),
		.seconds = item->seconds,
	};
}

static void count_done(struct tally *tally, const struct item *item)
{
	struct point_list list = {0};
	size_t tenth;

	points_read(&list, item->criteria);
	for (size_t i = 0; i < tally->exercise->criterion_count; i++) {
		const struct points *one =
			points_find(&list, tally->exercise->criteria[i].id);

		tally->failed[i] += one && !strcmp(one->verdict, "fail");
	}
	points_release(&list);
	tally->waiting += waits(item->criteria);
	tally->refused += is_refused(item);
	tally->done++;
	tally->sum += item->score;
	tenth = item->max_score > 0
			? (size_t)(item->score * 10 / item->max_score)
			: 0;
	tally->tenths[tenth < TALLY_TENTHS ? tenth : TALLY_TENTHS - 1]++;
}

static void end_student(struct counting *counting)
{
	counting->tally->without += counting->student && !counting->handed_in;
	free(counting->student);
	counting->student = NULL;
	counting->handed_in = false;
}

static int count_item(void *context, const struct item *item)
{
	struct counting *counting = context;
	struct class_tally *class = counting->tally;
	const struct tally *known = class_tally_of(class, item->exercise);
	const char *reasons[REASONS_MAX];
	struct tally *tally;
	bool first;

	if (item->state == ITEM_ELSEWHERE)
		return 0;
	first = !counting->student ||
		strcmp(counting->student, item->student) != 0;
	class->persons += tally_reasons(item, first, reasons);
	if (first) {
		end_student(counting);
		counting->student = xstrdup(item->student);
		class->students++;
	}
	counting->handed_in |= item->state != ITEM_MISSING;
	class->sections |= item->section != NULL;
	if (!known)
		return 0;
	tally = &class->exercises[known - class->exercises];
	tally->missing += item->state == ITEM_MISSING;
	tally->trouble += item->state == ITEM_TROUBLE;
	if (item->state == ITEM_DONE) {
		count_done(tally, item);
		note_slow(class, item);
	}
	return 0;
}

int class_tally_make(struct class_tally *tally, struct journal *journal,
	const struct batch_options *options, struct err *err)
{
	struct counting counting = {.tally = tally};
	int r;

	*tally =
		(struct class_tally){.exercise_count = options->exercise_count};
	tally->exercises =
		xcalloc(options->exercise_count + 1, sizeof(*tally->exercises));
	for (size_t i = 0; i < options->exercise_count; i++) {
		const struct exercise *exercise = options->exercises[i];

		tally->exercises[i].exercise = exercise;
		tally->exercises[i].failed =
			xcalloc(exercise->criterion_count + 1, sizeof(size_t));
	}
	r = journal_each(journal, count_item, &counting, err);
	end_student(&counting);
	if (r)
		class_tally_release(tally);
	return r;
}

void class_tally_release(struct class_tally *tally)
{
	for (size_t i = 0; i < tally->exercise_count; i++)
		free(tally->exercises[i].failed);
	free(tally->exercises);
	for (size_t i = 0; i < tally->slow_count; i++)
		release_slow(&tally->slowest[i]);
	*tally = (struct class_tally){0};
}
