/*
 * How it works: LOOKS is the list of what is looked for, one function a
 * matter; each adds problems or notes.  How a program fails to end by itself
 * is told by the rule `ends`, in the same words as in a report.
 */
#include "grader/account.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/notes.h"
#include "grader/rules/kinds.h"
#include "grader/tell.h"

#define NAMES_TOLD 4

static char *place_of(const struct observed_run *run, const struct event *event)
{
	const char *place = NULL;

	if (run->place && event->pc)
		place = run->place(run->place_context, event->pc);
	return place ? xstrdup(place) : NULL;
}

/* The task's last event of that kind; NULL when there is none. */
static const struct event *event_of(
	const struct trace *trace, enum event_kind kind, int task)
{
	for (size_t i = trace->event_count; i > 0; i--)
		if (trace->events[i - 1].kind == kind &&
			trace->events[i - 1].task == task)
			return &trace->events[i - 1];
	return NULL;
}

static struct bilingual both(const char *zh, const char *en)
{
	return (struct bilingual){xstrdup(zh), xstrdup(en)};
}

/* The end that main came to by itself, or that a signal put to it. */
static struct bilingual tell_main(const struct observed_run *run)
{
	const struct run_outcome *outcome = run->outcome;
	const struct event *end = event_of(run->trace, EVENT_EXIT, 0);
	const char *name = sigabbrev_np(outcome->main_signal);
	auto_free char *place = end ? place_of(run, end) : NULL;

	if (outcome->main_signal)
		return (struct bilingual){
			xasprintf("main %s%s%s被信号 SIG%s 终止",
				place ? "在 " : "", place ? place : "",
				place ? " " : "", name ? name : "?"),
			xasprintf("main was ended by SIG%s%s%s",
				name ? name : "?", place ? " at " : "",
				place ? place : "")};
	return (struct bilingual){
		xasprintf("结束，退出状态 %d", outcome->main_status),
		xasprintf("ended with exit status %d", outcome->main_status)};
}

/* Does everybody who can never go on go round in a loop? */
static bool loops_for_ever(const struct trace *trace)
{
	bool found = false;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_DEADLOCK)
			continue;
		if (!event->call || strcmp(event->call, "busy-wait") != 0)
			return false;
		found = true;
	}
	return found;
}

static struct bilingual tell_ending(const struct observed_run *run)
{
	const struct run_outcome *outcome = run->outcome;
	const char *call = outcome->call ? outcome->call : "?";
	const char *limit = outcome->limit ? outcome->limit : "?";

	switch (outcome->end) {
	case RUN_END_EXITED:
		return tell_main(run);
	case RUN_END_DEADLOCK:
		if (loops_for_ever(run->trace))
			return both("死循环，永远不会结束",
				"an endless loop: it never ends");
		return both("死锁，永远不会结束", "deadlock: it never ends");
	case RUN_END_LIMIT:
		return (struct bilingual){
			xasprintf("超出限制（%s），被停掉了", limit),
			xasprintf("stopped at a limit (%s)", limit)};
	case RUN_END_DENIED:
		return (struct bilingual){
			xasprintf("用了禁止的系统调用 %s，被停掉了", call),
			xasprintf("stopped for the forbidden call %s", call)};
	case RUN_END_UNSUPPORTED:
		return (struct bilingual){
			xasprintf("用了引擎还不会模拟的系统调用 %s，停在那里",
				call),
			xasprintf("stopped: the engine does not model the "
				  "call %s yet",
				call)};
	}
	return both("？", "?");
}

static struct finding *add_problem(struct account *account)
{
	account->problems = xreallocarray(account->problems,
		account->problem_count + 1, sizeof(*account->problems));
	memset(&account->problems[account->problem_count], 0,
		sizeof(*account->problems));
	return &account->problems[account->problem_count++];
}

static void look_at_end(struct account *account, const struct observed_run *run)
{
	const struct rule rule = {.kind = &RULE_ENDS, .premise = -1};
	struct rule_memory memory = {0};
	struct rule_result result = {0};
	struct finding *problem;

	rule_judge(&rule, run, &memory, &result);
	/* unjudged: what stopped the run was the grader, the ending says it */
	if (result.state == RULE_FAILS) {
		problem = add_problem(account);
		problem->rule = xstrdup(rule.kind->name);
		problem->message = bilingual_copy(&result.message);
		problem->hint = both("", "");
		problem->events = xcalloc(
			result.evidence_count + 1, sizeof(*problem->events));
		for (size_t i = 0; i < result.evidence_count; i++)
			if (result.evidence[i] < run->trace->event_count)
				tell_event(run, result.evidence[i],
					&problem->events
						 [problem->event_count++]);
	}
	rule_result_release(&result);
	rule_memory_release(&memory);
}

/* "child 1, child 2 and 3 more"; all zeroes is empty. */
struct names {
	struct buf zh, en;
	size_t count;
};

static void add_name(struct names *names, const char *who)
{
	if (names->count++ < NAMES_TOLD) {
		buf_addf(&names->zh, "%s%s", names->zh.length ? "、" : "", who);
		buf_addf(&names->en, "%s%s", names->en.length ? ", " : "", who);
	}
}

static void end_names(struct names *names)
{
	if (names->count <= NAMES_TOLD)
		return;
	buf_addf(&names->zh, " 等 %zu 个进程", names->count);
	buf_addf(&names->en, " and %zu more", names->count - NAMES_TOLD);
}

static void release_names(struct names *names)
{
	buf_release(&names->zh);
	buf_release(&names->en);
}

static void note_names(struct account *account, const char *kind,
	struct names *names, const char *zh, const char *en)
{
	end_names(names);
	if (names->count > 0)
		note_add(&account->notes, kind,
			(struct bilingual){
				xasprintf("%s %s", buf_text(&names->zh), zh),
				xasprintf("%s %s", buf_text(&names->en), en)});
	release_names(names);
}

/* Who outlived its parent, and who was never waited for. */
static void look_at_family(
	struct account *account, const struct observed_run *run)
{
	const struct trace *trace = run->trace;
	struct names left = {0}, orphans = {0}, zombies = {0};

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		const char *who = observed_name(run, event->task);

		if (event->kind == EVENT_LEFT)
			add_name(&left, who);
		else if (event->kind == EVENT_ZOMBIE)
			add_name(&zombies, who);
		else if (event->kind == EVENT_ORPHAN &&
			 trace->tasks[event->task].died_us >= 0)
			add_name(&orphans, who);
	}
	note_names(account, "left", &left,
		"在 main "
		"结束时还在运行，成了孤儿进程（它后来做的事这里看不到）。"
		"要等它，就用 wait 或 waitpid。",
		"still ran when main ended: an orphan (what it did later is "
		"not seen here). wait() or waitpid() waits for a child.");
	note_names(account, "orphan", &orphans,
		"比父进程活得久：父进程没有等它就结束了，它成了孤儿进程。",
		"outlived the parent, which ended without waiting: an orphan.");
	note_names(account, "zombie", &zombies,
		"已经结束，却没有人用 wait 或 waitpid "
		"回收：到 main 结束一直是僵尸进程。",
		"ended, but nobody waited: a zombie until main ended. wait() "
		"or waitpid() takes a child's status.");
}

static void look_at_notes(
	struct account *account, const struct observed_run *run)
{
	note_behaviour(&account->notes, run);
}

/* What an account tells of, in the order in which it is told. */
static void (*const LOOKS[])(
	struct account *account, const struct observed_run *run) = {
	look_at_end,
	look_at_family,
	look_at_notes,
};

static void add_reaper(struct buf *zh, struct buf *en,
	const struct observed_run *run, const struct trace_task *task)
{
	if (task->reaped_by >= 0) {
		const char *who = observed_name(run, task->reaped_by);

		buf_addf(zh, "，由 %s 回收", who);
		buf_addf(en, ", waited for by %s", who);
	} else if (task->reaped_by == -2) {
		buf_adds(zh, "，由内核回收（忽略了 SIGCHLD）");
		buf_adds(en, ", reaped by the kernel (SIGCHLD is ignored)");
	} else if (task->orphaned) {
		buf_adds(zh, "，孤儿进程");
		buf_adds(en, ", an orphan");
	} else {
		buf_adds(zh, "，没有人回收");
		buf_adds(en, ", never waited for");
	}
}

static void add_end(
	struct buf *zh, struct buf *en, const struct trace_task *task)
{
	const char *name =
		task->exit_signal ? sigabbrev_np(task->exit_signal) : NULL;

	if (task->exit_signal) {
		buf_addf(zh, "被信号 SIG%s 终止", name ? name : "?");
		buf_addf(en, "ended by SIG%s", name ? name : "?");
	} else if (task->exit_status >= 0 && !task->is_thread) {
		buf_addf(zh, "退出，状态 %d", task->exit_status);
		buf_addf(en, "exit %d", task->exit_status);
	} else {
		buf_adds(zh, "结束");
		buf_adds(en, "ended");
	}
}

/* What became of the task, and where if it was met by something. */
static void tell_fate(
	struct account_task *told, const struct observed_run *run, int number)
{
	const struct trace_task *task = &run->trace->tasks[number];
	const struct event *met = NULL;
	struct buf zh = {0}, en = {0};

	if (task->died_us >= 0) {
		add_end(&zh, &en, task);
		if (task->exit_signal)
			met = event_of(run->trace, EVENT_EXIT, number);
		if (number > 0 && !task->is_thread)
			add_reaper(&zh, &en, run, task);
	} else {
		met = event_of(run->trace, EVENT_DEADLOCK, number);
		buf_adds(&zh, met ? "永远在等" : "还在运行");
		buf_adds(&en, met ? "waits for ever" : "still ran");
	}
	told->well = task->exit_signal == 0 && !met;
	told->fate_at = met ? place_of(run, met) : NULL;
	told->fate = (struct bilingual){buf_detach(&zh), buf_detach(&en)};
}

static void add_task(struct account *account, const struct observed_run *run,
	int number, size_t depth)
{
	const struct trace *trace = run->trace;
	const struct trace_task *task = &trace->tasks[number];
	struct account_task *told = &account->tasks[account->task_count++];

	told->who = xstrdup(observed_name(run, number));
	told->depth = depth;
	told->born_us = task->born_us;
	told->died_us = task->died_us;
	for (size_t i = 0; i < trace->event_count && !told->made_at; i++)
		if (trace->events[i].kind == EVENT_FORK &&
			trace->events[i].other == number)
			told->made_at = place_of(run, &trace->events[i]);
	tell_fate(told, run, number);
}

/*
 * Parents before their children, walked without recursion, however long a
 * chain of forks is.
 */
static void tell_tasks(struct account *account, const struct observed_run *run)
{
	const struct trace *trace = run->trace;
	size_t count = trace->task_count, top = 0;
	auto_free int *stack = xcalloc(count + 1, sizeof(*stack));
	auto_free size_t *depth = xcalloc(count + 1, sizeof(*depth));

	account->tasks = xcalloc(ACCOUNT_TASKS_MAX, sizeof(*account->tasks));
	if (count > 0)
		stack[top++] = 0;
	while (top > 0 && account->task_count < ACCOUNT_TASKS_MAX) {
		int number = stack[--top];

		add_task(account, run, number, depth[number]);
		for (size_t i = count; i-- > (size_t)number + 1;) {
			if (trace->tasks[i].parent != number)
				continue;
			depth[i] = depth[number] + 1;
			stack[top++] = (int)i;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (trace->tasks[i].is_thread)
			account->threads++;
		else
			account->processes++;
}

void account_make(struct account *account, const struct observed_run *run)
{
	const struct run_outcome *outcome = run->outcome;

	memset(account, 0, sizeof(*account));
	account->ending = tell_ending(run);
	account->virtual_us = outcome->end == RUN_END_EXITED
				      ? outcome->main_end_us
				      : trace_end_us(run->trace);
	tell_tasks(account, run);
	for (size_t i = 0; i < sizeof(LOOKS) / sizeof(LOOKS[0]); i++)
		LOOKS[i](account, run);
	account->well =
		outcome->end == RUN_END_EXITED && outcome->main_signal == 0 &&
		outcome->main_status == 0 && account->problem_count == 0;
}

void account_add_races(struct account *account, const struct account *other)
{
	for (size_t i = 0; i < other->notes.warning_count; i++) {
		const struct verdict_note *note = &other->notes.warnings[i];

		if (!strcmp(note->kind, "race"))
			note_add(&account->notes, note->kind,
				bilingual_copy(&note->text));
	}
}

void account_release(struct account *account)
{
	bilingual_release(&account->ending);
	for (size_t i = 0; i < account->task_count; i++) {
		free(account->tasks[i].who);
		free(account->tasks[i].made_at);
		bilingual_release(&account->tasks[i].fate);
		free(account->tasks[i].fate_at);
	}
	free(account->tasks);
	for (size_t i = 0; i < account->problem_count; i++)
		finding_release(&account->problems[i]);
	free(account->problems);
	verdict_release(&account->notes);
	memset(account, 0, sizeof(*account));
}
