/*
 * How it works: every name under which a row may be meant is a key; keys are
 * sorted once and searched by halves.  A key that two rows have finds neither.
 */
#include "grader/gradebook/roster.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/sheet.h"

#define NONE ROSTER_NONE
#define ALIASES 6
#define NUMBER_MIN 3 /* digits and letters of an id within another name */

static const char *const IDS[] = {"id", "student id", "student_id",
	"student number", "student no", "matriculation number", "number",
	"学号", "学生学号", "学生编号", "编号", "学籍号", NULL};
static const char *const NAMES[] = {"name", "full name", "student",
	"student name", "姓名", "名字", "全名", "学生姓名", "学生", NULL};
static const char *const FIRST_NAMES[] = {
	"first name", "given name", "名", NULL};
static const char *const LAST_NAMES[] = {
	"last name", "surname", "family name", "姓", "姓氏", NULL};
static const char *const SECTIONS[] = {"section", "class", "group", "groups",
	"班级", "班", "行政班", "教学班", "小组", "组", "组别", NULL};
static const char *const MAILS[] = {"email", "e-mail", "mail", "email address",
	"e-mail address", "邮箱", "电子邮箱", "电子邮件", "邮件", "email地址",
	"电子邮件地址", "邮箱地址", NULL};
static const char *const LOGINS[] = {
	"username", "user name", "login", "sis login id", "用户名", NULL};
static const char *const NUMBERS[] = {
	"id number", "sis user id", "学号", "学生学号", "id号", NULL};
static const char *const GITHUB[] = {
	"github", "github username", "github_username", "github 用户名", NULL};

struct columns {
	bool canvas, moodle;
	size_t id, name, first, last, section, mail;
	size_t aliases[ALIASES];
};

static size_t find(const struct sheet *sheet, const char *const *headings)
{
	for (; *headings; headings++)
		for (size_t i = 0; i < sheet->rows[0].count; i++)
			if (!strcasecmp(sheet_value(sheet, 0, i), *headings))
				return i;
	return NONE;
}

static int find_columns(struct columns *columns, const struct sheet *sheet,
	const char *name, struct err *err)
{
	const enum gradebook_kind kind = gradebook_kind(sheet, &columns->id);

	columns->canvas = kind == GRADEBOOK_CANVAS;
	/* "Class 3" looks like it as well, but Moodle's is the first */
	columns->moodle = kind == GRADEBOOK_MOODLE && columns->id == 0 &&
			  find(sheet, SECTIONS) != 0;
	if (!columns->canvas && !columns->moodle)
		columns->id = find(sheet, IDS);
	columns->name = find(sheet, NAMES);
	columns->first = find(sheet, FIRST_NAMES);
	columns->last = find(sheet, LAST_NAMES);
	columns->section = find(sheet, SECTIONS);
	columns->mail = find(sheet, MAILS);
	columns->aliases[0] = columns->mail;
	columns->aliases[1] = find(sheet, LOGINS);
	columns->aliases[2] = find(sheet, NUMBERS);
	columns->aliases[3] = find(sheet, GITHUB);
	columns->aliases[4] = columns->aliases[5] = NONE;
	if (columns->id == NONE)
		columns->id = columns->aliases[2];
	if (columns->id == NONE)
		columns->id = columns->aliases[1];
	if (columns->id == NONE)
		columns->id = columns->name;
	if (columns->id == NONE)
		return err_set(err, -EINVAL,
			"%s: has no column of ids; its first line must have a "
			"heading such as id, student id or 学号",
			name);
	return 0;
}

static void add_key(struct roster *roster, const char *text, size_t length,
	size_t row, enum roster_strength strength)
{
	struct roster_key *key;

	if (length == 0)
		return;
	grow_array(&roster->keys, roster->key_count, &roster->key_capacity,
		sizeof(*roster->keys));
	key = &roster->keys[roster->key_count++];
	*key = (struct roster_key){xstrndup(text, length), row, strength};
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text > 127)
			return false;
	return true;
}

/* In one column or two; owned. */
static char *name_of(const struct sheet *sheet, size_t row,
	const struct columns *columns, const char *id)
{
	const char *first, *last;

	if (columns->name != NONE && *sheet_value(sheet, row, columns->name))
		return xstrdup(sheet_value(sheet, row, columns->name));
	if (columns->first == NONE || columns->last == NONE)
		return xstrdup(id);
	first = sheet_value(sheet, row, columns->first);
	last = sheet_value(sheet, row, columns->last);
	if (!*first && !*last)
		return xstrdup(id);
	return is_ascii(last) ? xasprintf("%s %s", first, last)
			      : xasprintf("%s%s", last, first);
}

static void add_aliases(struct roster *roster, const struct sheet *sheet,
	size_t row, const struct columns *columns, size_t index)
{
	for (size_t i = 0; i < ALIASES; i++) {
		const size_t column = columns->aliases[i];
		const char *value;

		if (column == NONE || column == columns->id)
			continue;
		value = sheet_value(sheet, row, column);
		add_key(roster, value, strlen(value), index, ROSTER_ALIAS);
		if (column == columns->mail && strchr(value, '@'))
			add_key(roster, value, strcspn(value, "@"), index,
				ROSTER_ALIAS);
	}
}

static bool is_empty(const struct sheet *sheet, size_t row)
{
	for (size_t i = 0; i < sheet->rows[row].count; i++)
		if (*sheet_value(sheet, row, i))
			return false;
	return true;
}

static int add_row(struct roster *roster, const struct sheet *sheet, size_t row,
	const struct columns *columns, const char *name, struct err *err)
{
	const char *id = sheet_value(sheet, row, columns->id);
	const size_t index = roster->count;
	struct roster_row *added;

	if (columns->moodle)
		id = gradebook_number(id);
	if (!id || !*id) {
		/* "Points Possible", or a line of the platform's */
		if (columns->canvas || columns->moodle || is_empty(sheet, row))
			return 0;
		return err_set(err, -EINVAL, "%s: row %zu has no '%s'", name,
			row + 1, sheet_value(sheet, 0, columns->id));
	}
	grow_array(&roster->rows, roster->count, &roster->capacity,
		sizeof(*roster->rows));
	added = &roster->rows[roster->count++];
	*added = (struct roster_row){
		.id = xstrdup(id), .name = name_of(sheet, row, columns, id)};
	if (columns->section != NONE)
		added->section =
			xstrdup(sheet_value(sheet, row, columns->section));
	add_key(roster, id, strlen(id), index, ROSTER_ID);
	add_key(roster, added->name, strlen(added->name), index, ROSTER_NAME);
	add_aliases(roster, sheet, row, columns, index);
	return 0;
}

static int compare_keys(const void *a, const void *b)
{
	const struct roster_key *one = a, *other = b;
	int r = strcmp(one->text, other->text);

	if (r)
		return r;
	if (one->strength != other->strength)
		return one->strength < other->strength ? -1 : 1;
	return one->row < other->row ? -1 : one->row > other->row;
}

static int check_ids(
	const struct roster *roster, const char *name, struct err *err)
{
	for (size_t i = 1; i < roster->key_count; i++) {
		const struct roster_key *one = &roster->keys[i - 1];
		const struct roster_key *other = &roster->keys[i];

		if (one->strength == ROSTER_ID &&
			other->strength == ROSTER_ID &&
			!strcmp(one->text, other->text))
			return err_set(err, -EINVAL, "%s: '%s' is in it twice",
				name, one->text);
	}
	return 0;
}

int roster_read(struct roster *roster, const char *text, size_t length,
	const char *name, struct err *err)
{
	struct columns columns;
	struct sheet sheet;
	int r = sheet_read(&sheet, text, length, name, err);

	*roster = (struct roster){0};
	if (r)
		return r;
	r = find_columns(&columns, &sheet, name, err);
	for (size_t row = 1; row < sheet.count && !r; row++)
		r = add_row(roster, &sheet, row, &columns, name, err);
	if (!r && !roster->count)
		r = err_set(err, -EINVAL, "%s: has no student", name);
	if (!r) {
		roster->sections = columns.section != NONE;
		qsort(roster->keys, roster->key_count, sizeof(*roster->keys),
			compare_keys);
		r = check_ids(roster, name, err);
	}
	sheet_release(&sheet);
	if (r)
		roster_release(roster);
	return r;
}

void roster_release(struct roster *roster)
{
	for (size_t i = 0; i < roster->count; i++) {
		free(roster->rows[i].id);
		free(roster->rows[i].name);
		free(roster->rows[i].section);
	}
	for (size_t i = 0; i < roster->key_count; i++)
		free(roster->keys[i].text);
	free(roster->rows);
	free(roster->keys);
	*roster = (struct roster){0};
}

/* The first key that is not in front of the LENGTH bytes of TEXT. */
static size_t lower(
	const struct roster *roster, const char *text, size_t length)
{
	size_t low = 0, high = roster->key_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strncmp(roster->keys[middle].text, text, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The one row with a key of TEXT, as strong as the strongest; or NONE. */
static size_t find_key(const struct roster *roster, const char *text,
	size_t length, enum roster_strength weakest)
{
	size_t row = NONE;
	enum roster_strength strength = weakest;

	for (size_t i = lower(roster, text, length); i < roster->key_count;
		i++) {
		const struct roster_key *key = &roster->keys[i];

		if (strncmp(key->text, text, length) != 0 || key->text[length])
			break;
		if (key->strength > strength)
			break;
		if (row != NONE && row != key->row)
			return NONE;
		row = key->row;
		strength = key->strength;
	}
	return row;
}

size_t roster_find_id(const struct roster *roster, const char *id)
{
	return find_key(roster, id, strlen(id), ROSTER_ID);
}

static size_t span(const char *text)
{
	size_t length = 0;

	while (isascii(text[length]) && isalnum((unsigned char)text[length]))
		length++;
	return length;
}

/* By an id that stands somewhere in TEXT. */
static size_t find_within(const struct roster *roster, const char *text)
{
	size_t row = NONE;

	while (*text) {
		size_t length = span(text), found;

		if (length == 0) {
			text++;
			continue;
		}
		found = length < NUMBER_MIN
				? NONE
				: find_key(roster, text, length, ROSTER_ID);
		if (found != NONE && row != NONE && row != found)
			return NONE;
		row = found != NONE ? found : row;
		text += length;
	}
	return row;
}

size_t roster_find(
	const struct roster *roster, const char *id, const char *name)
{
	size_t row = find_key(roster, id, strlen(id), ROSTER_ALIAS);

	if (row == NONE)
		row = find_within(roster, id);
	if (row == NONE)
		row = find_key(roster, id, strlen(id), ROSTER_NAME);
	if (row == NONE)
		row = find_key(roster, name, strlen(name), ROSTER_NAME);
	return row;
}
