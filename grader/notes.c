/*
 * A note tells a student something worth knowing that costs no mark, so it
 * must not depend on which schedule showed it first: texts name things, not
 * times.
 */
#include "grader/notes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "grader/refusal.h"
#include "grader/rules/rule.h"
#include "grader/tell.h"
#include "jail/policy.h"
#include "trace/races.h"

#define NOTES_MAX 20
#define RACES_MAX 3
#define RACE_SCHEDULES 3 /* of a scenario: they are found without luck */

static void add(struct verdict *verdict, const char *kind, bool hidden,
	struct bilingual text)
{
	for (size_t i = 0; i < verdict->warning_count; i++) {
		if (strcmp(verdict->warnings[i].text.en, text.en) != 0)
			continue;
		bilingual_release(&text);
		return;
	}
	if (verdict->warning_count == NOTES_MAX) {
		bilingual_release(&text);
		return;
	}
	verdict->warnings = xreallocarray(verdict->warnings,
		verdict->warning_count + 1, sizeof(*verdict->warnings));
	verdict->warnings[verdict->warning_count++] = (struct verdict_note){
		.kind = xstrdup(kind),
		.text = text,
		.hidden = hidden,
	};
}

void note_add(struct verdict *verdict, const char *kind, struct bilingual text)
{
	add(verdict, kind, false, text);
}

void note_add_of(struct verdict *verdict, const struct observed_run *run,
	const char *kind, struct bilingual text)
{
	add(verdict, kind, run->scenario->hidden, text);
}

bool notes_have(const struct verdict *verdict, const char *kind)
{
	for (size_t i = 0; i < verdict->warning_count; i++)
		if (!strcmp(verdict->warnings[i].kind, kind))
			return true;
	return false;
}

static void note_left(struct verdict *verdict, const struct observed_run *run,
	const char *name)
{
	struct bilingual text = {
		.zh = xasprintf("程序结束后留下了 %s，用完应当删除。", name),
		.en = xasprintf(
			"%s was left behind; remove it after use.", name),
	};

	note_add_of(verdict, run, "left-object", text);
}

static bool is_about(const struct rule *rule, const char *name)
{
	const struct rule_field *fields = rule->kind->fields;

	for (size_t i = 0; fields && fields[i].name; i++)
		if (!strcmp(fields[i].name, "file") && rule->values[i].text &&
			!strcmp(rule->values[i].text, name))
			return true;
	return false;
}

/* A rule is about the file, so the program is asked to make it. */
static bool is_asked_for(const struct exercise *exercise, const char *name)
{
	for (size_t i = 0; i < exercise->criterion_count; i++) {
		const struct criterion_spec *spec = &exercise->criteria[i];

		for (size_t j = 0; j < spec->rule_count; j++)
			if (is_about(&spec->rules[j], name))
				return true;
	}
	return false;
}

/* A file of the scenario, or the name under which the program stands there. */
static bool was_there(const struct observed_run *run, const char *name)
{
	const struct scenario *scenario = run->scenario;

	if (!strcmp(name, run->exercise->program))
		return true;
	for (size_t i = 0; i < scenario->file_count; i++)
		if (!strcmp(scenario->files[i].name, name))
			return true;
	return false;
}

/* The same call at the same place was told: of which process is no matter. */
static bool is_told(const struct verdict *verdict, const char *text)
{
	const char *who = strrchr(text, ',');

	for (size_t i = 0; who && i < verdict->warning_count; i++)
		if (!strcmp(verdict->warnings[i].kind, "denied") &&
			!strncmp(verdict->warnings[i].text.en, text,
				(size_t)(who - text) + 1))
			return true;
	return false;
}

static bool is_said(const struct verdict *verdict, const char *text)
{
	for (size_t i = 0; i < verdict->warning_count; i++)
		if (strstr(verdict->warnings[i].text.en, text))
			return true;
	return false;
}

static bool is_remark(const struct event *event)
{
	return event->call && !policy_refusal_matters(event->call);
}

/* What may be said of a refused call besides its name: once, but for remarks.
 */
struct advice {
	const char *zh, *en;
};

static struct advice refusal_advice(const struct event *event)
{
	static const struct advice
		remark = {"这不影响评分。", "No mark depends on it."},
		authority = {"做题用不着它：程序以一个普通用户的身份、"
			     "在自己的文件夹里、在评分器的限制内运行。",
			"No exercise needs it: a program runs as one ordinary "
			"user, in its own folder, within the grader's limits."},
		mechanism = {"可以用管道、FIFO、信号、文件锁、本地套接字、"
			     "System V 和 POSIX IPC、共享内存、futex、pidfd、"
			     "定时器、poll 和 epoll。",
			"Pipes, FIFOs, signals, file locks, local sockets, "
			"System V and POSIX IPC, shared memory, futexes, "
			"pidfds, timers, poll and epoll are fine."},
		program = {"沙箱里只有提交的程序自己，没有 shell 和别的命令；"
			   "system() 和 popen() 能做的事请用系统调用来做。",
			"The submitted program alone is there, no shell and no "
			"command: what system() and popen() would do is for "
			"system calls to do."},
		file = {"沙箱里没有终端，/proc 里只有程序自己的进程。",
			"There is no terminal, and /proc has the program's own "
			"processes only."};

	if (is_remark(event))
		return remark;
	if (event->object)
		return strncmp(event->call, "exec", 4) ? file : program;
	return event->value == EPERM ? authority : mechanism;
}

/* Takes the texts of WHAT. */
static struct bilingual with_advice(
	struct bilingual *what, const struct advice *advice)
{
	struct bilingual text = {
		.zh = xasprintf("%s%s", what->zh, advice->zh),
		.en = xasprintf("%s %s", what->en, advice->en),
	};

	bilingual_release(what);
	return text;
}

static void note_refusal(struct verdict *verdict,
	const struct observed_run *run, const struct event *event)
{
	const struct advice advice = refusal_advice(event);
	struct bilingual what = refusal_tell(run, event);

	if (is_told(verdict, what.en))
		bilingual_release(&what);
	else if (!is_remark(event) && is_said(verdict, advice.en))
		note_add_of(verdict, run, "denied", what);
	else
		note_add_of(
			verdict, run, "denied", with_advice(&what, &advice));
}

/* A forbidden call: the run has ended with it. */
static void note_forbidden(struct verdict *verdict,
	const struct observed_run *run, const struct event *event)
{
	const char *call = event->call ? event->call : "?";
	const char *who = observed_name(run, event->task);
	const char *place = run->place && event->pc
				    ? run->place(run->place_context, event->pc)
				    : NULL;

	note_add_of(verdict, run, "denied",
		(struct bilingual){
			xasprintf("沙箱拒绝了系统调用 %s（%s%s%s）。", call,
				place ? place : "", place ? "，" : "", who),
			xasprintf("the sandbox refused the system call %s%s%s, "
				  "in %s.",
				call, place ? " at " : "", place ? place : "",
				who)});
}

/* Whatever failed then may be due to it, and no line says so. */
static void note_open_files(struct verdict *verdict,
	const struct observed_run *run, const struct event *event)
{
	const char *who = observed_name(run, event->task);
	const char *place = run->place && event->pc
				    ? run->place(run->place_context, event->pc)
				    : NULL;
	const long long most = event->value;

	note_add_of(verdict, run, "limit",
		(struct bilingual){
			xasprintf("打开的描述符达到了 %lld 个的上限，再要一个"
				  "就失败（EMFILE；%s%s%s）：不用的描述符要"
				  "关闭。",
				most, place ? place : "", place ? "，" : "",
				who),
			xasprintf("the limit of %lld open descriptors was met: "
				  "one more failed with EMFILE%s%s, in %s. "
				  "Close those that are not needed.",
				most, place ? " at " : "", place ? place : "",
				who)});
}

static void note_event(struct verdict *verdict, const struct observed_run *run,
	const struct event *event)
{
	struct bilingual text;

	if (event->kind == EVENT_SPIN) {
		text.zh = xstrdup("有进程在忙等（反复查询而不阻塞），"
				  "既费 CPU 又拖慢别人。");
		text.en = xstrdup("a process waits busily (it asks again and "
				  "again without blocking), which wastes CPU "
				  "time.");
		note_add_of(verdict, run, "busy-wait", text);
	} else if (refusal_is(event)) {
		note_refusal(verdict, run, event);
	} else if (event->kind == EVENT_LIMIT && event->object &&
		   !strcmp(event->object, "open-files")) {
		note_open_files(verdict, run, event);
	} else if (event->kind == EVENT_DENIED) {
		note_forbidden(verdict, run, event);
	}
}

/* "tickets.c:41 (write)", owned. */
static struct bilingual tell_access(
	const struct observed_run *run, const struct event *event)
{
	bool writes = strstr(event->call, "write") != NULL;
	bool atomic = strstr(event->call, "atomic") != NULL;
	const char *place = run->place && event->pc
				    ? run->place(run->place_context, event->pc)
				    : NULL;

	if (!place)
		place = "?";
	return (struct bilingual){
		.zh = xasprintf("%s（%s%s）", place, atomic ? "原子" : "",
			writes ? "写" : "读"),
		.en = xasprintf("%s (%s%s)", place, atomic ? "atomic " : "",
			writes ? "write" : "read"),
	};
}

/* By places, as which of the two came first depends on the schedule. */
static void note_race(struct verdict *verdict, const struct observed_run *run,
	const struct race *race)
{
	const struct event *events = run->trace->events;
	struct bilingual one = tell_access(run, &events[race->earlier]);
	struct bilingual other = tell_access(run, &events[race->later]), swap;

	if (strcmp(one.en, other.en) > 0) {
		swap = one;
		one = other;
		other = swap;
	}
	note_add_of(verdict, run, "race",
		(struct bilingual){
			.zh = xasprintf(
				"数据竞争：%s 与 %s 访问同一处共享内存，"
				"二者之间没有任何同步，先后全凭运气。请用锁、信"
				"号量"
				"或原子操作保护它。",
				one.zh, other.zh),
			.en = xasprintf(
				"Data race: %s and %s touch the same shared "
				"memory with nothing that orders them. Protect "
				"it by a "
				"lock, a semaphore or atomic operations.",
				one.en, other.en)});
	bilingual_release(&one);
	bilingual_release(&other);
}

static void note_races(struct verdict *verdict, const struct observed_run *run)
{
	struct race races[RACES_MAX];
	size_t known = 0, count;

	for (size_t i = 0; i < verdict->warning_count; i++)
		known += !strcmp(verdict->warnings[i].kind, "race");
	if (known >= RACES_MAX || run->schedule >= RACE_SCHEDULES)
		return;
	count = races_find(run->trace, races, RACES_MAX - known);
	for (size_t i = 0; i < count; i++)
		note_race(verdict, run, &races[i]);
}

void note_behaviour(struct verdict *verdict, const struct observed_run *run)
{
	const struct run_outcome *outcome = run->outcome;

	for (size_t i = 0; i < run->trace->event_count; i++)
		note_event(verdict, run, &run->trace->events[i]);
	note_races(verdict, run);
	if (run->scenario->fault_count > 0 || outcome->end != RUN_END_EXITED)
		return;
	for (size_t i = 0; i < outcome->left_object_count; i++)
		note_left(verdict, run, outcome->left_objects[i]);
}

void note_run(struct verdict *verdict, const struct observed_run *run)
{
	const struct run_outcome *outcome = run->outcome;

	note_behaviour(verdict, run);
	if (run->scenario->fault_count > 0 || outcome->end != RUN_END_EXITED)
		return;
	for (size_t i = 0; i < outcome->file_count; i++)
		if (!was_there(run, outcome->files[i].name) &&
			!is_asked_for(run->exercise, outcome->files[i].name))
			note_left(verdict, run, outcome->files[i].name);
}

/* Takes each text once, as long as there is room. */
static void keep(char **texts, size_t *count, const char *text)
{
	for (size_t i = 0; i < *count; i++)
		if (!strcmp(texts[i], text))
			return;
	if (*count < NOTES_SAID_MAX && *text)
		texts[(*count)++] = xstrdup(text);
}

static bool is_observed(const struct observed_run *run, size_t event)
{
	for (size_t i = 0; i < run->observation_count; i++)
		if (run->observations[i].event == event)
			return true;
	return false;
}

void notes_hear(struct notes_said *said, const struct observed_run *run)
{
	/* what a hidden scenario makes it say would give that away; and of
	   several starts one may well say why it gives up */
	if (run->scenario->hidden || run->scenario->early_exit ||
		run->scenario->start_count > 0 ||
		(said->error_count == NOTES_SAID_MAX &&
			said->other_count == NOTES_SAID_MAX))
		return;
	for (size_t i = 0; i < run->trace->event_count; i++) {
		const struct event *event = &run->trace->events[i];

		if (event->kind != EVENT_OUTPUT || !event->text)
			continue;
		if (event->object && !strcmp(event->object, "stderr"))
			keep(said->errors, &said->error_count, event->text);
		else if (!is_observed(run, i))
			keep(said->others, &said->other_count, event->text);
	}
}

void notes_tell(struct verdict *verdict, const struct notes_said *said)
{
	for (size_t i = 0; i < said->error_count; i++) {
		struct bilingual text = {
			.zh = xasprintf("程序在标准错误输出上写了：%s",
				said->errors[i]),
			.en = xasprintf("the program wrote on standard error: "
					"%s",
				said->errors[i]),
		};

		note_add(verdict, "stderr", text);
	}
	for (size_t i = 0; i < said->other_count; i++) {
		struct bilingual text = {
			.zh = xasprintf(
				"这一行不是题目规定的任何一行，没有计入：%s",
				said->others[i]),
			.en = xasprintf("this line is none of those asked for "
					"and does not count: %s",
				said->others[i]),
		};

		note_add(verdict, "other-line", text);
	}
}

void notes_said_release(struct notes_said *said)
{
	for (size_t i = 0; i < said->error_count; i++)
		free(said->errors[i]);
	for (size_t i = 0; i < said->other_count; i++)
		free(said->others[i]);
	*said = (struct notes_said){0};
}
