/*
 * reads-input: what stands on standard input is read by the processes that
 * print some line, and by no other: the others have to be told.
 *
 * What a process reads before it makes another is in the memory of both, so
 * main itself may not read for its child.
 */
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL,
		"lines of the processes that read"},
	{0},
};

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	(void)memory;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		int process = observed_process(run, event->task);
		auto_free char *labels = NULL;

		if (event->kind != EVENT_GET || event->value == 0 ||
			!event->object || strcmp(event->object, "stdin") != 0 ||
			line_is_printed(rule, "observations", run, process) ||
			!rule_fail(result))
			continue;
		labels = line_labels(rule, "observations", run);
		rule_show(result, i);
		rule_say_zh(result,
			"标准输入被 %s 读了，它应当只由输出“%s”的进程来读。",
			observed_name(run, process), labels);
		rule_say_en(result,
			"%s read standard input, which only the process that "
			"prints '%s' should read.",
			observed_name(run, process), labels);
	}
}

const struct rule_kind RULE_READS_INPUT = {
	.name = "reads-input",
	.meaning = "standard input is read only by the processes that print "
		   "a line",
	.fields = FIELDS,
	.judge = judge,
};
