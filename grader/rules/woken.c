/*
 * woken: who waits for a line of another process goes on at the very instant
 * at which that line comes, as who is woken does in virtual time.  Who looks
 * again from time to time, by whatever call, goes on when its own time is up,
 * which is a little later.
 *
 * Only a process that must have been waiting is judged: its own line before
 * (without one, its beginning) and the time that it takes for itself were over
 * when the other line came.  One that began only then, because it waited for
 * the other to begin, takes its own time first and is not late.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observation", RULE_OBSERVATION, true, NULL, "the line waited to say"},
	{"than", RULE_OBSERVATION, true, NULL, "the line waited for"},
	{"key", RULE_NAMES, false, NULL, "groups that both have in common"},
	{"index", RULE_NAME, false, NULL,
		"group of the number (default: as they come, from 0)"},
	{"lag", RULE_NUMBER, true, NULL, "difference of the numbers"},
	{"own", RULE_NUMBER, false, NULL,
		"seconds that a process takes for itself before each line "
		"(default 0)"},
	{0},
};

/* Of a lock that is held for an instant who sleeps for less takes no harm. */
#define AT_ONCE_US 100

#define WAITED_US 100000

/* When the process of line SEEN could begin to wait for what SEEN tells. */
static int64_t free_since(const struct rule *rule,
	const struct observed_run *run, const struct observation *seen)
{
	const struct trace *trace = run->trace;

	for (const struct observation *at = seen; at-- > run->observations;)
		if (at->process == seen->process &&
			line_is(rule, "observation", at))
			return at->time_us;
	for (size_t i = 0; i < trace->event_count; i++)
		if (trace->events[i].kind != EVENT_FAULT &&
			trace->events[i].task >= 0 &&
			observed_process(run, trace->events[i].task) ==
				seen->process)
			return trace->events[i].time_us;
	return seen->time_us;
}

static bool is_after(int64_t from_us, int64_t to_us, int64_t time_us)
{
	int64_t late = to_us - from_us - time_us;

	return late >= -AT_ONCE_US && late <= AT_ONCE_US;
}

static void judge_line(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, struct rule_result *result)
{
	int64_t lag = (int64_t)rule_number(rule, "lag", run, 0);
	int64_t own = (int64_t)(rule_number(rule, "own", run, 0) * 1e6);
	const struct observation *than = line_behind(rule, run, seen, lag);
	const struct event *events = run->trace->events;
	double late;

	if (!than || than->time_us > seen->time_us ||
		free_since(rule, run, seen) + own + WAITED_US > than->time_us ||
		is_after(than->time_us, seen->time_us, 0) ||
		is_after(than->time_us, seen->time_us, own) ||
		rule_is_held(run, -1, than->time_us + 1, seen->time_us) ||
		!rule_fail(result))
		return;
	late = (double)(seen->time_us - than->time_us) / 1e3;
	rule_show(result, than->event);
	rule_show(result, seen->event);
	rule_say_zh(result,
		"“%s”比它所等的“%s”晚了 %.1f 毫秒：没有谁唤醒它，是它隔一段"
		"时间自己再看一次。",
		events[seen->event].text, events[than->event].text, late);
	rule_say_en(result,
		"'%s' came %.1f ms after '%s', for which it waits: nobody woke "
		"it, it looked again after some time.",
		events[seen->event].text, late, events[than->event].text);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observation", &run->observations[i]))
			judge_line(rule, run, &run->observations[i], result);
}

const struct rule_kind RULE_WOKEN = {
	.name = "woken",
	.meaning = "who waits for a line goes on at the instant at which it "
		   "comes",
	.fields = FIELDS,
	.judge = judge,
};
