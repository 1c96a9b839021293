#include "grader/gradebook/table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/csv.h"

#define MARK_LENGTH (sizeof(CSV_BYTE_ORDER_MARK) - 1)

struct reading {
	struct table *table;
	size_t at, line;
	size_t row_capacity, field_capacity;
};

static struct table_row *add_row(struct reading *reading)
{
	struct table *table = reading->table;

	grow_array(&table->rows, table->count, &reading->row_capacity,
		sizeof(*table->rows));
	table->rows[table->count] = (struct table_row){0};
	reading->field_capacity = 0;
	return &table->rows[table->count++];
}

static void add_field(struct reading *reading, struct table_row *row,
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
	row->fields[row->count++] = (struct table_field){
		.start = start,
		.end = reading->at,
		.value = xstrndup(text, length),
	};
}

/* In front of AT stands an opening quote.  False when none closes. */
static bool read_quoted(struct reading *reading, struct buf *value)
{
	const struct table *table = reading->table;

	while (reading->at < table->length) {
		char c = table->text[reading->at++];

		if (c == '"') {
			if (table->text[reading->at] != '"')
				return true;
			reading->at++;
		}
		reading->line += c == '\n';
		buf_addc(value, c);
	}
	return false;
}

static bool ends_field(const struct table *table, size_t at)
{
	return at >= table->length || table->text[at] == table->separator ||
	       table->text[at] == '\n' || table->text[at] == '\r';
}

/* 0 or -EINVAL. */
static int read_field(struct reading *reading, struct table_row *row,
	const char *name, struct err *err)
{
	struct table *table = reading->table;
	const size_t start = reading->at, line = reading->line;
	struct buf value = {0};
	bool good = true;

	if (table->text[reading->at] == '"') {
		reading->at++;
		good = read_quoted(reading, &value) &&
		       ends_field(table, reading->at);
	} else {
		while (!ends_field(table, reading->at))
			buf_addc(&value, table->text[reading->at++]);
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
	const struct table *table = reading->table;

	if (reading->at < table->length && table->text[reading->at] == '\r')
		reading->at++;
	if (reading->at < table->length && table->text[reading->at] == '\n')
		reading->at++;
	reading->line++;
}

static int read_row(struct reading *reading, const char *name, struct err *err)
{
	const struct table *table = reading->table;
	struct table_row *row = add_row(reading);
	int r;

	for (;;) {
		r = read_field(reading, row, name, err);
		if (r)
			return r;
		if (reading->at >= table->length ||
			table->text[reading->at] != table->separator)
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

int table_read(struct table *table, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct reading reading = {.table = table, .line = 1};
	int r = 0;

	*table = (struct table){0};
	if (memchr(text, '\0', length))
		return err_set(err, -EINVAL,
			"%s: has a byte of 0: save it as CSV in UTF-8", name);
	table->text = xstrndup(text, length);
	table->length = length;
	if (!strncmp(table->text, CSV_BYTE_ORDER_MARK, MARK_LENGTH))
		reading.at = MARK_LENGTH;
	table->separator = find_separator(table->text);
	while (!r && reading.at < length)
		r = read_row(&reading, name, err);
	if (!r && table->count == 0)
		r = err_set(err, -EINVAL, "%s: is empty", name);
	if (r)
		table_release(table);
	return r;
}

void table_release(struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		for (size_t j = 0; j < table->rows[i].count; j++) {
			free(table->rows[i].fields[j].value);
			free(table->rows[i].fields[j].changed);
		}
		free(table->rows[i].fields);
	}
	free(table->rows);
	free(table->text);
	*table = (struct table){0};
}

const char *table_value(const struct table *table, size_t row, size_t column)
{
	return column < table->rows[row].count
		       ? table->rows[row].fields[column].value
		       : "";
}

void table_set(struct table *table, size_t row, size_t column, char *value)
{
	struct table_field *field = &table->rows[row].fields[column];

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

void table_write(struct buf *out, const struct table *table)
{
	size_t at = 0;

	for (size_t i = 0; i < table->count; i++)
		for (size_t j = 0; j < table->rows[i].count; j++) {
			const struct table_field *field =
				&table->rows[i].fields[j];

			if (!field->changed)
				continue;
			buf_add(out, table->text + at, field->start - at);
			write_changed(out, field->changed);
			at = field->end;
		}
	buf_add(out, table->text + at, table->length - at);
}
