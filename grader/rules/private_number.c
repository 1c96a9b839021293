/*
 * private-number: a number stays in the memory of a process of its own: it
 * is never seen in a mapping that is shared, whether another process touches
 * it or not, and no process says it while working in the memory of the one
 * that made it.
 *
 * What is known of memory comes from the runtime in the program, which sees
 * neither every access nor numbers written as text: this rule finds sharing,
 * and proves none.  The number has to be one that nothing else happens to be
 * (a flag, a PID, the count of a semaphore), which the exercise sees to.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"

static const struct rule_field FIELDS[] = {
	{"number", RULE_NUMBER, true, NULL, "the number"},
	{0},
};

static bool is_access(const struct event *event)
{
	return event->kind == EVENT_ACCESS && event->object && event->task >= 0;
}

/* The access saw the number, as an integer or as a double or float. */
static bool is_number(const char *text, long long number)
{
	double wide = (double)number;
	float narrow = (float)number;
	long long wide_bits;
	int narrow_bits;
	long long seen = strtoll(text, NULL, 10);

	memcpy(&wide_bits, &wide, sizeof(wide_bits));
	memcpy(&narrow_bits, &narrow, sizeof(narrow_bits));
	if (*text == '\0')
		return false;
	return seen == number ||
	       (number != 0 && (seen == wide_bits || seen == narrow_bits));
}

/*
 * Nobody notes what a process without threads does in memory of its own: what
 * is noted of it was done in a shared mapping.
 */
static bool is_without_threads(
	const struct observed_run *run, const struct event *event)
{
	const struct trace *trace = run->trace;
	int process = observed_process(run, event->task);

	for (size_t i = 0; i < trace->task_count; i++)
		if ((int)i != process &&
			observed_process(run, (int)i) == process)
			return false;
	return true;
}

/* Threads see one memory too, which is the process' own. */
static bool has_other_user(
	const struct observed_run *run, const struct event *event)
{
	const struct trace *trace = run->trace;
	int process = observed_process(run, event->task);

	for (size_t i = 0; i < trace->event_count; i++)
		if (is_access(&trace->events[i]) &&
			!strcmp(trace->events[i].object, event->object) &&
			observed_process(run, trace->events[i].task) != process)
			return true;
	return false;
}

/* The fork by which the process of the line came to the memory of another. */
static size_t fork_that_lent(const struct observed_run *run, size_t line)
{
	const struct trace *trace = run->trace;
	int process = observed_process(run, trace->events[line].task);

	for (size_t i = line; i-- > 0;) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_EXEC &&
			observed_process(run, event->task) == process)
			break;
		if (event->kind == EVENT_FORK && event->other == process)
			return event->value == 2 ? i : trace->event_count;
	}
	return trace->event_count;
}

static void judge_speakers(const struct observed_run *run, const char *number,
	struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < run->observation_count; i++) {
		size_t line = run->observations[i].event;
		size_t fork = fork_that_lent(run, line);
		const char *who;

		if (fork == trace->event_count ||
			!strstr(trace->events[line].text, number))
			continue;
		rule_show(result, fork);
		rule_show(result, line);
		if (!rule_fail(result))
			continue;
		who = observed_name(run, trace->events[line].task);
		rule_say_zh(result,
			"%s 输出“%s”时，用的还是创建它的进程的内存（vfork 或"
			"带 CLONE_VM 的 clone，之后没有 exec）。",
			who, trace->events[line].text);
		rule_say_en(result,
			"%s printed '%s' in the memory of the process that "
			"made it (vfork, or clone with CLONE_VM, and no exec).",
			who, trace->events[line].text);
	}
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct trace *trace = run->trace;
	long long number = llround(rule_number(rule, "number", run, 0));
	auto_free char *text = xasprintf("%lld", number);

	(void)memory;
	judge_speakers(run, text, result);
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (!is_access(event) || !event->text ||
			!is_number(event->text, number) ||
			!(is_without_threads(run, event) ||
				has_other_user(run, event)))
			continue;
		rule_show(result, i);
		if (!rule_fail(result))
			continue;
		rule_say_zh(result, "%lld 出现在进程之间共享的内存里（%s）。",
			number, observed_name(run, event->task));
		rule_say_en(result,
			"%lld stood in memory that processes share (%s).",
			number, observed_name(run, event->task));
	}
}

const struct rule_kind RULE_PRIVATE_NUMBER = {
	.name = "private-number",
	.meaning = "a number is never seen in memory that processes share",
	.fields = FIELDS,
	.judge = judge,
};
