/*
 * ends: the program comes to its end by itself: no deadlock, no limit, no
 * crash, no forbidden call.  One criterion of every exercise has it for all
 * scenarios, since the other rules only see what is missing then.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "grader/rules/kinds.h"
#include "grader/rules/lines.h"
#include "grader/tell.h"

static const struct rule_field FIELDS[] = {{0}};

static const struct {
	const char *name; /* as in run_outcome.limit */
	const char *zh, *en;
} LIMITS[] = {
	{"cpu", "CPU 时间（死循环？）", "CPU time (an endless loop?)"},
	{"wall", "实际运行时间", "real time"},
	{"virtual-time", "虚拟时间（有进程一直在睡眠或轮询？）",
		"virtual time (does a process sleep or poll for ever?)"},
	{"processes", "进程数", "the number of processes"},
	{"processes-made", "创建的进程总数（一直在创建？）",
		"the number of processes made (does it make them for ever?)"},
	{"memfds", "内存文件（memfd_create）的个数",
		"the number of files in memory (memfd_create)"},
	{"timerfds", "timerfd 的个数", "the number of timerfds"},
	{"open-files", "打开的描述符数（忘了关闭？）",
		"the number of open descriptors (is one never closed?)"},
	{"memory", "内存", "memory"},
	{"disk", "磁盘空间", "disk space"},
	{"output", "输出量（一直在输出？）",
		"output (does it print for ever?)"},
	{"steps", "系统调用步数（循环停不下来？）",
		"steps (a loop that does not stop?)"},
	{"trace", "事件数量（循环停不下来？）",
		"the number of events (a loop that does not stop?)"},
};

/* Shows who holds what the blocked task waits for: its last lock of it. */
static void show_holder(const struct observed_run *run,
	const struct event *blocked, struct rule_result *result)
{
	const struct trace *trace = run->trace;
	size_t found = trace->event_count;

	if (blocked->other < 0 || !blocked->object)
		return;
	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind == EVENT_LOCK &&
			event->task == blocked->other && event->object &&
			!strcmp(event->object, blocked->object))
			found = i;
	}
	if (found < trace->event_count)
		rule_show(result, found);
}

static void add_blocked(const struct observed_run *run,
	const struct event *event, struct buf *zh, struct buf *en)
{
	const char *who = observed_name(run, event->task);
	struct bilingual what = tell_object(event);
	struct bilingual holder = tell_holder(run, event);

	buf_addf(zh, "%s%s 在等%s%s", zh->length ? "，" : "", who, what.zh,
		holder.zh);
	buf_addf(en, "%s%s waits for %s%s", en->length ? ", " : "", who,
		what.en, holder.en);
	bilingual_release(&what);
	bilingual_release(&holder);
}

static void tell_deadlock(
	const struct observed_run *run, struct rule_result *result)
{
	const struct trace *trace = run->trace;
	struct buf zh = {0}, en = {0};
	size_t told = 0;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_DEADLOCK)
			continue;
		if (++told <= 6) {
			add_blocked(run, event, &zh, &en);
			show_holder(run, event, result);
			rule_show(result, i);
		}
	}
	if (told > 6) {
		buf_addf(&zh, "，等等（共 %zu 个）", told);
		buf_addf(&en, ", and so on (%zu in all)", told);
	}
	rule_say_zh(result, "死锁：谁也无法再往下走。%s。", buf_text(&zh));
	rule_say_en(
		result, "deadlock: nobody can ever go on. %s.", buf_text(&en));
	buf_release(&zh);
	buf_release(&en);
}

static void show_last(const struct observed_run *run, enum event_kind kind,
	struct rule_result *result)
{
	for (size_t i = run->trace->event_count; i > 0; i--) {
		if (run->trace->events[i - 1].kind != kind)
			continue;
		rule_show(result, i - 1);
		return;
	}
}

struct sentence {
	const char *zh, *en; /* of the limit's name */
};

static struct sentence limit_name(const char *limit)
{
	for (size_t i = 0; i < sizeof(LIMITS) / sizeof(LIMITS[0]); i++)
		if (!strcmp(LIMITS[i].name, limit))
			return (struct sentence){LIMITS[i].zh, LIMITS[i].en};
	return (struct sentence){limit, limit};
}

static void tell_limit(
	const struct observed_run *run, struct rule_result *result)
{
	const char *limit = run->outcome->limit ? run->outcome->limit : "?";
	struct sentence name = limit_name(limit);

	rule_say_zh(result, "程序超出了限制：%s。", name.zh);
	rule_say_en(result, "the program hit a limit: %s.", name.en);
	show_last(run, EVENT_SPIN, result);
	show_last(run, EVENT_LIMIT, result);
}

static void append(char **text, char *sentence)
{
	char *both = xasprintf("%s%s", *text, sentence);

	free(*text);
	free(sentence);
	*text = both;
}

/* Each limit that was hit and is not told yet, behind what is told. */
static void tell_other_limits(
	const struct observed_run *run, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		struct sentence name;

		if (event->kind != EVENT_LIMIT || !event->object)
			continue;
		name = limit_name(event->object);
		if (strstr(result->message.en, name.en))
			continue;
		append(&result->message.zh,
			xasprintf("程序超出了限制：%s。", name.zh));
		append(&result->message.en,
			xasprintf(" the program hit a limit: %s.", name.en));
		rule_show(result, i);
	}
}

static bool is_crash(int number)
{
	return number == SIGSEGV || number == SIGBUS || number == SIGFPE ||
	       number == SIGILL || number == SIGABRT || number == SIGSYS ||
	       number == SIGTRAP;
}

static void find_crash(
	const struct observed_run *run, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];
		const char *who = observed_name(run, event->task);

		if (event->kind != EVENT_EXIT || !is_crash(event->signal) ||
			!rule_fail(result))
			continue;
		rule_say_zh(result, "%s 崩溃了：被信号 %s（%s）终止。", who,
			sigabbrev_np(event->signal),
			sigdescr_np(event->signal));
		rule_say_en(result, "%s crashed: ended by SIG%s (%s).", who,
			sigabbrev_np(event->signal),
			sigdescr_np(event->signal));
		rule_show(result, i);
	}
}

void rule_tell_crash(const struct observed_run *run, struct rule_result *result)
{
	const struct trace *trace = run->trace;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct event *event = &trace->events[i];

		if (event->kind != EVENT_EXIT || !is_crash(event->signal))
			continue;
		append(&result->message.zh,
			xasprintf("这次运行里 %s 崩溃了（SIG%s）。",
				observed_name(run, event->task),
				sigabbrev_np(event->signal)));
		append(&result->message.en,
			xasprintf(" In this run %s crashed (SIG%s).",
				observed_name(run, event->task),
				sigabbrev_np(event->signal)));
		rule_show(result, i);
		return;
	}
}

static bool kills_main(const struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->fault_count; i++)
		if (scenario->faults[i].kind == RUN_FAULT_KILL_MAIN ||
			scenario->faults[i].kind == RUN_FAULT_KILL_MAIN_AT)
			return true;
	return false;
}

static void judge(const struct rule *rule, const struct observed_run *run,
	struct rule_memory *memory, struct rule_result *result)
{
	const struct run_outcome *outcome = run->outcome;
	const char *call = outcome->call ? outcome->call : "?";

	(void)rule;
	(void)memory;
	if (outcome->end == RUN_END_DEADLOCK && rule_fail(result))
		tell_deadlock(run, result);
	/* some limits only refuse: fork fails, a write fails */
	if ((outcome->end == RUN_END_LIMIT || outcome->limit) &&
		rule_fail(result))
		tell_limit(run, result);
	if (outcome->end == RUN_END_DENIED && rule_fail(result)) {
		rule_say_zh(
			result, "程序用了禁止的系统调用 %s，被停掉了。", call);
		rule_say_en(result,
			"the program used the forbidden system "
			"call %s and was stopped.",
			call);
		show_last(run, EVENT_DENIED, result);
	}
	find_crash(run, result);
	if (outcome->main_signal != 0 && !kills_main(run->scenario) &&
		rule_fail(result)) {
		rule_say_zh(result, "主进程被信号 SIG%s 终止，没有自己结束。",
			sigabbrev_np(outcome->main_signal));
		rule_say_en(result, "main was ended by SIG%s, not by itself.",
			sigabbrev_np(outcome->main_signal));
		rule_show(result, observed_main_exit(run));
	}
	if (result->state == RULE_FAILS)
		tell_other_limits(run, result);
}

const struct rule_kind RULE_ENDS = {
	.name = "ends",
	.meaning = "the program comes to its end by itself: no deadlock, no "
		   "limit hit, no crash, no forbidden call",
	.fields = FIELDS,
	.judge = judge,
};
