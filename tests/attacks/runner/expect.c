/*
 * A word stands for a text of the facts, which the report gives (see
 * report_facts() in grade.c); "%s" is what stands in the word's brackets.
 */
#include "table.h"

#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

static const struct {
	const char *word, *text;
	bool absent; /* the text must not be there */
} WORDS[] = {
	{"PASS", "verdict: pass\n", false},
	{"WRONG", "criterion done: fail\n", false},
	{"LEAK", "finding of holds:", false},
	{"NORMAL", "finding of ends: ends:", true},
	{"CPU-LIMIT", "the program hit a limit: CPU time", false},
	{"WALL-LIMIT", "the program hit a limit: real time", false},
	{"VIRTUAL-LIMIT", "the program hit a limit: virtual time", false},
	{"PROCESS-LIMIT", "the program hit a limit: the number of processes",
		false},
	{"MEMORY-LIMIT", "the program hit a limit: memory", false},
	{"DISK-LIMIT", "the program hit a limit: disk space", false},
	{"OUTPUT-LIMIT", "the program hit a limit: output", false},
	{"TRACE-LIMIT", "the program hit a limit: the number of events", false},
	{"STEP-LIMIT", "the program hit a limit: steps", false},
	{"SIGNAL", "ended by SIG%s", false},
	{"EXIT", "main should exit with 0, not with %s.", false},
	{"DEADLOCK", "deadlock: nobody can ever go on", false},
	{"KILLED", "forbidden system call %s and", false},
	{"DENIED", "does not offer the system call %s:", false},
	{"LEFT-BEHIND", "finding of ends: nothing-left:", false},
	{"OBJECT-LEFT", "note left-object: %s was left behind", false},
	{"NEEDS-GRADING", "note needs-grading:", false},
	{"COMPILE-ERROR", "compile: failed\n", false},
	{"COMPILE-LIMIT", "gcc hit the limit of:", false},
	{"REFUSED", "verdict: refused\n", false},
};

/* The next word of *AT: a "text", or up to a blank outside of brackets. */
static char *next_word(const char **at)
{
	const char *start = *at + strspn(*at, " "), *end = start;
	bool bracket = false;

	if (!*start)
		return NULL;
	if (*start == '"' || (*start == '!' && start[1] == '"')) {
		end = strchr(strchr(start, '"') + 1, '"');
		if (!end)
			errx(1, "a text without an end: %s", start);
		end++;
	} else {
		for (; *end && (bracket || *end != ' '); end++)
			bracket = *end == '(' || (bracket && *end != ')');
	}
	*at = end;
	return xstrndup(start, (size_t)(end - start));
}

/* What WORD stands for; false in *PRESENT when that must not be there. */
static char *text_of(const char *word, bool *present)
{
	const char *bracket = strchr(word, '(');
	size_t length = bracket ? (size_t)(bracket - word) : strlen(word);

	if (*word == '"')
		return xstrndup(word + 1, strlen(word) - 2);
	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		const char *place = strstr(WORDS[i].text, "%s");

		if (strlen(WORDS[i].word) != length ||
			strncmp(WORDS[i].word, word, length) != 0 ||
			!place != !bracket)
			continue;
		*present ^= WORDS[i].absent;
		if (!bracket)
			return xstrdup(WORDS[i].text);
		return xasprintf("%.*s%.*s%s", (int)(place - WORDS[i].text),
			WORDS[i].text, (int)strlen(bracket) - 2, bracket + 1,
			place + 2);
	}
	errx(1, "there is no word '%s'", word);
}

bool expect_holds(const char *expected, const char *facts, struct buf *trouble)
{
	bool all = true;

	for (;;) {
		auto_free char *word = next_word(&expected), *text = NULL;
		bool present;

		if (!word)
			return all;
		present = *word != '!';
		text = text_of(word + !present, &present);
		if (!strstr(facts, text) == !present)
			continue;
		buf_addf(trouble, "expected: %s\n", word);
		all = false;
	}
}
