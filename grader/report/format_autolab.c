/*
 * Autolab takes the last line of standard output for the scores, and one
 * before it for the page of the student (its "Formatted Feedback").  The
 * problems of an assessment have to be called as the criteria are.
 */
#include "base/alloc.h"
#include "grader/report/format.h"
#include "grader/report/json_build.h"
#include "grader/report/test_list.h"

static void write_page(struct buf *out, const struct test_list *list)
{
	cJSON *root = cJSON_CreateObject(), *stages, *stage;

	json_add_text(root, "_presentation", "semantic");
	stages = cJSON_AddArrayToObject(root, "stages");
	cJSON_AddItemToArray(stages, cJSON_CreateString("grader"));
	stage = cJSON_AddObjectToObject(root, "grader");
	for (size_t i = 0; i < list->count; i++) {
		const struct test *test = &list->tests[i];
		cJSON *object = cJSON_AddObjectToObject(stage, test->title);

		cJSON_AddBoolToObject(
			object, "passed", test->outcome == TEST_PASSED);
		if (*test->message)
			json_add_text(object, "hint", test->message);
	}
	json_finish_line(out, root);
}

static void write_scores(struct buf *out, const struct test_list *list,
	const struct verdict *verdict)
{
	cJSON *root = cJSON_CreateObject(), *board;
	cJSON *scores = cJSON_AddObjectToObject(root, "scores");

	for (size_t i = 0; i < list->count; i++)
		json_add_number(
			scores, list->tests[i].id, list->tests[i].points);
	board = cJSON_AddArrayToObject(root, "scoreboard");
	cJSON_AddItemToArray(board,
		cJSON_CreateNumber(verdict->score + verdict->extra_score));
	json_finish_line(out, root);
}

void format_autolab(struct buf *out, const struct verdict *verdict,
	const struct report_style *style)
{
	struct test_list list = test_list_of(verdict, style->language);

	write_page(out, &list);
	write_scores(out, &list, verdict);
	test_list_release(&list);
}
