/*
 * Keys are texts: the values of the groups with blanks between.  A value has
 * no blank itself (they were taken out of the line), so keys cannot collide.
 */
#include "grader/rules/lines.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/json_reader.h"

bool line_is(const struct rule *rule, const char *field,
	const struct observation *seen)
{
	return rule_lists(rule, field, seen->kind);
}

bool line_is_by(const struct rule *rule, const struct observation *seen)
{
	const char *by = rule_text(rule, "by");

	return !by || (seen->process == 0) == !strcmp(by, "main");
}

bool rule_leaves_aside(const struct rule *rule, const struct observed_run *run)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind == EVENT_LEFT &&
			trace->tasks[trace->events[i].task].died_us < 0)
			return rule_get(rule, "all_ended")->flag;
	return false;
}

int64_t rule_program_us(const struct observed_run *run)
{
	const struct trace *trace = run->trace;
	int64_t end_us = run->outcome->main_end_us;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_LEFT &&
			trace->tasks[event->task].died_us > end_us)
			end_us = trace->tasks[event->task].died_us;
	}
	return end_us;
}

bool line_is_printed(const struct rule *rule, const char *field,
	const struct observed_run *run, int process)
{
	for (size_t i = 0; i < run->observation_count; i++)
		if (run->observations[i].process == process &&
			line_is(rule, field, &run->observations[i]))
			return true;
	return false;
}

const char *line_label(const struct observed_run *run, const char *kind)
{
	const struct exercise *exercise = run->exercise;

	for (size_t i = 0; i < exercise->pattern_count; i++)
		if (!strcmp(exercise->patterns[i].kind, kind))
			return exercise->patterns[i].label;
	return kind;
}

char *line_labels(const struct rule *rule, const char *field,
	const struct observed_run *run)
{
	const struct rule_value *value = rule_get(rule, field);
	struct buf out = {0};

	if (value->text)
		buf_adds(&out, line_label(run, value->text));
	for (size_t i = 0; i < value->count; i++) {
		if (i > 0)
			buf_adds(&out, " / ");
		buf_adds(&out, line_label(run, value->texts[i]));
	}
	return buf_detach(&out);
}

char *line_key(
	const struct observation *seen, char *const *groups, size_t count)
{
	struct buf out = {0};

	for (size_t i = 0; i < count; i++) {
		const char *value = observation_value(seen, groups[i]);

		if (i > 0)
			buf_addc(&out, ' ');
		buf_adds(&out, value ? value : "");
	}
	return buf_detach(&out);
}

size_t line_key_groups(const struct rule_value *keys, char **groups, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < keys->key_count; i++)
		for (size_t j = 0; j < keys->keys[i].group_count; j++)
			if (count < max)
				groups[count++] = keys->keys[i].groups[j];
	return count;
}

static size_t dimension_size(
	const struct rule_dimension *dimension, const struct observed_run *run)
{
	double size = (double)dimension->row_count;

	if (dimension->from)
		size = rule_evaluate(dimension->to, run) -
		       rule_evaluate(dimension->from, run) + 1;
	else if (dimension->first)
		size = fmin(size, rule_evaluate(dimension->first, run));
	return size > 0 ? (size_t)size : 0;
}

static void add_row(struct buf *key, const struct rule_dimension *dimension,
	const struct observed_run *run, size_t row)
{
	if (dimension->from) {
		buf_addf(key, "%.0f",
			rule_evaluate(dimension->from, run) + (double)row);
		return;
	}
	for (size_t i = 0; i < dimension->group_count; i++)
		buf_addf(key, "%s%s", i > 0 ? " " : "",
			dimension->rows[row * dimension->group_count + i]);
}

char **line_expected_keys(const struct rule_value *keys,
	const struct observed_run *run, size_t *count)
{
	size_t total = 1;
	char **out;

	for (size_t i = 0; i < keys->key_count; i++)
		total *= dimension_size(&keys->keys[i], run);
	out = xcalloc(total + 1, sizeof(*out));
	for (size_t n = 0; n < total; n++) {
		struct buf key = {0};
		size_t rest = n, block = total;

		for (size_t i = 0; i < keys->key_count; i++) {
			size_t size = dimension_size(&keys->keys[i], run);

			assert(size > 0); /* or total would be none */
			block /= size;
			assert(block > 0); /* a divisor of total */
			if (i > 0)
				buf_addc(&key, ' ');
			add_row(&key, &keys->keys[i], run, rest / block);
			rest %= block;
		}
		out[n] = buf_detach(&key);
	}
	*count = total;
	return out;
}

/* Number of the line AT: its index, or its place among those of FIELD. */
static int64_t line_number(const struct rule *rule,
	const struct observed_run *run, const char *field,
	const struct observation *at)
{
	const struct rule_value *key = rule_get(rule, "key");
	const char *index = rule_text(rule, "index");
	auto_free char *own = NULL;
	int64_t number = 0;

	if (index)
		return observation_number(at, index, -1);
	own = line_key(at, key->texts, key->count);
	for (const struct observation *i = run->observations; i < at; i++) {
		auto_free char *theirs = NULL;

		if (!line_is(rule, field, i))
			continue;
		theirs = line_key(i, key->texts, key->count);
		number += !strcmp(own, theirs);
	}
	return number;
}

const struct observation *line_behind(const struct rule *rule,
	const struct observed_run *run, const struct observation *seen,
	int64_t lag)
{
	const struct rule_value *key = rule_get(rule, "key");
	int64_t wanted = line_number(rule, run, "observation", seen) - lag;
	auto_free char *own = line_key(seen, key->texts, key->count);
	const char *index = rule_text(rule, "index");
	int64_t number = 0;

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *other = &run->observations[i];
		auto_free char *theirs = NULL;

		if (!line_is(rule, "than", other))
			continue;
		theirs = line_key(other, key->texts, key->count);
		if (strcmp(own, theirs) != 0)
			continue;
		if (index)
			number = observation_number(other, index, -1);
		if (number == wanted)
			return other;
		number++;
	}
	return NULL;
}

bool event_holds_up(const struct event *event)
{
	static const char *const KINDS[] = {"late", "stop", "slow", "delay"};

	if (event->kind != EVENT_FAULT || event->task < 0 || !event->object)
		return false;
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(*KINDS); i++)
		if (!strcmp(event->object, KINDS[i]))
			return true;
	return false;
}

/* When the task of event I went on: its next event, or the end. */
static int64_t let_go_us(const struct trace *trace, size_t i)
{
	int task = trace->events[i].task;

	while (++i < trace->event_count)
		if (trace->events[i].task == task)
			return trace->events[i].time_us;
	return INT64_MAX;
}

bool rule_is_held(
	const struct observed_run *run, int but, int64_t from_us, int64_t to_us)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event_holds_up(event) && event->time_us <= to_us &&
			observed_process(run, event->task) != but &&
			let_go_us(trace, i) >= from_us)
			return true;
	}
	return false;
}

bool rule_needs_end(const struct observed_run *run, struct rule_result *result)
{
	/* what lives on by design may do so for ever: main has ended */
	if (run->outcome->main_ended && (run->outcome->end == RUN_END_EXITED ||
						run->scenario->outlives_main))
		return true;
	if (rule_fail(result)) {
		result->follows = true;
		rule_say_zh(result, "程序没有正常运行到结束，"
				    "所以这一项无法成立。");
		rule_say_en(result, "the program did not come to its end, so "
				    "this cannot hold.");
	}
	return false;
}

double rule_seconds(int64_t us)
{
	return (double)us / 1e6;
}
