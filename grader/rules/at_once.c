/*
 * at-once: two processes do at the same time what ends with a line and takes
 * at least `seconds` (must-overlap: nothing is serialised needlessly).
 *
 * If what each does lasts at least that long right before its line, two
 * lines of different processes that are closer together overlap for certain,
 * and done one after another no two are.  With `sleeping`, sleeps of that
 * length by different processes that overlap show it as well: then the line
 * may be late (the process blocked behind its sleep).
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "line that ends it"},
	{"seconds", RULE_NUMBER, true, NULL, "how long it takes at least"},
	{"sleeping", RULE_FLAG, false, NULL, "overlapping sleeps show it too"},
	{"faster_than", RULE_NUMBER, false, NULL,
		"the last line before this many seconds shows it too"},
	{0},
};

struct sleep_span {
	int64_t from, to;
	int process;
};

static bool lines_overlap(
	const struct rule *rule, const struct observed_run *run, double seconds)
{
	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *a = &run->observations[i];

		if (!line_is(rule, "observation", a))
			continue;
		for (size_t j = i + 1; j < run->observation_count; j++) {
			const struct observation *b = &run->observations[j];

			if (line_is(rule, "observation", b) &&
				a->process != b->process &&
				rule_seconds(b->time_us - a->time_us) <
					seconds - RULE_TOLERANCE)
				return true;
		}
	}
	return false;
}

static bool writes(
	const struct rule *rule, const struct observed_run *run, int process)
{
	for (size_t i = 0; i < run->observation_count; i++)
		if (run->observations[i].process == process &&
			line_is(rule, "observation", &run->observations[i]))
			return true;
	return false;
}

/* Sleeps of the processes that write the line, at least that long. */
static size_t collect_sleeps(const struct rule *rule,
	const struct observed_run *run, double seconds, struct sleep_span *out)
{
	const struct trace *trace = run->trace;
	size_t count = 0;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_SLEEP || event->task < 0 ||
			rule_seconds(event->value) < seconds - RULE_TOLERANCE)
			continue;
		out[count] = (struct sleep_span){event->time_us,
			event->time_us + event->value,
			observed_process(run, event->task)};
		if (writes(rule, run, out[count].process))
			count++;
	}
	return count;
}

static bool sleeps_overlap(
	const struct rule *rule, const struct observed_run *run, double seconds)
{
	auto_free struct sleep_span *spans =
		xcalloc(run->trace->event_count + 1, sizeof(*spans));
	size_t count = collect_sleeps(rule, run, seconds, spans);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (spans[i].process != spans[j].process &&
				spans[i].from < spans[j].to &&
				spans[j].from < spans[i].to)
				return true;
	return false;
}

static bool was_fast(const struct rule *rule, const struct observed_run *run)
{
	double most = rule_number(rule, "faster_than", run, 0);
	double last = 0;
	bool any = false;

	for (size_t i = 0; i < run->observation_count; i++) {
		const struct observation *seen = &run->observations[i];

		if (!line_is(rule, "observation", seen))
			continue;
		any = true;
		last = rule_seconds(seen->time_us);
	}
	return any && last < most - RULE_TOLERANCE;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	double seconds = rule_number(rule, "seconds", run, 0);
	const char *what = line_label(run, rule_text(rule, "observation"));
	bool any = false;

	(void)memory;
	if (lines_overlap(rule, run, seconds) || was_fast(rule, run))
		return;
	if (rule_get(rule, "sleeping")->flag &&
		sleeps_overlap(rule, run, seconds))
		return;
	if (!rule_fail(result))
		return;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i])) {
			rule_show(result, run->observations[i].event);
			any = true;
		}
	if (!any) {
		rule_say_zh(result,
			"“%s”一行也没有出现，各个进程没有同时工作。", what);
		rule_say_en(result,
			"'%s' never appears: no processes work at the same "
			"time.",
			what);
		return;
	}
	rule_say_zh(result,
		"各个进程应当同时工作，却是一个接一个地进行"
		"（“%s”）。",
		what);
	rule_say_en(result,
		"the processes should work at the same time, but "
		"they do so one after another ('%s').",
		what);
}

const struct rule_kind RULE_AT_ONCE = {
	.name = "at-once",
	.meaning = "two processes do at the same time what ends with a line",
	.fields = FIELDS,
	.judge = judge,
};
