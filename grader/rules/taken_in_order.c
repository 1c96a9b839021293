/*
 * taken-in-order: the items of one key leave the queue in rising order.
 *
 * The moment of taking is a get from a channel (pipe, FIFO, message queue),
 * seen only when the item's name is in the bytes.  So only this is judged:
 * gets by the processes that print the line, the last one before it whose
 * bytes hold that item, and only among gets from one channel, since a program
 * may well hand the items on through one channel a consumer.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "the line of using"},
	{"key", RULE_NAMES, true, NULL, "groups that make the item's name"},
	{"index", RULE_NAME, true, NULL, "group of the rising number"},
	{0},
};

/* The bytes without blanks and what was no text (padding, lengths); owned. */
static char *bare_text(const char *text)
{
	struct buf stripped = {0}, out = {0};
	const char *at;

	pattern_strip(&stripped, text);
	at = buf_text(&stripped);
	while (*at) {
		if (!strncmp(at, "\xef\xbf\xbd", 3))
			at += 3;
		else
			buf_addc(&out, *at++);
	}
	buf_release(&stripped);
	return buf_detach(&out);
}

static bool holds_item(const char *bare, const char *item)
{
	size_t length = strlen(item);
	const char *at;
	bool found = false;

	for (at = strstr(bare, item); at && !found; at = strstr(at + 1, item))
		found = !isdigit((unsigned char)at[length]);
	return found;
}

/* Of each event that is a get, as far as its bytes were seen; owned. */
static char **bare_gets(const struct trace *trace)
{
	char **bare = xcalloc(trace->event_count + 1, sizeof(*bare));

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_GET && event->text && event->object)
			bare[i] = bare_text(event->text);
	}
	return bare;
}

static void free_bare(char **bare, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(bare[i]);
	free(bare);
}

/* Event of the get of the item that the line is about; count if unseen. */
static size_t find_get(const struct rule *rule, const struct observed_run *run,
	char *const *bare, const struct observation *seen)
{
	const struct rule_value *key = rule_get(rule, "key");
	const char *index = observation_value(seen, rule_text(rule, "index"));
	const struct trace *trace = run->trace;
	struct buf item = {0};
	size_t found = trace->event_count;

	for (size_t i = 0; i < key->count; i++) {
		const char *value = observation_value(seen, key->texts[i]);

		buf_adds(&item, value ? value : "");
	}
	buf_adds(&item, index ? index : "");
	for (size_t i = seen->event; i > 0 && found == trace->event_count;
		i--) {
		const struct event *event = &trace->events[i - 1];

		if (bare[i - 1] &&
			observed_process(run, event->task) == seen->process &&
			holds_item(bare[i - 1], buf_text(&item)))
			found = i - 1;
	}
	buf_release(&item);
	return found;
}

static void compare(const struct rule *rule, const struct observed_run *run,
	const size_t *gets, size_t i, size_t j, struct rule_result *result)
{
	const struct rule_value *key = rule_get(rule, "key");
	const char *index = rule_text(rule, "index");
	const struct observation *a = &run->observations[i];
	const struct observation *b = &run->observations[j];
	const struct event *first = &run->trace->events[gets[i]];
	const struct event *second = &run->trace->events[gets[j]];
	auto_free char *left = NULL, *right = NULL;
	bool index_rises = observation_number(a, index, 0) <
			   observation_number(b, index, 0);

	if (index_rises == (gets[i] < gets[j]) || gets[i] == gets[j] ||
		strcmp(first->object, second->object) != 0)
		return;
	left = line_key(a, key->texts, key->count);
	right = line_key(b, key->texts, key->count);
	if (strcmp(left, right) != 0 || !rule_fail(result))
		return;
	rule_show(result, gets[i]);
	rule_show(result, gets[j]);
	rule_say_zh(result, "%s 的东西没有按生产的顺序取出（%s）。", left,
		first->object);
	rule_say_en(result,
		"the items of %s were not taken in the order in "
		"which they were made (%s).",
		left, first->object);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	size_t none = run->trace->event_count;
	auto_free size_t *gets =
		xcalloc(run->observation_count + 1, sizeof(*gets));
	char **bare = bare_gets(run->trace);

	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++) {
		gets[i] = none;
		if (!line_is(rule, "observation", &run->observations[i]))
			continue;
		gets[i] = find_get(rule, run, bare, &run->observations[i]);
		for (size_t j = 0; j < i; j++)
			if (gets[i] < none && gets[j] < none)
				compare(rule, run, gets, j, i, result);
	}
	free_bare(bare, none);
}

const struct rule_kind RULE_TAKEN_IN_ORDER = {
	.name = "taken-in-order",
	.meaning = "items are taken from a channel in the order of their "
		   "numbers, where the channel shows them",
	.fields = FIELDS,
	.judge = judge,
};
