#include "table.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define FIELDS_MIN 4
#define FIELDS 5

/* Cuts blanks off both ends, in place. */
static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t");
	length = strlen(text);
	while (length > 0 && strchr(" \t\n", text[length - 1]))
		text[--length] = '\0';
	return text;
}

static void add_row(struct table *table, char *line, int number)
{
	char *fields[FIELDS] = {NULL};
	struct attack *attack;
	size_t count = 0;

	while (line && count < FIELDS)
		fields[count++] = trim(strsep(&line, "|"));
	if (count < FIELDS_MIN || line)
		errx(1, "table:%d: ID | ATTACK | FULL | WITHOUT | NATIVELY",
			number);
	grow_array(&table->attacks, table->count, &table->capacity,
		sizeof(*table->attacks));
	attack = &table->attacks[table->count++];
	attack->id = xstrdup(fields[0]);
	attack->name = xstrdup(fields[1]);
	attack->expected[0] = xstrdup(fields[2]);
	attack->expected[1] =
		xstrdup(strcmp(fields[3], "=") ? fields[3] : fields[2]);
	attack->natively = xstrdup(fields[4] ? fields[4] : "");
	attack->line = number;
	for (int i = 0; i < 2; i++)
		if (!strcmp(attack->expected[i], "-"))
			attack->is_left_out[i] = true;
	if (!*attack->expected[0] || !*attack->expected[1])
		errx(1, "table:%d: nothing is expected", number);
}

void table_read(struct table *table, const char *path)
{
	FILE *file = fopen(path, "re");
	auto_free char *line = NULL;
	size_t size = 0;
	int number = 0;

	if (!file)
		err(1, "%s", path);
	memset(table, 0, sizeof(*table));
	while (getline(&line, &size, file) > 0) {
		number++;
		if (*line != '#' && *trim(line))
			add_row(table, line, number);
	}
	fclose(file);
}

void table_release(struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		struct attack *attack = &table->attacks[i];

		free(attack->id);
		free(attack->name);
		free(attack->expected[0]);
		free(attack->expected[1]);
		free(attack->natively);
	}
	free(table->attacks);
}
