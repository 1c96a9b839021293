#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/reference_mine.h"

/* A small exercise: buyers search, then buy one of a few; main says done. */
static struct pattern patterns[4];
static char scenario_id[] = "one", command[] = "./tickets";
static char exercise_id[] = "tickets", file_name[] = "db.json";
static struct run_file files[] = {{.name = file_name}};
static struct scenario scenario = {
	.id = scenario_id, .command = command, .files = files, .file_count = 1};
static struct exercise exercise = {
	.id = exercise_id, .patterns = patterns, .pattern_count = 4};

static void make_pattern(
	struct pattern *pattern, const char *kind, const char *source)
{
	char message[200];

	cr_assert_eq(pattern_compile(pattern, source, message, sizeof(message)),
		0, "%s", message);
	pattern->kind = xstrdup(kind);
	if (strchr(source, '<'))
		pattern->subject = xstrdup("buyer");
}

static void make_exercise(void)
{
	make_pattern(&patterns[0], "searched", "searched(?<buyer>\\d+)");
	make_pattern(&patterns[1], "bought", "bought(?<buyer>\\d+)");
	make_pattern(&patterns[2], "none", "none(?<buyer>\\d+)");
	make_pattern(&patterns[3], "done", "done");
}

static void free_exercise(void)
{
	size_t i;

	for (i = 0; i < 4; i++)
		pattern_release(&patterns[i]);
}

/* What the next run does. */
struct story {
	int buyers;
	int first;       /* buyer that gets the lock first, then the next */
	bool looked;     /* at what a trace says nothing of */
	bool is_locked;  /* else no buyer waits for another */
	bool is_awaited; /* main reaps before it says done */
	const char *content;
	int status;
};
static const struct story good = {3, 0, false, true, true, "{\"count\": 1}", 0};

static void append(struct trace *trace, enum event_kind kind, int task,
	int other, const char *object, const char *text)
{
	struct event event = event_make(kind, task);

	event.time_us = (int64_t)trace->event_count * 1000;
	event.other = other;
	event.object = object;
	event.text = text;
	if (kind == EVENT_EXIT)
		event.status = 0;
	trace_append(trace, &event);
}

static void say(struct trace *trace, int task, const char *what, int buyer)
{
	auto_free char *text =
		buyer < 0 ? xstrdup(what) : xasprintf("%s%d", what, buyer);

	append(trace, EVENT_OUTPUT, task, -1, "stdout", text);
}

static void buy(struct trace *trace, int buyer, bool is_locked, bool has_ticket)
{
	int task = buyer + 1;

	if (is_locked)
		append(trace, EVENT_LOCK, task, -1, "lock", NULL);
	say(trace, task, has_ticket ? "bought" : "none", buyer);
	if (is_locked)
		append(trace, EVENT_UNLOCK, task, -1, "lock", NULL);
	append(trace, EVENT_EXIT, task, -1, NULL, NULL);
}

static void tell(struct trace *trace, const struct story *story)
{
	int i, buyer;

	trace_add_task(trace, -1, false, 2, 0);
	for (i = 0; i < story->buyers; i++) {
		trace_add_task(trace, 0, false, 3 + i, 0);
		append(trace, EVENT_FORK, 0, i + 1, NULL, NULL);
	}
	for (i = 0; i < story->buyers; i++)
		say(trace, i + 1, "searched", i);
	for (i = 0; i < story->buyers; i++) {
		buyer = (story->first + i) % story->buyers;
		buy(trace, buyer, story->is_locked, i < 2);
	}
	for (i = 0; story->is_awaited && i < story->buyers; i++)
		append(trace, EVENT_REAP, 0, i + 1, NULL, NULL);
	say(trace, 0, "done", -1);
	append(trace, EVENT_EXIT, 0, -1, NULL, NULL);
}

struct told {
	struct run_outcome outcome;
	struct run_file file;
	struct observed_run run;
};

static void make_run(struct told *told, const struct story *story)
{
	memset(told, 0, sizeof(*told));
	tell(&told->outcome.trace, story);
	told->file.name = file_name;
	told->file.data = xstrdup(story->content);
	told->file.length = strlen(story->content);
	told->file.regular = true;
	told->outcome.files = &told->file;
	told->outcome.file_count = 1;
	told->outcome.main_ended = true;
	told->outcome.looked = story->looked;
	told->outcome.main_status = story->status;
	told->outcome.main_end_us = trace_end_us(&told->outcome.trace);
	told->run.exercise = &exercise;
	told->run.scenario = &scenario;
	told->run.outcome = &told->outcome;
	told->run.trace = &told->outcome.trace;
	observe_run(&told->run);
}

static void free_run(struct told *told)
{
	observed_run_release(&told->run);
	trace_release(&told->outcome.trace);
	free(told->file.data);
}

/* The reference of the good story, told from each buyer's side. */
static struct reference mine(void)
{
	struct reference_miner *miner =
		reference_miner_new(&exercise, &scenario, 7);
	struct reference reference;
	struct story story = good;
	struct told told;

	for (story.first = 0; story.first < 3; story.first++) {
		story.content =
			story.first ? "{\"count\": 1}\n" : "{ \"count\" : 1 }";
		make_run(&told, &story);
		reference_miner_add(miner,
			story.first == 1 ? "right-b" : "right-a", &told.run);
		free_run(&told);
	}
	cr_assert_eq(reference_miner_runs(miner), 3);
	reference_miner_finish(miner, &reference);
	return reference;
}

static bool has_order(const struct reference *reference,
	enum reference_relation relation, enum reference_scope scope,
	const char *first, const char *second)
{
	const struct reference_order *order;
	size_t i;

	for (i = 0; i < reference->order_count; i++) {
		order = &reference->orders[i];
		if (order->relation == relation && order->scope == scope &&
			!strcmp(order->first, first) &&
			!strcmp(order->second, second))
			return true;
	}
	return false;
}

TestSuite(reference, .init = make_exercise, .fini = free_exercise);

Test(reference, facts_are_what_all_runs_have)
{
	struct reference reference = mine();

	cr_assert_eq(reference.solution_count, 2);
	cr_assert_str_eq(reference.solutions[0].name, "right-a");
	cr_assert_eq(reference.solutions[0].schedules, 2);
	cr_assert_eq(reference.solutions[1].schedules, 1);
	cr_assert_eq(reference.counts[1].range.min, 2);
	cr_assert_eq(reference.counts[1].range.max, 2);
	cr_assert_eq(reference.printers.min, 4);
	cr_assert_str_eq(reference.end.texts[0], "exit 0");
	cr_assert_eq(reference.files[0].count, 1);
	cr_assert_str_eq(reference.files[0].texts[0], "{\"count\":1}");
	cr_assert_eq(reference.sequence_count, 2);
	cr_assert_str_eq(reference.sequences[0].name, "(process)");
	cr_assert_str_eq(reference.sequences[1].name, "buyer");
	cr_assert_eq(reference.sequences[1].count, 2);
	cr_assert_str_eq(reference.sequences[1].texts[0], "searched bought");
	cr_assert_str_eq(reference.sequences[1].texts[1], "searched none");
	reference_release(&reference);
}

Test(reference, orders_are_of_happens_before_and_reduced)
{
	struct reference reference = mine();

	cr_expect(has_order(&reference, REFERENCE_MUST_PRECEDE, REFERENCE_EACH,
		"none", "done"));
	cr_expect(has_order(&reference, REFERENCE_MUST_PRECEDE, REFERENCE_EACH,
		"bought", "none"));
	cr_expect(has_order(&reference, REFERENCE_MUST_PRECEDE, REFERENCE_SAME,
		"searched", "bought"));
	cr_expect(has_order(&reference, REFERENCE_NEVER_CONCURRENT,
		REFERENCE_EACH, "bought", "bought"));
	cr_expect(has_order(&reference, REFERENCE_MAY_OVERLAP, REFERENCE_EACH,
		"searched", "searched"));
	/* follows from bought before none before done */
	cr_expect_not(has_order(&reference, REFERENCE_MUST_PRECEDE,
		REFERENCE_EACH, "bought", "done"));
	/* the searches came out in this order each time, by chance */
	cr_expect_not(has_order(&reference, REFERENCE_MUST_PRECEDE,
		REFERENCE_ONE, "searched(buyer=0)#1", "searched(buyer=1)#1"));
	reference_release(&reference);
}

Test(reference, what_is_in_no_broader_order_is_kept_for_one)
{
	struct reference_miner *miner =
		reference_miner_new(&exercise, &scenario, 7);
	struct story story = good;
	struct reference reference;
	struct told told;

	make_run(&told, &story);
	reference_miner_add(miner, "right-a", &told.run);
	reference_miner_add(miner, "right-a", &told.run);
	free_run(&told);
	reference_miner_finish(miner, &reference);
	cr_expect(has_order(&reference, REFERENCE_MUST_PRECEDE, REFERENCE_ONE,
		"bought(buyer=0)#1", "bought(buyer=1)#1"));
	cr_expect_not(has_order(&reference, REFERENCE_MUST_PRECEDE,
		REFERENCE_ONE, "bought(buyer=0)#1", "done#1"));
	reference_release(&reference);
}

Test(reference, reading_gives_back_what_was_written)
{
	struct reference reference = mine(), copy;
	struct buf text = {0}, again = {0};
	struct err err = {""};

	reference_write(&text, &reference);
	cr_assert_eq(
		reference_read(&copy, text.data, text.length, "r.json", &err),
		0, "%s", err.text);
	reference_write(&again, &copy);
	cr_assert_str_eq(again.data, text.data);
	cr_assert_eq(copy.order_count, reference.order_count);
	reference_release(&reference);
	reference_release(&copy);
	buf_release(&text);
	buf_release(&again);
}

static int line_of(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/* Replaces OLD by NEW in a good file; the reader must answer MESSAGE. */
static void refused(const char *old, const char *new, const char *message)
{
	struct reference reference = mine(), copy;
	struct buf text = {0}, changed = {0};
	struct err err = {""};
	const char *at;

	reference_write(&text, &reference);
	at = strstr(text.data, old);
	cr_assert_not_null(at);
	auto_free char *expected = xasprintf(
		"r.json:%d: field %s", line_of(text.data, at), message);

	buf_add(&changed, text.data, (size_t)(at - text.data));
	buf_adds(&changed, new);
	buf_adds(&changed, at + strlen(old));
	cr_expect_lt(reference_read(&copy, changed.data, changed.length,
			     "r.json", &err),
		0);
	cr_expect_str_eq(err.text, expected);
	cr_expect_null(copy.orders);
	reference_release(&reference);
	buf_release(&text);
	buf_release(&changed);
}

Test(reference, errors_name_the_line_and_the_field)
{
	refused("grader-reference-1", "x",
		"'schema': 'grader-reference-1' expected, found 'x'");
	refused("\"seed\": \"7\"", "\"seed\": \"7x\"",
		"'seed': not a decimal number below 2^64");
	refused("must-precede", "x",
		"'orders[0].relation': unknown relation 'x'");
	refused("same-subject", "x", "'orders[3].scope': unknown scope 'x'");
}

static size_t count_kind(
	const struct deviations *deviations, enum deviation_kind kind)
{
	size_t i, count = 0;

	for (i = 0; i < deviations->count; i++) {
		count += deviations->items[i].kind == kind;
		cr_assert_gt(strlen(deviations->items[i].text.zh), 0);
		cr_assert_gt(strlen(deviations->items[i].text.en), 0);
	}
	return count;
}

static struct deviations compare(const struct story *story)
{
	struct reference reference = mine();
	struct deviations deviations = {0};
	struct told told;

	make_run(&told, story);
	reference_compare(&reference, &told.run, &deviations);
	free_run(&told);
	reference_release(&reference);
	return deviations;
}

Test(reference, a_run_like_the_references_does_not_deviate)
{
	struct story story = good;
	struct deviations deviations;

	story.first = 2;
	deviations = compare(&story);
	cr_assert_eq(deviations.count, 0, "%s",
		deviations.count ? deviations.items[0].text.en : "");
	deviations_release(&deviations);
}

Test(reference, a_missing_lock_makes_purchases_concurrent)
{
	struct story story = good;
	struct deviations deviations;

	story.is_locked = false;
	deviations = compare(&story);
	cr_assert_gt(count_kind(&deviations, DEVIATION_CONCURRENT), 0);
	cr_assert_eq(count_kind(&deviations, DEVIATION_COUNT), 0);
	cr_assert_eq(deviations.items[0].event_count, 2);
	deviations_release(&deviations);
}

Test(reference, a_main_that_does_not_wait_is_not_ordered)
{
	struct story story = good;
	struct deviations deviations;

	story.is_awaited = false;
	deviations = compare(&story);
	cr_assert_gt(count_kind(&deviations, DEVIATION_CONCURRENT), 0);
	deviations_release(&deviations);
	/* unless it may have waited in a way that nobody has seen */
	story.looked = true;
	deviations = compare(&story);
	cr_assert_eq(count_kind(&deviations, DEVIATION_CONCURRENT), 0);
	deviations_release(&deviations);
}

Test(reference, counts_files_and_the_end_are_compared)
{
	struct story story = good;
	struct deviations deviations;

	story.buyers = 4;
	story.content = "{\"count\": 2}";
	story.status = 1;
	deviations = compare(&story);
	cr_assert_gt(count_kind(&deviations, DEVIATION_COUNT), 0);
	cr_assert_eq(count_kind(&deviations, DEVIATION_PRINTERS), 1);
	cr_assert_eq(count_kind(&deviations, DEVIATION_FILE), 1);
	cr_assert_eq(count_kind(&deviations, DEVIATION_END), 1);
	deviations_release(&deviations);
}

Test(reference, variants_beyond_the_limit_vary)
{
	struct reference_miner *miner =
		reference_miner_new(&exercise, &scenario, 7);
	struct reference reference;
	struct story story = good;
	struct told told;
	int i;

	for (i = 0; i <= REFERENCE_VARIANTS_MAX; i++) {
		auto_free char *content = xasprintf("{\"count\": %d}", i);

		story.content = content;
		make_run(&told, &story);
		reference_miner_add(miner, "right-a", &told.run);
		free_run(&told);
	}
	reference_miner_finish(miner, &reference);
	cr_assert(reference.files[0].varies);
	cr_assert_eq(reference.files[0].count, 0);
	reference_release(&reference);
}
