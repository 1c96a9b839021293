/*
 * How it works: items come from the journal student by student; both files are
 * written as they come and put in their places together at the end.
 */
#include "grader/batch/class.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/atomic_file.h"
#include "grader/report/csv.h"
#include "grader/report/json_build.h"

struct writing {
	const struct batch_options *options;
	struct atomic_stream csv, json;
	char *student; /* whose items come; NULL before the first */
	cJSON *object; /* of the student */
	cJSON *items;
	struct buf line; /* of the student in grades.csv */
	double total, full, extra;
	bool any; /* student is written */
};

static void write_head(struct writing *writing)
{
	struct buf head = {0};

	buf_adds(&head, CSV_BYTE_ORDER_MARK "id,name,late");
	for (size_t i = 0; i < writing->options->exercise_count; i++) {
		const char *id = writing->options->exercises[i]->id;

		buf_addf(&head, ",%s,%s extra,%s verdict", id, id, id);
	}
	buf_adds(&head, ",total,extra,out of" CSV_END);
	fputs(buf_text(&head), writing->csv.file);
	buf_release(&head);
	fprintf(writing->json.file,
		"{\"schema\": \"" CLASS_SCHEMA "\", \"exercises\": [");
	for (size_t i = 0; i < writing->options->exercise_count; i++)
		fprintf(writing->json.file, "%s\"%s\"", i ? ", " : "",
			writing->options->exercises[i]->id);
	fputs("], \"students\": [", writing->json.file);
}

static void end_student(struct writing *writing)
{
	char *text;

	if (!writing->student)
		return;
	fprintf(writing->csv.file, "%s,%g,%g,%g" CSV_END,
		buf_text(&writing->line), writing->total, writing->extra,
		writing->full);
	buf_clear(&writing->line);
	text = cJSON_PrintUnformatted(writing->object);
	fputs(text, writing->json.file);
	cJSON_free(text);
	cJSON_Delete(writing->object);
	free(writing->student);
	writing->student = NULL;
}

static void begin_student(struct writing *writing, const struct item *item)
{
	fputs(writing->any ? ",\n" : "\n", writing->json.file);
	writing->any = true;
	writing->student = xstrdup(item->student);
	writing->total = writing->full = writing->extra = 0;
	csv_add_text(&writing->line, item->student);
	buf_addc(&writing->line, ',');
	csv_add_text(&writing->line, item->name);
	buf_adds(&writing->line, item->late ? ",yes" : ",no");
	writing->object = cJSON_CreateObject();
	json_add_text(writing->object, "id", item->student);
	json_add_text(writing->object, "name", item->name);
	cJSON_AddBoolToObject(writing->object, "late", item->late);
	writing->items = cJSON_AddArrayToObject(writing->object, "items");
}

static const char *verdict_of(const struct item *item)
{
	return item->state == ITEM_DONE ? item->verdict
					: item_state_name(item->state);
}

static void add_csv(struct writing *writing, const struct item *item)
{
	/* no mark where the grader had trouble: an empty field, never 0 */
	if (item->state == ITEM_TROUBLE || item->state == ITEM_WAITING)
		buf_adds(&writing->line, ",,");
	else
		buf_addf(&writing->line, ",%g,%g", item->score,
			item->extra_score);
	buf_addf(&writing->line, ",%s", verdict_of(item));
}

static void add_json(struct writing *writing, const struct item *item)
{
	cJSON *object = json_add_element(writing->items);

	json_add_text(object, "exercise", item->exercise);
	json_add_text(object, "state", item_state_name(item->state));
	json_add_text(object, "verdict",
		item->state == ITEM_DONE ? item->verdict : NULL);
	json_add_number(object, "score", item->score);
	json_add_number(object, "max_score", item->max_score);
	json_add_number(object, "extra_score", item->extra_score);
	json_add_number(object, "extra_max", item->extra_max);
	json_add_text(object, "report",
		item->state == ITEM_DONE ? item->report : NULL);
	json_add_text(object, "trouble", item->trouble);
	cJSON_AddRawToObject(
		object, "criteria", item->criteria ? item->criteria : "[]");
}

static int add(void *context, const struct item *item)
{
	struct writing *writing = context;

	if (writing->student && strcmp(writing->student, item->student) != 0)
		end_student(writing);
	if (!writing->student)
		begin_student(writing, item);
	writing->total += item->score;
	writing->extra += item->extra_score;
	writing->full += item->max_score;
	add_csv(writing, item);
	add_json(writing, item);
	return 0;
}

static int begin(struct writing *writing, const char *output, struct err *err)
{
	auto_free char *csv = xasprintf("%s/grades.csv", output);
	auto_free char *json = xasprintf("%s/class.json", output);
	int r = atomic_stream_begin(&writing->csv, csv, err);

	if (r)
		return r;
	r = atomic_stream_begin(&writing->json, json, err);
	if (r)
		atomic_stream_end(&writing->csv, false, err);
	return r;
}

int class_write(struct journal *journal, const struct batch_options *options,
	struct err *err)
{
	struct writing writing = {.options = options};
	int r = begin(&writing, options->output, err), other;

	if (r)
		return r;
	write_head(&writing);
	r = journal_each(journal, add, &writing, err);
	end_student(&writing);
	fputs("\n]}\n", writing.json.file);
	buf_release(&writing.line);
	other = atomic_stream_end(&writing.csv, !r, err);
	r = r ? r : other;
	other = atomic_stream_end(&writing.json, !r, err);
	return r ? r : other;
}
