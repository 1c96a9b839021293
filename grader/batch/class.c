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
#include "grader/batch/class_page.h"
#include "grader/report/csv.h"
#include "grader/report/json_build.h"

struct writing {
	const struct batch_options *options;
	const struct class_tally *tally;
	struct atomic_stream csv, json;
	char *student; /* whose items come; NULL before the first */
	cJSON *object; /* of the student */
	cJSON *items;
	struct buf line; /* of the student in grades.csv */
	double total, full, extra;
	bool marked;  /* a mark is in the total */
	bool unknown; /* one is missing that there will be */
	bool any;     /* student is written, or person */
};

static void write_head(struct writing *writing)
{
	struct buf head = {0};

	buf_adds(&head, CSV_BYTE_ORDER_MARK "id,name,");
	if (writing->tally->sections)
		buf_adds(&head, "section,");
	buf_adds(&head, "late");
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
	/* no mark is an empty field, never 0 */
	if (writing->marked && !writing->unknown)
		buf_addf(&writing->line, ",%g,%g", writing->total,
			writing->extra);
	else
		buf_adds(&writing->line, ",,");
	fprintf(writing->csv.file, "%s,%g" CSV_END, buf_text(&writing->line),
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
	writing->marked = writing->unknown = false;
	csv_add_text(&writing->line, item->student);
	buf_addc(&writing->line, ',');
	csv_add_text(&writing->line, item->name);
	if (writing->tally->sections) {
		buf_addc(&writing->line, ',');
		csv_add_text(
			&writing->line, item->section ? item->section : "");
	}
	buf_adds(&writing->line, item->late ? ",yes" : ",no");
	writing->object = cJSON_CreateObject();
	json_add_text(writing->object, "id", item->student);
	json_add_text(writing->object, "name", item->name);
	if (writing->tally->sections)
		json_add_text(writing->object, "section", item->section);
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
	if (tally_has_mark(item))
		buf_addf(&writing->line, ",%g,%g", item->score,
			item->extra_score);
	else
		buf_adds(&writing->line, ",,");
	buf_addf(&writing->line, ",%s", verdict_of(item));
}

static void add_json(struct writing *writing, const struct item *item)
{
	cJSON *object = json_add_element(writing->items);

	json_add_text(object, "exercise", item->exercise);
	json_add_text(object, "state", item_state_name(item->state));
	json_add_text(object, "verdict",
		item->state == ITEM_DONE ? item->verdict : NULL);
	if (tally_has_mark(item))
		json_add_number(object, "score", item->score);
	else
		cJSON_AddNullToObject(object, "score");
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

	if (item->state == ITEM_ELSEWHERE)
		return 0;
	if (writing->student && strcmp(writing->student, item->student) != 0)
		end_student(writing);
	if (!writing->student)
		begin_student(writing, item);
	writing->total += item->score;
	writing->extra += item->extra_score;
	writing->full += item->max_score;
	writing->marked |= tally_has_mark(item);
	writing->unknown |=
		item->state == ITEM_TROUBLE || item->state == ITEM_WAITING;
	add_csv(writing, item);
	add_json(writing, item);
	return 0;
}

/* OBJECT on a line of its own; frees it. */
static void put_line(struct writing *writing, cJSON *object)
{
	char *text = cJSON_PrintUnformatted(object);

	fputs(writing->any ? ",\n" : "\n", writing->json.file);
	fputs(text, writing->json.file);
	writing->any = true;
	cJSON_free(text);
	cJSON_Delete(object);
}

static void add_summary(struct writing *writing, const struct tally *tally)
{
	const struct exercise *exercise = tally->exercise;
	cJSON *object = cJSON_CreateObject(), *spread, *failed;

	json_add_text(object, "exercise", exercise->id);
	json_add_number(object, "graded", (double)tally->done);
	json_add_number(object, "missing", (double)tally->missing);
	json_add_number(object, "refused", (double)tally->refused);
	json_add_number(object, "waiting", (double)tally->waiting);
	json_add_number(object, "trouble", (double)tally->trouble);
	json_add_number(object, "mean",
		tally->done ? tally->sum / (double)tally->done : 0);
	spread = cJSON_AddArrayToObject(object, "spread");
	for (size_t i = 0; i < TALLY_TENTHS; i++)
		cJSON_AddItemToArray(
			spread, cJSON_CreateNumber((double)tally->tenths[i]));
	failed = cJSON_AddObjectToObject(object, "failed");
	for (size_t i = 0; i < exercise->criterion_count; i++)
		json_add_number(failed, exercise->criteria[i].id,
			(double)tally->failed[i]);
	put_line(writing, object);
}

static int add_person(void *context, const struct item *item)
{
	struct writing *writing = context;
	bool first = !writing->student ||
		     strcmp(writing->student, item->student) != 0;
	const char *reasons[REASONS_MAX];
	size_t count = tally_reasons(item, first, reasons);

	if (first) {
		free(writing->student);
		writing->student = xstrdup(item->student);
	}
	for (size_t i = 0; i < count && item->state != ITEM_ELSEWHERE; i++) {
		cJSON *object = cJSON_CreateObject();

		json_add_text(object, "student", item->student);
		json_add_text(object, "name", item->name);
		json_add_text(object, "exercise", item->exercise);
		json_add_text(object, "why", reasons[i]);
		if (!strcmp(reasons[i], "trouble"))
			json_add_text(object, "trouble", item->trouble);
		put_line(writing, object);
	}
	return 0;
}

static void add_slow(struct writing *writing, const struct tally_slow *slow)
{
	cJSON *object = cJSON_CreateObject();
	char *text;

	json_add_text(object, "student", slow->student);
	json_add_text(object, "exercise", slow->exercise);
	json_add_number(object, "seconds", slow->seconds);
	text = cJSON_PrintUnformatted(object);
	fprintf(writing->json.file, "%s%s", writing->any ? ", " : "", text);
	writing->any = true;
	cJSON_free(text);
	cJSON_Delete(object);
}

/* What comes behind the students. */
static int write_rest(
	struct writing *writing, struct journal *journal, struct err *err)
{
	const struct class_tally *tally = writing->tally;
	int r;

	fputs("\n], \"summary\": [", writing->json.file);
	writing->any = false;
	for (size_t i = 0; i < tally->exercise_count; i++)
		add_summary(writing, &tally->exercises[i]);
	fputs("\n], \"needs_person\": [", writing->json.file);
	writing->any = false;
	r = journal_each(journal, add_person, writing, err);
	free(writing->student);
	writing->student = NULL;
	fputs("\n],\n\"run\": {\"slowest\": [", writing->json.file);
	writing->any = false;
	for (size_t i = 0; i < tally->slow_count; i++)
		add_slow(writing, &tally->slowest[i]);
	fputs("]}}\n", writing->json.file);
	return r;
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
	const struct class_tally *tally, struct err *err)
{
	struct writing writing = {.options = options, .tally = tally};
	int r = begin(&writing, options->output, err), other;

	if (r)
		return r;
	write_head(&writing);
	r = journal_each(journal, add, &writing, err);
	end_student(&writing);
	if (!r)
		r = write_rest(&writing, journal, err);
	buf_release(&writing.line);
	other = atomic_stream_end(&writing.csv, !r, err);
	r = r ? r : other;
	other = atomic_stream_end(&writing.json, !r, err);
	return r ? r : other;
}

int class_tables_write(struct journal *journal,
	const struct batch_options *options, struct class_tally *tally,
	struct err *err)
{
	int r = class_tally_make(tally, journal, options, err);

	if (r)
		return r;
	r = class_write(journal, options, tally, err);
	if (!r)
		r = class_page_write(journal, options, tally, err);
	if (r)
		class_tally_release(tally);
	return r;
}
