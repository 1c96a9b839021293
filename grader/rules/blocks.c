/*
 * blocks: who waits is woken; nobody spins and nobody polls by short sleeps.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"naps", RULE_NUMBER, false, NULL,
		"at most so many sleeps shorter than 0.5 s in a process"},
	{0},
};

#define NAP_US 500000

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

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	(void)memory;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		const char *who = observed_name(run, event->task);

		if (event->kind != EVENT_SPIN || !rule_fail(result))
			continue;
		rule_show(result, i);
		rule_say_zh(result, "%s 在忙等，应当阻塞等待。", who);
		rule_say_en(result,
			"%s waits busily; it should block until it "
			"is woken.",
			who);
	}
	for (size_t i = 0; i < trace->task_count; i++)
		if (!trace->tasks[i].is_thread)
			judge_naps(rule, run, (int)i, result);
}

const struct rule_kind RULE_BLOCKS = {
	.name = "blocks",
	.meaning = "who waits is woken: no busy waiting, no polling",
	.fields = FIELDS,
	.judge = judge,
};
