/*
 * blocks: who waits is woken; nobody spins and nobody polls by short sleeps.
 *
 * A loop that is over before time goes on (a spin lock that its holder gives
 * back at once) is no waiting where `seconds` asks for more.  Polling by long
 * sleeps shows in their sum: a process that has to be woken sleeps for no
 * longer than its task tells it to.
 */
#include <string.h>

#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, false, NULL,
		"only processes that print such lines (default: all)"},
	{"naps", RULE_NUMBER, false, NULL,
		"at most so many sleeps shorter than 0.5 s in a process"},
	{"asleep", RULE_NUMBER, false, NULL,
		"at most so many seconds of sleep in a thread, in all"},
	{"seconds", RULE_NUMBER, false, NULL,
		"busy waiting counts from so many seconds on (default 0)"},
	{0},
};

#define NAP_US 500000

static bool is_judged(
	const struct rule *rule, const struct observed_run *run, int task)
{
	return rule_get(rule, "observations")->count == 0 ||
	       line_is_printed(
		       rule, "observations", run, observed_process(run, task));
}

static void judge_naps(const struct rule *rule, const struct observed_run *run,
	int process, struct rule_result *result)
{
	int most = (int)rule_number(rule, "naps", run, 1e9), count = 0;
	const char *who = observed_name(run, process);

	for (size_t i = 0; i < run->trace->event_count; i++) {
		const struct event *event = &run->trace->events[i];

		if (event->kind != EVENT_SLEEP || event->value >= NAP_US ||
			observed_process(run, event->task) != process ||
			++count <= most || !rule_fail(result))
			continue;
		rule_show(result, i);
		rule_say_zh(
			result, "%s 反复短暂睡眠来轮询，应当阻塞等待。", who);
		rule_say_en(result,
			"%s polls by short sleeps; it should block "
			"until it is woken.",
			who);
	}
}

/*
 * When the task went on after event I: the time of its next event that is no
 * look at memory; the end of the trace when there is none.
 */
static int64_t next_time(const struct observed_run *run, size_t i)
{
	const struct trace *trace = run->trace;
	int task = trace->events[i].task;

	for (i++; i < trace->event_count; i++)
		if (trace->events[i].task == task &&
			trace->events[i].kind != EVENT_ACCESS)
			return trace->events[i].time_us;
	return trace_end_us(trace);
}

/* A wait for nothing but time: poll() without descriptors and the like. */
static bool is_sleep(const struct event *event)
{
	return event->kind == EVENT_SLEEP ||
	       (event->kind == EVENT_WAIT && event->object &&
		       !strcmp(event->object, "time"));
}

static void judge_asleep(const struct rule *rule,
	const struct observed_run *run, int task, struct rule_result *result)
{
	double most = rule_number(rule, "asleep", run, 1e9), total = 0;
	const char *who = observed_name(run, task);

	for (size_t i = 0; i < run->trace->event_count; i++) {
		const struct event *event = &run->trace->events[i];

		if (event->task != task || !is_sleep(event))
			continue;
		total += rule_seconds(next_time(run, i) - event->time_us);
		if (total <= most + RULE_TOLERANCE || !rule_fail(result))
			continue;
		rule_show(result, i);
		rule_say_zh(result,
			"%s 一共睡了 %.1f 秒以上，最多应当睡 %.1f 秒：等待别人"
			"时不要靠睡眠来轮询，应当阻塞到被唤醒。",
			who, total, most);
		rule_say_en(result,
			"%s sleeps for %.1f s or more in all, %.1f s at most "
			"are its own: it should not poll by sleeping but block "
			"until it is woken.",
			who, total, most);
	}
}

static void judge_spins(const struct rule *rule, const struct observed_run *run,
	struct rule_result *result)
{
	double least = rule_number(rule, "seconds", run, 0);

	for (size_t i = 0; i < run->trace->event_count; i++) {
		const struct event *event = &run->trace->events[i];
		const char *who = observed_name(run, event->task);

		if (event->kind != EVENT_SPIN ||
			!is_judged(rule, run, event->task) ||
			rule_seconds(next_time(run, i) - event->time_us) <
				least ||
			!rule_fail(result))
			continue;
		rule_show(result, i);
		rule_say_zh(result, "%s 在忙等，应当阻塞等待。", who);
		rule_say_en(result,
			"%s waits busily; it should block until it "
			"is woken.",
			who);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	(void)memory;
	judge_spins(rule, run, result);
	for (size_t i = 0; i < trace->task_count; i++) {
		if (!is_judged(rule, run, (int)i))
			continue;
		if (!trace->tasks[i].is_thread)
			judge_naps(rule, run, (int)i, result);
		judge_asleep(rule, run, (int)i, result);
	}
}

const struct rule_kind RULE_BLOCKS = {
	.name = "blocks",
	.meaning = "who waits is woken: no busy waiting, no polling",
	.fields = FIELDS,
	.judge = judge,
};
