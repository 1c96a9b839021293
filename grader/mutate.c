/*
 * Each rule looks at one token at a time and adds a mutant where it fits.  A
 * dropped call becomes 0, which is what most of them give back when all is
 * well, so that `if (close(fd) < 0)` still compiles and goes on.
 */
#include "grader/mutate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/c_tokens.h"

const char *const MUTATION_RULES[] = {"drop-wait", "drop-lock", "drop-unlock",
	"drop-post", "drop-close", "drop-flush", "drop-kill", "drop-check",
	"drop-death-signal", "drop-sleep", "swap-calls", "change-constant",
	"change-signal", "change-flag", "change-comparison", "if-for-while",
	NULL};

struct maker {
	const struct c_source *source;
	struct mutant *mutants;
	size_t count, capacity;
};

static void add(struct maker *maker, const char *rule, size_t first,
	size_t last, char *text)
{
	const struct c_token *from = &maker->source->tokens[first];
	const struct c_token *to = &maker->source->tokens[last];
	size_t number = 1;

	for (size_t i = 0; i < maker->count; i++)
		number += !strcmp(maker->mutants[i].rule, rule);
	grow_array(&maker->mutants, maker->count, &maker->capacity,
		sizeof(*maker->mutants));
	maker->mutants[maker->count++] = (struct mutant){
		.rule = rule,
		.number = number,
		.line = from->line,
		.start = from->start,
		.length = to->start + to->length - from->start,
		.text = text,
	};
}

static bool is(const struct maker *maker, size_t index, const char *text)
{
	return c_token_is(maker->source, index, text);
}

static bool is_one_of(
	const struct maker *maker, size_t index, const char *const *texts)
{
	for (size_t i = 0; texts[i]; i++)
		if (is(maker, index, texts[i]))
			return true;
	return false;
}

/* Is one of the tokens between OPEN and CLOSE written so? */
static bool holds(const struct maker *maker, size_t open, size_t close,
	const char *const *texts)
{
	for (size_t i = open + 1; i < close; i++)
		if (is_one_of(maker, i, texts))
			return true;
	return false;
}

/* A name, and "(" behind it, not the declaration of a function. */
static bool is_call(const struct maker *maker, size_t index)
{
	static const char *const before[] = {"return", "else", "do", NULL};
	const struct c_source *source = maker->source;

	if (source->tokens[index].kind != C_NAME ||
		!is(maker, index + 1, "(") || index == 0)
		return false;
	return source->tokens[index - 1].kind == C_NAME
		       ? is_one_of(maker, index - 1, before)
		       : !is(maker, index - 1, "*") &&
				 !is(maker, index - 1, ".") &&
				 !is(maker, index - 1, "->");
}

/* A call that is a whole statement of a block; its ";" goes to *END. */
static bool is_statement(const struct maker *maker, size_t index, size_t *end)
{
	static const char *const before[] = {";", "{", "}", NULL};

	if (!is_call(maker, index) || !is_one_of(maker, index - 1, before))
		return false;
	*end = c_closing(maker->source, index + 1) + 1;
	return is(maker, *end, ";");
}

struct drop {
	const char *name, *rule;
	/* ... and if its arguments hold this, ANOTHER; NULL: never */
	const char *word, *another;
};

static const struct drop drops[] = {
	{"wait", "drop-wait", NULL, NULL},
	{"waitpid", "drop-wait", NULL, NULL},
	{"waitid", "drop-wait", NULL, NULL},
	{"pthread_join", "drop-wait", NULL, NULL},
	{"sem_wait", "drop-lock", NULL, NULL},
	{"pthread_mutex_lock", "drop-lock", NULL, NULL},
	{"flock", "drop-lock", "LOCK_UN", "drop-unlock"},
	{"lockf", "drop-lock", "F_ULOCK", "drop-unlock"},
	{"pthread_mutex_unlock", "drop-unlock", NULL, NULL},
	{"sem_post", "drop-post", NULL, NULL},
	{"pthread_cond_signal", "drop-post", NULL, NULL},
	{"pthread_cond_broadcast", "drop-post", NULL, NULL},
	{"close", "drop-close", NULL, NULL},
	{"fclose", "drop-close", NULL, NULL},
	{"fflush", "drop-flush", NULL, NULL},
	{"kill", "drop-kill", NULL, NULL},
	{"sleep", "drop-sleep", NULL, NULL},
};

static const struct drop *find_drop(const struct maker *maker, size_t index)
{
	for (size_t i = 0; i < sizeof(drops) / sizeof(*drops); i++)
		if (is(maker, index, drops[i].name))
			return &drops[i];
	return NULL;
}

static void drop_call(struct maker *maker, size_t index)
{
	const struct drop *drop = find_drop(maker, index);
	const char *const word[] = {drop ? drop->word : NULL, NULL};
	const char *rule;
	size_t close;

	if (!drop || !is_call(maker, index))
		return;
	close = c_closing(maker->source, index + 1);
	rule = holds(maker, index + 1, close, word) ? drop->another
						    : drop->rule;
	add(maker, rule, index, close, xstrdup("0"));
}

static void drop_record_lock(struct maker *maker, size_t index)
{
	static const char *const words[] = {
		"F_SETLK", "F_SETLKW", "F_OFD_SETLK", "F_OFD_SETLKW", NULL};
	size_t close;

	if (!is(maker, index, "fcntl") || !is_call(maker, index))
		return;
	close = c_closing(maker->source, index + 1);
	if (holds(maker, index + 1, close, words))
		add(maker, "drop-lock", index, close, xstrdup("0"));
}

static void drop_death_signal(struct maker *maker, size_t index)
{
	static const char *const words[] = {"PR_SET_PDEATHSIG", NULL};
	size_t close;

	if (!is(maker, index, "prctl") || !is_call(maker, index))
		return;
	close = c_closing(maker->source, index + 1);
	if (holds(maker, index + 1, close, words))
		add(maker, "drop-death-signal", index, close, xstrdup("0"));
}

/* if (getppid() ...): never. */
static void drop_check(struct maker *maker, size_t index)
{
	static const char *const words[] = {"getppid", NULL};
	size_t close;

	if (!is(maker, index, "if") || !is(maker, index + 1, "("))
		return;
	close = c_closing(maker->source, index + 1);
	if (close < maker->source->count &&
		holds(maker, index + 1, close, words))
		add(maker, "drop-check", index + 1, close, xstrdup("(0)"));
}

/* Two statements, of which one at least is about what we are about. */
static void swap_calls(struct maker *maker, size_t index)
{
	static const char *const others[] = {
		"printf", "puts", "write", "fork", NULL};
	const struct c_token *tokens = maker->source->tokens;
	const char *text = maker->source->text;
	size_t first_end, second_end, second;

	if (!is_statement(maker, index, &first_end))
		return;
	second = first_end + 1;
	if (second >= maker->source->count ||
		!is_statement(maker, second, &second_end) ||
		!(find_drop(maker, index) || find_drop(maker, second)) ||
		!(find_drop(maker, index) || is_one_of(maker, index, others)) ||
		!(find_drop(maker, second) || is_one_of(maker, second, others)))
		return;
	add(maker, "swap-calls", index, second_end,
		xasprintf("%.*s %.*s",
			(int)(tokens[second_end].start + 1 -
				tokens[second].start),
			text + tokens[second].start,
			(int)(tokens[first_end].start + 1 -
				tokens[index].start),
			text + tokens[index].start));
}

/* The numbers of calls whose numbers are what they do. */
static void change_constant(struct maker *maker, size_t index)
{
	static const char *const calls[] = {
		"sleep", "usleep", "sem_init", NULL};
	const struct c_token *tokens = maker->source->tokens;
	size_t close;

	if (!is_one_of(maker, index, calls) || !is_call(maker, index))
		return;
	close = c_closing(maker->source, index + 1);
	for (size_t i = index + 2; i < close; i++) {
		const char *digits = maker->source->text + tokens[i].start;
		unsigned long value = strtoul(digits, NULL, 10);

		/* sem_init(&s, 1, 0): shared or not, and how many */
		if (tokens[i].kind == C_NUMBER)
			add(maker, "change-constant", i, i,
				xasprintf("%lu", is(maker, index, "sem_init") &&
								 value == 1
							 ? 0
							 : value + 1));
	}
}

struct change {
	const char *from, *to;
};

static void change_word(struct maker *maker, size_t index, const char *rule,
	const struct change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is(maker, index, changes[i].from))
			add(maker, rule, index, index, xstrdup(changes[i].to));
}

static void change_signal(struct maker *maker, size_t index)
{
	/* into one that does nothing to who does not catch it */
	static const struct change changes[] = {
		{"SIGKILL", "SIGCONT"}, {"SIGTERM", "SIGCONT"}};
	static const char *const calls[] = {"kill", "prctl", NULL};
	size_t close;

	if (!is_one_of(maker, index, calls) || !is_call(maker, index))
		return;
	close = c_closing(maker->source, index + 1);
	for (size_t i = index + 2; i < close; i++)
		change_word(maker, i, "change-signal", changes,
			sizeof(changes) / sizeof(*changes));
}

static void change_flag(struct maker *maker, size_t index)
{
	static const struct change changes[] = {
		{"LOCK_EX", "LOCK_SH"},
		{"MAP_SHARED", "MAP_PRIVATE"},
		{"PTHREAD_PROCESS_SHARED", "PTHREAD_PROCESS_PRIVATE"},
		{"O_TRUNC", "0"},
		{"F_WRLCK", "F_RDLCK"},
		{"F_SETLKW", "F_SETLK"},
		{"WNOHANG", "0"},
	};

	change_word(maker, index, "change-flag", changes,
		sizeof(changes) / sizeof(*changes));
}

/* 0, NULL and their like: what is compared with them is an error. */
static bool is_nothing(const struct maker *maker, size_t index)
{
	static const char *const nothing[] = {"0", "NULL", "MAP_FAILED",
		"SEM_FAILED", "SIG_ERR", "EOF", "-", NULL};

	return is_one_of(maker, index, nothing);
}

/* Of conditions, and not of checks for errors. */
static void change_comparison(struct maker *maker, size_t index)
{
	static const struct change changes[] = {{"<", "<="}, {"<=", "<"},
		{">", ">="}, {">=", ">"}, {"==", "!="}, {"!=", "=="}};
	static const char *const heads[] = {"for", "while", "if", NULL};
	size_t close;

	if (!is_one_of(maker, index, heads) || !is(maker, index + 1, "("))
		return;
	close = c_closing(maker->source, index + 1);
	for (size_t i = index + 2; i < close; i++)
		if (!is_nothing(maker, i + 1) && !is_nothing(maker, i - 1))
			change_word(maker, i, "change-comparison", changes,
				sizeof(changes) / sizeof(*changes));
}

/* The loop around a wait. */
static void if_for_while(struct maker *maker, size_t index)
{
	static const char *const waits[] = {"pthread_cond_wait",
		"pthread_cond_timedwait", "sigsuspend", "pause", NULL};
	size_t close, end;

	if (!is(maker, index, "while") || !is(maker, index + 1, "("))
		return;
	close = c_closing(maker->source, index + 1);
	if (close + 1 >= maker->source->count || is(maker, close + 1, ";"))
		return;
	end = is(maker, close + 1, "{") ? c_closing(maker->source, close + 1)
					: close + 2;
	if (holds(maker, close, end, waits))
		add(maker, "if-for-while", index, index, xstrdup("if"));
}

size_t mutate(const char *source, size_t length, struct mutant **mutants)
{
	static void (*const rules[])(struct maker *, size_t) = {drop_call,
		drop_record_lock, drop_death_signal, drop_check, swap_calls,
		change_constant, change_signal, change_flag, change_comparison,
		if_for_while};
	struct c_source read;
	struct maker maker = {.source = &read};

	c_source_read(&read, source, length);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		for (size_t token = 0; token < read.count; token++)
			rules[i](&maker, token);
	c_source_release(&read);
	*mutants = maker.mutants;
	return maker.count;
}

void mutants_free(struct mutant *mutants, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(mutants[i].text);
	free(mutants);
}

char *mutant_apply(
	const struct mutant *mutant, const char *source, size_t *length)
{
	size_t added = strlen(mutant->text);
	size_t behind = *length - mutant->start - mutant->length;
	char *changed = xmalloc(*length - mutant->length + added + 1);

	memcpy(changed, source, mutant->start);
	memcpy(changed + mutant->start, mutant->text, added);
	memcpy(changed + mutant->start + added,
		source + mutant->start + mutant->length, behind);
	*length = mutant->start + added + behind;
	changed[*length] = '\0';
	return changed;
}
