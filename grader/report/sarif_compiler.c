/*
 * How it works: gcc's messages are lines FILE:LINE:COLUMN: KIND: TEXT; what
 * stands between them (the source, a caret) is left out.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/report/sarif.h"
#include "grader/report/test_list.h"

/* The option that asks for the message, "[-Wunused]" at its end, or KIND. */
static char *rule_of(const char *text, const char *kind)
{
	const char *open = strrchr(text, '[');
	size_t length = open ? strcspn(open + 1, "]=") : 0;

	if (open && !strncmp(open, "[-W", 3) && length)
		return xasprintf("gcc%.*s", (int)length, open + 1);
	return xasprintf("gcc-%s", kind);
}

/* Splits ":LINE:COLUMN" off the end of PLACE; false when it has none. */
static bool split_place(char *place, long *line, long *column)
{
	char *second = strrchr(place, ':'), *first;

	if (!second)
		return false;
	*second = '\0';
	first = strrchr(place, ':');
	if (!first)
		return false;
	*column = strtol(second + 1, NULL, 10);
	*line = strtol(first + 1, NULL, 10);
	*first = '\0';
	return *line > 0;
}

static void add_line(
	cJSON *results, const struct verdict *verdict, const char *text)
{
	static const struct {
		const char *mark, *kind, *level;
	} kinds[] = {{": error: ", "error", "error"},
		{": fatal error: ", "error", "error"},
		{": warning: ", "warning", "warning"}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *mark = strstr(text, kinds[i].mark);
		auto_free char *place = NULL, *rule = NULL, *file = NULL;
		auto_free char *whole = NULL;
		long line, column, same;

		if (!mark)
			continue;
		place = xstrndup(text, (size_t)(mark - text));
		if (!split_place(place, &line, &column))
			return;
		text = mark + strlen(kinds[i].mark);
		rule = rule_of(text, kinds[i].kind);
		whole = xasprintf("%s:%ld",
			strncmp(place, "./", 2) ? place : place + 2, line);
		place_split(verdict, whole, &file, &same);
		sarif_add_locations(
			sarif_add_result(results, rule, kinds[i].level, text),
			file, line, column);
		return;
	}
}

void sarif_add_compiler(cJSON *results, const struct verdict *verdict)
{
	auto_free char *log = shown_text(verdict->compile.log);

	for (char *line = log, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		add_line(results, verdict, line);
	}
}
