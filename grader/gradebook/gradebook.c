/*
 * How it works: Canvas has fixed headings.  Moodle's are in the language of
 * whoever downloaded the sheet, so the student's column is found by what stands
 * in it ("Participant 12345"), and the others by the headings of the languages
 * that are known here, or as told.
 */
#include "grader/gradebook/gradebook.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define NONE ((size_t)-1)

struct columns {
	bool canvas;
	size_t id, grade, feedback;
};

static size_t find_heading(const struct sheet *sheet, const char *heading)
{
	for (size_t i = 0; i < sheet->rows[0].count; i++)
		if (!strcmp(sheet_value(sheet, 0, i), heading))
			return i;
	return NONE;
}

static size_t find_one_of(
	const struct sheet *sheet, const char *const *headings)
{
	size_t column = NONE;

	for (; *headings && column == NONE; headings++)
		column = find_heading(sheet, *headings);
	return column;
}

const char *gradebook_number(const char *value)
{
	const char *at = value + strlen(value);

	while (at > value && isdigit((unsigned char)at[-1]))
		at--;
	return *at && at > value && at[-1] == ' ' ? at : NULL;
}

/* Moodle's identifiers: nothing else has a word and a number in every row. */
static size_t find_identifier(const struct sheet *sheet)
{
	for (size_t column = 0; column < sheet->rows[0].count; column++) {
		size_t numbers = 0;

		for (size_t row = 1; row < sheet->count; row++)
			numbers += gradebook_number(sheet_value(
					   sheet, row, column)) != NULL;
		if (numbers && numbers + 1 >= sheet->count)
			return column;
	}
	return NONE;
}

enum gradebook_kind gradebook_kind(const struct sheet *sheet, size_t *column)
{
	*column = NONE;
	if (!strcmp(sheet_value(sheet, 0, 0), "Student"))
		*column = find_heading(sheet, "ID");
	if (*column != NONE)
		return GRADEBOOK_CANVAS;
	*column = find_identifier(sheet);
	return *column != NONE ? GRADEBOOK_MOODLE : GRADEBOOK_OTHER;
}

/* "Homework 3 (123456)": an assignment of Canvas. */
static bool is_assignment(const char *heading)
{
	const char *open = strrchr(heading, '(');
	size_t digits = open ? strspn(open + 1, "0123456789") : 0;

	return digits && !strcmp(open + 1 + digits, ")");
}

static int find_assignment(const struct sheet *sheet, const char *name,
	size_t *column, struct err *err)
{
	*column = NONE;
	for (size_t i = 0; i < sheet->rows[0].count; i++) {
		if (!is_assignment(sheet_value(sheet, 0, i)))
			continue;
		if (*column != NONE)
			return err_set(err, -EINVAL,
				"%s: has several assignments; name one with "
				"--column, such as --column '%s'",
				name, sheet_value(sheet, 0, i));
		*column = i;
	}
	return 0;
}

static int find_columns(struct columns *columns, const struct sheet *sheet,
	const char *name, const struct gradebook_options *options,
	struct err *err)
{
	static const char *const grades[] = {"Grade", "成绩", "分数", NULL};
	static const char *const feedbacks[] = {
		"Feedback comments", "反馈评论", "反馈意见", "评语", NULL};
	int r = 0;

	columns->canvas =
		gradebook_kind(sheet, &columns->id) == GRADEBOOK_CANVAS;
	columns->feedback = columns->grade = NONE;
	if (columns->id == NONE)
		return err_set(err, -EINVAL,
			"%s: is neither a grading worksheet of Moodle, with "
			"'Participant 123' in each row, nor a gradebook of "
			"Canvas, which begins with Student and ID",
			name);
	if (options->column)
		columns->grade = find_heading(sheet, options->column);
	else if (columns->canvas)
		r = find_assignment(sheet, name, &columns->grade, err);
	else
		columns->grade = find_one_of(sheet, grades);
	if (r)
		return r;
	if (columns->grade == NONE)
		return err_set(err, -EINVAL,
			"%s: has no column '%s'; name the grade's with "
			"--column",
			name, options->column ? options->column : "Grade");
	if (options->feedback) {
		columns->feedback = find_heading(sheet, options->feedback);
		if (columns->feedback == NONE)
			return err_set(err, -EINVAL, "%s: has no column '%s'",
				name, options->feedback);
	} else if (!columns->canvas) {
		columns->feedback = find_one_of(sheet, feedbacks);
	}
	return 0;
}

static void fill_row(struct sheet *sheet, size_t row,
	const struct columns *columns, const struct gradebook_options *options,
	struct gradebook_counts *counts)
{
	const char *id = sheet_value(sheet, row, columns->id);
	struct gradebook_grade grade = {0};

	if (!columns->canvas)
		id = gradebook_number(id);
	if (!id || !*id)
		return; /* "Points Possible", or a line of the platform's */
	if (!strcmp(sheet_value(sheet, row, columns->grade), "EX")) {
		counts->excused++;
		return;
	}
	if (columns->grade >= sheet->rows[row].count ||
		!options->grade(options->context, id, &grade)) {
		counts->without++;
		return;
	}
	counts->filled++;
	sheet_set(sheet, row, columns->grade, xasprintf("%g", grade.points));
	if (grade.comment && columns->feedback < sheet->rows[row].count)
		sheet_set(sheet, row, columns->feedback, grade.comment);
	else
		free(grade.comment);
}

int gradebook_fill(struct sheet *sheet, const char *name,
	const struct gradebook_options *options,
	struct gradebook_counts *counts, struct err *err)
{
	struct columns columns;
	int r = find_columns(&columns, sheet, name, options, err);

	*counts = (struct gradebook_counts){0};
	for (size_t row = 1; row < sheet->count && !r; row++)
		fill_row(sheet, row, &columns, options, counts);
	return r;
}
