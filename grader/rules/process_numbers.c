/*
 * process-numbers: the PID that a line tells is that of the process which
 * prints it, and the other that of its parent.
 *
 * The parent of main is the process 1.  When the parent ends first, whoever
 * asked before that has its number, who asks later that of the process which
 * adopted it: 1, or an ancestor that made itself a subreaper.
 */
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

#define INIT_PID 1

static const struct rule_field FIELDS[] = {
	{"observations", RULE_OBSERVATIONS, true, NULL, "the lines"},
	{"pid", RULE_NAME, true, NULL, "group of its own PID"},
	{"parent", RULE_NAME, false, NULL, "group of its parent's"},
	{0},
};

static pid_t pid_of(const struct observed_run *run, int process)
{
	return process < 0 ? INIT_PID : run->trace->tasks[process].pid;
}

static int parent_of(const struct observed_run *run, int process)
{
	return observed_process(run, run->trace->tasks[process].parent);
}

static bool is_orphan(const struct observed_run *run, int process, size_t line)
{
	for (size_t i = 0; i < line; i++)
		if (run->trace->events[i].kind == EVENT_ORPHAN &&
			run->trace->events[i].task == process)
			return true;
	return false;
}

static bool is_parent(const struct observed_run *run,
	const struct observation *seen, int64_t told)
{
	int above = parent_of(run, seen->process);

	if (told == pid_of(run, above))
		return true;
	if (!is_orphan(run, seen->process, seen->event))
		return false;
	for (; above >= 0; above = parent_of(run, above))
		if (told == pid_of(run, above))
			return true;
	return told == INIT_PID;
}

static void judge_line(const struct rule *rule, const struct observed_run *run,
	const struct observation *seen, struct rule_result *result)
{
	const char *text = run->trace->events[seen->event].text;
	const char *who = observed_name(run, seen->process);
	const char *parent = rule_text(rule, "parent");
	pid_t own = pid_of(run, seen->process);
	pid_t above = pid_of(run, parent_of(run, seen->process));
	int64_t told = observation_number(seen, rule_text(rule, "pid"), -1);

	if (told != own && rule_fail(result)) {
		rule_show(result, seen->event);
		rule_say_zh(result,
			"“%s”是 %s 输出的，它的 PID 是 %d，不是 %lld。", text,
			who, (int)own, (long long)told);
		rule_say_en(result,
			"'%s' was printed by %s, whose PID is %d, not %lld.",
			text, who, (int)own, (long long)told);
	}
	if (!parent)
		return;
	told = observation_number(seen, parent, -1);
	if (is_parent(run, seen, told) || !rule_fail(result))
		return;
	rule_show(result, seen->event);
	rule_say_zh(result,
		"“%s”是 %s 输出的，它父进程的 PID 是 %d，不是 %lld。", text,
		who, (int)above, (long long)told);
	rule_say_en(result,
		"'%s' was printed by %s, whose parent's PID is %d, not %lld.",
		text, who, (int)above, (long long)told);
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	(void)memory;
	for (size_t i = 0; i < run->observation_count; i++)
		if (line_is(rule, "observations", &run->observations[i]))
			judge_line(rule, run, &run->observations[i], result);
}

const struct rule_kind RULE_PROCESS_NUMBERS = {
	.name = "process-numbers",
	.meaning = "the PIDs in lines are those of their writers and of the "
		   "writers' parents",
	.fields = FIELDS,
	.judge = judge,
};
