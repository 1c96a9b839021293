/*
 * A run becomes a list of facts, each a kind, a name and a value; the lists of
 * the explored runs are merged into one that keeps, for each kind and name,
 * the values seen and in how many runs.  The list of the parallel run is then
 * looked up in it, fact by fact, in the order of the kinds: an early one
 * (how it ended) explains the later ones (lines that are missing).
 */
#include "grader/parallel.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"

#define VALUES_MAX 8    /* kept of a fact; more = it varies */
#define FACTS_MAX 400   /* a program that prints more kinds of lines */
#define SHOWN_BYTES 200 /* of a line or a file, in a note */
#define BUSY_FACTOR 5   /* see is_telling() */
#define BUSY_CPU_US 150000

enum fact_kind {
	FACT_END,     /* how main ended */
	FACT_LEFT,    /* number of processes that lived on */
	FACT_FILE,    /* content of a file of the scenario */
	FACT_SHAPE,   /* the same without its numbers */
	FACT_COUNT,   /* how many lines of this kind */
	FACT_LINES,   /* these lines with their numbers, sorted */
	FACT_OBJECTS, /* IPC objects that were left */
};

struct parallel_fact {
	enum fact_kind kind;
	char *name;
	char *values[VALUES_MAX];
	size_t value_count, runs;
	bool many; /* more values than are kept */
};

static void add_value(struct parallel_fact *fact, const char *value)
{
	for (size_t i = 0; i < fact->value_count; i++)
		if (!strcmp(fact->values[i], value))
			return;
	if (fact->value_count == VALUES_MAX)
		fact->many = true;
	else
		fact->values[fact->value_count++] = xstrdup(value);
}

static struct parallel_fact *find_fact(
	const struct parallel_seen *seen, enum fact_kind kind, const char *name)
{
	for (size_t i = 0; i < seen->fact_count; i++)
		if (seen->facts[i].kind == kind &&
			!strcmp(seen->facts[i].name, name))
			return &seen->facts[i];
	return NULL;
}

static void add_fact(struct parallel_seen *seen, enum fact_kind kind,
	const char *name, const char *value)
{
	struct parallel_fact *fact = find_fact(seen, kind, name);

	if (!fact && seen->fact_count == FACTS_MAX) {
		seen->vague = true;
		return;
	}
	if (!fact) {
		grow_array(&seen->facts, seen->fact_count, &seen->fact_capacity,
			sizeof(*seen->facts));
		fact = &seen->facts[seen->fact_count++];
		memset(fact, 0, sizeof(*fact));
		fact->kind = kind;
		fact->name = xstrdup(name);
	}
	fact->runs++;
	add_value(fact, value);
}

/* TEXT with each number replaced by "#". */
static char *without_numbers(const char *text)
{
	struct buf shape = {0};

	for (const char *at = text; *at; at++) {
		if (!isdigit((unsigned char)*at))
			buf_addc(&shape, *at);
		else if (at == text || !isdigit((unsigned char)at[-1]))
			buf_addc(&shape, '#');
	}
	return buf_detach(&shape);
}

/* A proved deadlock and busy waiting without end are the same to look at. */
static char *describe_end(const struct run_outcome *outcome)
{
	if (outcome->end == RUN_END_DEADLOCK || outcome->end == RUN_END_LIMIT)
		return xstrdup("stuck");
	if (outcome->main_signal)
		return xasprintf("signal %d", outcome->main_signal);
	return xasprintf("status %d", outcome->main_status);
}

static void add_files(struct parallel_seen *one,
	const struct scenario *scenario, const struct run_outcome *outcome)
{
	for (size_t i = 0; i < scenario->file_count; i++) {
		const char *content = "";
		char *shape;

		for (size_t j = 0; j < outcome->file_count; j++)
			if (!strcmp(outcome->files[j].name,
				    scenario->files[i].name) &&
				outcome->files[j].data)
				content = outcome->files[j].data;
		shape = without_numbers(content);
		add_fact(one, FACT_FILE, scenario->files[i].name, content);
		add_fact(one, FACT_SHAPE, scenario->files[i].name, shape);
		free(shape);
	}
}

struct line {
	char *shape; /* owned; "stdout: buyer # waits", or a pattern's label */
	const char *text;
	bool is_asked; /* a pattern of the exercise matches it */
};

static int by_shape_and_text(const void *a, const void *b)
{
	const struct line *left = a, *right = b;
	int order = strcmp(left->shape, right->shape);

	return order ? order : strcmp(left->text, right->text);
}

static void add_lines(
	struct parallel_seen *one, const struct line *lines, size_t count)
{
	size_t next;

	for (size_t i = 0; i < count; i = next) {
		struct buf text = {0};
		char *number;

		for (next = i; next < count &&
			       !strcmp(lines[next].shape, lines[i].shape);
			next++) {
			buf_adds(&text, lines[next].text);
			buf_addc(&text, '\n');
		}
		number = xasprintf("%zu", next - i);
		add_fact(one, FACT_COUNT, lines[i].shape, number);
		if (!lines[i].is_asked)
			add_fact(one, FACT_LINES, lines[i].shape,
				buf_text(&text));
		free(number);
		buf_release(&text);
	}
}

/* NEXT: the first observation that may be of this event or a later one. */
static struct line make_line(
	const struct observed_run *run, size_t event, size_t *next)
{
	const struct event *output = &run->trace->events[event];
	struct line line = {.text = output->text};
	char *shape;

	while (*next < run->observation_count &&
		run->observations[*next].event < event)
		(*next)++;
	if (*next < run->observation_count &&
		run->observations[*next].event == event) {
		line.is_asked = true;
		line.shape = xasprintf("%s: %s", output->object,
			run->observations[*next].pattern->label);
		return line;
	}
	shape = without_numbers(output->text);
	line.shape = xasprintf("%s: %s", output->object, shape);
	free(shape);
	return line;
}

static void add_output(
	struct parallel_seen *one, const struct observed_run *run)
{
	const struct trace *trace = run->trace;
	struct line *lines = xcalloc(trace->event_count + 1, sizeof(*lines));
	size_t count = 0, left = 0, observation = 0;
	char *number;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		left += event->kind == EVENT_LEFT;
		if (event->kind == EVENT_OUTPUT && event->text && event->object)
			lines[count++] = make_line(run, i, &observation);
	}
	number = xasprintf("%zu", left);
	add_fact(one, FACT_LEFT, "", number);
	one->followed |= left > 0 && run->exercise->after_main_us > 0;
	free(number);
	qsort(lines, count, sizeof(*lines), by_shape_and_text);
	add_lines(one, lines, count);
	for (size_t i = 0; i < count; i++)
		free(lines[i].shape);
	free(lines);
}

static void add_objects(
	struct parallel_seen *one, const struct run_outcome *outcome)
{
	struct buf names = {0};

	for (size_t i = 0; i < outcome->left_object_count; i++)
		buf_addf(&names, "%s%s", i ? ", " : "",
			outcome->left_objects[i]);
	add_fact(one, FACT_OBJECTS, "", buf_text(&names));
	buf_release(&names);
}

void parallel_hear(struct parallel_seen *seen, const struct observed_run *run)
{
	const struct run_outcome *outcome = run->outcome;
	char *end = describe_end(outcome);

	seen->runs++;
	if (outcome->cpu_us > seen->cpu_us)
		seen->cpu_us = outcome->cpu_us;
	if (outcome->end != RUN_END_EXITED && outcome->end != RUN_END_DEADLOCK)
		seen->vague = true;
	add_fact(seen, FACT_END, "", end);
	add_files(seen, run->scenario, outcome);
	add_output(seen, run);
	add_objects(seen, outcome);
	free(end);
}

void parallel_seen_release(struct parallel_seen *seen)
{
	for (size_t i = 0; i < seen->fact_count; i++) {
		for (size_t j = 0; j < seen->facts[i].value_count; j++)
			free(seen->facts[i].values[j]);
		free(seen->facts[i].name);
	}
	free(seen->facts);
	*seen = (struct parallel_seen){0};
}

bool parallel_is_comparable(const struct parallel_seen *seen)
{
	return seen->runs > 0 && !seen->vague;
}

static bool has_value(const struct parallel_fact *fact, const char *value)
{
	for (size_t i = 0; i < fact->value_count; i++)
		if (!strcmp(fact->values[i], value))
			return true;
	return fact->many;
}

/* All schedules agree on it. */
static bool is_settled(
	const struct parallel_seen *seen, const struct parallel_fact *fact)
{
	return seen->runs >= PARALLEL_SCHEDULES_MIN && fact->value_count == 1 &&
	       fact->runs == seen->runs;
}

/* The texts of a note, whose beginning is the same for all. */
static void tell(struct bilingual *text, const struct scenario *scenario,
	char *zh, char *en)
{
	text->zh =
		xasprintf("在真正并行运行时（%s），%s", scenario->command, zh);
	text->en = xasprintf(
		"In a truly parallel run (%s), %s", scenario->command, en);
	free(zh);
	free(en);
}

static struct bilingual end_in_words(const char *end)
{
	const char *number = strchr(end, ' ');
	struct bilingual words;

	if (!number) {
		words.zh = xstrdup("程序卡住了，再也不会继续");
		words.en = xstrdup("the program got stuck for good");
	} else if (*end == 's' && end[1] == 'i') {
		words.zh = xasprintf("主进程被信号%s 终止", number);
		words.en = xasprintf("signal%s killed main", number);
	} else {
		words.zh = xasprintf("主进程以状态%s 结束", number);
		words.en = xasprintf("main exited with status%s", number);
	}
	return words;
}

static void tell_end(struct bilingual *text, const struct scenario *scenario,
	const struct parallel_seen *seen, const char *end)
{
	struct bilingual words = end_in_words(end);

	tell(text, scenario,
		xasprintf("%s；评分器试过的 %zu 个调度都不是这样。", words.zh,
			seen->runs),
		xasprintf("%s; it did so in none of the %zu schedules that "
			  "were tried.",
			words.en, seen->runs));
	free(words.zh);
	free(words.en);
}

/* The first line of TEXT that is not in OTHER (both end each with \n). */
static char *line_not_in(const char *text, const char *other)
{
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, "\n");
		char *line = xstrndup(at, length);
		bool found = false;

		for (const char *in = other; *in && !found;) {
			size_t size = strcspn(in, "\n");

			found = size == length && !memcmp(in, line, length);
			in += size + (in[size] == '\n');
		}
		if (!found)
			return line;
		free(line);
		at += length + (at[length] == '\n');
	}
	return NULL;
}

/* At most SHOWN_BYTES of TEXT, whole characters, on one line. */
static char *shown(const char *text)
{
	size_t length = strlen(text);
	char *copy;

	if (length > SHOWN_BYTES)
		for (length = SHOWN_BYTES;
			((unsigned char)text[length] & 0xc0) == 0x80; length--)
			;
	while (length > 0 && text[length - 1] == '\n')
		length--;
	copy = xstrndup(text, length);
	for (char *at = copy; *at; at++)
		if (*at == '\n')
			*at = ' ';
	return copy;
}

static void tell_values(struct bilingual *text, const struct scenario *scenario,
	const char *what_zh, const char *what_en, const char *here,
	const char *there)
{
	char *one = shown(here), *other = shown(there);

	tell(text, scenario,
		xasprintf("%s是“%s”，而在评分器的每个调度里都是“%s”。", what_zh,
			one, other),
		xasprintf("%s “%s”; in every schedule of the grader it is "
			  "“%s”.",
			what_en, one, other));
	free(one);
	free(other);
}

static void tell_file(struct bilingual *text, const struct scenario *scenario,
	const char *name, const char *here, const char *there)
{
	char *zh = xasprintf("%s 最后的内容", name);
	char *en = xasprintf("%s holds in the end", name);

	tell_values(text, scenario, zh, en, here, there);
	free(zh);
	free(en);
}

static void tell_count(struct bilingual *text, const struct scenario *scenario,
	const char *shape, const char *here, const char *there)
{
	char *line = shown(strchr(shape, ' ') + 1);

	tell(text, scenario,
		xasprintf("“%s”这样的行（# 代表数字）有 %s 行，而在评分器的每个"
			  "调度里都是 %s 行。",
			line, here, there),
		xasprintf("lines like “%s” (# is a number) are %s; in every "
			  "schedule of the grader they are %s.",
			line, here, there));
	free(line);
}

static void tell_new_line(struct bilingual *text,
	const struct scenario *scenario, const char *shape)
{
	char *line = shown(strchr(shape, ' ') + 1);

	tell(text, scenario,
		xasprintf("程序输出了“%s”这样的行（# 代表数字），在评分器的"
			  "任何调度里都没有出现过。",
			line),
		xasprintf("the program printed a line like “%s” (# is a "
			  "number), which no schedule of the grader did.",
			line));
	free(line);
}

static void tell_lines(struct bilingual *text, const struct scenario *scenario,
	const char *here, const char *there)
{
	char *one = line_not_in(here, there), *other = line_not_in(there, here);

	/* the same lines, another number of times each */
	tell_values(text, scenario, "有一行", "a line is", one ? one : here,
		other ? other : there);
	free(one);
	free(other);
}

static void tell_fact(struct bilingual *text, const struct scenario *scenario,
	const struct parallel_seen *seen, const struct parallel_fact *fact,
	const struct parallel_fact *known)
{
	const char *here = fact->values[0];
	const char *there = known ? known->values[0] : "";

	switch (fact->kind) {
	case FACT_END:
		tell_end(text, scenario, seen, here);
		return;
	case FACT_LEFT:
		tell_values(text, scenario, "主进程结束后留下的进程数",
			"the number of processes that outlived main is", here,
			there);
		return;
	case FACT_FILE:
	case FACT_SHAPE:
		tell_file(text, scenario, fact->name, here, there);
		return;
	case FACT_COUNT:
		if (known)
			tell_count(text, scenario, fact->name, here, there);
		else
			tell_new_line(text, scenario, fact->name);
		return;
	case FACT_LINES:
		tell_lines(text, scenario, here, there);
		return;
	case FACT_OBJECTS:
		tell_values(text, scenario, "留下的 IPC 对象",
			"the IPC objects left behind are", here, there);
		return;
	}
}

/* Does this fact of the parallel run go against what is KNOWN? */
static bool contradicts(const struct parallel_seen *seen,
	const struct parallel_fact *fact, const struct parallel_fact *known)
{
	if (fact->kind == FACT_END)
		return known && !has_value(known, fact->values[0]);
	if (!known)
		return fact->kind == FACT_COUNT &&
		       seen->runs >= PARALLEL_SCHEDULES_MIN;
	return is_settled(seen, known) && !has_value(known, fact->values[0]);
}

/* The first fact in the order of the kinds that goes against what is known. */
static const struct parallel_fact *find_contradiction(
	const struct parallel_seen *seen, const struct parallel_seen *one,
	const struct parallel_fact **known)
{
	int last = seen->followed || one->followed ? FACT_LEFT : FACT_OBJECTS;

	for (int kind = FACT_END; kind <= last; kind++)
		for (size_t i = 0; i < one->fact_count; i++) {
			const struct parallel_fact *fact = &one->facts[i];

			if ((int)fact->kind != kind)
				continue;
			*known = find_fact(seen, fact->kind, fact->name);
			if (contradicts(seen, fact, *known))
				return fact;
		}
	return NULL;
}

/* A kind of line that every schedule printed, and this run did not. */
static const struct parallel_fact *find_missing(
	const struct parallel_seen *seen, const struct parallel_seen *one)
{
	for (size_t i = 0; i < seen->fact_count && !seen->followed; i++) {
		const struct parallel_fact *fact = &seen->facts[i];

		if (fact->kind == FACT_COUNT && fact->runs == seen->runs &&
			seen->runs >= PARALLEL_SCHEDULES_MIN &&
			!find_fact(one, FACT_COUNT, fact->name))
			return fact;
	}
	return NULL;
}

/*
 * A run that was cut short shows nothing, unless nothing but busy tasks was
 * left: a program that computes for long does so in the schedules too.
 */
static bool is_telling(
	const struct parallel_seen *seen, const struct run_outcome *outcome)
{
	if (outcome->end == RUN_END_LIMIT)
		return !strcmp(outcome->limit, RUN_LIMIT_BUSY) &&
		       seen->cpu_us * BUSY_FACTOR < BUSY_CPU_US;
	return outcome->end == RUN_END_EXITED ||
	       outcome->end == RUN_END_DEADLOCK;
}

bool parallel_differs(const struct parallel_seen *seen,
	const struct observed_run *run, struct bilingual *text)
{
	const struct parallel_fact *fact, *known = NULL;
	struct parallel_seen one = {0};

	if (!parallel_is_comparable(seen) || !is_telling(seen, run->outcome))
		return false;
	parallel_hear(&one, run);
	fact = find_contradiction(seen, &one, &known);
	if (fact) {
		tell_fact(text, run->scenario, seen, fact, known);
	} else {
		fact = find_missing(seen, &one);
		if (fact)
			tell_count(text, run->scenario, fact->name, "0",
				fact->values[0]);
	}
	parallel_seen_release(&one);
	return fact != NULL;
}
