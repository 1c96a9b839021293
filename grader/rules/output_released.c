/*
 * output-released: as the grader looks, no process of the program holds the
 * pipe that its standard output is, by whatever descriptor: who reads it is
 * told of its end.
 */
#include <string.h>

#include "grader/rules/kinds.h"
#include "grader/rules/looks.h"

static const struct rule_field FIELDS[] = {
	LOOK_FIELD,
	{0},
};

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;
	const struct event *held;
	struct look look;
	const char *who;
	size_t event;

	(void)memory;
	if (!look_find(rule, run, result, &look))
		return;
	event = look_state(run, &look, "output");
	if (event == trace->event_count || !rule_fail(result))
		return;
	held = &trace->events[event];
	who = observed_name(run, observed_process(run, held->task));
	rule_show(result, look.event);
	rule_show(result, event);
	rule_say_zh(result,
		"主进程已经退出，%s 却还拿着管道的写端（描述符 "
		"%s）：管道的读者等不到文件尾。",
		who, held->text ? held->text : "?");
	rule_say_en(result,
		"main has exited, but %s still holds the write end of the pipe "
		"(descriptor %s): who reads it waits for its end.",
		who, held->text ? held->text : "?");
}

const struct rule_kind RULE_OUTPUT_RELEASED = {
	.name = "output-released",
	.meaning = "no process holds the pipe of standard output as the grader "
		   "looks",
	.fields = FIELDS,
	.judge = judge,
};
