#include "grader/gradebook/sheet.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/csv.h"

#define MARK_LENGTH (sizeof(CSV_BYTE_ORDER_MARK) - 1)

struct reading {
	struct sheet *sheet;
	size_t at, line;
	size_t row_capacity, field_capacity;
};

static struct sheet_row *add_row(struct reading *reading)
{
	struct sheet *sheet = reading->sheet;

	grow_array(&sheet->rows, sheet->count, &reading->row_capacity,
		sizeof(*sheet->rows));
	sheet->rows[sheet->count] = (struct sheet_row){0};
	reading->field_capacity = 0;
	return &sheet->rows[sheet->count++];
}

static void add_field(struct reading *reading, struct sheet_row *row,
	size_t start, const struct buf *value)
{
	const char *text = buf_text(value);
	size_t length;

	text += strspn(text, " ");
	length = strlen(text);
	while (length && text[length - 1] == ' ')
		length--;
	grow_array(&row->fields, row->count, &reading->field_capacity,
		sizeof(*row->fields));
	row->fields[row->count++] = (struct sheet_field){
		.start = start,
		.end = reading->at,
		.value = xstrndup(text, length),
	};
}

/* In front of AT stands an opening quote.  False when none closes. */
static bool read_quoted(struct reading *reading, struct buf *value)
{
	const struct sheet *sheet = reading->sheet;

	while (reading->at < sheet->length) {
		char c = sheet->text[reading->at++];

		if (c == '"') {
			if (sheet->text[reading->at] != '"')
				return true;
			reading->at++;
		}
		reading->line += c == '\n';
		buf_addc(value, c);
	}
	return false;
}

static bool ends_field(const struct sheet *sheet, size_t at)
{
	return at >= sheet->length || sheet->text[at] == sheet->separator ||
	       sheet->text[at] == '\n' || sheet->text[at] == '\r';
}

/* 0 or -EINVAL. */
static int read_field(struct reading *reading, struct sheet_row *row,
	const char *name, struct err *err)
{
	struct sheet *sheet = reading->sheet;
	const size_t start = reading->at, line = reading->line;
	struct buf value = {0};
	bool good = true;

	if (sheet->text[reading->at] == '"') {
		reading->at++;
		good = read_quoted(reading, &value) &&
		       ends_field(sheet, reading->at);
	} else {
		while (!ends_field(sheet, reading->at))
			buf_addc(&value, sheet->text[reading->at++]);
	}
	if (good)
		add_field(reading, row, start, &value);
	buf_release(&value);
	return good ? 0
		    : err_set(err, -EINVAL,
			      "%s:%zu: a quoted field does not end", name,
			      line);
}

static void skip_line_end(struct reading *reading)
{
	const struct sheet *sheet = reading->sheet;

	if (reading->at < sheet->length && sheet->text[reading->at] == '\r')
		reading->at++;
	if (reading->at < sheet->length && sheet->text[reading->at] == '\n')
		reading->at++;
	reading->line++;
}

static int read_row(struct reading *reading, const char *name, struct err *err)
{
	const struct sheet *sheet = reading->sheet;
	struct sheet_row *row = add_row(reading);
	int r;

	for (;;) {
		r = read_field(reading, row, name, err);
		if (r)
			return r;
		if (reading->at >= sheet->length ||
			sheet->text[reading->at] != sheet->separator)
			break;
		reading->at++;
	}
	skip_line_end(reading);
	return 0;
}

/* What stands more often in the first line. */
static char find_separator(const char *text)
{
	size_t commas = 0, semicolons = 0;
	bool quoted = false;

	for (; *text && (quoted || *text != '\n'); text++) {
		quoted ^= *text == '"';
		commas += !quoted && *text == ',';
		semicolons += !quoted && *text == ';';
	}
	return semicolons > commas ? ';' : ',';
}

int sheet_read(struct sheet *sheet, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct reading reading = {.sheet = sheet, .line = 1};
	int r = 0;

	*sheet = (struct sheet){0};
	if (memchr(text, '\0', length))
		return err_set(err, -EINVAL,
			"%s: has a byte of 0: save it as CSV in UTF-8", name);
	sheet->text = xstrndup(text, length);
	sheet->length = length;
	if (!strncmp(sheet->text, CSV_BYTE_ORDER_MARK, MARK_LENGTH))
		reading.at = MARK_LENGTH;
	sheet->separator = find_separator(sheet->text);
	while (!r && reading.at < length)
		r = read_row(&reading, name, err);
	if (!r && sheet->count == 0)
		r = err_set(err, -EINVAL, "%s: is empty", name);
	if (r)
		sheet_release(sheet);
	return r;
}

void sheet_release(struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->count; i++) {
		for (size_t j = 0; j < sheet->rows[i].count; j++) {
			free(sheet->rows[i].fields[j].value);
			free(sheet->rows[i].fields[j].changed);
		}
		free(sheet->rows[i].fields);
	}
	free(sheet->rows);
	free(sheet->text);
	*sheet = (struct sheet){0};
}

const char *sheet_value(const struct sheet *sheet, size_t row, size_t column)
{
	return column < sheet->rows[row].count
		       ? sheet->rows[row].fields[column].value
		       : "";
}

void sheet_set(struct sheet *sheet, size_t row, size_t column, char *value)
{
	struct sheet_field *field = &sheet->rows[row].fields[column];

	free(field->changed);
	field->changed = value;
}

/* A number stands as it is, a text in quotes. */
static void write_changed(struct buf *out, const char *value)
{
	if (!value[strspn(value, "0123456789.")] && *value)
		buf_adds(out, value);
	else if (*value)
		csv_add_text(out, value);
}

void sheet_write(struct buf *out, const struct sheet *sheet)
{
	size_t at = 0;

	for (size_t i = 0; i < sheet->count; i++)
		for (size_t j = 0; j < sheet->rows[i].count; j++) {
			const struct sheet_field *field =
				&sheet->rows[i].fields[j];

			if (!field->changed)
				continue;
			buf_add(out, sheet->text + at, field->start - at);
			write_changed(out, field->changed);
			at = field->end;
		}
	buf_add(out, sheet->text + at, sheet->length - at);
}
